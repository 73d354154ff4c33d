"""Hits to candidate sentences: every sentence of the passages found, with its neighbours.

Knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.datatypes import Article, Hit
from rag.text import Range, sentences, standard_form

_MOST_BEFORE = 40  # sentences; who was named before them is not told of any more


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit: its range in the article, its text, and what stands around it.

    ``rank`` is that of its hit, from 1. ``text`` is as printed; ``standard`` is its standard form
    (``rag.text``), in which the sentences ``before`` and ``after``, the ``passage`` and the
    ``headline`` (its title and heading) are too: questions are compared with these.
    """

    hit: Hit
    rank: int
    article: Article
    start: int
    end: int
    text: str
    standard: str
    before: str
    after: str
    passage: str
    headline: str


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[Range, ...]:
    return tuple(sentences(text))


standard_text = lru_cache(maxsize=512)(standard_form)


def gather(hits: Sequence[Hit], articles: Mapping[str, Article]) -> list[Candidate]:
    """The sentences that the hits touch, each once, hits in order."""
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits, start=1):
        article, passage = articles[hit.passage.article_id], hit.passage
        ranges, standard = _sentences(article.text), standard_text(article.text)
        headline = standard_text(f"{passage.title} {passage.heading}")
        for position, (start, end) in enumerate(ranges):
            inside = start < passage.end and end > passage.start
            text = article.text[start:end]
            if not inside or (article.id, start) in seen or _tells_nothing(text, article):
                continue
            seen.add((article.id, start))
            found.append(
                Candidate(
                    hit=hit,
                    rank=rank,
                    article=article,
                    start=start,
                    end=end,
                    text=text,
                    standard=standard[start:end],
                    before=_text(standard, ranges, position - 1),
                    after=_text(standard, ranges, position + 1),
                    passage=standard[passage.start : passage.end],
                    headline=headline,
                )
            )
    return found


def sentences_before(candidate: Candidate) -> list[str]:
    """The last sentences of the article before the candidate, in their standard form."""
    ranges, text = _sentences(candidate.article.text), standard_text(candidate.article.text)
    before = [text[start:end] for start, end in ranges if end <= candidate.start]
    return before[-_MOST_BEFORE:]


def _tells_nothing(text: str, article: Article) -> bool:
    """Whether a line only names what is told: the headline, a heading, a caption."""
    return text.strip("# ") in article.headings or text in article.full_title


def _text(text: str, ranges: Sequence[Range], position: int) -> str:
    if not 0 <= position < len(ranges):
        return ""
    start, end = ranges[position]
    return text[start:end]
