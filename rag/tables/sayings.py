"""What the cells of a table say as sentences, such as 竹坪乡2023年产量：103.7吨.

Sentences are searched and read in place of the printed rows; what is quoted are the cells. Knows
nothing of passages or questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.datatypes import Cell, Saying
from rag.tables.grid import Grid, is_figure, is_period

_LONGEST_HEADING = 12


@dataclass(frozen=True, slots=True)
class Told:
    """Some sayings of one row in a text, and the stretch of the printed text that they are of."""

    text: str
    sayings: tuple[Saying, ...]
    start: int
    end: int


def told_rows(grid: Grid, max_chars: int, heading: str = "") -> Iterator[Told]:
    """The rows below the heads as sentences, a row that says more than ``max_chars`` in parts.

    The rows of a table of pairs (首班车, 6:30) are told under the heading that says whose they are.
    """
    whose = heading if grid.is_of_pairs and len(heading) <= _LONGEST_HEADING else ""
    for row in grid.body_rows:
        above = grid.places[row - 1] if row else ()
        own = [cell for cell in dict.fromkeys(grid.places[row]) if cell and cell not in above]
        sentences = list(_sentences(grid, row, whose))
        if sentences and own:
            yield from _parts(sentences, own, max_chars)


def _sentences(
    grid: Grid, row: int, whose: str
) -> Iterator[tuple[str, int, Cell, tuple[Cell, ...]]]:
    """Each cell's sentence, where in it the value begins, the cell, and its heads."""
    heads = [cell for cell in grid.row_heads(row) if grid.is_told(cell)]
    name = whose + "".join(grid.printed(cell) for cell in heads)
    for column in grid.body_columns:
        cell = grid.places[row][column]
        if cell is None or not grid.is_told(cell):
            continue
        above = grid.column_heads(column)
        asked = grid.asked(column)
        value = grid.printed(cell)
        unit = grid.units[column] if is_figure(value) and value[-1].isdigit() else ""
        said = f"{value}{unit}"
        lead = f"{name}{'的' if _needs_of(name, asked) else ''}{asked}："
        yield f"{lead}{said}。", len(lead), cell, (*heads, *above)


def _needs_of(name: str, asked: str) -> bool:
    return bool(name and asked) and not asked[0].isdigit() and not is_period(name)


def _parts(
    sentences: Sequence[tuple[str, int, Cell, tuple[Cell, ...]]],
    own: Sequence[Cell],
    max_chars: int,
) -> Iterator[Told]:
    """Sentences of a row packed into stretches; the cells that they are of stand in one row."""
    start = min(cell.start for cell in own)
    text = ""
    sayings: list[Saying] = []
    end = start
    for place, (sentence, lead, cell, heads) in enumerate(sentences):
        if text and len(text) + len(sentence) > max_chars and cell.start >= end:
            yield Told(text, tuple(sayings), start, end)
            text, sayings, start = "", [], cell.start
        value_end = len(text) + len(sentence) - 1
        spans = tuple((head.start, head.end) for head in heads)
        sayings.append(
            Saying(
                len(text), len(text) + len(sentence), len(text) + lead, value_end,
                (cell.start, cell.end), spans,
            )
        )  # fmt: skip
        text += sentence
        end = max(end, cell.end)
        if place == len(sentences) - 1:
            end = max(end, *(one.end for one in own))
    yield Told(text, tuple(sayings), start, end)
