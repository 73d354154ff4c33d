"""Whether a number or a date stands in the evidence for something else than the sentence says.

Compares what is printed right before and behind it. Knows nothing of numbers that are missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rag.text.stated import Facts
from rag.text.stated.amounts import Amount
from rag.text.stated.dates import Moment

_REACH = 6
_STOP = re.compile(r"[\0、，。；;：:！？!?\n“”\"（）()]")
_MOST_PAIRS = 20_000  # more are tables, where what stands around a number says little
_LEAST = 2  # characters of another number's surroundings that it must stand in
Fact = TypeVar("Fact", Amount, Moment)


def misplaced(claim: Facts, words: Sequence[Facts]) -> list[Amount | Moment]:
    """Numbers and dates that the words have, but with nothing of what the claim says around them.

    Only where the words have another one of the kind in those very surroundings: 降至14.3% where
    they say 降至11.8%, and 14.3% elsewhere.
    """
    amounts = [(amount, one.rest) for one in words for amount in one.amounts]
    moments = [(moment, one.rest) for one in words for moment in one.moments]
    return [
        *_misplaced(claim.rest, claim.amounts, amounts, _same_amount, _like_amounts),
        *_misplaced(claim.rest, claim.moments, moments, _same_moment, _like_moments),
    ]


def _misplaced(
    rest: str,
    claimed: Sequence[Fact],
    printed: Sequence[tuple[Fact, str]],
    same: Callable[[Fact, Fact], bool],
    alike: Callable[[Fact, Fact], bool],
) -> Iterator[Fact]:
    if len(claimed) * len(printed) > _MOST_PAIRS:
        return
    for fact in claimed:
        right = [_shared(rest, fact, text, one) for one, text in printed if same(fact, one)]
        if not right or any(right):
            continue
        wrong = (_shared(rest, fact, text, one) for one, text in printed if alike(fact, one))
        if max(wrong, default=0) >= _LEAST:
            yield fact


def _shared(rest: str, fact: Fact, text: str, one: Fact) -> int:
    """How many characters right before and behind the two are the same."""
    before = zip(
        reversed(rest[max(0, fact.start - _REACH) : fact.start]),
        reversed(text[max(0, one.start - _REACH) : one.start]),
        strict=False,
    )
    behind = zip(rest[fact.end :][:_REACH], text[one.end :][:_REACH], strict=False)
    return _run(before) + _run(behind)


def _run(pairs: zip[tuple[str, str]]) -> int:
    length = 0
    for mine, theirs in pairs:
        if mine != theirs or _STOP.match(mine):
            break
        length += 1
    return length


def _same_amount(one: Amount, other: Amount) -> bool:
    return one.equals(other)


def _like_amounts(one: Amount, other: Amount) -> bool:
    return one.dimension == other.dimension


def _same_moment(one: Moment, other: Moment) -> bool:
    return one.is_told_by(other)


def _like_moments(one: Moment, other: Moment) -> bool:
    return one.parts.keys() == other.parts.keys()
