"""The columns of a printed page in the order in which it is read.

A recursive cut at white space (XY-cut, Nagy and Seth 1984) over stacks of lines rather than single
lines, so that lines which happen to stand level in two columns part neither. Knows nothing of
words: only boxes and font heights count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, pairwise
from statistics import median_high

from rag.articles.loaders.joining import join_texts
from rag.articles.loaders.pdf.lines import Line, body_size, united

HEADLINE = 1.2  # times the body font
_MIN_GUTTER = 0.4  # of the body font; hanging punctuation reaches into it
_MAX_LEADING = 1.2  # of the font: white space between two lines of one stack
_SAME_SIZE = 1.15
_MAX_INDENT = 3.0  # of the font
_MIN_COLUMN_CHARS = 8  # in the middle line of a column; cells of a table are shorter
_MIN_TEXT_CHARS = 22  # in a paragraph
_MIN_FILL = 0.7  # of a column's width that its middle line takes up
_LEVEL = 0.3  # of the font: lines whose tops differ by less stand on one row
_MAX_CELL_LINES = 3
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Stack:
    """Lines of one font, one below another, and the box around them."""

    lines: tuple[Line, ...]
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Stack:
        """The stack of these lines."""
        return cls(
            tuple(lines),
            min(line.left for line in lines),
            min(line.top for line in lines),
            max(line.right for line in lines),
            max(line.bottom for line in lines),
        )


def columns(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page in columns, first read first; a headline over several is one of them."""
    size = body_size(lines)
    return _read(stacks(lines), size, 0)


def stacks(lines: Sequence[Line]) -> list[Stack]:
    """Lines joined to the one line close below them, if that has no other close above it."""
    ordered = sorted(lines, key=lambda line: line.top)
    below = [_close_below(ordered, position) for position in range(len(ordered))]
    above = [0] * len(ordered)
    for followers in below:
        for follower in followers:
            above[follower] += 1
    chains: list[list[Line]] = []
    chain_of: dict[int, list[Line]] = {}
    for position, line in enumerate(ordered):
        chain = chain_of.get(position)
        if chain is None:
            chain = []
            chains.append(chain)
        chain.append(line)
        followers = below[position]
        if len(followers) == 1 and above[followers[0]] == 1:
            chain_of[followers[0]] = chain
    return [Stack.of(chain) for chain in chains]


def _close_below(ordered: Sequence[Line], position: int) -> list[int]:
    line = ordered[position]
    end = bisect_right(ordered, line.bottom + _MAX_LEADING * line.size, key=lambda one: one.top)
    return [
        other
        for other in range(position + 1, end)
        if ordered[other].top > line.top + 0.5 * line.size
        and _overlap(line, ordered[other]) > 0
        and _are_alike(line, ordered[other])
    ]


def _are_alike(one: Line, other: Line) -> bool:
    """Whether two lines have one font height, and one left edge (but for an indent) or centre."""
    off_center = abs(one.left + one.right - other.left - other.right) / 2
    is_flush = abs(one.left - other.left) < _MAX_INDENT * one.size or off_center < one.size
    return is_flush and max(one.size, other.size) < _SAME_SIZE * min(one.size, other.size)


def _overlap(one: Line | Stack, other: Line | Stack) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _read(found: Sequence[Stack], size: float, depth: int) -> list[list[Line]]:
    strips = _strips(found, size)
    parts = strips if len(strips) > 1 else _halves(_columns_of(found, size), size)
    if len(parts) == 1 or depth == _MAX_DEPTH:
        return _uncut(found, size)
    return [column for part in parts for column in _read(part, size, depth + 1)]


def _halves(parts: list[list[Stack]], size: float) -> list[list[Stack]]:
    """Columns parted at one gutter: where a headline begins the right side, else at the widest.

    Only at one, because the columns of a side may be those of several stories.
    """
    if len(parts) == 1:
        return parts

    def rank(cut: int) -> tuple[bool, float]:
        left, right = parts[cut - 1], parts[cut]
        width = min(stack.left for stack in right) - max(stack.right for stack in left)
        first = min(right, key=lambda stack: stack.top)
        return first.lines[0].size >= HEADLINE * size, width

    cut = max(range(1, len(parts)), key=rank)
    return [list(chain.from_iterable(side)) for side in (parts[:cut], parts[cut:])]


def _uncut(found: Sequence[Stack], size: float) -> list[list[Line]]:
    """One column or table; stacks of running text side by side that no cut parts stay whole."""
    ordered = sorted(found, key=lambda stack: (stack.top, stack.left))
    texts = [stack for stack in ordered if _is_text(stack, size)]
    if any(one.bottom > other.top for one, other in pairwise(texts)):
        return [list(stack.lines) for stack in ordered]
    levels = _parted(found, "top", "bottom", 0.0)
    return [[line for level in levels for line in _cells(level)]]


def _cells(level: Sequence[Stack]) -> list[Line]:
    """The lines of stacks side by side, those of a cell of a table as one."""
    tallest = max(level, key=lambda stack: len(stack.lines))
    tops = [line.top for line in tallest.lines]
    are_level = all(
        min(abs(line.top - top) for top in tops) < _LEVEL * line.size
        for stack in level
        for line in stack.lines
    )
    are_many = len(tops) > _MAX_CELL_LINES or len({len(stack.lines) for stack in level}) == 1
    if are_level and are_many:
        return [line for stack in level for line in stack.lines]
    return [reduce(_joined, stack.lines) for stack in level]


def _joined(above: Line, below: Line) -> Line:
    return united(above, below, join_texts(above.text, below.text))


def _strips(found: Sequence[Stack], size: float) -> list[list[Stack]]:
    """Parts from top to bottom, level rows of the same columns kept in one."""
    strips: list[list[Stack]] = []
    levels = _parted(found, "top", "bottom", 0.0)
    center = (min(stack.left for stack in found) + max(stack.right for stack in found)) / 2
    for level, below in pairwise([*levels, []]):
        if strips and _goes_on(strips[-1], level, below, size, center):
            strips[-1].extend(level)
        else:
            strips.append(list(level))
    return strips


def _goes_on(
    strip: Sequence[Stack],
    level: Sequence[Stack],
    below: Sequence[Stack],
    size: float,
    center: float,
) -> bool:
    """Whether a level belongs to the columns above it, rather than beginning something new.

    New is what reaches over several of the columns above, what stands under a headline of all
    columns, and headlines with nothing beside them that stand above several columns again.
    """
    above = _columns_of(strip, size)
    here = _columns_of(level, size)
    if len(above) == 1 and len(here) == 1:
        return True
    if len(_columns_of([*strip, *level], size)) == 1:
        return False
    is_one = len(_parted(strip, "left", "right", 0.0)) == 1
    if is_one and _is_head_of_all(strip, here, size, center):
        return False
    first = _first(level, size)
    begins_left = _reach(above[:1], level) > 0  # else only some columns of a story end early
    if begins_left and any(_reach(above, [stack]) > 1 for stack in first):
        return False
    return _reach(above, [*level, *below]) == 1 or not _is_head_of_all(first, above, size, center)


def _first(level: Sequence[Stack], size: float) -> list[Stack]:
    top = min(stack.top for stack in level)
    return [stack for stack in level if stack.top < top + size]


def _is_head_of_all(
    heads: Sequence[Stack], parts: Sequence[Sequence[Stack]], size: float, center: float
) -> bool:
    """Whether these are headlines, and set over all the columns: from the left edge, or centred."""
    if any(stack.lines[0].size < HEADLINE * size for stack in heads):
        return False
    left, right = min(stack.left for stack in heads), max(stack.right for stack in heads)
    edge = min(stack.left for stack in parts[0])
    return left < edge + size or abs((left + right) / 2 - center) < 2 * size


def _reach(parts: Sequence[Sequence[Stack]], found: Sequence[Stack]) -> int:
    """How many of the columns have something of ``found`` above or below them."""
    return sum(any(_overlap(one, other) > 0 for one in part for other in found) for part in parts)


def _columns_of(found: Sequence[Stack], size: float) -> list[list[Stack]]:
    """The stacks in columns from left to right; one list when they are none, or a table."""
    merged: list[list[Stack]] = []
    for part in _parted(found, "left", "right", _MIN_GUTTER * size):
        if merged and not _are_columns(merged[-1], part, size):
            merged[-1].extend(part)
        else:
            merged.append(list(part))
    return merged


def _are_columns(left: Sequence[Stack], right: Sequence[Stack], size: float) -> bool:
    """Whether two parts stand side by side and at least one of them is running text."""
    is_beside = any(
        one.top < other.bottom and other.top < one.bottom for one in left for other in right
    )
    return is_beside and (_is_column(left, size) or _is_column(right, size))


def _is_column(part: Sequence[Stack], size: float) -> bool:
    """Whether at least half of the lines are running text."""
    texts = sum(len(stack.lines) for stack in part if _is_text(stack, size))
    return 2 * texts >= sum(len(stack.lines) for stack in part)


def _is_text(stack: Stack, size: float) -> bool:
    """Whether running text is set here: long lines, most of them full."""
    lengths = [len(line.text) for line in stack.lines]
    if stack.lines[0].size >= HEADLINE * size or sum(lengths) < _MIN_TEXT_CHARS:
        return False
    width = median_high(line.width for line in stack.lines)
    is_full = width >= _MIN_FILL * (stack.right - stack.left)
    return is_full and median_high(lengths) >= _MIN_COLUMN_CHARS


def _parted(found: Sequence[Stack], low: str, high: str, gap: float) -> list[list[Stack]]:
    """The stacks in groups with more than ``gap`` of white space between them along one axis."""
    groups: list[list[Stack]] = []
    edge = float("-inf")
    for stack in sorted(found, key=lambda stack: (getattr(stack, low), getattr(stack, high))):
        if groups and getattr(stack, low) - edge <= gap:
            groups[-1].append(stack)
        else:
            groups.append([stack])
        edge = max(edge, getattr(stack, high))
    return groups
