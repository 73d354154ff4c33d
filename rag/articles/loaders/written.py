"""The text that a loader takes out of a file, as it grows: blocks, and tables with their cells.

A row of a table is a line, its cells parted by tabs; empty cells leave no mark in the text and are
known by the places of the others. Knows nothing of formats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.datatypes import Cell, Table

_BREAKS = re.compile(r"[\s\v\f\x85\u2028\u2029]+")
_PARAGRAPH, _LINE = "\n\n", "\n"


class Field(NamedTuple):
    """A cell before it is placed: its text, how far it reaches, and whether it is marked a head."""

    text: str
    rows: int = 1
    columns: int = 1
    is_head: bool = False


class WrittenText:
    """Text with tables in it; what is added stands a blank line behind what is there."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._tables: list[Table] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def text(self) -> str:
        """All that was added."""
        return "".join(self._pieces)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables among it, in the offsets of ``text``."""
        return tuple(self._tables)

    @property
    def length(self) -> int:
        """How long the text is by now."""
        return self._length

    def add(self, text: str, gap: str = _PARAGRAPH) -> None:
        """Add a block; ``gap`` stands before it unless it is the first."""
        if self._pieces:
            self._append(gap)
        self._append(text)

    def add_table(self, rows: Sequence[Sequence[Field]], gap: str = _PARAGRAPH) -> None:
        """Add rows of fields, each in the first free columns as HTML places them.

        Rows without text are left out. What is no table, one row or one column, is lines of text.
        """
        cells: list[Cell] = []
        heads = shown = 0
        for number, fields in enumerate(_placed(rows)):
            told = [(column, one, _one_line(one.text)) for column, one in fields]
            if not any(text for *_, text in told):
                continue
            if self._pieces:
                self._append(gap)
            gap = _LINE
            is_first = True
            for column, one, text in told:
                if not text:
                    continue
                if not is_first:
                    self._append("\t")
                is_first = False
                start = self._length
                self._append(text)
                cells.append(Cell(start, self._length, number, column, one.rows, one.columns))
            heads += heads == shown and all(one.is_head for _, one in fields)
            shown += 1
        if shown > 1 and any(cell.column for cell in cells):
            self._tables.append(Table(tuple(cells), heads or None))

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _placed(rows: Sequence[Sequence[Field]]) -> list[list[tuple[int, Field]]]:
    """Each field with its column; those that reach down from rows above keep theirs taken."""
    taken: dict[int, int] = {}  # rows that a column is still taken for
    placed = []
    for fields in rows:
        line: list[tuple[int, Field]] = []
        column = 0
        own: dict[int, int] = {}
        for one in fields:
            while taken.get(column, 0) > 0:
                column += 1
            line.append((column, one))
            own |= dict.fromkeys(range(column, column + one.columns), one.rows - 1)
            column += one.columns
        taken = {at: left - 1 for at, left in taken.items() if left > 1} | {
            at: left for at, left in own.items() if left > 0
        }
        placed.append(line)
    return placed
