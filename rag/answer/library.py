"""What is asked about the articles themselves, counted and listed: how many, of when, by whom.

In go the articles and a parsed question about them, out come a text without citations and the
articles that it counts. Knows nothing of how such a question is told from others, and reads no
article for what it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from rag.answer.counted import (
    NAMES_LISTED,
    Counted,
    authors_of,
    by_date,
    counted,
    told_authors,
    told_dates,
    told_lengths,
    told_of_one,
    told_without,
)
from rag.answer.named import Kind, named_in
from rag.answer.reply import Reply
from rag.ask import LibraryQuestion
from rag.datatypes import Article
from rag.models.catalogue import BUILTIN
from rag.read import periods_of_date, telling_words, topic_of
from rag.text import fold, periods_of, standard_form, value_of

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
            return told_of_one(asked, one) if one else None
        chosen = self._chosen(asked)
        if asked.by and not chosen:
            return None
        if not chosen:
            return Counted(Reply("no_evidence", self._none(asked), model=BUILTIN), ())
        if asked.sought in _KINDS:
            return self._of_names(asked, chosen)
        answer: Callable[[LibraryQuestion, Sequence[Article]], Counted] = {
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
        sought = _bare(title)
        found = [one for one in self._articles if sought in _bare(f"{one.title}{one.subtitle}")]
        exact = [one for one in self._articles if sought in (_bare(one.title), _stem(one))]
        if len(exact) == 1:
            return exact[0]
        if len(found) != 1:
            return None
        is_most = len(sought) >= _MOST_OF_TITLE * len(_bare(found[0].title))
        return found[0] if is_most or not is_whole else None

    def named_by(self, words: str, least: float) -> Article | None:
        """The one article whose title, or file's name, holds all words that say something.

        They have to be a share of at least ``least`` of it, so that 县里的文件 names none.
        """
        told = telling_words(words)
        length = sum(map(len, told))
        found = [
            one
            for one in self._articles
            for name in (_bare(one.title),)
            if told and all(word in name or word in _stem(one) for word in told)
            if length >= least * len(name)
        ]
        return found[0] if len(found) == 1 else None

    def signed_by(self, name: str) -> tuple[Article, ...]:
        """The articles that have just this author, or this publisher."""
        return tuple(one for one in self._articles if name in (*authors_of(one), one.publisher))

    def has_title(self, title: str) -> bool:
        """Whether just these words are the title of an article."""
        sought = _bare(title)
        return bool(sought) and any(sought == _bare(one.title) for one in self._articles)

    def meant_by(self, words: str) -> tuple[Article, ...]:
        """The articles that words mean by title, place, age or author; none where they mean others.

        第二篇 counts in the order of the corpus, 最新 by the dates that there are.
        """
        if one := self.titled(words) or self.named_by(words, _MOST_WORDS):
            return (one,)
        if found := _PLACED.fullmatch(standard_form(words)):
            place = int(value_of(found["n"]) or 0)
            return tuple(islice(self._articles, place - 1, place)) if place else ()
        if found := _AGED.fullmatch(words):
            most = int(value_of(found["n"]) or 0) if found["n"] else 1
            dated = by_date(self.articles)
            return tuple(dated[-most:][::-1] if found["age"] in _YOUNGEST else dated[:most])
        if found := _SIGNED.fullmatch(words):
            return tuple(self._chosen(LibraryQuestion("titles", by=found["by"])))
        return ()

    def _chosen(self, asked: LibraryQuestion) -> list[Article]:
        """The articles that a question is about."""
        tests: list[Callable[[Article], bool]] = []
        if asked.about:
            are_named = any(mentions(one, asked.about) for one in self._articles)
            told = mentions if are_named else mentions_all
            tests.append(lambda one: told(one, asked.about))
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
        return counted(said, chosen, f"{len(chosen)}篇")

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
    return _bare(words) in _bare(f"{article.full_title}\n{article.text}")


def mentions_all(article: Article, words: str) -> bool:
    """Whether an article holds each of the words that say something: 养老 and 食堂 of 养老食堂."""
    topic = topic_of(words)
    text = f"{article.full_title}\n{article.text}"
    named = topic.is_owner_in(text) and (bool(topic.owner) or bool(topic.words))
    return named and (not topic.words or topic.share_in(text) == 1)


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


def _limits(asked: LibraryQuestion) -> str:
    """The limits of a question in words: 2019年的、提到“水库”的."""
    said = [f"{asked.period}的" if asked.period else ""]
    said.append(f"提到“{asked.about}”的" if asked.about else "")
    said.append(f"{asked.by}写的" if asked.by else "")
    return "、".join(filter(None, said))


def _stem(article: Article) -> str:
    """The name of an article's file, by which people know it, too."""
    return _bare(PurePosixPath(article.source).stem)


def _bare(text: str) -> str:
    """The folded text without blanks and signs."""
    return re.sub(r"[^\w]", "", fold(text))
