"""What a question wants summed up: 总结一下…, …的文章讲了什么, 用三句话概括这篇文章.

In go the words of a question, out comes the topic with the limits that were named. A question that
asks for a fact is none, whatever verb it begins with: 说说枫林桥有多长.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.ask.asking import ASKS
from rag.ask.purpose.kinds import SummaryRequest
from rag.ask.purpose.words import SIGNS, TIME, any_of
from rag.text.stated.numerals import value_of

_SUM_UP, _TELL, _HELD = any_of("sum_up"), any_of("tell"), any_of("holdings")
_ONCE = r"(?:一?下|出来?|成|为)?(?:的)?"
_ASKED = r"(?:是|有)?(?:什么|啥|哪些)?"
_WHAT = r"(?:(?:一)?些?(?:什么|啥)(?:内容|事情?|东西)?|(?:哪些|哪几)(?:内容|方面|事情?|要点)?)"
_FOR_ME = r"(?:请|帮我|给我|为我|替我|麻烦|你|能不能|能否|可以|可否|想|我想|我要)*"
_NUMERAL = r"(?:\d+|[一二两三四五六七八九十百]+)"
_CHARS = re.compile(rf"(?P<n>{_NUMERAL})个?字")
_POINTS = re.compile(rf"(?P<n>{_NUMERAL})(?:句|点|条|个)(?!字)")
_LIMIT = re.compile(
    rf"[，,]?请?[用以]?(?P<limit>(?:不超过|控制在|限|最多|大约|约|分)?{_NUMERAL}(?:个?字|句话?|点|条|个要点|个方面)"
    rf"(?:以内|之内|左右|内)?)的?(?={_SUM_UP}|$|[，,]|来|说明|介绍|说|讲)"
)  # fmt: skip
_PIECE = r"(?:一?个|一?份|一?段|一?篇)?(?:简短|简要|简单)?的?(?:关于|有关)?"
_MAKE, _A = r"(?:来|做|(?<!工)作|进行|写|给)*", r"(?:一?个|一?份|一?下|简要|简单)*"
# A wish for a summary, whatever of.
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FOR_ME}[来用以]?[对把就将给](?P<of>.+?){_MAKE}{_A}的?{_SUM_UP}{_ONCE}",
        rf"{_FOR_ME}(?:来|做|作|写|给出|简单|简要|大致)*(?:一?个|一?份)?[地的]?{_SUM_UP}{_ONCE}(?P<of>.*)",
        rf"{_FOR_ME}(?:写|做|来|给出){_PIECE}(?P<of>.+?)的{_SUM_UP}",
        rf"{_FOR_ME}(?:简单|简要|大致|详细)?地?{any_of('introduce')}(?:一?下)?(?P<of>.+)",
        rf"(?P<of>.+)(?:的)?{_SUM_UP}(?:一?下)?",
    )
)  # fmt: skip
# Questions for what an article tells; of anything else they ask for what the articles say of it.
_QUESTIONS = (
    re.compile(rf"(?P<of>.*?)的?(?:总的)?{any_of('summary_nouns', 'article_nouns')}{_ASKED}"),
    re.compile(
        rf"(?P<of>.*?)(?:主要|大概|大致|都|具体|究竟|到底|分别|核心)*(?:是)?{_TELL}(?:的)?"
        rf"(?:了|过|的是|述)*{_WHAT}(?:呢)?"
    ),
)
_OF_ARTICLE = re.compile(
    rf"(?:.*(?:{_HELD}|[这那本]一?[篇则份]|最[新近晚早先]的?{_NUMERAL}[篇则份]|本文|全文)|《[^》]+》)(?:里面?|中|的?内容)?|[它他她]们?"
)
# A paper by the name that its title has: 停水通知讲了什么, 会议纪要有哪些要点.
_PAPER = re.compile(rf"[^，。？]{{2,40}}{any_of('genres')}(?:里面?|中|的?内容)?")
_POINTS_OF = re.compile(
    rf"(?P<of>.+?)(?:里面?|中)?(?:主要|大致|都)*(?:有|包括|包含)(?:哪些|哪几[个条点]|什么|几[个条点])?(?:主要)?的?"
    rf"(?:{any_of('summary_nouns', 'article_nouns')})"
)
_ASKED_OF = (*_QUESTIONS, _POINTS_OF)
_ANYTHING = re.compile(r".*")
_NOUN_AT_END = re.compile(rf"的?{any_of('summary_nouns', 'article_nouns')}$")
_NOUN = re.compile(rf"(?P<of>.+?)的?{any_of('summary_nouns')}{_ASKED}")
_DOINGS = (
    re.compile(
        rf"(?P<of>.+?)的?(?:{any_of('main')}的?{any_of('doings')})(?:都)?(?:有|是)(?:哪些|什么|啥)"
    ),
    re.compile(rf"(?P<of>.*?{TIME})(?:都|里|间|期间)*(?:发生|出)了(?:哪些|什么|啥)(?:大?事情?)?"),
    re.compile(rf"(?P<of>.*?{TIME})的?(?:都)?有(?:哪些|什么|啥)(?:大事|新闻)"),
)
_MORE = re.compile(any_of("more"))
_OWN = re.compile(rf"^(?:《(?P<title>[^》]+)》)(?:这|那)?一?(?:篇|份|则)?{_HELD}?$")
_WHOLE = re.compile(rf"(?:{any_of('here', 'all')}|{_HELD}|里面?|中|的|这|那|篇|内容|全文|库)*+")
_LAST = re.compile(
    rf"(?:[这那本该上]一?(?:篇|则|份|条|个)?{_HELD}?|本文|全文|[它他她]们?|以上|上面|上述)(?:的?内容)?的?"
)
_PLURAL = re.compile(r"这些|那些|所有|全部|各篇|这里|库|文件夹")
_OF_HELD = re.compile(
    rf"(?P<topic>.+?)(?:的|这|那)(?:一?篇|些|几篇|则|份)?(?:{_HELD}|篇)(?:里面?|中)?(?:的?内容)?$"
)
_ON = re.compile(r"^(?:关于|有关|涉及|提到)|的?(?:内容|情况|有关情况)$|的$")
_SHORTEST = 2
_ASKS = re.compile(rf"{ASKS.pattern}|啥|吗")


def summary_request(bare: str, *, follows: bool = False) -> SummaryRequest | None:
    """What is to be summed up; None where a fact is asked for."""
    if follows and _MORE.fullmatch(bare):
        return SummaryRequest(is_of_last=True)
    limit, rest = _limit(bare)
    rest = rest.strip(SIGNS)
    of = _named_by(_ORDERS, rest)
    of = _named_by(_ASKED_OF, rest, _OF_ARTICLE) if of is None else of
    if of is None and (paper := _named_by(_ASKED_OF, rest, _PAPER)):
        return replace(limit, title=paper)
    of = _named_by((_NOUN,), rest) if of is None else of
    if of is not None:
        return _request(of, limit, follows)
    of = _named_by(_DOINGS, rest)
    return replace(limit, topic=of, yields=True) if of else None


def _named_by(
    forms: Sequence[re.Pattern[str]], rest: str, kind: re.Pattern[str] = _ANYTHING
) -> str | None:
    """What of a kind the first form that fits names, which may be empty; None where none does.

    It asks for a fact where there is an asking word in that.
    """
    for form in forms:
        found = form.fullmatch(rest)
        if found and kind.fullmatch(found["of"]) and not _ASKS.search(found["of"]):
            return found["of"]
    return None


def _limit(bare: str) -> tuple[SummaryRequest, str]:
    """How long a summary was asked for, and the question without it."""
    found = _LIMIT.search(bare)
    if found is None:
        return SummaryRequest(), bare
    chars, points = (_value(pattern, found["limit"]) for pattern in (_CHARS, _POINTS))
    rest = bare[: found.start()] + bare[found.end() :]
    return SummaryRequest(most_chars=chars, most_points=points), rest


def _value(pattern: re.Pattern[str], text: str) -> int | None:
    named = pattern.search(text)
    value = value_of(named["n"]) if named else None
    return int(value) if value else None


def _request(of: str, limit: SummaryRequest, follows: bool) -> SummaryRequest | None:
    """The request for what stands behind the verb: an article, what came before, all, a topic."""
    of = _NOUN_AT_END.sub("", of.strip(SIGNS)).removeprefix("的")
    if named := _OWN.match(of):
        return replace(limit, title=named["title"])
    if _LAST.fullmatch(of) or (not of and follows):
        return replace(limit, is_of_last=follows)
    if _WHOLE.fullmatch(of):
        return replace(limit, is_of_last=follows and not _PLURAL.search(of))
    held = _OF_HELD.fullmatch(of)
    topic = _ON.sub("", _ON.sub("", held["topic"] if held else of).strip(SIGNS))
    if len(topic) < _SHORTEST:
        return None
    title = topic if _PAPER.fullmatch(topic) else ""
    return replace(limit, topic=topic, title=title, of_articles=bool(held))
