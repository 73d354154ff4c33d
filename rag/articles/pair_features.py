"""What two blocks of a page look like together, one set up against the end of the other.

Each function takes numbers of first and second blocks, pair by pair, and gives named columns. Knows
nothing of which pairs are worth a look.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rag.articles.page_view import Floats, PageView
from rag.models.junction import builtin_junction_model
from rag.models.seams import builtin_seam_model

_COMMAS = "，、,"
_EDGE_GAP = 2  # below the last block
_MAX_ALONE = 80
_NO_RIVAL = -10.0


def pair_readings(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, Floats]:
    """What the junction model makes of both blocks together, and of the first and the one below."""
    pair, tails, heads = builtin_junction_model().pair, view.tails.halves, view.heads.halves
    read = pair(tails[first], heads[second])
    below = pair(tails[first], heads[np.minimum(first + 1, len(view.blocks) - 1)])
    least = read.min(axis=1)
    return {
        "goes_on": read[:, 0],
        "goes_on_rather": read[:, 1],
        "neighbour_goes_on": below[:, 0],
        "neighbour_goes_on_least": below.min(axis=1),
        "goes_on_over_next_best": _over_others(least, first),
        "goes_on_over_rival": _over_others(least, second),
    }


def _over_others(values: Floats, keys: NDArray[np.int64]) -> Floats:
    """How far each value is over the best other one with the same key."""
    _, group = np.unique(keys, return_inverse=True)
    best = np.full(group.max() + 1, _NO_RIVAL, dtype=np.float32)
    second_best = best.copy()
    np.maximum.at(best, group, values)
    is_best = values == best[group]
    np.maximum.at(second_best, group[~is_best], values[~is_best])
    other = np.where(is_best, second_best[group], best[group])
    return np.clip(values - other, -20, 20)


def seams(view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]) -> dict[str, Floats]:
    """How the words of both blocks go together, and how those of the first and the block below."""
    count = len(view.blocks)
    asked = list(zip(first.tolist(), second.tolist(), strict=True))
    below = [(a, a + 1) for a in np.unique(first).tolist() if a + 1 < count]
    pairs = list(dict.fromkeys([*asked, *below]))
    rows = builtin_seam_model().read_pairs(view.texts, pairs)
    row_of = {pair: row for row, pair in enumerate(pairs)}
    own = rows[[row_of[pair] for pair in asked]]
    following = np.zeros(count, dtype=np.float32)
    following[[a for a, _ in below]] = rows[[row_of[pair] for pair in below], 1:].sum(axis=1)
    names = ("word_through", "words", "classes", "no_new_sentence")
    return dict(zip(names, own.T, strict=True)) | {"neighbour_seam": following[first]}


def likeness(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, Floats]:
    """How many rare words the second block shares with the first, its story, and its neighbours."""
    count = len(view.blocks)
    every = np.pad(view.likeness, ((0, 1), (0, 1)))  # no block is like one that is not there

    def alike(a: NDArray[np.int64]) -> Floats:
        found: Floats = every[np.where((a >= 0) & (a < count), a, count), second]
        return found

    own = alike(first)
    story = np.maximum.reduce([own, alike(first - 1), alike(first - 2)])
    above = np.where(second - 1 == first, 0, alike(second - 1))
    below = np.where(second + 1 == first, 0, alike(second + 1))
    return {
        "alike": own,
        "alike_story": story,
        "second_alike_above": above,
        "second_alike_below": below,
        "story_over_neighbours": story - np.maximum(above, below),
    }


def printed_signs(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """What is read off the printed signs of both blocks."""
    blocks, usual = view.blocks, view.usual_gap
    lengths = np.log([len(block.text) for block in blocks])
    above = np.array([block.gap - usual for block in blocks])
    below = np.append(above[1:], _EDGE_GAP)
    is_alone = (np.minimum(above, below) > 0) & (lengths < np.log(_MAX_ALONE))
    ends = [block.text[-1] for block in blocks]
    begins = [block.text[0] for block in blocks]
    is_line = _flags(block.is_short for block in blocks)
    may_be_headline = _flags(block.may_be_headline for block in blocks)
    return _bracket_signs(view, first, second) | {
        "first_is_line": is_line[first],
        "second_is_line": is_line[second],
        "first_may_be_headline": may_be_headline[first],
        "second_may_be_headline": may_be_headline[second],
        "first_length": lengths[first],
        "second_length": lengths[second],
        "first_ends_with_comma": _flags(sign in _COMMAS for sign in ends)[first],
        "digits_meet": _flags(map(str.isdigit, ends))[first]
        & _flags(map(str.isdigit, begins))[second],
        "latin_meets": _flags(map(_is_latin, ends))[first] & _flags(map(_is_latin, begins))[second],
        "second_has_list_mark": _flags(block.has_list_mark for block in blocks)[second],
        "second_has_dateline": _flags(block.has_dateline for block in blocks)[second],
        "gap": np.clip(above, -1, 2)[second],
        "gap_after_first": np.clip(below, -1, 2)[first],
        "second_alone": is_alone[second],
        "above_is_open": (second > 0) & (second - 1 != first) & view.is_open[second - 1],
    }


def _bracket_signs(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """How many brackets of the first block the second closes, and how many of both stay alone."""
    brackets = view.brackets
    opened = np.array([len(of.opened) for of in brackets])[first]
    unopened = np.array([len(of.unopened) for of in brackets])[second]
    closed = np.zeros(len(first), dtype=np.int64)
    for place in np.flatnonzero((opened > 0) & (unopened > 0)):
        closed[place] = brackets[first[place]].closed_by(brackets[second[place]])
    return {
        "brackets_closed": closed,
        "brackets_open": opened - closed,
        "brackets_unopened": unopened - closed,
    }


def _flags(values: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(values, dtype=bool)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
