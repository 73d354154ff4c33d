"""The order in which the blocks of one story are read.

A join says what follows a block; where there is none, the block printed below follows, unless that
would lead in a circle. Knows nothing of how joins are found.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.articles.blocks import Block
from rag.articles.joins import Join


def reading_order(
    members: Sequence[int], joins: Sequence[Join], blocks: Sequence[Block]
) -> list[int]:
    """The members of a story, block numbers in printed order, as they are read.

    Joins bind first. Neighbours on the page bind next, those below a sentence that stays open
    last: there the column went on elsewhere. Chains stand in the order of their first printed
    block.
    """
    own = set(members)
    chains = _Chains(members)
    for join in sorted(joins, key=lambda join: -join.confidence):
        if join.first in own and join.second in own:
            chains.bind(join.first, join.second)
    neighbours = [(a, a + 1) for a in members if a + 1 in own]
    for a, b in sorted(neighbours, key=lambda pair: blocks[pair[0]].is_open):
        chains.bind(a, b)
    return [block for chain in sorted(chains.all(), key=min) for block in chain]


class _Chains:
    """Blocks bound one to the next; each has at most one before it and one after it."""

    def __init__(self, members: Sequence[int]) -> None:
        self._chain_of = {member: [member] for member in members}

    def bind(self, first: int, second: int) -> None:
        """Put ``second`` right after ``first`` if both ends are free and no circle comes of it."""
        left, right = self._chain_of[first], self._chain_of[second]
        if left is right or left[-1] != first or right[0] != second:
            return
        left.extend(right)
        for member in right:
            self._chain_of[member] = left

    def all(self) -> list[list[int]]:
        """Every chain once."""
        return list({id(chain): chain for chain in self._chain_of.values()}.values())
