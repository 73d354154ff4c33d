"""What is asked about the articles themselves, counted and listed: how many, of when, by whom.

In go the articles and a parsed question about them, out come a text without citations and the
heads of the articles that it counts. What stands over the articles is read once; the articles
themselves only where what they hold is asked. Knows nothing of how such a question is told from
others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from rag.answer.counted import (
    NAMES_LISTED,
    Counted,
    by_date,
    counted,
    told_authors,
    told_dates,
    told_lengths,
    told_of_one,
    told_without,
)
from rag.answer.heads import Head, Heads, bare
from rag.answer.named import Kind, named_in
from rag.answer.reply import Reply
from rag.ask import LibraryQuestion
from rag.datatypes import Article
from rag.models.catalogue import BUILTIN
from rag.read import Topic, periods_of_date, telling_words, topic_of
from rag.text import periods_of, standard_form, value_of

Holding = Callable[[str], Collection[str] | None]

_HELD = r"(?:文章|报道|稿件|新闻|材料)"
_PIECE = rf"(?:[一的]?[篇则份条]?{_HELD}?)"
_PLACED = re.compile(rf"第(?P<n>\d+|[一二三四五六七八九十]+)[篇则份个]{_PIECE}")
_AGED = re.compile(
    rf"最(?P<age>[新近晚早老旧先])(?:发[表布])?的?(?P<n>\d+|[一二两三四五六七八九十]*)[篇则份条]?{_HELD}?"
)
_YOUNGEST = "新近晚"
_SIGNED = re.compile(r"(?P<by>[^，。的]{2,12}?)(?:所?写|撰写|采写|发表)(?:的.{0,4})?")
_KINDS: dict[str, tuple[Kind, str, str]] = {
    "people": ("people", "人物", "位"),
    "places": ("places", "地方", "个"),
    "organisations": ("organisations", "单位", "家"),
}
_SHORTEST_TITLE = 4
_MOST_OF_TITLE = 0.6
_MOST_WORDS = 0.7


def _any_can_hold(_: str) -> None:
    return None


class Library:
    """The articles as a whole; its verb is ``answer``."""

    def __init__(
        self,
        articles: Mapping[str, Article],
        heads: Heads | None = None,
        *,
        can_hold: Holding = _any_can_hold,
    ) -> None:
        """``heads`` are those of some of the articles, where only these are meant.

        ``can_hold(words)`` gives the ids of all articles that can hold some words; None where that
        may be any.
        """
        self._articles = articles  # a large corpus is not held in memory
        self._heads = heads or Heads(articles)
        self._can_hold = can_hold
        self._named: dict[Kind, list[tuple[Head, list[str]]]] = {}

    def limited(self, admits: Callable[[Head], bool]) -> Library:
        """The library of some of the articles alone."""
        return Library(self._articles, self._heads.limited(admits), can_hold=self._can_hold)

    @property
    def titles(self) -> list[str]:
        """The titles of all articles, in the order of the corpus."""
        return [head.full_title for head in self._heads.all]

    def first(self, count: int) -> tuple[Article, ...]:
        """So many articles, in the order of the corpus."""
        return self.read(self._heads.all[:count])

    def get(self, article_id: str) -> Article | None:
        """An article by its id; None where it is not of this library."""
        return self._articles[article_id] if article_id in self._heads else None

    def read(self, heads: Sequence[Head]) -> tuple[Article, ...]:
        """The articles that some heads are of."""
        return tuple(self._articles[head.id] for head in heads)

    def dated(self, admits: Callable[[str | None], bool]) -> Iterator[Article]:
        """The articles of the dates that are admitted, in the order of the corpus."""
        is_in = lru_cache(maxsize=None)(admits)
        return (self._articles[head.id] for head in self._heads.all if is_in(head.date))

    def holding(self, words: str) -> Iterator[Article]:
        """All articles that hold some words, and others that might, in the order of the corpus."""
        ids = self._can_hold(words)
        return (self._articles[one.id] for one in self._heads.all if ids is None or one.id in ids)

    def answer(self, asked: LibraryQuestion) -> Counted | None:
        """The reply to a question about the articles; None where none has the title or author.

        ``no_evidence`` where there is nothing to count.
        """
        if asked.title:
            one = self._titled(asked.title, is_whole=asked.yields)
            return told_of_one(asked, one) if one else None
        chosen = self._chosen(asked)
        if asked.by and not chosen:
            return None
        if not chosen:
            return Counted(Reply("no_evidence", self._none(asked), model=BUILTIN), ())
        if asked.sought in _KINDS:
            return self._of_names(asked, chosen)
        answer: Callable[[LibraryQuestion, Sequence[Head]], Counted] = {
            "dates": told_dates,
            "oldest": told_dates,
            "newest": told_dates,
            "authors": told_authors,
            "most_by_author": told_authors,
            "longest": told_lengths,
            "shortest": told_lengths,
            "undated": told_without,
            "unsigned": told_without,
        }.get(asked.sought, self._of_titles)
        return answer(asked, chosen)

    def titled(self, title: str, *, is_whole: bool = False) -> Article | None:
        """The one article with a title, or with one that begins so; None where none or several do.

        With ``is_whole`` most of the title has to be named.
        """
        head = self._titled(title, is_whole=is_whole)
        return self._articles[head.id] if head else None

    def _titled(self, title: str, *, is_whole: bool) -> Head | None:
        sought = bare(title)
        exact = self._heads.exactly(sought)
        if len(exact) == 1:
            return exact[0]
        found = self._heads.within(sought)
        if len(found) != 1:
            return None
        is_most = len(sought) >= _MOST_OF_TITLE * len(found[0].bare)
        return found[0] if is_most or not is_whole else None

    def named_by(self, words: str, least: float) -> Article | None:
        """The one article whose title, or file's name, holds all words that say something.

        They have to be a share of at least ``least`` of it, so that 县里的文件 names none.
        """
        told = telling_words(words)
        length = sum(map(len, told))
        found = [
            head
            for head in (self._heads.named(told) if told else ())
            if all(word in head.bare or word in head.stem for word in told)
            if length >= least * len(head.bare)
        ]
        return self._articles[found[0].id] if len(found) == 1 else None

    def signed_by(self, name: str) -> tuple[Article, ...]:
        """The articles that have just this author, or this publisher."""
        return self.read(self._heads.signed(name))

    def has_title(self, title: str) -> bool:
        """Whether just these words are the title of an article."""
        sought = bare(title)
        return bool(sought) and any(head.bare == sought for head in self._heads.exactly(sought))

    def meant_by(self, words: str) -> tuple[Article, ...]:
        """The articles that words mean by title, place, age or author; none where they mean others.

        第二篇 counts in the order of the corpus, 最新 by the dates that there are.
        """
        if one := self.titled(words) or self.named_by(words, _MOST_WORDS):
            return (one,)
        if found := _PLACED.fullmatch(standard_form(words)):
            place = int(value_of(found["n"]) or 0)
            return self.read(self._heads.all[place - 1 : place]) if place else ()
        if found := _AGED.fullmatch(words):
            most = int(value_of(found["n"]) or 0) if found["n"] else 1
            dated = by_date(self._heads.all)
            aged = dated[-most:][::-1] if found["age"] in _YOUNGEST else dated[:most]
            return self.read(aged)
        if found := _SIGNED.fullmatch(words):
            return self.read(self._chosen(LibraryQuestion("titles", by=found["by"])))
        return ()

    def _chosen(self, asked: LibraryQuestion) -> Sequence[Head]:
        """The heads of the articles that a question is about."""
        tests: list[Callable[[Head], bool]] = []
        if asked.period:
            is_in = lru_cache(maxsize=None)(lambda date: is_of_period(date, asked.period))
            tests.append(lambda head: is_in(head.date))
        if asked.by:
            by = bare(re.sub(r"(?:记者|作者|通讯员|编辑)", "", asked.by))
            tests.append(lambda head: by in bare(f"{head.byline}{head.publisher}"))
        if asked.about:
            tests.append(self._tells_of(asked.about))
        return [head for head in self._heads.all if all(test(head) for test in tests)]

    def _tells_of(self, about: str) -> Callable[[Head], bool]:
        """Whether an article mentions words, or all of them where none has them side by side."""
        ids = {one.id for one in self.holding(about) if mentions(one, about)}
        if not ids:
            topic = topic_of(about)
            words = "".join((topic.owner, *topic.words))
            ids = {one.id for one in self.holding(words) if mentions_all(one, topic)}
        return lambda head: head.id in ids

    def _none(self, asked: LibraryQuestion) -> str:
        wanted = _limits(asked)
        undated = sum(not one.date for one in self._heads.all)
        told = f"（有 {undated} 篇没有写明日期）" if asked.period and undated else ""
        return f"这里的 {len(self._heads.all)} 篇文章里没有{wanted}文章{told}。"

    def _of_titles(self, asked: LibraryQuestion, chosen: Sequence[Head]) -> Counted:
        """How many articles there are, and which."""
        files = len({one.source for one in self._heads.all})
        limits = _limits(asked)
        if limits:
            said = f"这里的 {len(self._heads.all)} 篇文章里，{limits}有 {len(chosen)} 篇："
        else:
            of_files = f"，来自 {files} 个文件" if files != len(chosen) else ""
            said = f"这里共有 {len(chosen)} 篇文章{of_files}："
        return counted(said, chosen, f"{len(chosen)}篇")

    def _of_names(self, asked: LibraryQuestion, chosen: Sequence[Head]) -> Counted:
        """Whom or what the articles name, those that most of them name first."""
        kind, word, counter = _KINDS[asked.sought]
        if kind not in self._named:
            self._named[kind] = [
                (one, named_in(self._articles[one.id].text, kind)) for one in self._heads.all
            ]
        ids = {one.id for one in chosen}
        told = [(one, names) for one, names in self._named[kind] if one.id in ids and names]
        counts = Counter(name for _, names in told for name in names)
        if not counts:
            text = f"这里的 {len(self._heads.all)} 篇文章里没有认出{word}的名字。"
            return Counted(Reply("no_evidence", text, model=BUILTIN), ())
        listed = [
            f"{name}（{count}篇）" if count > 1 else name
            for name, count in counts.most_common(NAMES_LISTED)
        ]
        rest = f"等 {len(counts)} {counter}" if len(counts) > len(listed) else ""
        text = (
            f"文章里认出了 {len(counts)} {counter}{word}：{'、'.join(listed)}{rest}。"
            "（按词典和上下文认出，可能有遗漏。）"
        )
        short = "、".join(name for name, _ in counts.most_common(NAMES_LISTED))
        reply = Reply("answered", text, short=short, model=BUILTIN)
        return Counted(reply, tuple(one for one, _ in told))


def mentions(article: Article, words: str) -> bool:
    """Whether an article holds the words in either script; blanks and signs do not count."""
    return bare(words) in bare(f"{article.full_title}\n{article.text}")


def mentions_all(article: Article, topic: Topic) -> bool:
    """Whether an article holds each of the words that say something: 养老 and 食堂 of 养老食堂."""
    text = f"{article.full_title}\n{article.text}"
    named = topic.is_owner_in(text) and (bool(topic.owner) or bool(topic.words))
    return named and (not topic.words or topic.share_in(text) == 1)


def is_of_period(written: str | None, period: str) -> bool:
    """Whether a date lies in a period named by year, month, day or part of a year.

    No date is of none; 去年 is seen from today.
    """
    asked = periods_of(standard_form(period), date.today().isoformat())
    if not written or not any(asked):
        return False
    own = periods_of_date(written)
    day = re.search(r"(\d{1,2})[日号]", period)
    if day and not written.endswith(f"-{int(day[1]):02d}"):
        return False
    return all(not wanted or wanted & told for wanted, told in zip(asked, own, strict=True))


def _limits(asked: LibraryQuestion) -> str:
    """The limits of a question in words: 2019年的、提到“水库”的."""
    said = [f"{asked.period}的" if asked.period else ""]
    said.append(f"提到“{asked.about}”的" if asked.about else "")
    said.append(f"{asked.by}写的" if asked.by else "")
    return "、".join(filter(None, said))
