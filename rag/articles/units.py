"""A page's units: each a block with what goes on with it.

Knows nothing of stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.articles.blocks import Block
from rag.articles.joins import Join
from rag.articles.page_view import Floats, PageView


@dataclass(frozen=True, slots=True)
class Unit:
    """Blocks that one sentence after another runs through, in reading order."""

    blocks: tuple[int, ...]


def units_of(count: int, joins: Sequence[Join]) -> list[Unit]:
    """The blocks of a page as units, in the printed order of their first blocks."""
    following = {join.first: join.second for join in joins}
    led = set(following.values())
    units = []
    for block in range(count):
        if block in led:
            continue
        chain = [block]
        while (after := following.get(chain[-1])) is not None:
            chain.append(after)
        units.append(Unit(tuple(chain)))
    return units


class PageUnits:
    """The units of a page as numbers, worked out when they are first asked for."""

    def __init__(self, view: PageView, units: Sequence[Unit]) -> None:
        self.view, self.units = view, units

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def first_blocks(self) -> list[Block]:
        """The block that each unit begins with."""
        return [self.view.blocks[unit.blocks[0]] for unit in self.units]

    @cached_property
    def is_body(self) -> NDArray[np.bool_]:
        """Whether each unit is running text, and no single line or clause as headlines are."""
        pairs = zip(self.units, self.first_blocks, strict=True)
        bodies = [
            len(unit.blocks) > 1
            or block.kind == "row"
            or (block.kind == "paragraph" and not block.may_be_headline)
            for unit, block in pairs
        ]
        return np.array(bodies, dtype=bool)

    @cached_property
    def weights(self) -> Floats:
        """Weighted bigrams of each unit, shape ``(units, columns)``."""
        weights = self.view.weights[[unit.blocks[0] for unit in self.units]]
        for place, unit in enumerate(self.units):
            for block in unit.blocks[1:]:
                weights[place] = np.maximum(weights[place], self.view.weights[block])
        return weights

    @cached_property
    def meanings(self) -> Floats:
        """What each unit tells of, shape ``(units, dimension)``: the sum of its blocks' vectors."""
        rows = [self.view.meanings[list(unit.blocks)].sum(axis=0) for unit in self.units]
        return np.array(rows, dtype=np.float32)
