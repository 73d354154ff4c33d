"""Query to hits: terms and vectors, fused, and a story that several articles tell told once.

Knows nothing of question types, evidence or answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Copy, Hit
from rag.index import Index
from rag.models.embedder import Embedder
from rag.retrieve.filters import Filter
from rag.retrieve.terms import search_terms
from rag.text import figures, share_told_in

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]
_TOLD = 0.7
# How much the best other passage of an article speaks for each: a story names its subject once and
# goes on with 该区 (docs/experiments.md, Retrieval).
_BACKING = 0.15
_WIDER = 4
_FILTERS_KEPT = 16


class Searcher(Protocol):
    """Query to hits."""

    def search(self, query: str, top_k: int, only: Filter | None = None) -> list[Hit]:
        """The ``top_k`` best passages, best first; of the articles that ``only`` admits."""
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
        self._admitting: dict[Filter, Mask] = {}

    def search(self, query: str, top_k: int, only: Filter | None = None) -> list[Hit]:
        """The ``top_k`` best passages, best first; none when no term and no vector is near.

        With ``only``, passages of the articles that it admits alone are found.

        What an article tells that is told in a better hit of another is left out; where so many
        are copies that too few hits remain, more candidates are taken.
        """
        vector = self._embedder.embed_query(query)
        weights = search_terms(query)
        admitted = self._admitted(only)
        candidates = self._candidates
        while True:
            by_terms = self._index.terms.best(weights, candidates, admitted)
            by_vectors = self._index.vectors.nearest(vector, candidates, admitted)
            rows, scores = self._ranked(np.union1d(by_terms, by_vectors), weights, vector, admitted)
            found = {"terms": set(by_terms.tolist()), "vectors": set(by_vectors.tolist())}
            ranked = zip(rows.tolist(), scores.tolist(), strict=True)
            hits = list(islice(distinct(self._hit(*one, found) for one in ranked), top_k))
            has_copies = len(hits) < min(top_k, rows.size)
            if not has_copies or candidates >= len(self._index.passages):
                return hits
            candidates *= _WIDER

    def _admitted(self, only: Filter | None) -> Mask | None:
        """Which rows are searched, of shape ``(passages,)``; None where all are."""
        if only is None or not only.limits:
            return None
        if only not in self._admitting:
            if len(self._admitting) >= _FILTERS_KEPT:
                self._admitting.clear()
            self._admitting[only] = self._index.rows_of(
                [only.admits(one) for one in self._index.listed()]
            )
        return self._admitting[only]

    def _ranked(
        self, rows: Rows, weights: Mapping[str, float], vector: Scores, admitted: Mask | None
    ) -> tuple[Rows, Scores]:
        """Rows with a fused score above 0, best first, and these scores."""
        if not rows.size:
            return rows, np.zeros(0, dtype=np.float32)
        near = rows_beside(rows, self._index.article_starts, len(self._index.passages))
        terms = self._index.terms.scores_of(weights, near)
        if admitted is not None:
            terms = np.where(admitted[near], terms, np.float32(0))
        places = np.searchsorted(near, rows)
        articles = np.searchsorted(self._index.article_starts, near, side="right")
        backed = terms[places] + _BACKING * best_beside(terms, places, articles)
        similarities = self._index.vectors.similarities(vector, rows)
        scores = fuse(backed, similarities, self._vector_weight)
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] > 0]
        return rows[order], scores[order]

    def _hit(self, row: int, score: float, found: dict[str, set[int]]) -> Hit:
        passage = self._index.passages[row]
        article = self._index.articles[passage.article_id]
        return Hit(
            passage=passage,
            score=score,
            found_by=tuple(name for name, rows in found.items() if row in rows),
            source=article.source,
            source_spans=article.source_spans(passage.start, passage.end),
            also_in=tuple(map(self._copy, self._index.copies.get(row, ()))),
        )

    def _copy(self, article_id: str) -> Copy:
        article = self._index.articles[article_id]
        return Copy(article.id, article.full_title, article.source)


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


def rows_beside(rows: Rows, starts: Rows, count: int) -> Rows:
    """All rows of the articles that the rows are of, in rising order.

    ``starts`` are the first rows of the articles, in rising order, ``count`` how many rows there
    are.
    """
    articles = np.unique(np.searchsorted(starts, rows, side="right") - 1)
    firsts = starts[articles]
    sizes = np.append(starts, count)[articles + 1] - firsts
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    beside: Rows = np.repeat(firsts, sizes) + within
    return beside


def best_beside(scores: Scores, places: Rows, articles: Rows) -> Scores:
    """For each of the places, the best score at another place of its article, 0 without one.

    ``articles``, in rising order, is the article of each score.
    """
    order = np.lexsort((-scores, articles))
    ranked = np.maximum(scores[order], 0)
    firsts = np.searchsorted(articles, articles[places], side="left")
    seconds = np.minimum(firsts + 1, order.size - 1)
    has_second = (seconds > firsts) & (articles[seconds] == articles[places])
    second = np.where(has_second, ranked[seconds], np.float32(0))
    best: Scores = np.where(order[firsts] == places, second, ranked[firsts])
    return best


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
