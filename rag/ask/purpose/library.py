"""What a question asks about the articles themselves: how many, of when, by whom, who is named.

In go the words of a question, out comes what it seeks. Either they are all of closed classes, or
the one thing left says which articles are meant: 关于医疗的, 2019年的, 李文写的.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.ask.asking import ASKS
from rag.ask.purpose.kinds import LibraryQuestion, Sought, SummaryRequest
from rag.ask.purpose.words import TIME, any_of
from rag.text.stated.numerals import value_of

_HELD = any_of("holdings")
_OF_AUTHORS = ("authors_named", "authors_asked", "authors")
_OF_DATES = ("dates_asked", "dates")
_NUMERAL = r"(?:\d+|[一二两三四五六七八九十]+)"
_HOLDINGS = re.compile(rf"{_HELD}|[一几哪少些]篇|{_NUMERAL}篇|标题|篇名|篇目")
# How many of the newest, the oldest, the longest.
_EDGE = re.compile(rf"最[新近晚后早先长短]的?(?P<n>{_NUMERAL})[篇则份条]")
# Without turns before, a question that names nothing of its own can only be about the library.
_ELLIPTICAL = re.compile(r"这里|库|作者|记者|^谁写|^里[面头边]|^都?(?:提到|涉及|写到|讲到)")
_ONE = re.compile(
    r"[这那本该上]一?(?:篇|则|份|条)|(?:这|那|该)个?(?:文章|报道|文件|文档|材料)|本文|文中"
)
# In the order in which they are looked for.
_SOUGHT: tuple[tuple[Sought | Literal["topics"], re.Pattern[str]], ...] = (
    ("undated", re.compile(rf"{any_of('without')}(?:发表|发布|刊登)?的?(?:日期|时间)")),
    ("unsigned", re.compile(rf"{any_of('without')}(?:署名|作者|记者)")),
    ("most_by_author", re.compile(r"(?:谁|作者|记者|哪一?[位家]).*最多|最多.*(?:谁|作者|记者)")),
    ("longest", re.compile(r"最长|字数最多")),
    ("shortest", re.compile(r"最短|字数最少")),
    ("authors", re.compile(any_of("authors_named"))),
    ("people", re.compile(rf"{any_of('name')}.*谁|有谁|人物|人名|(?:哪些|哪几个|多少)人")),
    ("authors", re.compile(any_of("authors_asked"))),
    ("places", re.compile(any_of("places"))),
    ("organisations", re.compile(any_of("organisations"))),
    ("newest", re.compile(r"最[新近晚后](?!.*最早)")),
    ("oldest", re.compile(r"最[早先](?!.*最[新近晚后])")),
    ("dates", re.compile(any_of("dates_asked"))),
    ("topics", re.compile(rf"{any_of('tell', 'name')}.*(?:什么|啥|哪些)|{any_of('topics_asked')}")),
    ("dates", re.compile(any_of("ordering"))),
    ("count", re.compile(any_of("count"))),
    ("titles", re.compile(any_of("titles"))),
)
# What asks for something of its own goes before the bare 哪些 and 什么.
_LISTINGS = re.compile(any_of("listings", "titles", "count", "ordering"))
_CLOSED = re.compile(
    any_of("people", "places", "organisations", *_OF_AUTHORS, *_OF_DATES, "topics_asked")
    + "|"
    + any_of("holdings", "here", "all", "filling", "tell", "name", "count", "titles", "topics")
    + "|"
    + any_of("edges", "without", "ordering")
)

_WHICH = (
    r"(?:请|找出|列出|有没有|哪些|哪几篇|哪?几(?=篇)|几篇|多少篇?|哪一?篇"
    r"|所有|全部|有|的|都|一共|总共|是)*"
)
_LIB = rf"(?:{any_of('here', 'all')}|里|中|的)*"
_PIECE = rf"(?:{_HELD}|篇)"
_ASKED = (
    r"(?:一共|总共|都|分别|的|名单|标题|题目)*(?:有|是)?"
    r"(?:哪些|哪几篇|几篇|多少篇?|什么|哪一?篇|没有)*吗?"
)
_MANY = r"(?:哪些|哪几篇|几篇|多少篇?|什么)(?:文章|报道|新闻|稿件|稿子)"
_SAY = rf"(?:{any_of('name')}|关于|有关|介绍|报道|讨论|围绕|写|讲)(?:了|过|的是|的)?"
_ISSUED = r"(?:发表|发布|刊登|刊发|见报|写|登|出|的)*"
_WROTE = r"(?:写|撰写|采写|采访|报道|发表|发布|署名)"
_WHO = r"[^，？。的]{2,12}?"
_IN_ALL = r"(?:一共|总共|都|共|还)*"
_WHICH_ONES = rf"(?:哪些|哪几篇|几篇|多少篇?|什么){_PIECE}"
# Which articles are meant, by the group that says so.
_LIMITED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_LIB}{_WHICH}(?P<period>{TIME}){_ISSUED}{_PIECE}{_ASKED}",
        rf"{_LIB}{_WHICH}{_PIECE}是(?P<period>{TIME}){_ISSUED}",
        rf"{_LIB}(?P<period>{TIME})(?:一共|总共|都|共)*(?:有|发表了|刊登了|登了|发了){_MANY}",
        rf"{_LIB}{_WHICH}(?P<period>{TIME})(?:发表|刊登|刊发|见报)的{_ASKED}",
        rf"{_LIB}{_WHICH}[跟和与同](?P<about>[^，？。]+?)(?:有关|相关)的{_PIECE}{_ASKED}",
        rf"{_LIB}{_WHICH}{_SAY}(?P<about>[^，？。]+?)的{_PIECE}{_ASKED}",
        rf"{_LIB}{_SAY}(?P<about>[^，？。]+?)的(?:{_HELD})?(?:是哪一?篇|{_IN_ALL}有?(?:几篇|多少篇|哪几篇))(?:{_HELD})?",
        rf"{_LIB}哪一?篇(?:{_HELD})?{_SAY}的?是?(?P<about>[^，？。]+?)的?",
        rf"{_LIB}{_WHICH}{_PIECE}(?:里面?|中|内)?(?:都|是|也|有没有)?{_SAY}(?P<about>[^，？。]+?)(?:的|吗)?",
        rf"{_LIB}{_WHICH}(?:记者|作者)(?:是|叫)?(?P<by>{_WHO})的{_PIECE}{_ASKED}",
        rf"(?:记者|作者)?(?P<by>{_WHO}){_IN_ALL}{_WROTE}(?:了|过){_WHICH_ONES}",
        rf"(?:记者|作者)?(?P<by>{_WHO}){_IN_ALL}{_WROTE}(?:了|过)(?:哪几篇|几篇|多少篇)",
        rf"{_LIB}{_WHICH}(?P<by>{_WHO}){_WROTE}的{_PIECE}{_ASKED}",
        rf"{_LIB}{_WHICH}{_PIECE}(?:的作者)?是(?P<by>{_WHO}){_WROTE}的",
    )
)
_NAMED = (
    rf"(?:《(?P<title>[^》]+)》(?:这|那)?一?(?:{_PIECE})?|(?P<named>[^，？。《》]{{2,30}}?)"
    rf"(?:(?:这|那)一?(?:篇|则|个|份){_HELD}?|的?(?:文章|报道|稿件)))的?"
)
_WHEN = r"(?:什么时[候间]|何时|哪一?[年天日]|几月几[日号]|[几哪]号)"
_WHERE = r"(?:哪里|哪儿|(?:哪一?[家份个]?|什么)(?:报纸?|媒体|报社|网站|刊物|单位))"
_PUBLISHED = r"(?:发布|发表|刊登|刊发|见报|写)"
# Without 文章 or a title's signs it may as well be a thing that is issued.
_BARE = re.compile(rf"(?P<named>[^，？。《》]{{2,30}}?){_WHEN}(?:发布|刊登|刊发|见报)的?")
_BARE_AUTHOR = re.compile(
    r"(?P<named>[^，？。《》]{2,30}?)(?:(?:是由?|由)谁(?:报道|采写|撰写|写)的|的作者是?谁)"
)
_OF_ONE: tuple[tuple[Sought, re.Pattern[str]], ...] = (
    ("authors", re.compile(rf"{_NAMED}(?:作者|记者)(?:是|叫)?(?:谁|什么名字)?")),
    ("authors", re.compile(rf"{_NAMED}是?由?谁{_WROTE}的?")),
    ("authors", re.compile(rf"谁{_WROTE}[了的]{_NAMED}")),
    ("dates", re.compile(rf"{_NAMED}(?:是|于)?{_WHEN}{_PUBLISHED}?的?")),
    ("dates", re.compile(rf"{_NAMED}{_PUBLISHED}(?:日期|时间|于)?(?:是)?{_WHEN}?")),
    ("publishers", re.compile(rf"{_NAMED}是?(?:[来出]自|[刊登发]表?[在于])了?{_WHERE}[上的]?")),
    ("publishers", re.compile(rf"{_NAMED}(?:来源|出处)(?:是)?(?:什么|{_WHERE})?")),
    ("dates", _BARE),
    ("authors", _BARE_AUTHOR),
)  # fmt: skip


def library_question(
    bare: str, *, follows: bool = False
) -> LibraryQuestion | SummaryRequest | None:
    """What is asked about the articles; None where their words are asked."""
    return _of_all(bare, follows) or _of_some(bare) or _of_one(bare)


def _of_all(bare: str, follows: bool) -> LibraryQuestion | SummaryRequest | None:
    """A question in which nothing but closed classes stands; 这篇 behind a turn is its article."""
    one = _ONE.search(bare)
    is_on_it = one or _HOLDINGS.search(bare) or (not follows and _ELLIPTICAL.search(bare))
    if not is_on_it or not (ASKS.search(bare) or _names_a_list(bare)):
        return None
    rest = _ONE.sub("", bare)
    if _CLOSED.sub("", rest).strip("，。、；：？！,?! "):
        return None
    sought = next((kind for kind, pattern in _SOUGHT if pattern.search(bare)), None)
    is_of_last = bool(one) and follows
    if sought == "topics":
        return SummaryRequest(is_of_last=is_of_last)
    edge = _EDGE.search(bare)
    most = int(value_of(edge["n"]) or 0) if edge and edge["n"] not in ("1", "一") else 0
    return LibraryQuestion(sought, most=most, is_of_last=is_of_last) if sought else None


def _names_a_list(bare: str) -> bool:
    """标题列表, 文章目录, 文章总数 and 最近三篇 ask without an asking word."""
    return bool(_LISTINGS.search(bare) or _EDGE.search(bare))


def _of_some(bare: str) -> LibraryQuestion | None:
    """A question for the articles on something, of a time or by somebody."""
    for pattern in _LIMITED:
        found = pattern.fullmatch(bare)
        if not found or not re.search(any_of("count", "titles") + "|有没有|吗$|列出|找出", bare):
            continue
        ((limit, value),) = found.groupdict().items()
        if ASKS.search(value) or _HOLDINGS.search(value):
            continue
        sought: Sought = "count" if re.search(r"多少|(?<!哪)几篇|数量", bare) else "titles"
        limits = {name: value if name == limit else "" for name in ("about", "period", "by")}
        return LibraryQuestion(sought, limits["about"], limits["period"], limits["by"])
    return None


def _of_one(bare: str) -> LibraryQuestion | None:
    """A question for the author or the date of one article, which the article may tell itself."""
    for sought, pattern in _OF_ONE:
        if found := pattern.fullmatch(bare):
            groups = found.groupdict()
            title = groups.get("title") or groups.get("named") or ""
            if title and not ASKS.search(title):
                return LibraryQuestion(sought, title=title, yields=pattern in (_BARE, _BARE_AUTHOR))
    return None
