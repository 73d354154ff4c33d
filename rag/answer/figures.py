"""The figures of a quote, as values that can be compared and added: 1.2万亩, 8月3日, 9～10级.

In go a sentence, the words of it that answer, and its article's date; out come figures, the
likeliest first. Knows nothing of questions, nor of what is made of the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.text import COUNTABLE, Facts, Range, clauses, standard_form, tagged_words
from rag.text.stated.amounts import Amount
from rag.text.stated.dates import Moment

MOMENT = "moment"
_GRAINS = ("year", "month", "day", "hour", "minute")
_JOINT = re.compile(r"\s*(?:-|—|–|~|～|至|到)\s*")
_MORE = re.compile(r"(?:不少于|不低于|至少|多于)\D{0,8}$|(?:超过?|逾|突破|高达)\D{0,2}$")
_LESS = re.compile(r"(?:不超过|不多于|至多|少于|不足)\D{0,8}$|(?:不到|低于|最多|接?近)\D{0,2}$")
_MORE_BEHIND = re.compile(r"^(?:多|余|以上)")
_NEGATIVE = re.compile(
    r"(?:(?<!\d)[-－\u2212]|负|(?:[跌降]幅?|下[跌降滑]|减少|亏损?|[跌降亏]去?)(?:了|约|为|近|超)?)$"
)
_SPANS = frozenset({"months", "span"})
_PERIOD = re.compile(r"(?:近|过去|未来|此前|前|最近)$")
_PLANNED = re.compile(r"计划|拟|目标|力争|规划|预计|预期|有望")
_NUMBER = re.compile(r"(?:[百千万]分之)?(?:[\d,.，]+|[零〇一二两三四五六七八九十百千万亿点]+)\s*")
_UNIT_CHARS = 3
_BEFORE = 14  # characters that may say how a figure is bounded
_UNIT_TAGS = frozenset({"q", "n", "m"})
_OUTSIDE = 100  # what is not among the words that answer comes after all that is
_FAR = 2 * _OUTSIDE  # and what stands in other clauses after that


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, a range of numbers or a date as printed.

    ``low`` and ``high`` are in the first unit of its ``kind``, ``scale`` is what one of its printed
    ``unit`` is worth. ``bound`` is 1 for 超过, -1 for 不到; ``moment`` are year to minute, None
    where not told. ``rank`` counts from the likeliest; ``clause`` is the one that it stands in.
    """

    printed: str
    kind: str
    rank: int
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    unit: str = ""
    scale: Fraction = Fraction(1)
    step: Fraction = Fraction(0)
    bound: int = 0
    is_rounded: bool = False
    is_negative: bool = False
    is_planned: bool = False
    clause: str = ""
    moment: tuple[int | None, ...] = ()
    is_of_unknown_year: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether it is among the words that answer."""
        return self.rank < _OUTSIDE

    @property
    def is_near(self) -> bool:
        """Whether it stands in a clause of the words that answer."""
        return self.rank < _FAR


def figures_in(
    text: str, facts: Sequence[Range], written: str | None, *, are_all: bool = False
) -> list[Figure]:
    """The figures of the clauses that hold some words of a text; those among the words first.

    With ``are_all`` those of the other clauses, too, the last.
    """
    stated = Facts.of(text, written)
    near = [
        clause
        for clause in clauses(text)
        if any(clause.start < fact.end and fact.start < clause.end for fact in facts)
    ]
    found = [_of_amount(text, one) for one in stated.amounts if not one.is_ordinal]
    ranges = _joined(text, [one for one in found if one])
    placed = [
        *ranges,
        *((_of_moment(one), Range(one.start, one.end)) for one in stated.moments),
    ]
    kept: list[Figure] = []
    for figure, place in sorted(placed, key=lambda one: one[1].start):
        is_inside = any(fact.start < place.end and place.start < fact.end for fact in facts)
        is_near = is_inside or any(c.start <= place.start < c.end for c in near)
        if is_near or are_all:
            rank = len(kept) + (0 if is_inside else _OUTSIDE if is_near else _FAR)
            own = next((c for c in clauses(text) if c.start <= place.start < c.end), None)
            clause = text[own.start : own.end] if own else ""
            kept.append(replace(figure, rank=rank + figure.rank, clause=clause))
    return sorted(kept, key=lambda one: one.rank)


def alike(
    sides: Sequence[Sequence[Figure]], *, of_dates: bool | None, first: str = ""
) -> tuple[Figure, ...]:
    """A figure of each side, all of one kind, the likeliest ones; empty where there is no kind.

    Only dates, or with False none; with None, where there are no amounts of one kind. A number
    without a unit goes with any where it is among the words that answer and no kind is asked for:
    else it may be a code. The kind ``first``, where one is asked for, comes before all others, and
    may stand in other clauses.
    """
    found: list[tuple[Figure, ...]] = []
    for kind in dict.fromkeys(figure.kind for side in sides for figure in side):
        is_date = kind == MOMENT
        own = [[one for one in side if _is_of_kind(one, kind, first)] for side in sides]
        if of_dates in (None, is_date) and all(own):
            found.append(tuple(min(one, key=lambda figure: figure.rank) for one in own))

    def unlikely(chosen: tuple[Figure, ...]) -> tuple[bool, bool, int]:
        kind = next((figure.kind for figure in chosen if figure.kind), "")
        return kind != first, kind == MOMENT, sum(figure.rank for figure in chosen)

    return min(found, key=unlikely, default=())


def _is_of_kind(figure: Figure, kind: str, first: str) -> bool:
    if not figure.kind:
        return kind != MOMENT and not first and figure.is_inside
    return figure.kind == kind and (figure.is_near or kind == first)


def _of_amount(text: str, amount: Amount) -> tuple[Figure, Range] | None:
    """The figure of an amount with one value, whatever its unit."""
    if len(amount.values) != 1:
        return None
    (value,) = amount.values
    end, kind = amount.end, amount.dimension
    if not kind:
        behind = _unit_behind(text, amount.end)
        end, kind = amount.end + len(behind), behind
    unit = _NUMBER.sub("", text[amount.start : end], count=1)
    if kind in COUNTABLE and kind != "persons":
        kind = "个"
    if kind == "days":
        kind, value = "span", value * 86400
    before, rest = text[max(0, amount.start - _BEFORE) : amount.start], text[amount.end :]
    before = standard_form(re.split("[，。；、]", before)[-1])
    bound = 1 if _MORE.search(before) or _MORE_BEHIND.match(rest) else 0
    is_period = kind in _SPANS and bool(_PERIOD.search(before))
    figure = Figure(
        printed=text[amount.start : end],
        kind=kind,
        rank=_OUTSIDE // 2 if is_period else 0,
        low=value,
        high=value,
        unit=unit,
        scale=amount.scale if amount.dimension != "days" else amount.scale * 86400,
        step=amount.step,
        bound=-1 if _LESS.search(before) else bound,
        is_rounded=amount.is_rounded,
        is_negative=bool(_NEGATIVE.search(before)),
        is_planned=bool(_PLANNED.search(_clause_before(text, amount.start))),
    )
    return figure, Range(amount.start, end)


def _clause_before(text: str, end: int) -> str:
    return re.split("[，。；]", standard_form(text[:end]))[-1]


def _unit_behind(text: str, end: int) -> str:
    """The word behind a number that may be its unit."""
    behind = re.match(r"[^\W\d_]{0,6}", text[end:])
    if not behind or not behind[0]:
        return ""
    word, tag = tagged_words(standard_form(behind[0]))[0]
    return text[end : end + len(word)] if tag in _UNIT_TAGS and len(word) <= _UNIT_CHARS else ""


def _joined(text: str, found: Sequence[tuple[Figure, Range]]) -> list[tuple[Figure, Range]]:
    """The figures, those from one number to another as one: 9～10级."""
    kept: list[tuple[Figure, Range]] = []
    for figure, place in found:
        if kept:
            last, before = kept[-1]
            if last.kind == figure.kind and _JOINT.fullmatch(text[before.end : place.start]):
                place = Range(before.start, place.end)
                printed = text[place.start : place.end]
                figure = replace(figure, printed=printed, low=last.low)
                kept.pop()
        kept.append((figure, place))
    return kept


def _of_moment(moment: Moment) -> Figure:
    """The figure of a date: its grains from the year down, as far as each is certain."""
    grains: list[int | None] = []
    for grain in _GRAINS:
        digits = [int(value) for value in moment.known.get(grain, ()) if value.isdigit()]
        grains.append(digits[0] if len(digits) == 1 else None)
    is_relative = "year" in moment.parts and grains[0] is None
    return Figure(
        printed=moment.printed,
        kind=MOMENT,
        rank=0,
        moment=tuple(grains),
        is_of_unknown_year=is_relative,
    )
