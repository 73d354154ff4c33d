"""The columns of a printed page to running text: lines to paragraphs, paragraphs parted.

A paragraph stands on one line, blank lines part blocks, headlines and rows of a table keep their
line ends. Knows nothing of PDF files or of how columns were found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from rag.articles.loaders.joining import is_wide, join_texts
from rag.articles.loaders.pdf.lines import Line, body_size, rows, united
from rag.articles.loaders.pdf.stacks import HEADLINE

_INDENT = 0.8  # of the font, from the left edge of the column
_MORE_LEADING = 0.5  # of the font, beyond what is usual in the column
_WIDE_GAP = 2.0  # of the body font
_OTHER_SIZE = 1.12
_FIRST_UNIT = 3.0  # characters: what must have fitted for a line to be short
_LATIN_WIDTH = 0.5  # of the font, for a letter
_ENDS = "。！？!?…；;：:"
_CLOSERS = "”’」』）)》"


@dataclass(frozen=True, slots=True)
class Row:
    """A line across a column; ``is_cells`` when it is a row of a table."""

    line: Line
    is_cells: bool


@dataclass(frozen=True, slots=True)
class Column:
    """The rows of a column and its edges."""

    rows: tuple[Row, ...]
    left: float
    right: float
    leading: float  # usual white space between two lines

    @classmethod
    def of(cls, lines: Sequence[Line], size: float) -> Column:
        """A column of these lines; ``size`` is the body font of the page."""
        found = _rows(lines)
        text = [row.line for row in found if row.line.size < HEADLINE * size] or [
            row.line for row in found
        ]
        right = max(line.right for line in text)
        return cls(
            rows=tuple(found),
            left=min(line.left for line in text),
            right=right,
            leading=_leading(text, right, size),
        )

    def is_indented(self, line: Line) -> bool:
        """Whether the line begins to the right of the column's edge."""
        return line.left - self.left >= _INDENT * line.size

    def is_short(self, line: Line, following: Line) -> bool:
        """Whether the first word of the next line would have fitted behind this one."""
        return self.right - line.right > _first_unit(following)


def _leading(lines: Sequence[Line], right: float, size: float) -> float:
    """The white space between two lines of a paragraph, judged by what follows full lines."""
    gaps = [
        (right - above.right > _FIRST_UNIT * size, below.top - above.bottom)
        for above, below in pairwise(lines)
    ]
    full = sorted(gap for is_short, gap in gaps if gap < 2 * size and not is_short)
    return full[len(full) // 4] if full else size


def page_text(columns: Sequence[Sequence[Line]]) -> str:
    """The text of a page from its columns, first read first."""
    size = body_size(line for column in columns for line in column)
    blocks: list[str] = []
    previous: Column | None = None
    for lines in chain.from_iterable(_segments(column, size) for column in columns):
        column = Column.of(lines, size)
        texts = _blocks(column, size)
        if previous is not None and _runs_on(previous, column, size):
            blocks[-1] = join_texts(blocks[-1], texts.pop(0))
        blocks.extend(texts)
        previous = column
    return "\n\n".join(blocks)


def _segments(lines: Sequence[Line], size: float) -> Iterator[list[Line]]:
    """The lines between wide gaps: what stands far apart (a page number) tells no edges."""
    segment: list[Line] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda line: line.top):
        if segment and line.top - bottom > _WIDE_GAP * size:
            yield segment
            segment = []
        bottom = max(bottom, line.bottom) if segment else line.bottom
        segment.append(line)
    yield segment


def _blocks(column: Column, size: float) -> list[str]:
    blocks = [column.rows[0].line.text]
    for position, (above, below) in enumerate(pairwise(column.rows), start=1):
        following = column.rows[position + 1].line if position + 1 < len(column.rows) else None
        if _starts_block(column, above.line, below.line, following):
            blocks.append(below.line.text)
        elif below.is_cells or above.is_cells or below.line.size >= HEADLINE * size:
            blocks[-1] += "\n" + below.line.text
        else:
            blocks[-1] = join_texts(blocks[-1], below.line.text)
    return blocks


def _rows(lines: Sequence[Line]) -> list[Row]:
    pieces = rows(lines)
    cells = [
        any(_are_aligned(row, other) for other in pieces[max(number - 1, 0) : number + 2])
        for number, row in enumerate(pieces)
    ]
    return [Row(_whole(row), is_cells) for row, is_cells in zip(pieces, cells, strict=True)]


def _are_aligned(row: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether two rows are cells of one table: a later piece of each begins at the same place."""
    if row is other:
        return False
    return any(abs(one.left - two.left) < 0.3 * one.size for one in row[1:] for two in other[1:])


def _whole(pieces: Sequence[Line]) -> Line:
    whole = pieces[0]
    for piece in pieces[1:]:
        is_apart = piece.left - whole.right > 0.5 * piece.size
        whole = united(whole, piece, f"{whole.text}{' ' * is_apart}{piece.text}")
    return whole


def _starts_block(column: Column, above: Line, below: Line, following: Line | None) -> bool:
    if max(above.size, below.size) > _OTHER_SIZE * min(above.size, below.size):
        return True
    gap = below.top - above.bottom
    if gap > column.leading + _MORE_LEADING * below.size or (gap > below.size and _is_whole(above)):
        return True
    is_short = column.is_short(above, below)
    if column.is_indented(below):
        goes_back = following is not None and not column.is_indented(following)
        return is_short or goes_back or not column.is_indented(above)
    return is_short


def _first_unit(line: Line) -> float:
    """The width of what cannot be broken at the start of a line."""
    word = line.text.split(maxsplit=1)[0] if line.text.strip() else ""
    if not word or is_wide(word[0]):
        return _FIRST_UNIT * line.size
    latin = next((n for n, character in enumerate(word) if is_wide(character)), len(word))
    return (latin * _LATIN_WIDTH + 1) * line.size


def _runs_on(previous: Column, column: Column, size: float) -> bool:
    """Whether the paragraph at the foot of a column goes on at the head of the next one."""
    last, first = previous.rows[-1], column.rows[0]
    if last.is_cells or first.is_cells or max(last.line.size, first.line.size) >= HEADLINE * size:
        return False
    is_beside = column.left >= previous.right - size and first.line.top < last.line.top
    is_full = not previous.is_short(last.line, first.line)
    return is_beside and is_full and not _is_whole(last.line) and not column.is_indented(first.line)


def _is_whole(line: Line) -> bool:
    """Whether a sentence ends with the line."""
    return line.text.rstrip(_CLOSERS).endswith(tuple(_ENDS))
