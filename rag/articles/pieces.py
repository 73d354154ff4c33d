"""Which pieces of a page are one story that is printed in several places.

A trained scorer looks at every two pieces near one another; the surest pairs are put together
first. Knows nothing of how the pieces were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.articles.page_view import Floats, normalised, table_of
from rag.articles.stories import Piece
from rag.articles.units import PageUnits
from rag.models.scorer import builtin_scorer

PIECE_FEATURES = (
    "alike", "over_next_best", "over_rival", "best_unit", "best_unit_over", "covered",
    "covered_other", "lead", "lead_other", "mid_sentence", "story_end_other", "story_end",
    "open_other", "open", "bodies", "bodies_other", "length", "length_other", "headline",
    "headline_other", "is_after", "distance", "is_neighbour", "begins_with_line", "list_mark",
    "start", "start_other", "brackets", "rare_shared", "rare_over", "near", "near_over_next_best",
    "near_over_rival", "nearest_unit", "nearest_unit_over",
)  # fmt: skip
WINDOW = 16  # pieces on either side
_RARE = 7.0  # bigrams weighing this much stand in one paragraph of a thousand


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of pieces, ``second`` being asked whether it is more of ``first``, with features."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rows: Floats


def merge_pieces(
    page: PageUnits, pieces: Sequence[Piece], threshold: float
) -> list[tuple[list[int], float]]:
    """Groups of pieces that are one story, with how sure the least sure of its mergers was.

    Each group is in printed order; groups in the order of their first piece.
    """
    groups: dict[int, list[int]] = {place: [place] for place in range(len(pieces))}
    sureness = dict.fromkeys(groups, 1.0)
    group_of = list(range(len(pieces)))
    if len(pieces) > 1:
        pairs = piece_pairs(page, pieces)
        logits = builtin_scorer("pieces", PIECE_FEATURES).score(pairs.rows)
        least = np.log(threshold / (1 - threshold))
        for place in np.argsort(-logits, kind="stable"):
            if logits[place] <= least:
                break
            a, b = group_of[pairs.first[place]], group_of[pairs.second[place]]
            if a == b or all(_is_headed(pieces, groups[group]) for group in (a, b)):
                continue
            a, b = min(a, b), max(a, b)
            for member in groups[b]:
                group_of[member] = a
            groups[a] = sorted(groups[a] + groups.pop(b))
            probability = float(1 / (1 + np.exp(-logits[place])))
            sureness[a] = min(sureness[a], sureness.pop(b), probability)
    return [(groups[key], sureness[key]) for key in sorted(groups)]


def _is_headed(pieces: Sequence[Piece], group: Sequence[int]) -> bool:
    return any(pieces[member].is_headed for member in group)


def piece_pairs(page: PageUnits, pieces: Sequence[Piece]) -> Pairs:
    """Every ordered pair of pieces within the window, and its features."""
    count = len(pieces)
    first, second = np.nonzero(
        np.abs(np.arange(count)[:, None] - np.arange(count)[None, :]) <= WINDOW
    )
    different = first != second
    first, second = first[different], second[different]
    return Pairs(first, second, _rows(page, pieces, first, second))


def _rows(
    page: PageUnits,
    pieces: Sequence[Piece],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> Floats:
    columns = _own_columns(page, pieces, first, second)
    columns |= _word_columns(page, pieces, first, second)
    columns |= _meaning_columns(page, pieces, first, second)
    columns |= {
        "is_after": second > first,
        "distance": np.log(np.abs(second - first)),
        "is_neighbour": np.abs(second - first) == 1,
    }
    return table_of(PIECE_FEATURES, columns)


def _own_columns(
    page: PageUnits,
    pieces: Sequence[Piece],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> dict[str, NDArray[np.generic]]:
    """What each piece looks like by itself, for both sides of a pair."""
    own = [_own(page, piece) for piece in pieces]
    values = {name: np.array([row[name] for row in own]) for name in own[0]}
    both = ("lead", "story_end", "open", "bodies", "length", "headline", "start")
    columns = {name: values[name][second] for name in both}
    columns |= {f"{name}_other": values[name][first] for name in both}
    columns |= {
        name: values[name][second] for name in ("mid_sentence", "begins_with_line", "list_mark")
    }
    brackets, units = page.view.brackets, page.units
    opened = [bool(brackets[units[piece.units[-1]].blocks[-1]].opened) for piece in pieces]
    unopened = [bool(brackets[units[piece.units[0]].blocks[0]].unopened) for piece in pieces]
    columns["brackets"] = np.array(opened)[first] & np.array(unopened)[second]
    return columns


def _chars(page: PageUnits, units: Sequence[int]) -> int:
    """How many characters some units have; none where all they hold is of no width."""
    return sum(len(page.view.texts[block]) for n in units for block in page.units[n].blocks)


def _own(page: PageUnits, piece: Piece) -> dict[str, float]:
    view, units = page.view, page.units
    body = [unit for unit in piece.units if page.is_body[unit]] or list(piece.units)
    first, last = units[body[0]].blocks[0], units[body[-1]].blocks[-1]
    begins_with_line = not page.is_body[piece.units[0]]
    return {
        "lead": float(view.heads.logits[first, 1]),
        "mid_sentence": float(view.heads.logits[first, 0]),
        "story_end": float(view.tails.logits[last, 0]),
        "open": any(view.is_open[units[unit].blocks[-1]] for unit in body),
        "bodies": min(len(body), 8),
        "length": float(np.log(max(_chars(page, body), 1))),
        "headline": begins_with_line,
        "begins_with_line": piece.units[0] != body[0],
        "list_mark": view.blocks[first].has_list_mark,
        "start": piece.start_logit,
    }


def _word_columns(
    page: PageUnits,
    pieces: Sequence[Piece],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> dict[str, Floats]:
    """How alike the words of two pieces are, by themselves and against the other pieces."""
    weights = page.weights
    words = np.stack([weights[list(piece.units)].max(axis=0) for piece in pieces])
    sums = np.stack([weights[list(piece.units)].sum(axis=0) for piece in pieces])
    alike = normalised(sums) @ normalised(sums).T
    rare = np.where(words >= _RARE, words, 0)
    # A rare word counts less the more pieces of the page hold it.
    spread = np.maximum((rare > 0).sum(axis=0), 1)
    shared = (rare / spread) @ (rare > 0).T / 7.0
    np.fill_diagonal(shared, 0)
    np.fill_diagonal(alike, 0)
    best = _best_units(normalised(weights), pieces, first, second)
    whole = np.maximum(words.sum(axis=1), 1)
    pair_common = np.array(
        [np.minimum(words[a], words[b]).sum() for a, b in zip(first, second, strict=True)]
    )
    return {
        "alike": alike[first, second],
        "over_next_best": alike[first, second] - _best_other(alike, second, first),
        "over_rival": alike[first, second] - _best_other(alike, first, second),
        "best_unit": best[first, second],
        "best_unit_over": best[first, second] - _best_other(best, second, first),
        "covered": pair_common / whole[second],
        "covered_other": pair_common / whole[first],
        "rare_shared": np.log1p(shared[first, second]),
        "rare_over": np.log1p(shared[first, second]) - np.log1p(_best_other(shared, second, first)),
    }


def _best_units(
    vectors: Floats,
    pieces: Sequence[Piece],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> Floats:
    """How alike the likest units of two pieces are, for the pairs asked, shape (pieces, pieces)."""
    own = [vectors[list(piece.units)] for piece in pieces]
    best = np.zeros((len(pieces), len(pieces)), dtype=np.float32)
    for a, b in zip(first, second, strict=True):
        if a < b:
            best[a, b] = best[b, a] = (own[a] @ own[b].T).max()
    return best


def _meaning_columns(
    page: PageUnits,
    pieces: Sequence[Piece],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> dict[str, Floats]:
    """How near the meanings of two pieces are, by themselves and against the other pieces."""
    sums = np.stack([page.meanings[list(piece.units)].sum(axis=0) for piece in pieces])
    near = normalised(sums) @ normalised(sums).T
    np.fill_diagonal(near, 0)
    best = _best_units(normalised(page.meanings), pieces, first, second)
    return {
        "near": near[first, second],
        "near_over_next_best": near[first, second] - _best_other(near, second, first),
        "near_over_rival": near[first, second] - _best_other(near, first, second),
        "nearest_unit": best[first, second],
        "nearest_unit_over": best[first, second] - _best_other(best, second, first),
    }


def _best_other(scores: Floats, row: NDArray[np.int64], without: NDArray[np.int64]) -> Floats:
    """The best score of each row but that with ``without``."""
    rows = scores[row].copy()
    rows[np.arange(len(row)), without] = -1
    best: Floats = rows.max(axis=1)
    return np.maximum(best, 0)
