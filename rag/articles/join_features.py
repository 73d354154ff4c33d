"""What says that a block goes on with the sentence of another: candidates and their features.

Every block that ends in mid-sentence is held against the blocks near it. Knows nothing of how the
features are weighed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.articles.page_view import Floats, PageView, table_of
from rag.models.junction import CROSSINGS, builtin_junction_model
from rag.models.seams import builtin_seam_model

JOIN_FEATURES = (
    "match", "word_through", "words", "classes", "no_new_sentence", "neighbour_seam", "cross_2",
    "cross_3_left", "cross_3_right", "cross_4", "over_next_best", "over_rival", "row_share",
    "column_share", "second_mid_sentence", "second_lead", "first_story_end",
    "neighbour_mid_sentence", "is_next", "is_next_past_lines", "is_before", "distance", "alike",
    "alike_story", "second_alike_above", "second_alike_below", "story_over_neighbours",
    "brackets_closed", "brackets_open", "brackets_unopened", "first_is_line", "second_is_line",
    "first_length", "second_length", "first_ends_with_comma", "digits_meet", "latin_meets",
    "second_has_list_mark", "second_has_dateline", "gap", "gap_after_first", "second_alone",
    "above_is_open", "below_is_mid_sentence", "goes_on", "goes_on_rather", "neighbour_goes_on",
    "neighbour_goes_on_least", "goes_on_over_next_best", "goes_on_over_rival",
)  # fmt: skip
WINDOW = 64  # blocks on either side that a broken sentence may go on in
_MAX_ALONE = 80
_NO_RIVAL = -10.0
_MAX_CAPTION = 40
_COMMAS = "，、,"
_EDGE_GAP = 2  # below the last block
_COMMA = re.compile(r"[，；,;]")
_MAX_LINE = 30
_KEPT = 12  # best matches of each that the scorer sees
_CROSSING_NAMES = ("cross_2", "cross_3_left", "cross_3_right", "cross_4")
_CROSSING_SHARE = 0.5  # of the n-grams over the cut in the match that the best are kept by


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of block numbers, one row each, and their features in ``JOIN_FEATURES``."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rows: Floats


def join_candidates(view: PageView) -> Candidates:
    """For each block that breaks off, the blocks that best go on with it."""
    captions = _is_caption_like(view)
    kinds = [block.kind in ("line", "paragraph") for block in view.blocks]
    firsts = np.flatnonzero(view.is_open)
    seconds = np.flatnonzero(np.array(kinds, dtype=bool) & ~captions)
    if not len(firsts) or not len(seconds):
        return Candidates(firsts[:0], seconds[:0], np.zeros((0, len(JOIN_FEATURES)), np.float32))
    past_lines = _past_lines(view, captions)
    first, second, matches = _best_matches(view, firsts, seconds, past_lines)
    if not len(first):
        return Candidates(first, second, np.zeros((0, len(JOIN_FEATURES)), np.float32))
    return Candidates(first, second, _features(view, first, second, matches, past_lines))


def _is_caption_like(view: PageView) -> NDArray[np.bool_]:
    """Whether each block is one short clause with a wider gap than usual above it."""
    found = [
        len(block.text) <= _MAX_CAPTION
        and block.gap > view.usual_gap
        and not _COMMA.search(block.text)
        for block in view.blocks
    ]
    return np.array(found, dtype=bool)


def _past_lines(view: PageView, captions: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each block the next one that is no mere line (a caption, say)."""
    count = len(view.blocks)
    following = np.full(count + 1, count)
    for place in range(count - 1, -1, -1):
        block = view.blocks[place]
        is_line = block.kind != "paragraph" or len(block.text) <= _MAX_LINE or captions[place]
        following[place] = following[place + 1] if is_line else place
    return following[1:]


@dataclass(frozen=True, slots=True)
class _Matches:
    """Of each kept pair: its match, and how it stands among the others of its row and column."""

    match: Floats
    crossings: Floats
    over_next_best: Floats
    over_rival: Floats
    row_share: Floats
    column_share: Floats


def _best_matches(
    view: PageView,
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    past_lines: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], _Matches]:
    """The best matching pairs within the window, and always the block right after a sentence's."""
    scores = view.tails.vectors[firsts] @ view.heads.vectors[seconds].T
    offset = seconds[None, :] - firsts[:, None]
    near = (offset != 0) & (np.abs(offset) <= WINDOW)
    crossings = np.zeros((*scores.shape, CROSSINGS), dtype=np.float32)
    crossings[near] = _crossings(view, firsts, seconds, near)
    scores = np.where(near, scores + _CROSSING_SHARE * crossings.sum(axis=2), -np.inf)
    kept = min(_KEPT, scores.shape[1])
    best = np.argpartition(-scores, kept - 1, axis=1)[:, :kept]
    is_kept = np.zeros(scores.shape, dtype=bool)
    np.put_along_axis(is_kept, best, True, axis=1)
    is_kept |= (offset == 1) | (seconds[None, :] == past_lines[firsts][:, None])
    is_kept &= np.isfinite(scores)
    row, column = np.nonzero(is_kept)
    safe = np.where(np.isfinite(scores), scores, -1e4).astype(np.float32)
    match = safe[row, column]
    rows_best, columns_best = _best_other(safe), _best_other(safe.T).T
    shares = [_log_share(safe, 1), _log_share(safe, 0)]
    matches = _Matches(
        match,
        crossings[row, column],
        np.clip(match - rows_best[row, column], -30, 30),
        np.clip(match - columns_best[row, column], -30, 30),
        np.maximum(shares[0][row, column], -30),
        np.maximum(shares[1][row, column], -30),
    )
    return firsts[row], seconds[column], matches


def _crossings(
    view: PageView,
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    near: NDArray[np.bool_],
) -> Floats:
    model = builtin_junction_model()
    before, after = model.read_crossings(
        [view.texts[block] for block in firsts], [view.texts[block] for block in seconds]
    )
    row, column = np.nonzero(near)
    return model.cross(before[row], after[column])


def _best_other(scores: Floats) -> Floats:
    """For each place, the best score of its row without it."""
    if scores.shape[1] < 2:
        return np.full_like(scores, -1e4)
    two = np.partition(scores, -2, axis=1)[:, -2:]
    best = two[:, 1:2]
    return np.where(scores == best, two[:, 0:1], best)


def _log_share(scores: Floats, axis: int) -> Floats:
    top = scores.max(axis=axis, keepdims=True)
    shifted = scores - top
    share: Floats = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return share


def _features(
    view: PageView,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    matches: _Matches,
    past_lines: NDArray[np.int64],
) -> Floats:
    count = len(view.blocks)
    signs, ends = view.heads.logits, view.tails.logits
    below = np.minimum(first + 1, count - 1)
    columns: dict[str, NDArray[np.generic]] = {
        "match": matches.match,
        **dict(zip(_CROSSING_NAMES, matches.crossings.T, strict=True)),
        "over_next_best": matches.over_next_best,
        "over_rival": matches.over_rival,
        "row_share": matches.row_share,
        "column_share": matches.column_share,
        "second_mid_sentence": signs[second, 0],
        "second_lead": signs[second, 1],
        "first_story_end": ends[first, 0],
        "neighbour_mid_sentence": signs[below, 0],
        "is_next": second == first + 1,
        "is_next_past_lines": past_lines[first] == second,
        "is_before": second < first,
        "distance": np.log(np.abs(second - first)),
        "below_is_mid_sentence": signs[np.minimum(second + 1, count - 1), 0],
    }
    columns |= _pair_readings(view, first, second)
    columns |= _seams(view, first, second)
    columns |= _likeness(view, first, second)
    columns |= _printed_signs(view, first, second)
    return table_of(JOIN_FEATURES, columns)


def _pair_readings(
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


def _seams(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, Floats]:
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


def _likeness(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, Floats]:
    """How many rare words the second block shares with the first, its story, and its neighbours."""
    count = len(view.blocks)
    likeness = np.pad(view.likeness, ((0, 1), (0, 1)))  # no block is like one that is not there

    def alike(a: NDArray[np.int64]) -> Floats:
        found: Floats = likeness[np.where((a >= 0) & (a < count), a, count), second]
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


def _printed_signs(
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
    return _bracket_signs(view, first, second) | {
        "first_is_line": is_line[first],
        "second_is_line": is_line[second],
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
