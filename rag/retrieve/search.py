"""Query to hits: terms and vectors, fused, and a story that several articles tell told once.

Knows nothing of question types, evidence or answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Copy, Hit
from rag.index import Candidates, Filter, PassageIndex
from rag.models.embedder import Embedder
from rag.retrieve.terms import search_terms
from rag.text import figures, share_told_in

Scores = NDArray[np.float32]
_TOLD = 0.7
# How much the best other passage of an article speaks for each: a story names its subject once and
# goes on with 该区 (docs/experiments.md, Retrieval).
_BACKING = 0.15
_WIDER = 4


class Searcher(Protocol):
    """Query to hits."""

    def search(self, query: str, top_k: int, only: Filter | None = None) -> list[Hit]:
        """The ``top_k`` best passages, best first; of the articles that ``only`` admits."""
        ...


class Retriever:
    """Searches an index with the embedder that made it; its verb is ``search``."""

    def __init__(
        self, index: PassageIndex, embedder: Embedder, *, candidates: int, vector_weight: float
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._candidates = candidates
        self._vector_weight = vector_weight

    def search(self, query: str, top_k: int, only: Filter | None = None) -> list[Hit]:
        """The ``top_k`` best passages, best first; none when no term and no vector is near.

        With ``only``, passages of the articles that it admits alone are found.

        What an article tells that is told in a better hit of another is left out; where so many
        are copies that too few hits remain, more candidates are taken.
        """
        vector = self._embedder.embed_query(query)
        weights = search_terms(query)
        count = self._candidates
        while True:
            found = self._index.candidates(weights, vector, count, only)
            rows, scores = self._ranked(found)
            hits = list(islice(distinct(self._hits(rows, scores, found, top_k)), top_k))
            has_copies = len(hits) < min(top_k, len(rows))
            if not has_copies or count >= self._index.manifest.passages:
                return hits
            count *= _WIDER

    def _ranked(self, found: Candidates) -> tuple[list[int], list[float]]:
        """Rows with a fused score above 0, best first, and these scores."""
        backed = found.terms + _BACKING * found.beside
        scores = fuse(backed, found.similarities, self._vector_weight)
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] > 0]
        return found.rows[order].tolist(), scores[order].tolist()

    def _hits(
        self, rows: Sequence[int], scores: Sequence[float], found: Candidates, at_once: int
    ) -> Iterator[Hit]:
        """The hits in their order, so many fetched at a time."""
        finders = {"terms": set(found.by_terms.tolist()), "vectors": set(found.by_vectors.tolist())}
        for start in range(0, len(rows), at_once):
            some = rows[start : start + at_once]
            told = zip(some, scores[start:], self._index.told(some), strict=False)
            for row, score, (passage, article, also_in) in told:
                yield Hit(
                    passage=passage,
                    score=score,
                    found_by=tuple(name for name, by in finders.items() if row in by),
                    source=article.source,
                    source_spans=article.source_spans(passage.start, passage.end),
                    also_in=tuple(Copy(one.id, one.full_title, one.source) for one in also_in),
                )


def distinct(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits, best first, without those that say what better ones of other articles say."""
    shown: list[tuple[str, str]] = []
    for hit in hits:
        if not is_shown(hit.passage.text, hit.also_in, shown):
            shown.append((hit.passage.article_id, hit.passage.text))
            yield hit


def merged(found: Sequence[Sequence[Hit]], most: int) -> tuple[Hit, ...]:
    """Hits of several searches in turn by rank, each story once, at most ``most``, best first.

    So that no search is crowded out by another's scores.
    """
    first: dict[tuple[str, int], Hit] = {}
    for rank in range(max(map(len, found), default=0)):
        for hits in found:
            if rank < len(hits):
                passage = hits[rank].passage
                first.setdefault((passage.article_id, passage.start), hits[rank])
    best = list(islice(distinct(first.values()), most))
    return tuple(sorted(best, key=lambda hit: -hit.score))


def is_shown(text: str, also_in: Sequence[Copy], shown: Iterable[tuple[str, str]]) -> bool:
    """Whether most of a text, with all its figures, is shown of the articles that tell it too.

    ``shown`` are pairs of an article's id and a text from it.
    """
    copies = {copy.article_id for copy in also_in}
    theirs = [other for article_id, other in shown if article_id in copies] if copies else []
    if not theirs or share_told_in(text, theirs) < _TOLD:
        return False
    return figures(text) <= figures("\n".join(theirs))


def fuse(terms: Scores, similarities: Scores, vector_weight: float) -> Scores:
    """A convex combination of two score lists, each divided by its best.

    Beats reciprocal rank fusion once a weight can be chosen on labelled queries (Bruch, Gai,
    Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval").
    """
    fused: Scores = (1 - vector_weight) * _relative(terms) + vector_weight * _relative(similarities)
    return fused


def _relative(scores: Scores) -> Scores:
    positive = np.maximum(scores, 0)
    best = positive.max(initial=0)
    return positive / best if best > 0 else positive
