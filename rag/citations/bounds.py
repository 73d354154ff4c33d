"""Whether a sentence says that a number is passed or not reached, and its evidence does not.

Compares what is printed right before and behind equal numbers. Knows nothing of numbers that are
missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rag.text.stated import Facts
from rag.text.stated.amounts import Amount

Side = Literal["above", "below"]
_REACH = 4
_BEFORE: dict[Side, re.Pattern[str]] = {
    "above": re.compile(
        r"(?:(?<![不未没])超过?|超出|逾|多于|高于|大于|不低于|不少于|不下|至少|最少|突破|(?<![不通经])过)了?$"
    ),
    "below": re.compile(
        r"(?:不足|不到|未到|未达|低于|少于|小于|[不未没]超过?|至多|最多|不高于|不多于|将?近|接近)$"
    ),
}
_BEHIND: dict[Side, re.Pattern[str]] = {
    "above": re.compile(r"(?:及|或)?(?:以上|多|余|开外)"),
    "below": re.compile(r"(?:及|或)?(?:以下|以内|之内)"),
}
_VAGUE = re.compile(r"[余多][万亿]*\D*$")


def changed_bounds(claim: Facts, words: Sequence[Facts]) -> Iterator[str]:
    """Numbers that the claim bounds on a side where the words do not, with their bound.

    A claim may leave a bound out; one that says 近 says nothing of which side.
    """
    for amount in claim.amounts:
        equal = [
            (other, one.rest) for one in words for other in one.amounts if amount.equals(other)
        ]
        for side in _sides(amount, claim.rest) if equal else ():
            bound = _bound(amount, claim.rest, side)
            if bound and all(side not in _sides(other, rest) for other, rest in equal):
                yield bound


def _sides(amount: Amount, rest: str) -> set[Side]:
    before, behind = _around(amount, rest)
    sides: set[Side] = {side for side, pattern in _BEFORE.items() if pattern.search(before)}
    sides |= {side for side, pattern in _BEHIND.items() if pattern.match(behind)}
    return sides | {"above"} if _VAGUE.search(amount.printed) else sides


def _bound(amount: Amount, rest: str, side: Side) -> str:
    """The number with the words that bound it; empty where it is only 近 or 多."""
    before, behind = _around(amount, rest)
    if (found := _BEFORE[side].search(before)) and "近" not in found[0]:
        return found[0] + amount.printed
    found = _BEHIND[side].match(behind)
    return amount.printed + found[0] if found else ""


def _around(amount: Amount, rest: str) -> tuple[str, str]:
    return rest[max(0, amount.start - _REACH) : amount.start], rest[amount.end :][:_REACH]
