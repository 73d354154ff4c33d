"""What stands over the articles: titles, dates, names; gone through once, then looked up.

An index of articles does not change, so that what a question about their titles or dates needs is
read once from all of them, and no question reads them again. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from rag.datatypes import Article
from rag.text import fold

_NOT_AUTHORS = re.compile(
    r"\d{4}[-年/.]\d{1,2}(?:[-月/.]\d{1,2}日?)?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:(?:信息|文章|稿件)?来源|稿源|发布(?:时间|日期))\s*[：:]\s*\S+"
    r"|[►▶●■◆□*]|(?:本报|特约|见习|实习|责任)*(?:记者|通讯员|作者|编辑|撰文|文/图|图/文|文/|图/)[：:]?"
    r"|(?i:authors?)\s*[：:]"
)
_PAPER = re.compile(r"[报网社刊台]》?$")
_BYLINE_PARTS = re.compile(r"[\s、，,/／;；]+")
_SIGNS = re.compile(r"[^\w]")


class Head(NamedTuple):
    """Of an article what stands over it, and how many characters it has."""

    id: str
    source: str
    date: str | None
    publisher: str
    title: str
    full_title: str
    byline: str
    chars: int
    bare: str  # of the title
    bare_full: str  # of the title and the subtitle
    stem: str  # of the name of its file, by which people know it, too

    @classmethod
    def of(cls, article: Article) -> Head:
        """The head of an article."""
        return cls(
            article.id,
            article.source,
            article.date,
            article.publisher,
            article.title,
            article.full_title,
            article.byline,
            len(article.text),
            bare(article.title),
            bare(f"{article.title}{article.subtitle}"),
            bare(PurePosixPath(article.source).stem),
        )

    def authors(self) -> tuple[str, ...]:
        """The names of the byline, without dates, publishers and words such as 记者."""
        named = _NOT_AUTHORS.sub(" ", self.byline)
        named = named.replace(self.publisher, " ") if self.publisher else named
        parts = dict.fromkeys(part for part in _BYLINE_PARTS.split(named) if part)
        return tuple(part for part in parts if len(part) > 1 and not _PAPER.search(part))


def bare(text: str) -> str:
    """The folded text without blanks and signs."""
    return _SIGNS.sub("", fold(text))


class Heads:
    """The heads of all articles, in the order of the corpus, with ways to look them up."""

    def __init__(
        self, articles: Mapping[str, Article], chosen: Sequence[Head] | None = None
    ) -> None:
        """``chosen`` are the heads of some of the articles, where only these are meant."""
        self._articles = articles
        self._chosen = chosen

    @cached_property
    def all(self) -> Sequence[Head]:
        """All of them; the articles are read when they are first asked for."""
        if self._chosen is not None:
            return self._chosen
        return [Head.of(one) for one in self._articles.values()]

    def limited(self, admits: Callable[[Head], bool]) -> Heads:
        """Those of some of the articles."""
        return Heads(self._articles, [head for head in self.all if admits(head)])

    def __contains__(self, article_id: str) -> bool:
        """Whether it is the id of one of them."""
        if self._chosen is None:
            return article_id in self._articles
        return article_id in self._ids

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(head.id for head in self.all)

    def within(self, sought: str) -> list[Head]:
        """Those in whose title and subtitle a bare text stands; two at most."""
        return self._within(self._titles, sought, 2)

    def named(self, words: Sequence[str]) -> list[Head]:
        """Those of which the title or the file's name holds the longest of some bare words."""
        longest = max(words, key=len)
        found = {
            id(head): head
            for joined in (self._bare_titles, self._stems)
            for head in self._within(joined, longest, len(self.all))
        }
        return list(found.values())

    def exactly(self, sought: str) -> list[Head]:
        """Those whose title, or the name of whose file, is just a bare text."""
        return self._exact.get(sought, [])

    def signed(self, name: str) -> list[Head]:
        """Those that have just this author, or this publisher."""
        return self._signed.get(name, [])

    @cached_property
    def _titles(self) -> str:
        return "\n".join(head.bare_full for head in self.all)

    @cached_property
    def _bare_titles(self) -> str:
        return "\n".join(head.bare for head in self.all)

    @cached_property
    def _stems(self) -> str:
        return "\n".join(head.stem for head in self.all)

    @cached_property
    def _exact(self) -> Mapping[str, list[Head]]:
        found: defaultdict[str, list[Head]] = defaultdict(list)
        for head in self.all:
            for name in dict.fromkeys((head.bare, head.stem)):
                found[name].append(head)
        return dict(found)

    @cached_property
    def _signed(self) -> Mapping[str, list[Head]]:
        found: defaultdict[str, list[Head]] = defaultdict(list)
        for head in self.all:
            for name in dict.fromkeys((*head.authors(), head.publisher)):
                found[name].append(head)
        return dict(found)

    def _within(self, joined: str, sought: str, most: int) -> list[Head]:
        """Heads of which a field holds a text: found in all of the fields as one text."""
        if not sought:
            return list(self.all[:most])
        found: list[Head] = []
        for number in _lines_with(joined, sought):
            found.append(self.all[number])
            if len(found) == most:
                break
        return found


def _lines_with(joined: str, sought: str) -> Iterator[int]:
    """The numbers of the lines that hold a text, which has no line feed."""
    line = start = 0
    while (place := joined.find(sought, start)) >= 0:
        line += joined.count("\n", start, place)
        yield line
        end = joined.find("\n", place)
        if end < 0:
            return
        start, line = end + 1, line + 1
