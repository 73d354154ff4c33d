"""What says that a block goes on with the sentence of another: candidates and their features.

Every block that ends in mid-sentence is held against the blocks near it, the best of them are kept,
and how each stands among the others is put beside what both look like together. Knows nothing of
how the features are weighed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.articles.page_view import Floats, PageView, table_of
from rag.articles.pair_features import likeness, pair_readings, printed_signs, seams
from rag.models.junction import CROSSINGS, builtin_junction_model

JOIN_FEATURES = (
    "match", "word_through", "words", "classes", "no_new_sentence", "neighbour_seam", "cross_2",
    "cross_3_left", "cross_3_right", "cross_4", "over_next_best", "over_rival", "row_share",
    "column_share", "second_mid_sentence", "second_lead", "first_story_end",
    "neighbour_mid_sentence", "is_next", "is_next_past_lines", "is_before", "distance", "alike",
    "alike_story", "second_alike_above", "second_alike_below", "story_over_neighbours",
    "brackets_closed", "brackets_open", "brackets_unopened", "first_is_line", "second_is_line",
    "first_may_be_headline", "second_may_be_headline",
    "first_length", "second_length", "first_ends_with_comma", "digits_meet", "latin_meets",
    "second_has_list_mark", "second_has_dateline", "gap", "gap_after_first", "second_alone",
    "above_is_open", "below_is_mid_sentence", "goes_on", "goes_on_rather", "neighbour_goes_on",
    "neighbour_goes_on_least", "goes_on_over_next_best", "goes_on_over_rival",
)  # fmt: skip
WINDOW = 64  # blocks on either side that a broken sentence may go on in
_MAX_CAPTION = 40
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
    columns |= pair_readings(view, first, second)
    columns |= seams(view, first, second)
    columns |= likeness(view, first, second)
    columns |= printed_signs(view, first, second)
    return table_of(JOIN_FEATURES, columns)
