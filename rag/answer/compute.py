"""A total or a difference of quoted figures, in exact decimals.

In go figures, out comes what they come to in the unit of the first of them, or why they cannot be
added. Knows nothing of evidence or questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from rag.answer.figures import MOMENT, Figure

_MOST_DECIMALS = 6
_POINTS = "个百分点"
_SECONDS = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400}
_UNSURE = "数字不是同一种单位，没有计算"


@dataclass(frozen=True, slots=True)
class Result:
    """A worked-out figure as it is said, ``约455公里``; empty with the hindrance that there is."""

    printed: str = ""
    hindrance: str = ""


def total(figures: Sequence[Figure]) -> Result:
    """The sum of figures of one kind."""
    if not _are_addable(figures):
        return Result(hindrance=_UNSURE)
    return _in_unit_of(figures, sum((_signed(one, figures) for one in figures), Fraction(0)))


def difference(figures: Sequence[Figure]) -> Result:
    """How far apart two figures of one kind are."""
    if len(figures) != 2:
        return Result()
    if figures[0].kind == MOMENT:
        return _between(*figures)
    if not _are_addable(figures):
        return Result(hindrance=_UNSURE)
    one, other = (_signed(figure, figures) for figure in figures)
    return _in_unit_of(figures, abs(one - other), is_difference=True)


def _are_addable(figures: Sequence[Figure]) -> bool:
    is_one_kind = len({figure.kind for figure in figures}) == 1 and figures[0].kind != MOMENT
    return is_one_kind and all(figure.low == figure.high for figure in figures)


def _signed(figure: Figure, others: Sequence[Figure]) -> Fraction:
    """Its value; below 0 where it fell and another did not."""
    is_mixed = len({other.is_negative for other in others}) > 1
    return -figure.low if is_mixed and figure.is_negative else figure.low


def _in_unit_of(
    figures: Sequence[Figure], value: Fraction, *, is_difference: bool = False
) -> Result:
    first = figures[0]
    number = decimal(value / first.scale)
    if not number:
        return Result(hindrance=_UNSURE)
    if any(re.search(r"\d,\d{3}", figure.printed) for figure in figures):
        number = f"{int(number):,}" if number.isdigit() else number
    unit = first.unit.rstrip("余多几")
    if is_difference and first.kind == "ratio" and unit in "%％":
        unit = _POINTS
    unit = re.sub("[名位]$", "人", unit)
    about = "约" if any(figure.is_rounded for figure in figures) else ""
    return Result(f"{about}{number}{unit}")


def decimal(value: Fraction) -> str:
    """A number in decimals without trailing zeros; empty where these do not end soon.

    >>> decimal(Fraction(67, 20))
    '3.35'
    """
    scaled = value * 10**_MOST_DECIMALS
    if scaled.denominator != 1:
        return ""
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(int(scaled)), 10**_MOST_DECIMALS)
    decimals = f"{rest:0{_MOST_DECIMALS}d}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def _between(one: Figure, other: Figure) -> Result:
    """The time from one date to another, in the finest grain that both tell."""
    if one.is_of_unknown_year or other.is_of_unknown_year:
        return Result(hindrance="文章没有写明是哪一年，没有计算")
    told = [mine is not None for mine in one.moment]
    if told != [theirs is not None for theirs in other.moment] or not any(told):
        return Result(hindrance="日期写到的年月日不全，没有计算")
    finest = max(place for place, is_told in enumerate(told) if is_told)
    if finest < 2:
        months = abs(_months(one) - _months(other))
        return Result(f"{months // 12}年" if months % 12 == 0 else f"{months}个月")
    try:
        seconds = abs((_moment(one) - _moment(other)).total_seconds())
    except ValueError:
        return Result(hindrance=f"“{one.printed}”或“{other.printed}”不是日历上的日期，没有计算")
    unit = {2: "天", 3: "小时", 4: "分钟"}[finest]
    return Result(f"{decimal(Fraction(int(seconds), _SECONDS[unit]))}{unit}")


def _months(figure: Figure) -> int:
    return (figure.moment[0] or 0) * 12 + (figure.moment[1] or 0)


def _moment(figure: Figure) -> datetime:
    """The time; a year or day that neither of two dates tells is any. ValueError: there is none."""
    year, month, day, hour, minute = figure.moment
    return datetime(year or 2000, month or 1, day or 1, hour or 0, minute or 0)
