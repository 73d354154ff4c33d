"""What is asked about the articles themselves, counted and listed: how many, of when, by whom.

In go the articles and a parsed question about them, out come a text without citations and the
articles that it counts. Knows nothing of how such a question is told from others, and reads no
article for what it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from rag.answer.named import Kind, named_in
from rag.answer.reply import Reply
from rag.ask import LibraryQuestion
from rag.datatypes import Article
from rag.models.catalogue import BUILTIN
from rag.read import periods_of_date
from rag.text import fold, periods_of, standard_form, value_of

_LISTED = 20
_NAMES_LISTED = 30
_NOT_AUTHORS = re.compile(
    r"\d{4}[-年/.]\d{1,2}(?:[-月/.]\d{1,2}日?)?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:(?:信息|文章|稿件)?来源|稿源|发布(?:时间|日期))\s*[：:]\s*\S+"
    r"|[►▶●■◆□*]|(?:本报|特约|见习|实习|责任)*(?:记者|通讯员|作者|编辑|撰文|文/图|图/文|文/|图/)[：:]?"
    r"|(?i:authors?)\s*[：:]"
)
_PIECE = r"(?:[一的]?[篇则份条]?(?:文章|报道|稿件|新闻|材料)?)"
_PLACED = re.compile(rf"第(?P<n>\d+|[一二三四五六七八九十]+)[篇则份个]{_PIECE}")
_AGED = re.compile(rf"最(?P<age>[新近晚早老旧])的?{_PIECE}")
_YOUNGEST = "新近晚"
_SIGNED = re.compile(r"(?P<by>[^，。的]{2,12}?)(?:所?写|撰写|采写|发表)(?:的.{0,4})?")
_PAPER = re.compile(r"[报网社刊台]》?$")
_BYLINE_PARTS = re.compile(r"[\s、，,/／;；]+")
_KINDS: dict[str, tuple[Kind, str, str]] = {
    "people": ("people", "人物", "位"),
    "places": ("places", "地方", "个"),
    "organisations": ("organisations", "单位", "家"),
}
_SHORTEST_TITLE = 4
_MOST_OF_TITLE = 0.6


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted or listed, and of which articles, in the order of the list."""

    reply: Reply
    articles: tuple[Article, ...]


class Library:
    """The articles as a whole; its verb is ``answer``."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles.values()  # a large corpus is not held in memory
        self._named: dict[Kind, list[tuple[Article, list[str]]]] = {}

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles, in the order of the corpus."""
        return tuple(self._articles)

    def answer(self, asked: LibraryQuestion) -> Counted | None:
        """The reply to a question about the articles; None where none has the title or author.

        ``no_evidence`` where there is nothing to count.
        """
        if asked.title:
            one = self.titled(asked.title, is_whole=asked.yields)
            return _of_one(asked, one) if one else None
        chosen = self._chosen(asked)
        if asked.by and not chosen:
            return None
        if not chosen:
            return Counted(Reply("no_evidence", self._none(asked), model=BUILTIN), ())
        if asked.sought in _KINDS:
            return self._of_names(asked, chosen)
        answer: Callable[[LibraryQuestion, Sequence[Article]], Counted] = {
            "dates": _of_dates,
            "oldest": _of_dates,
            "newest": _of_dates,
            "authors": _of_authors,
        }.get(asked.sought, self._of_titles)
        return answer(asked, chosen)

    def titled(self, title: str, *, is_whole: bool = False) -> Article | None:
        """The one article with a title, or with one that begins so; None where none or several do.

        With ``is_whole`` most of the title has to be named.
        """
        sought = _bare(title)
        found = [one for one in self._articles if sought in _bare(f"{one.title}{one.subtitle}")]
        exact = [one for one in self._articles if sought in (_bare(one.title), _stem(one))]
        if len(exact) == 1:
            return exact[0]
        if len(found) != 1:
            return None
        is_most = len(sought) >= _MOST_OF_TITLE * len(_bare(found[0].title))
        return found[0] if is_most or not is_whole else None

    def meant_by(self, words: str) -> tuple[Article, ...]:
        """The articles that words mean by title, place, age or author; none where they mean others.

        第二篇 counts in the order of the corpus, 最新 by the dates that there are.
        """
        if one := self.titled(words):
            return (one,)
        if found := _PLACED.fullmatch(standard_form(words)):
            place = int(value_of(found["n"]) or 0)
            return tuple(islice(self._articles, place - 1, place)) if place else ()
        if found := _AGED.fullmatch(words):
            dated = sorted(
                (one for one in self._articles if one.date), key=lambda one: one.date or ""
            )
            return tuple(dated[-1:] if found["age"] in _YOUNGEST else dated[:1])
        if found := _SIGNED.fullmatch(words):
            return tuple(self._chosen(LibraryQuestion("titles", by=found["by"])))
        return ()

    def _chosen(self, asked: LibraryQuestion) -> list[Article]:
        """The articles that a question is about."""
        tests: list[Callable[[Article], bool]] = []
        if asked.about:
            tests.append(lambda one: mentions(one, asked.about))
        if asked.period:
            tests.append(lambda one: is_of_period(one, asked.period))
        if asked.by:
            by = _bare(re.sub(r"(?:记者|作者|通讯员|编辑)", "", asked.by))
            tests.append(lambda one: by in _bare(f"{one.byline}{one.publisher}"))
        return [one for one in self._articles if all(test(one) for test in tests)]

    def _none(self, asked: LibraryQuestion) -> str:
        wanted = _limits(asked)
        undated = sum(not one.date for one in self._articles)
        told = f"（有 {undated} 篇没有写明日期）" if asked.period and undated else ""
        return f"这里的 {len(self._articles)} 篇文章里没有{wanted}文章{told}。"

    def _of_titles(self, asked: LibraryQuestion, chosen: Sequence[Article]) -> Counted:
        """How many articles there are, and which."""
        files = len({one.source for one in self._articles})
        limits = _limits(asked)
        if limits:
            said = f"这里的 {len(self._articles)} 篇文章里，{limits}有 {len(chosen)} 篇："
        else:
            of_files = f"，来自 {files} 个文件" if files != len(chosen) else ""
            said = f"这里共有 {len(chosen)} 篇文章{of_files}："
        return _counted(said, list(map(_line, chosen)), chosen, f"{len(chosen)}篇")

    def _of_names(self, asked: LibraryQuestion, chosen: Sequence[Article]) -> Counted:
        """Whom or what the articles name, those that most of them name first."""
        kind, word, counter = _KINDS[asked.sought]
        if kind not in self._named:
            self._named[kind] = [(one, named_in(one.text, kind)) for one in self._articles]
        ids = {one.id for one in chosen}
        told = [(one, names) for one, names in self._named[kind] if one.id in ids and names]
        counts = Counter(name for _, names in told for name in names)
        if not counts:
            text = f"这里的 {len(self._articles)} 篇文章里没有认出{word}的名字。"
            return Counted(Reply("no_evidence", text, model=BUILTIN), ())
        listed = [
            f"{name}（{count}篇）" if count > 1 else name
            for name, count in counts.most_common(_NAMES_LISTED)
        ]
        rest = f"等 {len(counts)} {counter}" if len(counts) > len(listed) else ""
        text = (
            f"文章里认出了 {len(counts)} {counter}{word}：{'、'.join(listed)}{rest}。"
            "（按词典和上下文认出，可能有遗漏。）"
        )
        short = "、".join(name for name, _ in counts.most_common(_NAMES_LISTED))
        reply = Reply("answered", text, short=short, model=BUILTIN)
        return Counted(reply, tuple(one for one, _ in told))


def mentions(article: Article, words: str) -> bool:
    """Whether an article holds the words in either script; blanks and signs do not count."""
    return _bare(words) in _bare(f"{article.full_title}\n{article.text}")


def is_of_period(article: Article, period: str) -> bool:
    """Whether the date of an article lies in a period named by year, month, day or part of a year.

    An article without a date is of none; 去年 is seen from today.
    """
    asked = periods_of(standard_form(period), date.today().isoformat())
    if not article.date or not any(asked):
        return False
    own = periods_of_date(article.date)
    day = re.search(r"(\d{1,2})[日号]", period)
    if day and not article.date.endswith(f"-{int(day[1]):02d}"):
        return False
    return all(not wanted or wanted & told for wanted, told in zip(asked, own, strict=True))


def _of_dates(asked: LibraryQuestion, chosen: Sequence[Article]) -> Counted:
    """From when to when the articles are, and of which date each is."""
    dated = sorted((one for one in chosen if one.date), key=lambda one: one.date or "")
    if not dated:
        text = f"这 {len(chosen)} 篇文章都没有写明日期。"
        return Counted(Reply("no_evidence", text, model=BUILTIN), ())
    first, last = dated[0], dated[-1]
    undated = len(chosen) - len(dated)
    rest = f"；另有 {undated} 篇没有写明日期" if undated else ""
    if asked.sought != "dates":
        edge, word = (first, "最早") if asked.sought == "oldest" else (last, "最新")
        dated = [one for one in dated if one.date == edge.date]
        said, short = f"写明了日期的文章里，{word}的是 {edge.date}{rest}：", edge.date
    elif len(dated) == 1:
        said, short = f"写明日期的有 1 篇{rest}：", first.date
    else:
        said = f"{len(dated)} 篇文章写明了日期，最早是 {first.date}，最新是 {last.date}{rest}："
        short = f"{first.date}至{last.date}"
    return _counted(said, list(map(_line, dated)), dated, short)


def _of_authors(asked: LibraryQuestion, chosen: Sequence[Article]) -> Counted:
    """Whose names stand on the articles, and who published them."""
    authors = Counter(name for one in chosen for name in authors_of(one))
    publishers = Counter(one.publisher for one in chosen if one.publisher)
    if not authors and not publishers:
        text = f"这 {len(chosen)} 篇文章都没有署名，也没有写明出处。"
        return Counted(Reply("no_evidence", text, model=BUILTIN), ())
    signed = [one for one in chosen if authors_of(one) or one.publisher]
    said = [f"署名：{_with_counts(authors)}。" if authors else ""]
    said.append(f"出处：{_with_counts(publishers)}。" if publishers else "")
    unsigned = len(chosen) - len(signed)
    said.append(f"另有 {unsigned} 篇没有署名。" if unsigned else "")
    lines = [
        f"{_line(one)} {'、'.join((*authors_of(one), one.publisher)).strip('、')}" for one in signed
    ]
    short = "、".join(list(authors or publishers)[:_NAMES_LISTED])
    return _counted("".join(said), lines, signed, short)


def _of_one(asked: LibraryQuestion, article: Article) -> Counted:
    """The author or the date of one article, as its head or its file gives it."""
    if asked.sought == "authors":
        found = "、".join(authors_of(article)) or article.publisher
        said = f"署名是{found}" if authors_of(article) else f"没有署名，出处是{found}"
    else:
        found, said = article.date or "", f"日期是 {article.date}"
    if not found:
        what = "署名" if asked.sought == "authors" else "写明日期"
        text = f"《{article.full_title}》没有{what}。"
        return Counted(Reply("no_evidence", text, model=BUILTIN), (article,))
    text = f"《{article.full_title}》的{said}。（{article.source}）"
    return Counted(Reply("answered", text, short=found, model=BUILTIN), (article,))


def authors_of(article: Article) -> tuple[str, ...]:
    """The names of a byline, without dates, papers and words such as 记者."""
    bare = _NOT_AUTHORS.sub(" ", article.byline)
    parts = dict.fromkeys(part for part in _BYLINE_PARTS.split(bare) if part)
    return tuple(part for part in parts if len(part) > 1 and not _PAPER.search(part))


def _with_counts(counts: Counter[str]) -> str:
    listed = [
        f"{name}（{n}篇）" if n > 1 else name for name, n in counts.most_common(_NAMES_LISTED)
    ]
    return "、".join(listed) + (f"等 {len(counts)} 个" if len(counts) > len(listed) else "")


def _limits(asked: LibraryQuestion) -> str:
    """The limits of a question in words: 2019年的、提到“水库”的."""
    said = [f"{asked.period}的" if asked.period else ""]
    said.append(f"提到“{asked.about}”的" if asked.about else "")
    said.append(f"{asked.by}写的" if asked.by else "")
    return "、".join(filter(None, said))


def _line(article: Article) -> str:
    """An article on a line of a list: its title, its date and its file."""
    dated = f"{article.date}，" if article.date else ""
    return f"《{article.full_title or article.source}》（{dated}{article.source}）"


def _counted(
    said: str, lines: list[str], articles: Sequence[Article], short: str | None
) -> Counted:
    """A list under what is said of it; a long one is cut, and says so."""
    shown = [f"{number}. {line}" for number, line in enumerate(lines[:_LISTED], start=1)]
    if len(lines) > _LISTED:
        shown.append(f"…… 另有 {len(lines) - _LISTED} 篇没有列出")
    text = "\n".join([said, *shown])
    return Counted(Reply("answered", text, short=short, model=BUILTIN), tuple(articles))


def _stem(article: Article) -> str:
    """The name of an article's file, by which people know it, too."""
    return _bare(PurePosixPath(article.source).stem)


def _bare(text: str) -> str:
    """The folded text without blanks and signs."""
    return re.sub(r"[^\w]", "", fold(text))
