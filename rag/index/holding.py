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
    admitted = np.ones(first_rows.size - 1, dtype=bool)
    without_rows = np.diff(first_rows) == 0
    for key in ideographs_of(text):
        place = int(np.searchsorted(postings.keys, key))
        has = without_rows.copy()
        if place < postings.keys.size and postings.keys[place] == key:
            start, end = postings.starts[place : place + 2].tolist()
            rows = postings.rows[start:end]
            has[np.searchsorted(first_rows, rows, side="right") - 1] = True
        admitted &= has
    return admitted
