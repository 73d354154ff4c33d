"""Whether a sentence says that a number is passed or not reached, and its evidence does not.

Or that something has a number that its evidence has only as one end of a range.

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
_RANGE_BEHIND = re.compile(r"(?:到|至|(?P<dash>[-–—~]{1,2}))\d[\d.,]*(?P<rest>.{0,4})")
_RANGE_BEFORE = re.compile(r"\d[^\W\d_%]{0,3}%?(?:到|至|[-–—~]{1,2})$")
_UNIT = re.compile(r"[^\d\s.,]$")
_EDGE = re.compile(r"[最至起低高多少上下升降增减到达]")
_NEAR = 6
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


def lone_ends(claim: Facts, words: Sequence[Facts]) -> Iterator[str]:
    """Numbers that the words have only as one end of a range, and the claim by themselves."""
    for amount in claim.amounts:
        if is_end(amount, claim) or _EDGE.search(claim.folded[: amount.start][-_NEAR:]):
            continue
        equal = [(other, one) for one in words for other in one.amounts if amount.equals(other)]
        if equal and all(is_end(other, one) for other, one in equal):
            yield amount.printed


def is_end(amount: Amount, text: Facts) -> bool:
    """Whether the number is printed as one end of a range."""
    before, behind = text.folded[: amount.start], text.folded[amount.end :]
    if _RANGE_BEFORE.search(before):
        return True
    found = _RANGE_BEHIND.match(behind)
    unit = _UNIT.search(amount.printed)
    # 一期—1工程 has another unit behind the dash, and is no range.
    return bool(found and not (found["dash"] and unit and not found["rest"].startswith(unit[0])))


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
