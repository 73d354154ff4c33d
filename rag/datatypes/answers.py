"""The nouns of answering: evidence, citations, claims and the answer that they make.

Knows nothing of how any of them is come by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rag.datatypes.articles import SourceSpans
from rag.datatypes.hits import Copy, Hit

Outcome = Literal["answered", "no_evidence", "stopped", "failed"]
Verdict = Literal["supported", "partly", "not_found"]
Role = Literal["user", "assistant"]


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
