"""Parts of one question told apart: the same figure of the same sentence answers only one of them.

In go the judged parts, out come the same, where two pointed at one figure with one of them moved on
to its next reading, judged anew. Knows nothing of how a reading is judged or worded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.read.readings import Reading

# 均为39.6% and 各占一半 are told of each.
_OF_EACH = re.compile(r"各|均|都|同样|相同|双双|一致|并列")
_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万亿]")
_FEWEST_SHARE = 0.15  # of the answer of its hit, that a runner-up in the same hit has


def told_apart(
    labels: Sequence[str],
    readings: Sequence[tuple[Reading, ...]],
    probability: Callable[[Reading], float],
) -> list[tuple[Reading, ...]]:
    """The readings of each part, best first, no two parts beginning with one figure.

    Of two parts the one whose label stands in the sentence, else the surer one, keeps it.
    """
    kept: list[tuple[Reading, ...]] = list(readings)
    sure = [
        (labels[at] != "" and labels[at] in one[0].text, probability(one[0])) if one else (False, 0)
        for at, one in enumerate(readings)
    ]
    taken: list[Reading] = []
    for at in sorted(range(len(kept)), key=lambda at: sure[at], reverse=True):
        own = kept[at]
        if own and any(_is_same(own[0], other) for other in taken):
            kept[at] = own = _without(own, taken)
        if own:
            taken.append(own[0])
    return kept


def _without(readings: tuple[Reading, ...], taken: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings of other words; in the same hit only likely ones."""
    hit = readings[0].hit
    return tuple(
        one
        for one in readings
        if not any(_is_same(one, other) for other in taken)
        and (one.hit is not hit or one.share >= _FEWEST_SHARE)
    )


def _is_same(one: Reading, other: Reading) -> bool:
    """Whether two readings point at the same figure of one sentence, or of two copies of it."""
    if one.text != other.text or _OF_EACH.search(one.text) or not _FIGURE.search(one.fact):
        return False
    start, theirs = one.sentence.start, other.sentence.start
    return any(
        a - start < d - theirs and c - theirs < b - start
        for a, b in one.facts
        for c, d in other.facts
    )
