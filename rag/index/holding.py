"""Which articles can hold a text at all, by the characters of their passages.

A text may go over the end of a passage, so that its words prove nothing; but each of its
ideographs is a term of some passage of an article that holds it, in the same folded form. Knows
nothing of scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.index.postings import Postings
from rag.index.term_keys import ideographs_of

Mask = NDArray[np.bool_]


def can_hold(text: str, postings: Postings, first_rows: NDArray[np.int64]) -> Mask:
    """Of shape ``(articles,)``: whether an article has all ideographs of a text.

    Rows ``first_rows[i]:first_rows[i + 1]`` are of article ``i``. One without a row may hold any
    text, and of a text without ideographs nothing is known.
    """
    without_rows: Mask = np.diff(first_rows) == 0
    places, are_there = postings.places_of(ideographs_of(text))
    if not are_there.all():
        return without_rows
    admitted = np.ones(without_rows.size, dtype=bool)
    for place in places.tolist():
        start, end = postings.starts[place : place + 2].tolist()
        has = without_rows.copy()
        has[np.searchsorted(first_rows, postings.rows[start:end], side="right") - 1] = True
        admitted &= has
    return admitted
