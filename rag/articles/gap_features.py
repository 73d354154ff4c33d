"""What says that a story begins at a gap: the features of every gap between two units of a page.

Knows nothing of how the features are weighed.
"""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.articles.page_view import Floats, normalised, table_of
from rag.articles.units import PageUnits

_TOPIC = (
    "alike_1", "alike_2_back", "alike_2_on", "alike_3", "alike_best_back", "alike_best_on",
    "group_2", "group_4", "group_8", "inside_back", "inside_on", "depth", "page_alike",
)  # fmt: skip
GAP_FEATURES = (
    *_TOPIC, *(f"meaning_{name}" for name in _TOPIC),
    "covered_back", "covered_on", "new_back", "new_on", "lead", "lead_on", "lead_back",
    "mid_sentence", "mid_sentence_on", "story_end", "story_end_back", "is_line", "is_line_above",
    "is_line_below", "lines_above", "lines_below", "line_covered_on", "line_covered_back",
    "above_covered_on", "above_covered_back", "line_near_on", "line_near_back", "above_near_on",
    "above_near_back", "byline", "byline_below", "byline_above", "dateline", "dateline_on",
    "markdown", "furniture", "furniture_above", "names_above", "list_mark", "list_mark_on",
    "above_open", "length_back", "length_on", "line_length", "line_asks", "line_bracketed",
    "line_parted", "gap", "gap_below", "gap_above", "body_before", "body_after",
)  # fmt: skip
_REACH = 6
# Of headlines: they ask or call out, open with a bracket, have two parts.
_SIGNS = tuple(map(re.compile, (r"[？！?!…]$", r"^【", r"[：:｜|丨！？!?]|——|\S\s+\S")))
_LINE_REACH = 3
_NEAR = 4  # bodies on either side whose words are looked for on the other


class _Rows:
    """Vectors of bodies, one a row, and how alike those near a gap are.

    ``after`` is, for each gap, the first body behind it.
    """

    def __init__(self, rows: Floats, after: NDArray[np.int64]) -> None:
        self.after, self.count = after, len(rows)
        self.vectors = normalised(rows)
        self.sums = np.concatenate(
            [np.zeros((1, rows.shape[1])), np.cumsum(rows, 0, dtype=np.float64)]
        )

    def alike(self, back: int, on: int) -> Floats:
        """Likeness of the body ``back`` before each gap's last, and ``on`` after its first."""
        return self.near(back + on + 1, -1 - back)

    def near(self, distance: int, shift: int) -> Floats:
        """Likeness of two bodies so far apart, the first of them ``shift`` after each gap."""
        return _taken(self._apart[distance], self.after + shift)

    @cached_property
    def _apart(self) -> list[Floats]:
        """Likeness of each body and the one so many places on, for each such distance."""
        rows = self.vectors
        farthest = range(1, _REACH + 1)
        pairs = [(rows[:-distance], rows[distance:]) for distance in farthest]
        return [rows[:0, 0], *(np.einsum("ij,ij->i", a, b) for a, b in pairs)]

    def group(self, size: int) -> Floats:
        """Likeness of ``size`` bodies before each gap and as many after it."""
        edge = self.after
        back = self.sums[edge] - self.sums[np.maximum(edge - size, 0)]
        on = self.sums[np.minimum(edge + size, self.count)] - self.sums[edge]
        found: Floats = np.einsum(
            "ij,ij->i",
            normalised(back.astype(np.float32)),
            normalised(on.astype(np.float32)),
        )
        return found


class _Bodies:
    """The units that hold running text, and for each gap the last before it and the first after."""

    def __init__(self, page: PageUnits) -> None:
        self.page, self.view, self.units = page, page.view, page.units
        self.is_body = page.is_body
        places = np.flatnonzero(self.is_body)
        if not len(places):
            places = np.arange(len(page))
        self.places = places
        self.after = np.searchsorted(places, np.arange(1, len(page)))  # first at or after the gap
        self.before = self.after - 1
        self.weights = page.weights[places]
        self.words = _Rows(self.weights, self.after)
        self.meanings = _Rows(page.meanings[places], self.after)

    def of(self, values: Floats, shift: int) -> Floats:
        """A value of a body near each gap: shift 0 the first after it, -1 the last before.

        0 where there is no such body.
        """
        return _taken(values, self.after + shift)


def _taken(values: Floats, at: NDArray[np.int64]) -> Floats:
    """The values at these places, 0 where there is no such place."""
    if not len(values):
        return np.zeros(len(at), dtype=np.float32)
    found: Floats = values.take(at, mode="clip")
    found[(at < 0) | (at >= len(values))] = 0
    return found


def gap_rows(page: PageUnits) -> Floats:
    """Features of each gap, shape ``(units - 1, GAP_FEATURES)``."""
    bodies = _Bodies(page)
    meanings = _topic_columns(bodies.meanings)
    columns = _topic_columns(bodies.words) | _covered(bodies)
    columns |= {f"meaning_{name}": values for name, values in meanings.items()}
    columns |= _edge_columns(bodies) | _line_columns(bodies)
    return table_of(GAP_FEATURES, columns)


def _topic_columns(rows: _Rows) -> dict[str, Floats]:
    """How alike what stands before each gap and what stands after it are, near and far."""
    near = rows.alike(0, 0)
    groups = {size: rows.group(size) for size in (2, 4, 8)}
    depth = groups[2].copy()
    if len(depth) > 1:
        around = np.maximum(np.roll(groups[2], 1), np.roll(groups[2], -1))
        depth = around - groups[2]
    back = np.stack([rows.alike(k, 0) for k in range(_REACH)])
    on = np.stack([rows.alike(0, k) for k in range(_REACH)])
    columns = (
        near, rows.alike(1, 0), rows.alike(0, 1), rows.alike(1, 1), back.max(axis=0),
        on.max(axis=0), groups[2], groups[4], groups[8], rows.near(1, -2), rows.near(1, 0), depth,
        np.full_like(near, near.mean()),
    )  # fmt: skip
    return dict(zip(_TOPIC, columns, strict=True))


def _covered(bodies: _Bodies) -> dict[str, Floats]:
    """How much of what stands after a gap stood before it, and the other way round."""
    weights, count = bodies.weights, len(bodies.weights)
    # Words of the four bodies from each place on; the rows begin four places above the page.
    around = np.zeros((count + 2 * _NEAR, weights.shape[1]), dtype=np.float32)
    around[_NEAR : _NEAR + count] = weights
    words = np.maximum.reduce([around[shift : count + _NEAR + 1 + shift] for shift in range(_NEAR)])
    edges, gaps = np.unique(bodies.after, return_inverse=True)
    back, on = words[edges], words[edges + _NEAR]
    last, first = around[edges + _NEAR - 1], around[edges + _NEAR]
    common = np.minimum(back, on).sum(axis=1)
    return {
        name: (shared / np.maximum(whole.sum(axis=1), 1))[gaps]
        for name, shared, whole in (
            ("covered_back", np.minimum(first, back).sum(axis=1), first),
            ("covered_on", np.minimum(last, on).sum(axis=1), last),
            ("new_on", common, on),
            ("new_back", common, back),
        )
    }


def _edge_columns(bodies: _Bodies) -> dict[str, Floats]:
    view, units = bodies.view, bodies.units
    own = [units[place].blocks for place in bodies.places.tolist()]
    firsts, lasts = [blocks[0] for blocks in own], [blocks[-1] for blocks in own]
    leads, middles = view.heads.logits[firsts, 1], view.heads.logits[firsts, 0]
    ends = view.tails.logits[lasts, 0]
    lengths = np.log([max(sum(len(view.texts[b]) for b in blocks), 1) for blocks in own])
    opened = view.is_open[lasts].astype(np.float32)
    datelines = np.array([view.blocks[first].has_dateline for first in firsts], dtype=np.float32)
    marks = np.array([view.blocks[first].has_list_mark for first in firsts], dtype=np.float32)
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
        "dateline": bodies.of(datelines, 0),
        "dateline_on": bodies.of(datelines, 1),
        "list_mark": bodies.of(marks, 0),
        "list_mark_on": bodies.of(marks, 1),
    }


def _line_columns(bodies: _Bodies) -> dict[str, Floats]:
    """What the unit below a gap and the one above it are, where they are single lines."""
    blocks, usual = bodies.page.first_blocks, bodies.view.usual_gap
    lines = ~bodies.is_body
    kinds = {
        kind: np.array([block.kind == kind for block in blocks])
        for kind in ("byline", "markdown", "furniture")
    }
    names = np.array([block.holds_only_names for block in blocks]) & lines
    gaps = np.clip([block.gap - usual for block in blocks], -1, 2).astype(np.float32)
    asks, bracketed, parted = (
        np.array([bool(sign.search(block.form)) for block in blocks]) & lines for sign in _SIGNS
    )
    lengths = np.array([min(len(block.text), 60) for block in blocks], dtype=np.float32)
    below = np.append(np.arange(2, len(blocks)), len(blocks) - 1)
    at, above = np.arange(1, len(blocks)), np.arange(len(blocks) - 1)
    return _likeness_columns(bodies, lines) | {
        "is_line": lines[at],
        "is_line_above": lines[above],
        "is_line_below": lines[below] & (below > at),
        "lines_above": np.minimum(at - 1 - bodies.places[np.maximum(bodies.before, 0)], 4),
        "lines_below": np.minimum(
            bodies.places[np.minimum(bodies.after, len(bodies.places) - 1)] - at, 4
        ),
        "byline": kinds["byline"][at],
        "byline_below": kinds["byline"][below],
        "byline_above": kinds["byline"][above],
        "markdown": kinds["markdown"][at],
        "furniture": kinds["furniture"][at],
        "furniture_above": kinds["furniture"][above],
        "names_above": names[above],
        "line_length": np.where(lines[at], lengths[at], 0),
        "line_asks": asks[at],
        "line_bracketed": bracketed[at],
        "line_parted": parted[at],
        "gap": gaps[at],
        "gap_below": gaps[below],
        "gap_above": gaps[above],
    }


def _likeness_columns(bodies: _Bodies, lines: NDArray[np.bool_]) -> dict[str, Floats]:
    """How like the single lines below a gap and above it are to the bodies on either side."""
    covered, nearest = _lines_covered(bodies), _lines_near(bodies)
    return {
        f"{unit}_{likeness}_{side}": np.where(lines[places], values[places], 0)
        for unit, places in (("line", slice(1, None)), ("above", slice(None, -1)))
        for likeness, sides in (("covered", covered), ("near", nearest))
        for side, values in zip(("on", "back"), sides, strict=True)
    }


def _around(bodies: _Bodies, place: int) -> tuple[slice, slice]:
    """The bodies below a unit, and those above it, that a line is held against."""
    edge = int(np.searchsorted(bodies.places, place))
    return slice(edge, edge + _LINE_REACH), slice(max(edge - _LINE_REACH, 0), edge)


def _lines_near(bodies: _Bodies) -> Floats:
    """For each unit that is a line, how near the nearest of the bodies below is, and above."""
    meanings = normalised(bodies.page.meanings)
    found = np.zeros((2, len(bodies.units)), dtype=np.float32)
    for place in np.flatnonzero(~bodies.is_body).tolist():
        for side, near in enumerate(_around(bodies, place)):
            around = bodies.meanings.vectors[near]
            if len(around):
                found[side, place] = (around @ meanings[place]).max()
    return found


def _lines_covered(bodies: _Bodies) -> Floats:
    """For each unit that is a line, the share of its words in three bodies below, and above."""
    shares = np.zeros((2, len(bodies.units)), dtype=np.float32)
    for place in np.flatnonzero(~bodies.is_body).tolist():
        words = bodies.page.weights[place]
        whole = max(float(words.sum()), 1.0)
        for side, near in enumerate(_around(bodies, place)):
            around = bodies.weights[near]
            if len(around):
                shares[side, place] = float(np.minimum(words, around.max(axis=0)).sum()) / whole
    return shares
