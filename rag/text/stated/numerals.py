"""Numerals as Chinese prose writes them, in digits, characters or both, to exact values.

Knows nothing of units, dates or sentences.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

DIGIT_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}
_LONGEST = 24  # characters; what is longer is no number that anybody compares
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
SCALES = _POWERS | _MYRIADS


@lru_cache(maxsize=1 << 14)
def value_of(numeral: str) -> Fraction | None:
    """The value of 3,500, 1.2万, 三千五百, 3亿2千万, 二〇二三 or 三点五; None when it is none.

    >>> value_of("3万5千")
    Fraction(35000, 1)
    """
    numeral = numeral.replace(",", "").replace("点", ".")
    if not numeral or len(numeral) > _LONGEST:
        return None
    if not any(character in SCALES for character in numeral):
        return _plain(numeral)
    total, section, start = Fraction(0), Fraction(0), 0
    for position, character in enumerate(numeral):
        if character not in SCALES:
            continue
        head = numeral[start:position].lstrip("零〇")
        value = _plain(head) if head else None
        if head and value is None:
            return None
        start = position + 1
        if character in _POWERS:
            section += (1 if value is None else value) * _POWERS[character]
            continue
        section += value or 0
        if character == "亿":  # scales all that stands before it: 1万亿
            total = ((total + section) or Fraction(1)) * _MYRIADS[character]
        else:
            total += (section or Fraction(1)) * _MYRIADS[character]
        section = Fraction(0)
    rest = _tail(numeral[start:], numeral[start - 1])
    return None if rest is None else total + section + rest


def _tail(tail: str, scale: str) -> Fraction | None:
    """What stands behind the last scale: the 五 of 十五, and of 三万五, where it is 5,000."""
    if not tail.strip("零〇"):
        return Fraction(0)
    rest = _plain(tail.lstrip("零〇"))
    if rest is not None and len(tail) == 1 and scale in "百千万亿":
        rest *= SCALES[scale] // 10
    return rest


def _plain(numeral: str) -> Fraction | None:
    """Digits or characters one after another: 2023, 1.5, 二〇二三, 三."""
    digits = "".join(
        str(DIGIT_VALUES[character]) if character in DIGIT_VALUES else character
        for character in numeral
    )
    whole, point, decimals = digits.partition(".")
    if not whole.isdecimal() or (point and not decimals.isdecimal()) or not digits.isascii():
        return None
    return Fraction(digits)
