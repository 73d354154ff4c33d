"""What a comparison comes to, by the quoted figures alone: 甲（35家）多于乙（20家）.

Knows nothing of evidence: labels and printed figures go in, a sentence comes out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from rag.text import COUNTABLE, Facts, standard_form

_DEGREE_ASKED = re.compile(
    r"[更最]([大小高低长短早晚先多少])|(?<!多)([大小高低长短早晚先多少])(?=一?些|[？?，,。]|$)"
)
_DEGREES = {"大小": "大于", "高低": "高于", "长短": "长于", "早晚先": "早于"}


class Figure(NamedTuple):
    """What was quoted for one compared subject; ``written`` is its article's date."""

    label: str
    printed: str
    written: str | None


def conclusion(question: str, figures: Sequence[Figure]) -> str:
    """The subjects in order of their figures; empty where these cannot be compared.

    They can where each is one number, all in one unit, or each one date with a year.
    """
    if len(figures) < 2 or len({figure.label for figure in figures}) < len(figures):
        return ""
    amounts = [_amount(figure) for figure in figures]
    if all(amounts):
        values = {one[1] for one in amounts if one}
        if len(values) > 1:
            return ""
        ranked = [(one[0], f) for one, f in zip(amounts, figures, strict=True) if one]
        return _said(sorted(ranked, key=lambda one: -one[0]), _than(question))
    dates = [_date(figure) for figure in figures]
    if not all(dates):
        return ""
    return _of_dates([(date, f) for date, f in zip(dates, figures, strict=True) if date])


def _of_dates(dated: list[tuple[tuple[int, ...], Figure]]) -> str:
    """Dates in order, as far as all of them are printed."""
    grain = min(len(date) for date, _ in dated)
    ordered = sorted(((date[:grain], figure) for date, figure in dated), key=lambda one: one[0])
    if len({date for date, _ in ordered}) < len(ordered) and len({len(d) for d, _ in dated}) > 1:
        return ""  # 2019年 and 2019年3月: who knows
    values = [
        Fraction(sum(part * 100 ** (2 - i) for i, part in enumerate(date))) for date, _ in ordered
    ]
    return _said([(value, f) for value, (_, f) in zip(values, ordered, strict=True)], "早于")


def _said(ranked: Sequence[tuple[Fraction, Figure]], than: str) -> str:
    named = [f"{figure.label}（{figure.printed}）" for _, figure in ranked]
    values = [value for value, _ in ranked]
    if len(set(values)) == 1:
        return f"{'和'.join(named)}相同"
    if len(named) == 2:
        return f"{named[0]}{than}{named[1]}"
    if values[0] == values[1]:
        return ""
    return f"{named[0]}最{than[0]}，其次是{'、'.join(named[1:])}"


def _than(question: str) -> str:
    """The word for being more, as the question has it: 大于 after 哪个大 and 哪个更小."""
    asked = _DEGREE_ASKED.findall(standard_form(question))
    degree = "".join(asked[-1]) if asked else ""
    return next((word for signs, word in _DEGREES.items() if degree and degree in signs), "多于")


def _amount(figure: Figure) -> tuple[Fraction, str] | None:
    """The one number of a printed figure and what it counts."""
    amounts = [a for a in Facts.of(figure.printed, figure.written).amounts if a.dimension]
    if len(amounts) != 1 or len(amounts[0].values) != 1 or amounts[0].is_ordinal:
        return None
    amount = amounts[0]
    is_classifier = amount.dimension in COUNTABLE and amount.dimension != "persons"
    return next(iter(amount.values)), "个" if is_classifier else amount.dimension


def _date(figure: Figure) -> tuple[int, ...] | None:
    """Year, month and day of a printed date, as many as there are from the year on."""
    moments = Facts.of(figure.printed, figure.written).moments
    if len(moments) != 1:
        return None
    found: list[int] = []
    for grain in ("year", "month", "day"):
        values = [v for v in moments[0].parts.get(grain, ()) if v.isdigit()]
        if len(values) != 1:
            break
        found.append(int(values[0]))
    return tuple(found) or None
