"""A line of a printed page and the box it stands in.

Knows nothing of PDF files, columns or paragraphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# Which way a line is set: from left to right, from top to bottom, or at another angle than the
# rest of its page.
ACROSS, DOWN, SLANTED = DIRECTIONS = range(3)
# Text, left, top, right, bottom, font height, direction; in points, to the right and down.
RawLine = tuple[str, float, float, float, float, float, int]

_ROW_GAP = 0.35  # of the font: pieces of one line that the file holds in another order


@dataclass(frozen=True, slots=True)
class Line:
    """Text with its box in points, ``top`` above ``bottom``, and the height of its font."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    @property
    def width(self) -> float:
        """From the left edge to the right one."""
        return self.right - self.left

    def turned(self) -> Line:
        """The line of a page of vertical columns, as if the page ran across."""
        return replace(self, left=self.top, right=self.bottom, top=-self.right, bottom=-self.left)


def _share_row(one: Line, other: Line) -> bool:
    """Whether two lines stand side by side: the smaller one beside the larger by half or more."""
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def body_size(lines: Iterable[Line]) -> float:
    """The font height, to half a point, in which most characters are set; 0 without lines."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in rows from top to bottom, each from left to right."""
    found: list[list[Line]] = []
    largest: Line | None = None  # of the last row
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.left)):
        if largest is not None and _share_row(largest, line):
            found[-1].append(line)
            largest = max(largest, line, key=lambda one: one.size)
        else:
            found.append([line])
            largest = line
    return [sorted(row, key=lambda line: line.left) for row in found]


def mended(lines: Sequence[Line]) -> list[Line]:
    """Lines whose pieces the file holds apart (figures set in another font) made whole."""
    whole: list[Line] = []
    for row in rows(lines):
        last = row[0]
        for piece in row[1:]:
            gap = (piece.left - last.right) / max(last.size, piece.size)
            if -_ROW_GAP < gap < _ROW_GAP and 0.8 < piece.size / last.size < 1.25:
                last = united(last, piece, last.text + piece.text)
            else:
                whole.append(last)
                last = piece
        whole.append(last)
    return whole


def united(one: Line, other: Line, text: str) -> Line:
    """One line with this text and the box around both."""
    return Line(
        text,
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
        max(one.size, other.size),
    )
