"""Query to hits: terms and vectors, fused.

Knows nothing of question types, evidence or answers.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Hit
from rag.index import Index
from rag.models.embedder import Embedder

Scores = NDArray[np.float32]


class Searcher(Protocol):
    """Query to hits."""

    def search(self, query: str, top_k: int) -> list[Hit]:
        """The ``top_k`` best passages, best first."""
        ...


class Retriever:
    """Searches an index with the embedder that made it; its verb is ``search``."""

    def __init__(
        self, index: Index, embedder: Embedder, *, candidates: int, vector_weight: float
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._candidates = candidates
        self._vector_weight = vector_weight

    def search(self, query: str, top_k: int) -> list[Hit]:
        """The ``top_k`` best passages, best first; none when no term and no vector is near."""
        vector = self._embedder.embed_query(query)
        terms = self._index.terms.scores(query)
        by_terms = _best_rows(terms, self._candidates)
        by_vectors = self._index.vectors.nearest(vector, self._candidates)
        rows = np.union1d(by_terms, by_vectors).astype(np.int64)
        if not rows.size:
            return []
        scores = fuse(
            terms[rows], self._index.vectors.similarities(vector, rows), self._vector_weight
        )
        order = np.argsort(-scores, kind="stable")[:top_k]
        found = {"terms": set(by_terms.tolist()), "vectors": set(by_vectors.tolist())}
        return [self._hit(int(rows[i]), float(scores[i]), found) for i in order if scores[i] > 0]

    def _hit(self, row: int, score: float, found: dict[str, set[int]]) -> Hit:
        passage = self._index.passages[row]
        article = self._index.articles[passage.article_id]
        return Hit(
            passage=passage,
            score=score,
            found_by=tuple(name for name, rows in found.items() if row in rows),
            source=article.source,
            source_spans=article.source_spans(passage.start, passage.end),
        )


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


def _best_rows(scores: Scores, count: int) -> NDArray[np.int64]:
    count = min(count, scores.size)
    rows = np.argpartition(-scores, count - 1)[:count] if count else np.array([], dtype=np.int64)
    return rows[scores[rows] > 0].astype(np.int64)
