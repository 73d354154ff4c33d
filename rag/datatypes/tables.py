"""The nouns of tables: cells as they are printed, and what they say.

Knows nothing of files or articles; offsets count in whatever text a table stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Cell(NamedTuple):
    """A printed cell of a table: ``text[start:end]``; merged ones reach over several rows, columns.

    ``row`` and ``column`` count from 0. An empty cell stands nowhere and is none.
    """

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed: each row is a line of its text, each cell a stretch of its row.

    ``head_rows`` is how many rows the file marks as heads of the columns, None where it marks none.
    """

    cells: tuple[Cell, ...]
    head_rows: int | None = None

    @property
    def start(self) -> int:
        """Where its first cell begins."""
        return self.cells[0].start

    @property
    def end(self) -> int:
        """Where its last cell ends."""
        return self.cells[-1].end


class Saying(NamedTuple):
    """What a cell of a table says: a sentence of ``Passage.told`` and what it is made of.

    ``told[start:end]`` is the sentence, ``told[value_start:value_end]`` the value in it, with its
    unit. ``cell`` and ``heads`` are ranges of the article's text: the printed cell, and those that
    say of which row and column it is.
    """

    start: int
    end: int
    value_start: int
    value_end: int
    cell: tuple[int, int]
    heads: tuple[tuple[int, int], ...]
