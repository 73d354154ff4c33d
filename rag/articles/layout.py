"""A page's text to stories: blocks, joins, what belongs together, the order it is read in.

Nothing of the page is lost: every block is in exactly one story or is page furniture (the lines
that name editors, dates and page numbers). Knows nothing of files or encodings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from rag.articles.blocks import NO_MARKS, Block, PageMarks, split_blocks, usual_gap
from rag.articles.joins import Join, find_joins
from rag.articles.page_view import PageView
from rag.articles.pieces import merge_pieces
from rag.articles.reading_order import reading_order
from rag.articles.roles import Role, roles_of
from rag.articles.stories import find_pieces
from rag.articles.units import PageUnits, units_of
from rag.datatypes import Table

JOIN_THRESHOLD = 0.63
START_THRESHOLD = 0.45
MERGE_THRESHOLD = 0.35
_RUN_BLOCKS = 1500  # a longer page is repaired in runs, for the memory's sake


@dataclass(frozen=True, slots=True)
class Placed:
    """A block of a story: its number on the page, what it is there, how sure that is, and why."""

    block: int
    role: Role
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """The blocks of one story in reading order."""

    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class PageLayout:
    """A page repaired: its blocks as printed, its stories, and the joins that hold within them."""

    blocks: tuple[Block, ...]
    stories: tuple[Story, ...]
    joins: tuple[Join, ...]
    furniture: tuple[int, ...]
    tables: tuple[Table, ...] = ()

    @cached_property
    def joined(self) -> dict[int, Join]:
        """Each join by the block that goes on."""
        return {join.second: join for join in self.joins}


@dataclass(frozen=True, slots=True)
class _Group:
    """Block numbers of one story, and for each block how sure it is to be there, and why."""

    members: list[int]
    grounds: dict[int, tuple[float, str]]


def repair_page(
    page: str, *, is_one_story: bool = False, marks: PageMarks = NO_MARKS
) -> PageLayout:
    """The stories of a page, at least one if it holds a visible character.

    ``is_one_story``: the text is known to be a single story in order, and is left as it is.
    ``marks`` says where tables and furniture stand, where that is known.
    """
    blocks = split_blocks(page, marks)
    furniture = [
        place
        for place, block in enumerate(blocks)
        if block.kind == "furniture"
        and not (is_one_story and marks.kind_of(block.start, block.end) is None)
    ]
    if len(furniture) == len(blocks):
        furniture = []  # nothing else is there, so it is what the page says
    if is_one_story:
        stories = _one_story(blocks, furniture)
        return PageLayout(tuple(blocks), tuple(stories), (), tuple(furniture), marks.tables)
    text = sorted(set(range(len(blocks))) - set(furniture))
    joins: list[Join] = []
    groups: list[_Group] = []
    for start in range(0, len(text), _RUN_BLOCKS):
        run = text[start : start + _RUN_BLOCKS]
        found, run_groups = _repair_run([blocks[place] for place in run])
        joins += [Join(run[j.first], run[j.second], j.confidence, j.reason) for j in found]
        _append(groups, run_groups, run)
    usual = usual_gap(blocks)
    stories = [_story(group, joins, blocks, usual) for group in groups]
    return PageLayout(tuple(blocks), tuple(stories), tuple(joins), tuple(furniture), marks.tables)


def _one_story(blocks: Sequence[Block], furniture: Sequence[int]) -> list[Story]:
    members = sorted(set(range(len(blocks))) - set(furniture))
    if not members:
        return []
    group = _Group(members, dict.fromkeys(members, (1.0, "这种文件只有一篇")))
    usual = usual_gap([blocks[member] for member in members])
    return [_story(group, (), blocks, usual)]


def _append(groups: list[_Group], run_groups: Iterable[_Group], run: Sequence[int]) -> None:
    """Add the stories of a run; its first goes on with the one that the last run ended in."""
    for group in run_groups:
        members = [run[member] for member in group.members]
        grounds = {run[member]: ground for member, ground in group.grounds.items()}
        if groups and run[0] in members:
            last = max(groups, key=lambda earlier: max(earlier.members))
            last.members.extend(members)
            last.grounds.update(grounds)
        else:
            groups.append(_Group(members, grounds))


def _repair_run(blocks: Sequence[Block]) -> tuple[list[Join], list[_Group]]:
    """Joins and stories among blocks without furniture."""
    view = PageView(blocks)
    joins = find_joins(view, JOIN_THRESHOLD)
    units = units_of(len(blocks), [*joins, *_rows_below_rows(blocks)])
    page = PageUnits(view, units)
    pieces = find_pieces(page, START_THRESHOLD)
    groups = []
    for members, sureness in merge_pieces(page, pieces, MERGE_THRESHOLD):
        grounds: dict[int, tuple[float, str]] = {}
        for place in members:
            own = _ground(pieces[place].start_logit, sureness, place == members[0])
            for unit in pieces[place].units:
                grounds |= dict.fromkeys(units[unit].blocks, own)
        for join in joins:
            if join.second in grounds and join.second != join.first + 1:
                grounds[join.second] = (join.confidence, f"接第 {join.first + 1} 块：{join.reason}")
        groups.append(_Group(sorted(grounds), grounds))
    return joins, groups


def _rows_below_rows(blocks: Sequence[Block]) -> list[Join]:
    """Each row of a table with the next one, so that no story begins within a table."""
    return [
        Join(place, place + 1, 1.0, "同一张表")
        for place, (above, below) in enumerate(pairwise(blocks))
        if above.kind == below.kind == "row" and below.gap == 1
    ]


def _ground(start_logit: float, sureness: float, is_first: bool) -> tuple[float, str]:
    if not is_first:
        return sureness, "内容与这一篇的前文相合，印在了别处"
    if not start_logit:
        return 1.0, "版面开头"
    return float(1 / (1 + np.exp(-start_logit))), "另起一篇"


def _story(group: _Group, joins: Sequence[Join], blocks: Sequence[Block], usual: int) -> Story:
    order = reading_order(group.members, joins, blocks)
    roles = roles_of(order, joins, blocks, usual)
    return Story(tuple(Placed(block, roles[block], *group.grounds[block]) for block in order))
