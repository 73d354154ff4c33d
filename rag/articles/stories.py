"""Which blocks of a page are one story: where stories begin, and which pieces belong together.

A trained scorer looks at every gap between neighbouring units (a block with what goes on with it)
and says whether a story begins there; another looks at pairs of the pieces that come out and says
whether they are one story printed in two places. Knows nothing of files or articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.articles.blocks import Block, usual_gap
from rag.articles.joins import Join
from rag.articles.page_view import Floats, PageView, normalised
from rag.models.scorer import builtin_scorer

GAP_FEATURES = (
    "alike_1", "alike_2_back", "alike_2_on", "alike_3", "alike_best_back", "alike_best_on",
    "group_2", "group_4", "group_8", "inside_back", "inside_on", "depth", "page_alike",
    "covered_back", "covered_on", "new_back", "new_on", "lead", "lead_on", "lead_back",
    "mid_sentence", "mid_sentence_on", "story_end", "story_end_back", "is_line",
    "is_line_above", "is_line_below", "lines_above", "lines_below", "line_covered_on",
    "line_covered_back", "above_covered_on", "above_covered_back", "byline", "byline_below",
    "byline_above", "dateline", "dateline_on", "markdown", "furniture", "furniture_above",
    "names_above", "list_mark", "list_mark_on", "above_open", "length_back", "length_on",
    "line_length", "gap", "gap_below", "gap_above", "body_before", "body_after",
)  # fmt: skip
_REACH = 6
_MAX_HEADLINE = 3  # lines
_SURE = 6.0  # log-odds of what the signs on the page leave no doubt of


@dataclass(frozen=True, slots=True)
class Unit:
    """Blocks that one sentence after another runs through, in reading order."""

    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Units printed one after another that are one story, and how sure it is that one begins.

    ``is_headed``: a headline stands right above a byline or a dateline where it begins.
    """

    units: tuple[int, ...]
    start_logit: float
    is_headed: bool = False


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


def find_pieces(view: PageView, units: Sequence[Unit], threshold: float) -> list[Piece]:
    """Runs of units between the gaps where a story begins.

    A headline set right above a byline or a dateline begins one, whatever its words.
    """
    headed = _signed_headlines(view, units)
    logits = np.append(_SURE, gap_logits(view, units))
    logits[headed] = np.maximum(logits[headed], _SURE)
    starts = _chosen_starts(view, units, logits - np.log(threshold / (1 - threshold)))
    edges = [0, *_with_text(view, units, starts), len(units)]
    return [
        Piece(tuple(range(a, b)), float(logits[a]) if a else 0.0, a in headed)
        for a, b in pairwise(edges)
    ]


def gap_logits(view: PageView, units: Sequence[Unit]) -> Floats:
    """For each unit but the first, the log-odds that a story begins with it."""
    if len(units) < 2:
        return np.zeros(0, dtype=np.float32)
    return builtin_scorer("stories", GAP_FEATURES).score(gap_rows(view, units))


def _chosen_starts(view: PageView, units: Sequence[Unit], gains: Floats) -> list[int]:
    """The units that begin a story: of the gaps between two bodies of text at most one."""
    bodies = is_body(view, units)
    starts: list[int] = []
    region: list[int] = []
    for place in range(1, len(units)):
        if bodies[place - 1]:
            region = []
        region.append(place)
        if bodies[place] or place == len(units) - 1:
            best = max(region, key=lambda at: gains[at])
            if gains[best] > 0:
                starts.append(best)
    return starts


def _with_text(view: PageView, units: Sequence[Unit], starts: Sequence[int]) -> list[int]:
    """The starts, without the first when nothing but lines (a column's name, say) is above it."""
    bodies = is_body(view, units)
    return list(starts[1:]) if starts and not any(bodies[: starts[0]]) else list(starts)


def _signed_headlines(view: PageView, units: Sequence[Unit]) -> list[int]:
    """The first line of each headline, up to three without a gap, above a byline or dateline."""
    blocks = [view.blocks[unit.blocks[0]] for unit in units]
    found = []
    for place, block in enumerate(blocks):
        if block.kind != "byline" and not block.has_dateline:
            continue
        first = place
        while first > 0 and place - first < _MAX_HEADLINE and _may_be_headline(blocks[first - 1]):
            first -= 1
            if blocks[first].gap > 1:
                break
        if first < place:
            found.append(first)
    return found


def _may_be_headline(block: Block) -> bool:
    return block.is_short and not block.holds_only_names


def is_body(view: PageView, units: Sequence[Unit]) -> list[bool]:
    """Whether each unit is running text, and no single line."""
    return [
        len(unit.blocks) > 1 or view.blocks[unit.blocks[0]].kind == "paragraph" for unit in units
    ]


class _Bodies:
    """The units that hold running text, and for each gap the last before it and the first after."""

    def __init__(self, view: PageView, units: Sequence[Unit]) -> None:
        self.view, self.units = view, units
        self.is_body = np.array(is_body(view, units))
        places = np.flatnonzero(self.is_body)
        if not len(places):
            places = np.arange(len(units))
        self.places = places
        gaps = np.arange(1, len(units))
        self.after = np.searchsorted(places, gaps)  # first body at or after the gap
        self.before = self.after - 1
        weights = unit_weights(view, units)
        self.unit_weights = weights
        self.weights = weights[places]
        self.vectors = normalised(self.weights)

    def alike(self, back: int, on: int) -> Floats:
        """Likeness of the body ``back`` before each gap's last, and ``on`` after its first."""
        return self.dot(self.vectors, self.before - back, self.after + on)

    def dot(self, rows: Floats, a: NDArray[np.int64], b: NDArray[np.int64]) -> Floats:
        """Products of rows ``a`` with rows ``b``, 0 where one of them is not there."""
        count = len(rows)
        inside = (a >= 0) & (b >= 0) & (a < count) & (b < count)
        first, second = rows[np.clip(a, 0, count - 1)], rows[np.clip(b, 0, count - 1)]
        return np.where(inside, np.einsum("ij,ij->i", first, second), 0).astype(np.float32)

    def group(self, size: int) -> Floats:
        """Likeness of ``size`` bodies before each gap and as many after it."""
        sums = np.concatenate([np.zeros((1, self.weights.shape[1])), np.cumsum(self.weights, 0)])
        count = len(self.weights)
        edge = self.after
        back = sums[edge] - sums[np.maximum(edge - size, 0)]
        on = sums[np.minimum(edge + size, count)] - sums[edge]
        found: Floats = np.einsum(
            "ij,ij->i",
            normalised(back.astype(np.float32)),
            normalised(on.astype(np.float32)),
        )
        return found

    def of(self, values: Floats, shift: int) -> Floats:
        """A value of a body near each gap: shift 0 the first after it, -1 the last before."""
        count = len(values)
        at = self.after + shift
        return np.where((at >= 0) & (at < count), values[np.clip(at, 0, count - 1)], 0)


def unit_weights(view: PageView, units: Sequence[Unit]) -> Floats:
    """Weighted bigrams of each unit, shape ``(units, columns)``."""
    firsts = [unit.blocks[0] for unit in units]
    weights = view.weights[firsts]
    for place, unit in enumerate(units):
        for block in unit.blocks[1:]:
            weights[place] = np.maximum(weights[place], view.weights[block])
    return weights


def gap_rows(view: PageView, units: Sequence[Unit]) -> Floats:
    """Features of each gap, shape ``(units - 1, GAP_FEATURES)``."""
    bodies = _Bodies(view, units)
    columns = _topic_columns(bodies) | _edge_columns(bodies) | _line_columns(bodies)
    return np.stack([columns[name].astype(np.float32) for name in GAP_FEATURES], axis=1)


def _topic_columns(bodies: _Bodies) -> dict[str, Floats]:
    near = bodies.alike(0, 0)
    groups = {size: bodies.group(size) for size in (2, 4, 8)}
    depth = groups[2].copy()
    if len(depth) > 1:
        around = np.maximum(np.roll(groups[2], 1), np.roll(groups[2], -1))
        depth = around - groups[2]
    before, after = bodies.before, bodies.after
    rows = bodies.vectors
    back = np.stack([bodies.alike(k, 0) for k in range(_REACH)])
    on = np.stack([bodies.alike(0, k) for k in range(_REACH)])
    covered = _covered(bodies)
    return {
        "alike_1": near,
        "alike_2_back": bodies.alike(1, 0),
        "alike_2_on": bodies.alike(0, 1),
        "alike_3": bodies.alike(1, 1),
        "alike_best_back": back.max(axis=0),
        "alike_best_on": on.max(axis=0),
        "group_2": groups[2],
        "group_4": groups[4],
        "group_8": groups[8],
        "inside_back": bodies.dot(rows, before - 1, before),
        "inside_on": bodies.dot(rows, after, after + 1),
        "depth": depth,
        "page_alike": np.full_like(near, near.mean()),
    } | covered


def _covered(bodies: _Bodies) -> dict[str, Floats]:
    """How much of what stands after a gap stood before it, and the other way round."""
    weights, count = bodies.weights, len(bodies.weights)
    seen = np.zeros((len(bodies.after), 4), dtype=np.float32)
    for row, edge in enumerate(bodies.after):
        back = weights[max(edge - 4, 0) : edge]
        on = weights[edge : min(edge + 4, count)]
        if not len(back) or not len(on):
            continue
        back_words, on_words = back.max(axis=0), on.max(axis=0)
        common = float(np.minimum(back_words, on_words).sum())
        seen[row] = (
            float(np.minimum(on[0], back_words).sum()) / max(float(on[0].sum()), 1.0),
            float(np.minimum(back[-1], on_words).sum()) / max(float(back[-1].sum()), 1.0),
            common / max(float(on_words.sum()), 1.0),
            common / max(float(back_words.sum()), 1.0),
        )
    return dict(zip(("covered_back", "covered_on", "new_on", "new_back"), seen.T, strict=True))


def _edge_columns(bodies: _Bodies) -> dict[str, Floats]:
    view, units = bodies.view, bodies.units
    own = [units[place].blocks for place in bodies.places.tolist()]
    firsts, lasts = [blocks[0] for blocks in own], [blocks[-1] for blocks in own]
    leads, middles = view.heads.logits[firsts, 1], view.heads.logits[firsts, 0]
    ends = view.tails.logits[lasts, 0]
    lengths = np.log([sum(len(view.texts[block]) for block in blocks) for blocks in own])
    opened = np.array([view.blocks[last].is_open for last in lasts], dtype=np.float32)
    count = len(bodies.places)
    return {
        "lead": bodies.of(leads, 0),
        "lead_on": bodies.of(leads, 1),
        "lead_back": bodies.of(leads, -1),
        "mid_sentence": bodies.of(middles, 0),
        "mid_sentence_on": bodies.of(middles, 1),
        "story_end": bodies.of(ends, -1),
        "story_end_back": bodies.of(ends, -2),
        "above_open": bodies.of(opened, -1),
        "length_back": bodies.of(lengths, -1),
        "length_on": bodies.of(lengths, 0),
        "body_before": np.minimum(bodies.after, 8).astype(np.float32),
        "body_after": np.minimum(count - bodies.after, 8).astype(np.float32),
        "dateline": bodies.of(_flags(view, firsts, "has_dateline"), 0),
        "dateline_on": bodies.of(_flags(view, firsts, "has_dateline"), 1),
        "list_mark": bodies.of(_flags(view, firsts, "has_list_mark"), 0),
        "list_mark_on": bodies.of(_flags(view, firsts, "has_list_mark"), 1),
    }


def _flags(view: PageView, blocks: Sequence[int], name: str) -> Floats:
    return np.array([getattr(view.blocks[block], name) for block in blocks], dtype=np.float32)


def _line_columns(bodies: _Bodies) -> dict[str, Floats]:
    """What the unit below a gap and the one above it are, where they are single lines."""
    view, units = bodies.view, bodies.units
    blocks = [view.blocks[unit.blocks[0]] for unit in units]
    lines = ~bodies.is_body
    kinds = {
        kind: np.array([block.kind == kind for block in blocks])
        for kind in ("byline", "markdown", "furniture")
    }
    names = np.array([block.holds_only_names for block in blocks]) & lines
    usual = usual_gap(view.blocks)
    gaps = np.array([np.clip(block.gap - usual, -1, 2) for block in blocks], dtype=np.float32)
    lengths = np.array([min(len(block.text), 60) for block in blocks], dtype=np.float32)
    below = np.append(np.arange(2, len(units)), len(units) - 1)
    at, above = np.arange(1, len(units)), np.arange(len(units) - 1)
    covered = _lines_covered(bodies)
    return {
        "is_line": lines[at],
        "is_line_above": lines[above],
        "is_line_below": lines[below] & (below > at),
        "lines_above": np.minimum(at - 1 - bodies.places[np.maximum(bodies.before, 0)], 4),
        "lines_below": np.minimum(
            bodies.places[np.minimum(bodies.after, len(bodies.places) - 1)] - at, 4
        ),
        "line_covered_on": np.where(lines[at], covered[0][at], 0),
        "line_covered_back": np.where(lines[at], covered[1][at], 0),
        "above_covered_on": np.where(lines[above], covered[0][above], 0),
        "above_covered_back": np.where(lines[above], covered[1][above], 0),
        "byline": kinds["byline"][at],
        "byline_below": kinds["byline"][below],
        "byline_above": kinds["byline"][above],
        "markdown": kinds["markdown"][at],
        "furniture": kinds["furniture"][at],
        "furniture_above": kinds["furniture"][above],
        "names_above": names[above],
        "line_length": np.where(lines[at], lengths[at], 0),
        "gap": gaps[at],
        "gap_below": gaps[below],
        "gap_above": gaps[above],
    }


def _lines_covered(bodies: _Bodies) -> Floats:
    """For each unit that is a line, the share of its words in three bodies below, and above."""
    shares = np.zeros((2, len(bodies.units)), dtype=np.float32)
    for place in np.flatnonzero(~bodies.is_body):
        words = bodies.unit_weights[place]
        whole = max(float(words.sum()), 1.0)
        edge = int(np.searchsorted(bodies.places, place))
        for side, near in enumerate((slice(edge, edge + 3), slice(max(edge - 3, 0), edge))):
            around = bodies.weights[near]
            if len(around):
                shares[side, place] = float(np.minimum(words, around.max(axis=0)).sum()) / whole
    return shares
