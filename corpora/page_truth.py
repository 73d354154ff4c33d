"""What is true of a generated page, in the numbers of the blocks that the program cuts it into.

Knows nothing of how a page is repaired or measured.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpora.newspaper_pages import NewspaperPage


@dataclass(frozen=True, slots=True)
class PageTruth:
    """For each block its story (-1: page furniture), and what goes on with what: first to second.

    ``next_breaks`` are the firsts whose second is the next paragraph as printed.
    """

    stories: tuple[int, ...]
    joins: dict[int, int]
    next_breaks: frozenset[int]


def truth_of(page: NewspaperPage, block_starts: Sequence[int]) -> PageTruth:
    """The truth about blocks that begin at these places of the page's text."""
    starts = page.starts
    owners = [bisect_right(starts, start) - 1 for start in block_starts]
    first = {owner: number for number, owner in reversed(list(enumerate(owners)))}
    last = {owner: number for number, owner in enumerate(owners)}
    joins: dict[int, int] = {}
    near: set[int] = set()
    for a, b in page.continued():
        if a in last and b in first:
            joins[last[a]] = first[b]
            if all(page.blocks[between].kind == "caption" for between in range(a + 1, b)) and a < b:
                near.add(last[a])
    stories = tuple(page.blocks[owner].story for owner in owners)
    return PageTruth(stories, joins, frozenset(near))
