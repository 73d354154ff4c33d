"""What a comparison comes to, by the quoted figures alone: 甲（35家）多于乙（20家）.

Knows nothing of evidence: the figures of each side go in, what they come to comes out. Where they
cannot be held against one another, it says why, and names no winner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from rag.answer.figures import MOMENT, Figure, alike, figures_in
from rag.ask.word_lists import WORDS
from rag.text import Range, periods_of, standard_form

_SIGNS = "多少大小高低长短快慢强弱重轻远近贵省早晚久"
_LESS = frozenset("少小低短慢弱轻近省晚")
_SAID_AS = {"久": "长", "贵": "高", "省": "少", "先": "早"}
_ASKED = re.compile(
    rf"[更最]\w{{0,2}}?([{_SIGNS}先])|(?<!多)([{_SIGNS}先])(?=一?[些点]|得?[？?，,。的]|$)|(先)(?![进生后])"
)
_OLDER = re.compile(r"年长|年纪.{0,2}大|岁数.{0,2}大|年龄.{0,2}大|更老|最老|辈分")
_RATES = re.compile(WORDS["rates"])
_UNIT_ASKED = re.compile(r"(?:多少|几)([^\W\d]{1,5})")
_FALLS = re.compile(r"[亏跌减降少]")
_FAR = 2  # times: so far apart 超过 and 不到 do not matter
_UNIT_DIFFERS = "各方数字的单位不同，没有比较"
_DATES_UNSURE = "各方日期写到的年月日不全，没有比较"
_AMOUNTS_UNSURE = "数字带“约”“超过”一类的字，分不出先后，没有比较"


@dataclass(frozen=True, slots=True)
class Side:
    """One compared thing: its name, its figures, likeliest first, and its article's date."""

    label: str
    figures: Sequence[Figure]
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sides' places, the winner's first, with a figure of each; ``than`` is the word for it.

    Without an order, ``hindrance`` says why there is none, if figures are there at all.
    """

    order: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()
    than: str = ""
    is_tie: bool = False
    hindrance: str = ""


def rank(question: str, sides: Sequence[Side]) -> Ranking:
    """The sides in the order that the question asks for: the most or the least of it first."""
    labels = {side.label for side in sides}
    if len(sides) < 2 or len(labels) < len(sides) or not all(labels):
        return Ranking()
    if not all(side.figures for side in sides):
        return Ranking()
    degree = _degree(question)
    is_older = bool(_OLDER.search(question))
    of_dates = None if degree == "长" or is_older else degree in ("早", "晚")
    first = kind_asked(question)
    figures = alike([side.figures for side in sides], of_dates=of_dates, first=first)
    if not figures:
        return Ranking(hindrance=_UNIT_DIFFERS)
    hindrance = hindrance_of(question, sides, figures)
    if hindrance:
        return Ranking(hindrance=hindrance)
    is_dated = figures[0].kind == MOMENT
    values = _ordered_dates(question, figures) if is_dated else _ordered_amounts(question, figures)
    if not values:
        return Ranking(hindrance=_DATES_UNSURE if is_dated else _AMOUNTS_UNSURE)
    least_first = is_dated != (degree in _LESS) if not is_older else is_dated
    order = sorted(range(len(sides)), key=lambda at: values[at] if least_first else -values[at])
    is_tie = values[order[0]] == values[order[1]]
    if is_tie and len(set(values)) > 1:
        return Ranking()
    than = degree if not is_dated or degree == "晚" else "早"
    return Ranking(tuple(order), figures, than, is_tie)


def kind_asked(question: str) -> str:
    """The kind of figure that a question asks for; empty where it does not say.

    By a word for a rate (增速, 跌得更多), else by the unit that it asks in: 多少万户, 几亿元.
    """
    form = standard_form(question)
    if _RATES.search(form):
        return "ratio"
    unit = _UNIT_ASKED.search(form)
    if unit is None:
        return ""
    asked = f"1{'元' if unit[1] == '钱' else unit[1]}"
    kinds = (one.kind for one in figures_in(asked, [Range(0, len(asked))], None))
    return next((kind for kind in kinds if kind != MOMENT), "")  # 掉了多少点 is no hour


def hindrance_of(question: str, sides: Sequence[Side], figures: Sequence[Figure]) -> str:
    """Why figures of one kind cannot be held against one another; empty where they can."""
    if any(figure.is_of_unknown_year for figure in figures):
        printed = next(figure.printed for figure in figures if figure.is_of_unknown_year)
        return f"文章没有写明日期，“{printed}”是哪一年不清楚，没有比较"
    if len({figure.is_planned for figure in figures}) > 1 and not re.search(
        "[计规]划|预[计报期测]|目标|拟", question
    ):
        return "一方是计划或预计的数字，另一方不是，没有比较"
    if figures[0].kind != MOMENT and _are_of_other_years(question, sides, figures):
        return "各方数字不是同一年的，没有比较"
    return ""


def _are_of_other_years(question: str, sides: Sequence[Side], figures: Sequence[Figure]) -> bool:
    """Whether the figures' clauses tell of years apart that the question does not name."""
    told = [
        periods_of(standard_form(figure.clause), side.written).years
        for side, figure in zip(sides, figures, strict=True)
    ]
    return all(told) and not frozenset.intersection(*told) and not periods_of(question).years


def _degree(question: str) -> str:
    """The sign of the degree asked for: 小 after 哪个更小; 多 where none is."""
    form = standard_form(question)
    if re.search("[亏跌]得?[更最]?(?:惨|厉害|猛|狠|多)", form):
        return "大"
    found = ["".join(groups) for groups in _ASKED.findall(form)]
    return _SAID_AS.get(found[-1], found[-1]) if found else "多"


def _ordered_amounts(question: str, figures: Sequence[Figure]) -> list[Fraction]:
    """A value for each figure that says its order; none where two figures are not certain of it."""
    is_signed = not _FALLS.search(standard_form(question))
    lows = [-f.high if is_signed and f.is_negative else f.low for f in figures]
    highs = [-f.low if is_signed and f.is_negative else f.high for f in figures]
    middle = [(low + high) / 2 for low, high in zip(lows, highs, strict=True)]
    order = sorted(range(len(figures)), key=lambda at: middle[at])
    for one, other in pairwise(order):
        if not _are_sure(figures[one], figures[other], middle[one], middle[other]):
            return []
    return middle


def _are_sure(less: Figure, more: Figure, low: Fraction, high: Fraction) -> bool:
    """Whether one figure is certainly at most another, 约, 超过 and 不到 considered."""
    if low == high:
        return (less.bound, less.is_rounded) == (more.bound, more.is_rounded)
    if less.bound == more.bound:
        slack = (less.step * less.is_rounded + more.step * more.is_rounded) / 2
        return less.bound != 0 or high - low >= slack
    return less.bound <= 0 <= more.bound or high >= _FAR * low


def _ordered_dates(question: str, figures: Sequence[Figure]) -> list[Fraction]:
    """A value for each date that says its order; none where they are told too differently.

    A date without a year is of the one year that the question names.
    """
    years = [int(year) for year in periods_of(question).years]
    only = years[0] if len(years) == 1 else None
    told = [(f.moment[0] or only, *f.moment[1:]) for f in figures]
    if not all(_are_comparable(one, other) for one in told for other in told):
        return []
    ordered = sorted({_filled(one) for one in told})
    return [Fraction(ordered.index(_filled(one))) for one in told]


def _filled(moment: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(grain or 0 for grain in moment)


def _are_comparable(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Whether the first grain in which two dates differ is told of both."""
    for mine, theirs in zip(one, other, strict=True):
        if mine != theirs:
            return mine is not None and theirs is not None
    return True


def said(ranking: Ranking, named: Sequence[str]) -> str:
    """The order in words, each side as named: 乙（35家）多于甲（20家）."""
    names = [named[at] for at in ranking.order]
    if ranking.is_tie:
        return f"{'和'.join(names)}相同"
    if len(names) == 2:
        return f"{names[0]}{ranking.than}于{names[1]}"
    return f"{names[0]}最{ranking.than}，其次是{'、'.join(names[1:])}"
