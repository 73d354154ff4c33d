"""The nouns of the program: frozen values that every floor above passes around.

Knows nothing of files, models, numpy or settings; nothing here reads or writes.

Two coordinates run through all of them. ``start`` and ``end`` count code points in
``Article.text``; ``source_spans`` are half-open ``(start, end)`` pairs of code points in the
decoded source (``rag.read_text(path)``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from typing import Any, Literal

from rag.table_types import Cell, Saying, Table

_PATH_PARTS = re.compile(r"!?/")
_SUFFIX = re.compile(r"\.\w{1,8}$")
_NAME = re.compile(r"\w*[\u4e00-\u9fff]{2}\w*")

__all__ = [
    "Answer",
    "Article",
    "Cell",
    "Citation",
    "Claim",
    "Copy",
    "Corpus",
    "Evidence",
    "Hit",
    "Message",
    "Outcome",
    "Passage",
    "Role",
    "Saying",
    "Searched",
    "SkippedFile",
    "SourceFile",
    "SourceSpans",
    "Table",
    "TextSpan",
    "Verdict",
]

SourceSpans = tuple[tuple[int, int], ...]
Outcome = Literal["answered", "no_evidence", "stopped", "failed"]
Verdict = Literal["supported", "partly", "not_found"]
Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A run of article text that stands unchanged in the source.

    ``text[start:start + length] == source[source_start:source_start + length]``.
    """

    start: int
    source_start: int
    length: int


@dataclass(frozen=True, slots=True)
class Article:
    """One story with its map back to the file it came from.

    ``id`` is ``source#n``; ``date`` is ``YYYY[-MM[-DD]]`` or None. Blocks of ``text`` are parted
    by one newline that belongs to no span; every visible character belongs to one. ``publisher``
    is the newspaper or site that the file or the story itself names. ``tables`` are in the order of
    the text. ``page_starts`` is where in the source each page of a file with pages begins.
    """

    id: str
    title: str
    source: str
    text: str
    spans: tuple[TextSpan, ...]
    subtitle: str = ""
    headings: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    byline: str = ""
    date: str | None = None
    publisher: str = ""
    tables: tuple[Table, ...] = ()
    page_starts: tuple[int, ...] = ()

    @property
    def full_title(self) -> str:
        """Title and subtitle in one line, as a reader would name the article."""
        return f"{self.title} {self.subtitle}".strip()

    def source_spans(self, start: int, end: int) -> SourceSpans:
        """Where ``text[start:end]`` stands in the source, in article order, neighbours merged."""
        pieces: list[tuple[int, int]] = []
        first = max(bisect_right(self.spans, start, key=attrgetter("start")) - 1, 0)
        for position in range(first, len(self.spans)):
            span = self.spans[position]
            if span.start >= end:
                break
            low, high = max(start, span.start), min(end, span.start + span.length)
            if low >= high:
                continue
            shift = span.source_start - span.start
            if pieces and pieces[-1][1] == low + shift:
                pieces[-1] = (pieces[-1][0], high + shift)
            else:
                pieces.append((low + shift, high + shift))
        return tuple(pieces)

    def page_at(self, start: int) -> int | None:
        """The page of the file, from 1, that ``text[start]`` is printed on; None without pages."""
        spans = self.source_spans(start, start + 1)
        if not self.page_starts or not spans:
            return None
        return bisect_right(self.page_starts, spans[0][0])


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file of the corpus folder that could not be read, and why, in Chinese."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read, the encoding it was decoded from, and what of it was not read.

    ``encoding`` is empty for formats that know their own; ``remarks`` are lines in Chinese.
    """

    source: str
    encoding: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles of a folder, with the files they came from and the files left out.

    ``digest`` changes whenever a file of the folder, or the way it is read, does.
    """

    articles: tuple[Article, ...]
    digest: str
    files: tuple[SourceFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable span of an article: ``article.text[start:end] == text``.

    Of rows of a table, ``told`` is what they say as sentences and ``sayings`` these one by one;
    elsewhere both are empty.
    """

    article_id: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    told: str = ""
    sayings: tuple[Saying, ...] = ()

    @property
    def path_name(self) -> str:
        """What folders and file are called in Chinese, as far as title and text do not say it.

        A weak title: 青石乡/工作报告.txt names whose report it is.
        """
        source, _, _ = self.article_id.rpartition("#")
        path = " ".join(_SUFFIX.sub("", part) for part in _PATH_PARTS.split(source))
        told = f"{self.title}\n{self.text}"
        return " ".join(dict.fromkeys(name for name in _NAME.findall(path) if name not in told))

    @property
    def search_text(self) -> str:
        """What is embedded and indexed: the passage under its path, title and heading."""
        parts = (self.path_name, self.title, self.heading, self.told or self.text)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that tells what a passage tells: the same story, cut, edited or reprinted."""

    article_id: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for a query; ``found_by`` names the rankings that held it.

    ``also_in`` are the other articles that tell it, in the order of the corpus.
    """

    passage: Passage
    score: float
    found_by: tuple[str, ...]
    source: str
    source_spans: SourceSpans
    also_in: tuple[Copy, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The hit as flat JSON."""
        passage = self.passage
        return {
            "article_id": passage.article_id,
            "title": passage.title,
            "source": self.source,
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "source_spans": [list(pair) for pair in self.source_spans],
            "score": self.score,
            "found_by": list(self.found_by),
            "also_in": [asdict(copy) for copy in self.also_in],
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence, or whole clauses of one, chosen to support an answer.

    ``date`` is that of its article, against which 去年 and 8月3日 are read, ``page`` that of the
    file, from 1, on which it begins, where there are pages.
    """

    article_id: str
    title: str
    source: str
    text: str
    start: int
    end: int
    source_spans: SourceSpans
    score: float
    date: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """``[number]`` of an answer: the quoted words and where they stand.

    Joining ``source[a:b]`` over ``source_spans`` gives ``quote`` back, always. ``page`` counts from
    1; None for a file without pages.
    """

    number: int
    article_id: str
    title: str
    source: str
    quote: str
    start: int
    end: int
    source_spans: SourceSpans
    page: int | None = None

    @classmethod
    def of(cls, number: int, evidence: Evidence) -> Citation:
        """The citation that quotes a piece of evidence."""
        return cls(
            number=number,
            article_id=evidence.article_id,
            title=evidence.title,
            source=evidence.source,
            quote=evidence.text,
            start=evidence.start,
            end=evidence.end,
            source_spans=evidence.source_spans,
            page=evidence.page,
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, the numbers it cites and how it stood up to them."""

    text: str
    verdict: Verdict
    reasons: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """What came of one of several facts asked for; ``query`` is what was searched for it.

    ``date`` is of when the fact is: ``YYYY[-MM[-DD]]``, or ``8月3日`` where no year is told.
    """

    query: str
    outcome: Outcome
    short: str | None
    date: str | None
    probability: float
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Searched:
    """The first thing a stream yields: what is searched, and what was found.

    ``readings`` are the query's numbers and dates in digits, where it prints them otherwise.
    """

    query: str
    hits: tuple[Hit, ...]
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question and how it ended.

    ``text`` is plain, with ``[n]`` after each sentence; ``short`` is the bare fact, or None.
    ``readings`` are the query's numbers and dates in digits, where it prints them otherwise: by
    them it was searched, too. Times are milliseconds by stage. ``parts`` has one for each of
    several facts asked for, and is empty where one was.
    """

    question: str
    query: str
    outcome: Outcome
    text: str
    model: str
    short: str | None = None
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    probability: float | None = None
    error: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    parts: tuple[AnswerPart, ...] = ()

    def also_in(self, citation: Citation) -> tuple[Copy, ...]:
        """The other articles that tell the passage which a citation quotes from."""
        for hit in self.hits:
            passage = hit.passage
            is_of_it = passage.article_id == citation.article_id
            if is_of_it and passage.start <= citation.start < passage.end:
                return hit.also_in
        return ()

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON, in the fields and the order that the interface fixes."""
        return {
            "question": self.question,
            "query": self.query,
            "outcome": self.outcome,
            "text": self.text,
            "short": self.short,
            "claims": [
                asdict(claim) | {"citations": list(claim.citations)} for claim in self.claims
            ],
            "citations": [
                asdict(citation) | {"source_spans": [list(pair) for pair in citation.source_spans]}
                for citation in self.citations
            ],
            "hits": [hit.to_dict() for hit in self.hits],
            "probability": self.probability,
            "model": self.model,
            "error": self.error,
            "timings_ms": dict(self.timings_ms),
            "readings": list(self.readings),
            "parts": [asdict(part) | {"citations": list(part.citations)} for part in self.parts],
        }
