"""Hits to candidate sentences: every sentence of the passages found, with its neighbours.

Knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.datatypes import Article, Hit
from rag.text import Range, sentences


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit: its range in the article, its text, and what stands around it.

    ``rank`` is that of its hit, from 1.
    """

    hit: Hit
    rank: int
    article: Article
    start: int
    end: int
    text: str
    before: str
    after: str

    @property
    def headline(self) -> str:
        """The title and heading that the sentence stands under."""
        return f"{self.hit.passage.title} {self.hit.passage.heading}"


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[Range, ...]:
    return tuple(sentences(text))


def gather(hits: Sequence[Hit], articles: Mapping[str, Article]) -> list[Candidate]:
    """The sentences that the hits touch, each once, hits in order."""
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits, start=1):
        article = articles[hit.passage.article_id]
        ranges = _sentences(article.text)
        for position, (start, end) in enumerate(ranges):
            inside = start < hit.passage.end and end > hit.passage.start
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
                    before=_text(article.text, ranges, position - 1),
                    after=_text(article.text, ranges, position + 1),
                )
            )
    return found


def _tells_nothing(text: str, article: Article) -> bool:
    """Whether a line only names what is told: the headline, a heading, a caption."""
    return text.strip("# ") in article.headings or text in article.full_title


def _text(text: str, ranges: Sequence[Range], position: int) -> str:
    if not 0 <= position < len(ranges):
        return ""
    start, end = ranges[position]
    return text[start:end]
