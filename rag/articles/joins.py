"""Which block goes on with the sentence that another one broke off.

Every block that ends in mid-sentence is held against the blocks near it; a trained scorer says
how likely each goes on with it, and the joins are chosen together, so that no block is used
twice. Leaving a sentence open is better than joining it wrongly. Knows nothing of stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.articles.join_features import JOIN_FEATURES, Candidates, join_candidates
from rag.articles.page_view import Floats, PageView
from rag.models.scorer import builtin_scorer

MAX_SCORE = 12.0  # of a pair; a surer one is no surer
_ROUNDS = 20  # of belief propagation


@dataclass(frozen=True, slots=True)
class Join:
    """Block ``second`` goes on with the sentence of block ``first``; how sure, and why."""

    first: int
    second: int
    confidence: float
    reason: str


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
    """How likely each pair goes together, whatever else its blocks and their rivals might do.

    A page joins its blocks in one of many ways, no block twice; a way is the likelier the higher
    the sum of its pairs' scores. The probability of a pair is the share of the ways that hold it,
    by belief propagation (the monomer-dimer model; Huang and Jebara 2009): a rival that is surely
    taken by another sentence hardly counts, and what is left becomes likelier.
    """
    weights = np.exp(np.clip(scores, -MAX_SCORE, MAX_SCORE).astype(np.float64))
    sides = [np.unique(of, return_inverse=True)[1] for of in (candidates.first, candidates.second)]
    # How free the first and the second block of each pair are for it.
    free = np.full((2, len(weights)), 0.5)
    for _ in range(_ROUNDS):
        offers = weights * free[::-1]
        rivals = [
            np.bincount(side, offer)[side] - offer
            for side, offer in zip(sides, offers, strict=True)
        ]
        free = (free + 1 / (1 + np.maximum(rivals, 0))) / 2
    held = weights * free[0] * free[1]
    probabilities: Floats = (held / (1 + held)).astype(np.float32)
    return probabilities


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


def _reason(view: PageView, candidates: Candidates, place: int) -> str:
    """Why a join was made, in Chinese: the strongest sign that can be named."""
    values = dict(zip(JOIN_FEATURES, candidates.rows[place], strict=True))
    reasons = []
    if values["brackets_closed"] > 0:
        opened = view.brackets[int(candidates.first[place])].opened
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
