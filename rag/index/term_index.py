"""BM25 over characters, bigrams, words, and numbers and dates however printed.

Knows nothing of passages: weighted terms go in, the best rows or the scores of some rows come out.
The best are found without scoring every row: the terms that tell rows apart most are read first,
and once those that remain cannot lift a new row among the best, they are only looked up for the
rows that may still be (MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and
optimizations"). What comes out is what scoring every row gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rag.index.postings import Postings, postings_of
from rag.index.term_keys import Keys, key_of
from rag.text import FOLDING

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

# What decides whether a saved index still matches the code that reads it.
TOKENIZER = f"characters+bigrams+words+numbers/5 rjieba/{version('rjieba')} {FOLDING}"
# In passages this short a word told twice says little more than one told once
# (docs/experiments.md, Retrieval).
_K1, _B = 0.5, 0.5
# Sums of float32 in another order differ by less.
_ROUNDING = 1e-4
_SOONER = 2  # a row is looked up in the time that so many are read in
_WIDER = 2  # times the rows wanted are scored to know what has to be reached
_SURELY = 1.3  # so near its bound a score of all terms is worth looking at
_LOOKED = 20_000  # postings that are read in the time that this takes
_FEW_LEFT = 400  # rows that are scored sooner than chosen among, once so few are left
_FEW = 100_000  # rows: so many are all scored sooner than chosen among (docs/performance.md)


class _Term(NamedTuple):
    """A term of a query: where its postings are, what it counts, and the most it can give a row."""

    start: int
    end: int
    weight: float
    most: float


class TermIndex:
    """BM25 of rows for weighted terms, in the variant of Lucene (Kamphuis et al. 2020).

    A row scores, for each term, its weight times ``log(1 + (N - n + .5) / (n + .5))`` times
    ``f / (f + k1 (1 - b + b length / mean length))``.
    """

    def __init__(self, postings: Postings, most: Floats | None = None) -> None:
        """``most``, of shape ``(keys,)``, bounds the last factor over the rows of each key."""
        self.postings = postings
        self._norms = norms_of(postings.lengths)
        self.most = most_of(postings, self._norms) if most is None else most

    @classmethod
    def build(cls, texts: Sequence[str], written: Sequence[str | None] = ()) -> Self:
        """An index over the terms of the texts; ``written`` are the dates of their articles."""
        return cls(postings_of(texts, written or [None] * len(texts)))

    def __len__(self) -> int:
        return int(self.postings.lengths.size)

    def scores(self, weights: Mapping[str, float]) -> Floats:
        """The weighted sum of the BM25 of some terms in every row, 0 where a row has none."""
        found = np.zeros(len(self), dtype=np.float32)
        for term in self._terms(weights):
            rows, given = self._given(term)
            # A row stands in a term's postings once at most, so that adding in place is right.
            found[rows] += given
        return found

    def scores_of(self, weights: Mapping[str, float], rows: Rows) -> Floats:
        """The same of some rows alone, in rising order."""
        found = np.zeros(rows.size, dtype=np.float32)
        self._add_all(self._terms(weights), rows, found)
        return found

    def given_to(self, start: int, end: int) -> tuple[Rows, Keys, Floats]:
        """What each term gives each of the rows from ``start`` to below ``end``, unweighted.

        Three arrays: the row, the key of the term, and what it gives; in no order of rows.
        """
        stored = self.postings
        places = np.flatnonzero((stored.rows >= start) & (stored.rows < end))
        terms = np.searchsorted(stored.starts, places, side="right") - 1
        rows = stored.rows[places].astype(np.int64)
        given = stored.counts[places].astype(np.float32)
        given /= given + self._norms[rows]
        sizes = np.diff(stored.starts)
        rarity = np.log1p((len(self) - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        return rows, stored.keys[terms], given * rarity[terms]

    def best(self, weights: Mapping[str, float], count: int, among: Mask | None = None) -> Rows:
        """The ``count`` rows that score most, best first, of two alike the first of the index.

        Rows that score 0 are not among them; ``among``, of shape ``(rows,)``, says which may be.
        """
        if len(self) <= _FEW:
            return self._best_of_all(weights, count, among)
        # What bounds most for least reading comes first.
        known = self._terms(weights)
        terms = sorted(known, key=lambda one: one.most / (one.end - one.start), reverse=True)
        found = np.zeros(len(self), dtype=np.float32)  # only pages that are written to are made
        done, least = self._gathered(known, terms, count, among, found)
        rows = np.flatnonzero(found)  # looked up in order, neighbours lie side by side in memory
        scores = found[rows]
        left = sum(term.most for term in terms[done:])
        for term in sorted(terms[done:], key=lambda one: -one.most):
            least = max(least, _least(scores, count))
            may_be = scores + left >= least
            rows, scores = rows[may_be], scores[may_be]
            if rows.size <= _FEW_LEFT:
                break
            self._add(term, rows, scores, found)
            left -= term.most
        return self._ranked(known, rows)[0][:count]

    def _ranked(self, known: Sequence[_Term], rows: Rows) -> tuple[Rows, Floats]:
        """Rows in rising order by their scores, best first, and the scores.

        Summed in the order of the query, so that what was left out makes no difference.
        """
        exact = np.zeros(rows.size, dtype=np.float32)
        self._add_all(known, rows, exact)
        order = np.argsort(-exact, kind="stable")
        return rows[order], exact[order]

    def _best_of_all(self, weights: Mapping[str, float], count: int, among: Mask | None) -> Rows:
        scores = self.scores(weights)
        if among is not None:
            scores = np.where(among, scores, np.float32(0))
        rows = np.flatnonzero((scores > 0) & (scores >= _least(scores, count)))
        return rows[np.argsort(-scores[rows], kind="stable")[:count]]

    def _gathered(
        self,
        known: Sequence[_Term],
        terms: Sequence[_Term],
        count: int,
        among: Mask | None,
        found: Floats,
    ) -> tuple[int, float]:
        """Add to ``found`` what the first terms give each row, until all that may be best are met.

        How many terms these are: those behind cannot lift another row among the best. And a score
        that so many rows reach.
        """
        left = sum(term.most for term in terms)
        met: list[Rows] = []
        touched = tried = 0
        least = 0.0
        for done, term in enumerate(terms):
            # Looking takes as long as reading so many postings does.
            if touched >= count and term.end - term.start > tried:
                rows = np.concatenate(met)
                if left < _SURELY * _least(found[rows], count):
                    least = max(least, self._reached(known, rows, count, found))
                    if left < least:
                        return done, least
                    tried = _LOOKED
                tried += touched // 4
            rows, given = self._given(term)
            if among is not None:
                is_in = among[rows]
                rows, given = rows[is_in], given[is_in]
            new = rows[found[rows] == 0]
            found[rows] += given
            met.append(new)
            touched += new.size
            tried -= rows.size
            left -= term.most
        return len(terms), least

    def _reached(self, known: Sequence[_Term], met: Rows, count: int, found: Floats) -> float:
        """A score that ``count`` rows reach: those that are best so far, with all their terms."""
        wider = min(_WIDER * count, met.size)
        best = met[np.argpartition(-found[met], wider - 1)[:wider]]
        _, scores = self._ranked(known, np.sort(best))
        return float(scores[count - 1]) * (1 - _ROUNDING)

    def _add(self, term: _Term, rows: Rows, scores: Floats, found: Floats) -> None:
        """Add what a term gives to the scores of some rows, here and in ``found``."""
        if term.end - term.start < _SOONER * rows.size:
            all_rows, given = self._given(term)
            found[all_rows] += given
            scores[:] = found[rows]
        else:
            self._look_up(term, rows, scores)
            found[rows] = scores

    def _terms(self, weights: Mapping[str, float]) -> list[_Term]:
        """The terms that some row has."""
        keys = np.array([key_of(term) for term in weights], dtype=np.uint64)
        places, is_there = self.postings.places_of(keys)
        found = []
        given = zip(places.tolist(), is_there.tolist(), weights.values(), strict=True)
        for place, is_known, weight in given:
            if is_known:
                start, end = self.postings.starts[place : place + 2].tolist()
                weighted = weight * _rarity(end - start, len(self))
                found.append(_Term(start, end, weighted, weighted * float(self.most[place])))
        return found

    def _given(self, term: _Term) -> tuple[Rows, Floats]:
        """The rows that have a term, and what it gives them."""
        rows = self.postings.rows[term.start : term.end].astype(np.int64)
        return rows, self._scored(term, rows, self.postings.counts[term.start : term.end])

    def _scored(self, term: _Term, rows: Rows, counts: NDArray[np.uint8]) -> Floats:
        given = counts.astype(np.float32)
        given /= given + self._norms[rows]
        given *= np.float32(term.weight)
        return given

    def _add_all(self, terms: Sequence[_Term], rows: Rows, scores: Floats) -> None:
        for term in terms:
            self._look_up(term, rows, scores)

    def _look_up(self, term: _Term, rows: Rows, scores: Floats) -> None:
        """Add to the scores of some rows what a term gives them."""
        there = self.postings.rows[term.start : term.end]
        places = there.searchsorted(rows.astype(np.uint32))
        places[places == there.size] = 0
        has = np.flatnonzero(there[places] == rows)
        if has.size:
            counts = self.postings.counts[term.start + places[has]]
            scores[has] += self._scored(term, rows[has], counts)


def norms_of(lengths: NDArray[np.int32]) -> Floats:
    """What a row's count of a term is measured against, by the row's length."""
    mean = float(lengths.mean()) if lengths.size else 1.0
    norms: Floats = (_K1 * (1 - _B + _B * lengths / mean)).astype(np.float32)
    return norms


def most_of(postings: Postings, norms: Floats) -> Floats:
    """For each key the most that its rows' counts come to against their norms."""
    if not postings.rows.size:
        return np.zeros(postings.keys.size, dtype=np.float32)
    counts = postings.counts.astype(np.float32)
    counts /= counts + norms[postings.rows]
    most: Floats = np.maximum.reduceat(counts, postings.starts[:-1])
    return most


def _rarity(rows: int, of: int) -> float:
    return float(np.log1p((of - rows + 0.5) / (rows + 0.5)))


def _least(scores: Floats, count: int) -> float:
    """A score that at least ``count`` of the scores reach, 0 where there are fewer."""
    if scores.size < count:
        return 0.0
    return float(np.partition(scores, scores.size - count)[scores.size - count]) * (1 - _ROUNDING)
