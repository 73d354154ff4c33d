"""Lines that stand one below another, gathered into stacks.

A stack is a paragraph or several, or the cells of a column of a table; what it is not is lines of
two columns. Knows nothing of words: only boxes and font heights count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from statistics import median_high

from rag.articles.loaders.pdf.lines import Line

HEADLINE = 1.2  # times the body font
_MAX_LEADING = 1.2  # of the font: white space between two lines of one stack
_SAME_SIZE = 1.15
_MAX_INDENT = 3.0  # of the font
_MIN_COLUMN_CHARS = 8  # in the middle line of a column; cells of a table are shorter
_MIN_TEXT_CHARS = 22  # in a paragraph
_MIN_FILL = 0.7  # of a stack's width that its middle line takes up


@dataclass(frozen=True, slots=True)
class Stack:
    """Lines of one font, one below another, and the box around them.

    ``is_text`` when running text is set here, ``is_headline`` when its font is larger than that.
    """

    lines: tuple[Line, ...]
    left: float
    top: float
    right: float
    bottom: float
    is_text: bool
    is_headline: bool

    @classmethod
    def of(cls, lines: Sequence[Line], size: float) -> Stack:
        """The stack of these lines; ``size`` is the body font of the page."""
        is_headline = lines[0].size >= HEADLINE * size
        left, right = min(line.left for line in lines), max(line.right for line in lines)
        return cls(
            lines=tuple(lines),
            left=left,
            top=min(line.top for line in lines),
            right=right,
            bottom=max(line.bottom for line in lines),
            is_text=not is_headline and _is_text(lines, right - left),
            is_headline=is_headline,
        )


def stacks(lines: Sequence[Line], size: float) -> list[Stack]:
    """Lines joined to the one line close below them, if that has no other close above it."""
    ordered = sorted(lines, key=lambda line: line.top)
    below = [_close_below(ordered, position) for position in range(len(ordered))]
    above = Counter(chain.from_iterable(below))
    chains: list[list[Line]] = []
    chain_of: dict[int, list[Line]] = {}
    for position, line in enumerate(ordered):
        lines_above = chain_of.get(position)
        if lines_above is None:
            lines_above = []
            chains.append(lines_above)
        lines_above.append(line)
        if len(below[position]) == 1 and above[below[position][0]] == 1:
            chain_of[below[position][0]] = lines_above
    return [Stack.of(lines, size) for lines in chains]


def _close_below(ordered: Sequence[Line], position: int) -> list[int]:
    """Up to two lines right below one: of more than one none is its continuation."""
    line = ordered[position]
    end = bisect_right(ordered, line.bottom + _MAX_LEADING * line.size, key=lambda one: one.top)
    close = (
        other
        for other in range(position + 1, end)
        if ordered[other].top > line.top + 0.5 * line.size
        and _overlap(line, ordered[other]) > 0
        and _are_alike(line, ordered[other])
    )
    return list(islice(close, 2))


def _are_alike(one: Line, other: Line) -> bool:
    """Whether two lines have one font height, and one left edge (but for an indent) or centre."""
    off_center = abs(one.left + one.right - other.left - other.right) / 2
    is_flush = abs(one.left - other.left) < _MAX_INDENT * one.size or off_center < one.size
    return is_flush and max(one.size, other.size) < _SAME_SIZE * min(one.size, other.size)


def _overlap(one: Line | Stack, other: Line | Stack) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _is_text(lines: Sequence[Line], width: float) -> bool:
    """Whether these are lines of a paragraph: long, most of them full."""
    lengths = [len(line.text) for line in lines]
    if sum(lengths) < _MIN_TEXT_CHARS or median_high(lengths) < _MIN_COLUMN_CHARS:
        return False
    return median_high(line.width for line in lines) >= _MIN_FILL * width
