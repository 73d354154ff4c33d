"""Which block goes on with the sentence that another one broke off.

Every block that ends in mid-sentence is held against the blocks near it; a trained scorer says
how likely each goes on with it, and the joins are chosen together, so that no block is used
twice. Leaving a sentence open is better than joining it wrongly. Knows nothing of stories.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.articles.blocks import Block, usual_gap
from rag.articles.page_view import Floats, PageView
from rag.models.junction import CROSSINGS, builtin_junction_model
from rag.models.scorer import builtin_scorer
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
    "above_is_open", "below_is_mid_sentence",
)  # fmt: skip
WINDOW = 64  # blocks on either side that a broken sentence may go on in
_MAX_ALONE = 80
_MAX_CAPTION = 40
_COMMA = re.compile(r"[，；,;]")
_MAX_LINE = 30
_KEPT = 12  # best matches of each that the scorer sees
_CROSSING_NAMES = ("cross_2", "cross_3_left", "cross_3_right", "cross_4")
_CROSSING_SHARE = 0.5  # of the n-grams over the cut in the match that the best are kept by
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】"}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Join:
    """Block ``second`` goes on with the sentence of block ``first``; how sure, and why."""

    first: int
    second: int
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of block numbers, one row each, and their features in ``JOIN_FEATURES``."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rows: Floats


def find_joins(view: PageView, threshold: float) -> list[Join]:
    """The joins of a page whose probability is over the threshold, by their first blocks."""
    candidates = join_candidates(view)
    if not len(candidates.first):
        return []
    probabilities = join_probabilities(
        candidates, builtin_scorer("joins", JOIN_FEATURES).score(candidates.rows)
    )
    chosen = _without_circles(
        candidates, probabilities, assign(candidates, probabilities, threshold)
    )
    return [
        Join(
            int(candidates.first[place]),
            int(candidates.second[place]),
            float(probabilities[place]),
            _reason(view, candidates, place),
        )
        for place in chosen
    ]


def _without_circles(
    candidates: Candidates, probabilities: Floats, chosen: Sequence[int]
) -> list[int]:
    """The chosen rows, without the least sure one of each circle that they would form."""
    following: dict[int, int] = {}
    kept = []
    for place in sorted(chosen, key=lambda place: -probabilities[place]):
        first, second = int(candidates.first[place]), int(candidates.second[place])
        end = second
        while end in following:
            end = following[end]
        if end != first:
            following[first] = second
            kept.append(place)
    return sorted(kept)


def join_probabilities(candidates: Candidates, scores: Floats) -> Floats:
    """How likely each pair goes together, among what else either of its blocks might do.

    A score of 0 stands for "goes on nowhere" (or "goes on with nothing"): the probability is the
    smaller one of a softmax over the first block's pairs and one over the second's.
    """
    shares = []
    for blocks in (candidates.first, candidates.second):
        _, group = np.unique(blocks, return_inverse=True)
        total = np.ones(group.max() + 1)
        np.add.at(total, group, np.exp(np.clip(scores, -30, 30)))
        shares.append(np.exp(np.clip(scores, -30, 30)) / total[group])
    return np.minimum(*shares).astype(np.float32)


def assign(candidates: Candidates, probabilities: Floats, threshold: float) -> list[int]:
    """The rows over the threshold that are likeliest together, no block twice first or second.

    Solved as a matching of least cost (scipy); each first block also has a place of its own
    that costs nothing.
    """
    useful = np.flatnonzero(probabilities > threshold)
    if not len(useful):
        return []
    from scipy.optimize import linear_sum_assignment

    firsts, row = np.unique(candidates.first[useful], return_inverse=True)
    seconds, column = np.unique(candidates.second[useful], return_inverse=True)
    if len(useful) == len(firsts) == len(seconds):
        return [int(place) for place in useful]
    cost = np.zeros((len(firsts), len(seconds) + len(firsts)))
    cost[row, column] = -np.log(probabilities[useful] / threshold)
    picked = set(zip(*linear_sum_assignment(cost), strict=True))
    return [int(place) for place, r, c in zip(useful, row, column, strict=True) if (r, c) in picked]


def join_candidates(view: PageView) -> Candidates:
    """For each block that breaks off, the blocks that best go on with it."""
    blocks = view.blocks
    firsts = np.array([i for i, block in enumerate(blocks) if block.is_open], dtype=np.int64)
    usual = usual_gap(blocks)
    seconds = np.array(
        [
            i
            for i, block in enumerate(blocks)
            if block.kind in ("line", "paragraph") and not _is_caption_like(blocks, usual, i)
        ],
        dtype=np.int64,
    )
    if not len(firsts) or not len(seconds):
        return Candidates(firsts[:0], seconds[:0], np.zeros((0, len(JOIN_FEATURES)), np.float32))
    first, second, matches = _best_matches(view, firsts, seconds)
    if not len(first):
        return Candidates(first, second, np.zeros((0, len(JOIN_FEATURES)), np.float32))
    return Candidates(first, second, _features(view, first, second, matches))


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
    view: PageView, firsts: NDArray[np.int64], seconds: NDArray[np.int64]
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
    is_kept |= (offset == 1) | (seconds[None, :] == _past_lines(view, firsts)[:, None])
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
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64], matches: _Matches
) -> Floats:
    blocks, count = view.blocks, len(view.blocks)
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
        "is_next_past_lines": _past_lines(view, first) == second,
        "is_before": second < first,
        "distance": np.log(np.abs(second - first)),
        "below_is_mid_sentence": signs[np.minimum(second + 1, count - 1), 0],
    }
    columns |= _seams(view, first, second)
    columns |= _likeness(view, first, second)
    columns |= _signs_of(blocks, first, second)
    return np.stack([columns[name].astype(np.float32) for name in JOIN_FEATURES], axis=1)


def _seams(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, Floats]:
    """How the words of both blocks go together, and how those of the first and the block below."""
    read, texts = builtin_seam_model().read, view.texts
    rows = np.array(
        [read(texts[a], texts[b]) for a, b in zip(first, second, strict=True)], dtype=np.float32
    )
    following = {
        int(a): sum(read(texts[a], texts[a + 1])[1:])
        for a in np.unique(first)
        if a + 1 < len(texts)
    }
    names = ("word_through", "words", "classes", "no_new_sentence")
    near = np.array([following.get(int(a), 0.0) for a in first], dtype=np.float32)
    return dict(zip(names, rows.T, strict=True)) | {"neighbour_seam": near}


def _past_lines(view: PageView, first: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each block the next one that is no mere line (a caption, say)."""
    blocks, usual = view.blocks, usual_gap(view.blocks)
    following = np.full(len(blocks) + 1, len(blocks))
    for place in range(len(blocks) - 1, -1, -1):
        block = blocks[place]
        is_body = block.kind == "paragraph" and len(block.text) > _MAX_LINE
        is_body = is_body and not _is_caption_like(blocks, usual, place)
        following[place] = place if is_body else following[place + 1]
    return following[first + 1]


def _likeness(
    view: PageView, first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, Floats]:
    """How many rare words the second block shares with the first, its story, and its neighbours."""
    vectors, count = view.vectors, len(view.blocks)

    def alike(a: NDArray[np.int64], b: NDArray[np.int64]) -> Floats:
        inside = (a >= 0) & (a < count) & (b >= 0) & (b < count)
        a, b = np.clip(a, 0, count - 1), np.clip(b, 0, count - 1)
        found: Floats = np.where(inside, np.einsum("ij,ij->i", vectors[a], vectors[b]), 0)
        return found.astype(np.float32)

    story = np.maximum.reduce([alike(first - back, second) for back in (0, 1, 2)])
    above = np.where(second - 1 == first, 0, alike(second - 1, second))
    below = np.where(second + 1 == first, 0, alike(second + 1, second))
    return {
        "alike": alike(first, second),
        "alike_story": story,
        "second_alike_above": above,
        "second_alike_below": below,
        "story_over_neighbours": story - np.maximum(above, below),
    }


def _signs_of(
    blocks: Sequence[Block], first: NDArray[np.int64], second: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """What is read off the printed signs of both blocks."""
    usual = usual_gap(blocks)
    rows = [_pair_signs(blocks, usual, int(a), int(b)) for a, b in zip(first, second, strict=True)]
    names = rows[0].keys()
    return {name: np.array([row[name] for row in rows]) for name in names}


def _pair_signs(blocks: Sequence[Block], usual: int, a: int, b: int) -> dict[str, float]:
    first, second = blocks[a].text, blocks[b].text
    opened, unopened = unmatched(first)[0], unmatched(second)[1]
    closed = sum(1 for o, c in zip(reversed(opened), unopened, strict=False) if _PAIRS[o] == c)
    after = blocks[a + 1].gap - usual if a + 1 < len(blocks) else 2
    above = blocks[b].gap - usual
    return {
        "brackets_closed": closed,
        "brackets_open": len(opened) - closed,
        "brackets_unopened": len(unopened) - closed,
        "first_is_line": blocks[a].is_short,
        "second_is_line": blocks[b].is_short,
        "first_length": np.log(len(first)),
        "second_length": np.log(len(second)),
        "first_ends_with_comma": first[-1] in "，、,",
        "digits_meet": first[-1].isdigit() and second[0].isdigit(),
        "latin_meets": _is_latin(first[-1]) and _is_latin(second[0]),
        "second_has_list_mark": blocks[b].has_list_mark,
        "second_has_dateline": blocks[b].has_dateline,
        "gap": min(max(above, -1), 2),
        "gap_after_first": min(max(after, -1), 2),
        "second_alone": _stands_alone(blocks, usual, b),
        "above_is_open": b > 0 and b - 1 != a and blocks[b - 1].is_open,
    }


def _stands_alone(blocks: Sequence[Block], usual: int, place: int) -> bool:
    """Whether a short block has wider gaps than usual above and below."""
    below = blocks[place + 1].gap if place + 1 < len(blocks) else usual + 2
    return len(blocks[place].text) < _MAX_ALONE and min(blocks[place].gap, below) > usual


def _is_caption_like(blocks: Sequence[Block], usual: int, place: int) -> bool:
    """Whether a block is one short clause with a wider gap than usual above it."""
    text = blocks[place].text
    return len(text) <= _MAX_CAPTION and blocks[place].gap > usual and not _COMMA.search(text)


def unmatched(text: str) -> tuple[list[str], list[str]]:
    """Opening brackets and quotes of a text that nothing closes, and closing ones nothing opened.

    Only its last and first 400 characters are looked at.
    """
    opened: list[str] = []
    unopened: list[str] = []
    sample = text if len(text) <= 800 else text[:400] + text[-400:]
    for sign in sample:
        if sign in _PAIRS:
            opened.append(sign)
        elif sign in _CLOSING:
            if opened and _PAIRS[opened[-1]] == sign:
                opened.pop()
            else:
                unopened.append(sign)
    return opened, unopened


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _reason(view: PageView, candidates: Candidates, place: int) -> str:
    """Why a join was made, in Chinese: the strongest sign that can be named."""
    values = dict(zip(JOIN_FEATURES, candidates.rows[place], strict=True))
    reasons = []
    if values["brackets_closed"] > 0:
        opened = unmatched(view.blocks[int(candidates.first[place])].text)[0]
        reasons.append(f"前文的“{opened[-1]}”在此合上")
    if values["digits_meet"] or values["latin_meets"]:
        reasons.append("数字或字母在此接续")
    if values["word_through"] > 1:
        reasons.append("一个词跨在两块之间")
    if values["row_share"] > -0.7 and values["match"] > 0:
        reasons.append("字词最能接上")
    if values["is_next"] or values["is_next_past_lines"]:
        reasons.append("紧随其后")
    if values["story_over_neighbours"] > 0.05:
        reasons.append("内容与前文更近")
    return "，".join(reasons) or "综合各项最合适"
