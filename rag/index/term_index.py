"""BM25 over characters, bigrams, words, and numbers and dates however printed, through bm25s.

Knows nothing of passages: texts go in, a score for each row comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from rag.text import FOLDING, number_terms, terms

# What decides whether a saved index still matches the code that reads it.
TOKENIZER = f"characters+bigrams+words+numbers/4 rjieba/{version('rjieba')} {FOLDING}"
# In passages this short a word told twice says little more than one told once
# (docs/experiments.md, Retrieval).
_K1, _B = 0.5, 0.5
FILES = (
    "data.csc.index.npy",
    "indices.csc.index.npy",
    "indptr.csc.index.npy",
    "vocab.index.json",
    "params.index.json",
)


class TermIndex:
    """BM25 scores of every row for weighted terms."""

    def __init__(self, engine: bm25s.BM25, count: int) -> None:
        self._engine = engine
        self._count = count

    @classmethod
    def build(cls, texts: Sequence[str], written: Sequence[str | None] = ()) -> Self:
        """An index over the terms of the texts; ``written`` are the dates of their articles."""
        engine = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        # Numbers, as so many strings would take ten times the memory. A row without a term gets one
        # that no query has: bm25s fails on an empty vocabulary.
        numbers: dict[str, int] = {}
        dated = zip(texts, written or [None] * len(texts), strict=True)
        rows = [
            [numbers.setdefault(term, len(numbers)) for term in _terms(*one) or [""]]
            for one in dated
        ]
        engine.index((rows, numbers), show_progress=False)
        return cls(engine, len(texts))

    @classmethod
    def load(cls, folder: Path, count: int) -> Self:
        """Read what ``save`` wrote; arrays stay on disk until they are touched."""
        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False), count)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON into a folder, never pickle."""
        self._engine.save(folder, show_progress=False)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """The weighted sum of the BM25 of some terms in every row, 0 where a row has none of them.

        The arrays are read here and not through bm25s, which has no weights for a query's terms.
        """
        columns = self._engine.scores
        found = np.zeros(self._count, dtype=np.float32)
        for term, weight in weights.items():
            column = self._engine.vocab_dict.get(term)
            if column is not None:
                start, end = columns["indptr"][column : column + 2]
                # A row stands in a column once at most, so that adding in place is right.
                found[columns["indices"][start:end]] += weight * columns["data"][start:end]
        return found


def _terms(text: str, written: str | None) -> list[str]:
    return [*terms(text), *number_terms(text, written)]
