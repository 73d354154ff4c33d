"""The columns of a printed page in the order in which it is read.

A recursive cut at white space (XY-cut, Nagy and Seth 1984) over stacks of lines rather than single
lines, so that lines which happen to stand level in two columns part neither. Knows nothing of
words: only boxes and font heights count.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import chain, pairwise
from operator import attrgetter

from rag.articles.loaders.joining import join_texts
from rag.articles.loaders.pdf.lines import Line, body_size, united
from rag.articles.loaders.pdf.stacks import Stack, stacks

_MIN_GUTTER = 0.4  # of the body font; hanging punctuation reaches into it
_LEVEL = 0.3  # of the font: lines whose tops differ by less stand on one row
_MAX_CELL_LINES = 3
_MAX_EFFORT = 20_000  # stacks looked at on one page; a broadsheet takes a thousand


def columns(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page in columns, first read first; a headline over several is one of them."""
    size = body_size(lines)
    return _Cutter(size).columns(stacks(lines, size))


class _Cutter:
    """Cuts a page, and the parts of it again, into strips and columns.

    What it may spend on one page is limited, because a page can be made to be cut into crumbs.
    """

    def __init__(self, size: float) -> None:
        self._size = size
        self._effort = 0

    def columns(self, found: Sequence[Stack]) -> list[list[Line]]:
        """The lines of these stacks in columns, first read first."""
        strips = self._strips(found)
        parts = strips if len(strips) > 1 else self._halves(found)
        if len(parts) == 1:
            return _uncut(found)
        return [column for part in parts for column in self.columns(part)]

    def _strips(self, found: Sequence[Stack]) -> list[list[Stack]]:
        """Parts from top to bottom, level rows of the same columns kept in one."""
        strips: list[list[Stack]] = []
        levels = _parted(found, "top", "bottom", 0.0)
        center = (min(stack.left for stack in found) + max(stack.right for stack in found)) / 2
        for level, below in pairwise([*levels, []]):
            self._effort += len(level) + (len(strips[-1]) if strips else 0)
            is_spent = self._effort > _MAX_EFFORT
            if strips and (is_spent or self._goes_on(strips[-1], level, below, center)):
                strips[-1].extend(level)
            else:
                strips.append(list(level))
        return strips

    def _goes_on(
        self,
        strip: Sequence[Stack],
        level: Sequence[Stack],
        below: Sequence[Stack],
        center: float,
    ) -> bool:
        """Whether a level belongs to the columns above it, rather than beginning something new.

        New is what reaches over several of the columns above, what stands under a headline of all
        columns, and headlines with nothing beside them that stand above several columns again.
        """
        above = self._columns_of(strip)
        here = self._columns_of(level)
        if len(above) == 1 and len(here) == 1:
            return True
        if len(self._columns_of([*strip, *level])) == 1:
            return False
        is_one = len(_parted(strip, "left", "right", 0.0)) == 1
        if is_one and self._is_head_of_all(strip, here, center):
            return False
        top = min(stack.top for stack in level)
        first = [stack for stack in level if stack.top < top + self._size]
        begins_left = _reach(above[:1], level) > 0  # else only some columns of a story end early
        if begins_left and any(_reach(above, [stack]) > 1 for stack in first):
            return False
        return _reach(above, [*level, *below]) == 1 or not self._is_head_of_all(
            first, above, center
        )

    def _is_head_of_all(
        self, heads: Sequence[Stack], parts: Sequence[Sequence[Stack]], center: float
    ) -> bool:
        """Whether these are headlines over all the columns: from the left edge, or centred."""
        if not all(stack.is_headline for stack in heads):
            return False
        left, right = min(stack.left for stack in heads), max(stack.right for stack in heads)
        edge = min(stack.left for stack in parts[0])
        return left < edge + self._size or abs((left + right) / 2 - center) < 2 * self._size

    def _halves(self, found: Sequence[Stack]) -> list[list[Stack]]:
        """Columns parted at one gutter: where a headline begins the right side, or the widest.

        Only at one, because the columns of a side may be those of several stories.
        """
        parts = self._columns_of(found)
        if len(parts) == 1 or self._effort > _MAX_EFFORT:
            return [list(found)]

        def rank(cut: int) -> tuple[bool, float]:
            left, right = parts[cut - 1], parts[cut]
            width = min(stack.left for stack in right) - max(stack.right for stack in left)
            return min(right, key=lambda stack: stack.top).is_headline, width

        cut = max(range(1, len(parts)), key=rank)
        return [list(chain.from_iterable(side)) for side in (parts[:cut], parts[cut:])]

    def _columns_of(self, found: Sequence[Stack]) -> list[list[Stack]]:
        """The stacks in columns from left to right; one list when they are none, or a table."""
        merged: list[list[Stack]] = []
        for part in _parted(found, "left", "right", _MIN_GUTTER * self._size):
            if merged and not _are_columns(merged[-1], part):
                merged[-1].extend(part)
            else:
                merged.append(list(part))
        return merged


def _uncut(found: Sequence[Stack]) -> list[list[Line]]:
    """One column or table; stacks of running text side by side that no cut parts stay whole."""
    ordered = sorted(found, key=lambda stack: (stack.top, stack.left))
    texts = [stack for stack in ordered if stack.is_text]
    if any(one.bottom > other.top for one, other in pairwise(texts)):
        return [list(stack.lines) for stack in ordered]
    levels = _parted(found, "top", "bottom", 0.0)
    return [[line for level in levels for line in _cells(level)]]


def _cells(level: Sequence[Stack]) -> list[Line]:
    """The lines of stacks side by side, those of a cell of a table as one."""
    tallest = max(level, key=lambda stack: len(stack.lines))
    tops = [line.top for line in tallest.lines]
    is_short = len(tops) <= _MAX_CELL_LINES and len({len(stack.lines) for stack in level}) > 1
    if is_short or not all(
        min(abs(line.top - top) for top in tops[:_MAX_CELL_LINES]) < _LEVEL * line.size
        for stack in level
        for line in stack.lines[:_MAX_CELL_LINES]
    ):
        return [reduce(_joined, stack.lines) for stack in level]
    return [line for stack in level for line in stack.lines]


def _joined(above: Line, below: Line) -> Line:
    return united(above, below, join_texts(above.text, below.text))


def _reach(parts: Sequence[Sequence[Stack]], found: Sequence[Stack]) -> int:
    """How many of the columns have something of ``found`` above or below them."""
    edges = [(min(s.left for s in part), max(s.right for s in part)) for part in parts]
    return sum(any(s.left < right and s.right > left for s in found) for left, right in edges)


def _are_columns(left: Sequence[Stack], right: Sequence[Stack]) -> bool:
    """Whether two parts stand side by side and at least one of them is running text."""
    return (_is_column(left) or _is_column(right)) and _stand_beside(left, right)


def _stand_beside(left: Sequence[Stack], right: Sequence[Stack]) -> bool:
    levels = [
        (min(stack.top for stack in level), max(stack.bottom for stack in level))
        for part in (left, right)
        for level in _parted(part, "top", "bottom", 0.0)
    ]
    return any(above[1] > below[0] for above, below in pairwise(sorted(levels)))


def _is_column(part: Sequence[Stack]) -> bool:
    """Whether at least half of the lines are running text."""
    texts = sum(len(stack.lines) for stack in part if stack.is_text)
    return 2 * texts >= sum(len(stack.lines) for stack in part)


def _parted(found: Sequence[Stack], low: str, high: str, gap: float) -> list[list[Stack]]:
    """The stacks in groups with more than ``gap`` of white space between them along one axis."""
    groups: list[list[Stack]] = []
    edge = float("-inf")
    for stack in sorted(found, key=attrgetter(low, high)):
        if groups and getattr(stack, low) - edge <= gap:
            groups[-1].append(stack)
        else:
            groups.append([stack])
        edge = max(edge, getattr(stack, high))
    return groups
