"""BM25 over characters, bigrams, words, and numbers and dates however printed, through bm25s.

Knows nothing of passages: texts go in, a score for each row comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from rag.text import FOLDING, number_terms, terms

# What decides whether a saved index still matches the code that reads it.
TOKENIZER = f"characters+bigrams+words+numbers/2 rjieba/{version('rjieba')} {FOLDING}"
_K1, _B = 1.2, 0.75
FILES = (
    "data.csc.index.npy",
    "indices.csc.index.npy",
    "indptr.csc.index.npy",
    "vocab.index.json",
    "params.index.json",
)


class TermIndex:
    """BM25 scores of every row for a query."""

    def __init__(self, engine: bm25s.BM25, count: int) -> None:
        self._engine = engine
        self._count = count

    @classmethod
    def build(cls, texts: Sequence[str], written: Sequence[str | None] = ()) -> Self:
        """An index over the terms of the texts; ``written`` are the dates of their articles."""
        engine = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        # A row without a term gets one that no query has: bm25s fails on an empty vocabulary.
        dated = zip(texts, written or [None] * len(texts), strict=True)
        engine.index([_terms(*one) or [""] for one in dated], show_progress=False)
        return cls(engine, len(texts))

    @classmethod
    def load(cls, folder: Path, count: int) -> Self:
        """Read what ``save`` wrote; arrays stay on disk until they are touched."""
        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False), count)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON into a folder, never pickle."""
        self._engine.save(folder, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of every row, 0 where no term is shared."""
        known = [term for term in _terms(query) if term in self._engine.vocab_dict]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._engine.get_scores(known), dtype=np.float32)


def _terms(text: str, written: str | None = None) -> list[str]:
    return [*terms(text), *number_terms(text, written)]
