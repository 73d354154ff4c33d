"""What is asked of an index, wherever it stands: rows that a query may mean, and what they tell.

One contract for the index in a folder and for the one on a server; a test holds both to it. Knows
nothing of how a question is worded or of how its hits are ranked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Passage
from rag.index.filters import Filter
from rag.index.manifest import IndexManifest

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Candidates(NamedTuple):
    """Rows that a query may mean, in rising order, with what speaks for each of them.

    ``terms`` is its BM25, ``beside`` the best BM25 of another passage of its article (0 without
    one), ``similarities`` its cosine with the query. ``by_terms`` and ``by_vectors`` are the rows
    that each of the two found, best first.
    """

    rows: Rows
    terms: Floats
    beside: Floats
    similarities: Floats
    by_terms: Rows
    by_vectors: Rows


class Told(NamedTuple):
    """A passage with its article, and the other articles that tell the same."""

    passage: Passage
    article: Article
    also_in: tuple[Article, ...]


class PassageIndex(Protocol):
    """Passages that are found by their terms and vectors, a row each."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """All articles by their ids, in the order of the corpus."""
        ...

    @property
    def manifest(self) -> IndexManifest:
        """What the index was made from."""
        ...

    def passage_counts(self) -> Mapping[str, int]:
        """Into how many passages each article was cut, by its id."""
        ...

    def holding(self, text: str) -> Collection[str] | None:
        """The ids of all articles that can hold a text, some of which may not.

        None where the index cannot tell any from another.
        """
        ...

    def candidates(
        self, weights: Mapping[str, float], vector: Floats, count: int, only: Filter | None = None
    ) -> Candidates:
        """The ``count`` best rows by weighted terms and as many by a vector, at most.

        A row without a term of the query is not found by terms, one whose cosine is not above 0 not
        by vectors. With ``only``, rows of the articles that it admits.
        """
        ...

    def told(self, rows: Sequence[int]) -> list[Told]:
        """What some rows tell, in their order."""
        ...


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


def best_beside(scores: Floats, places: Rows, articles: Rows) -> Floats:
    """For each of the places, the best score at another place of its article, 0 without one.

    ``articles``, in rising order, is the article of each score.
    """
    order = np.lexsort((-scores, articles))
    ranked = np.maximum(scores[order], 0)
    firsts = np.searchsorted(articles, articles[places], side="left")
    seconds = np.minimum(firsts + 1, order.size - 1)
    has_second = (seconds > firsts) & (articles[seconds] == articles[places])
    second = np.where(has_second, ranked[seconds], np.float32(0))
    best: Floats = np.where(order[firsts] == places, second, ranked[firsts])
    return best
