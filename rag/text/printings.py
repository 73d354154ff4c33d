"""Numbers and dates in the one form that all their printings share.

两家 and 2家, 百分之三 and 3%, 1.2亿 and 12000万, 第三季度 and 7月至9月, and 去年 in an article of
2020 and 2019年: told apart by their letters, the same here. Knows nothing of questions or indexes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rag.text.folding import fold
from rag.text.stated import Facts, numbers_of
from rag.text.stated.amounts import COUNTABLE, Amount
from rag.text.stated.dates import Moment
from rag.text.unspaced import as_read

_PART_NAMES = {
    "Q1": "一季度",
    "Q2": "二季度",
    "Q3": "三季度",
    "Q4": "四季度",
    "H1": "上半年",
    "H2": "下半年",
}
_MONTHS_OF = {
    "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12),
}  # fmt: skip
_PART_OF = {months: part for part, months in _MONTHS_OF.items()}
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTHS = re.compile(rf"(?<![\d.十]){_MONTH}月?份?\s*(?:-|—|–|~|至|到)+\s*{_MONTH}月(?:份)?")
_NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百千万亿]")
_YEAR = re.compile(r"\d{4}年")
_NEAR_NUMERALS = re.compile(
    r".{0,4}(?:[\d〇零一二两三四五六七八九十百千万亿]|[上下]半年|[今本去上前明]年|首季).{0,8}"
)
# What a report is of, by its name.
_REPORTS = (
    (re.compile(r"半年报|半年度|\d{4}年?中报"), "上半年"),
    (re.compile(r"一季报"), "一季度"),
)
_UNIT = re.compile(r"[^\d〇零○一二两三四五六七八九十百千万亿.,点]*$")
_MOST_ZEROS = 10**8, 10**4
_SCALE_NAMES = {10**8: "亿", 10**4: "万"}
_WHOLE_PERCENT = 100
_SAME_IN_CHARACTERS = 10


class Periods(NamedTuple):
    """Years, months, and quarters or halves: ``2019``, ``7月``, ``三季度``."""

    years: frozenset[str]
    months: frozenset[str]
    parts: frozenset[str]


class Printing(NamedTuple):
    """A number or date that has a plainer printing: its range, as printed, and that one."""

    start: int
    end: int
    printed: str
    plain: str


def number_terms(text: str, written: str | None = None) -> list[str]:
    """A term for each number with a unit and each year, month, quarter or half of a text.

    Of two printings of the same the terms are the same. ``written`` is the article's date, against
    which 去年 is read; without it 去年 gives no term.
    """
    # Most of a text is no number: the patterns read only what stands near one.
    near = "\n".join(_NEAR_NUMERALS.findall(as_read(text).text))
    if not near:
        return []
    amounts, moments, folded = numbers_of(near, written)
    found = [term for amount in amounts for term in _amount_terms(amount)]
    years, months, parts = _periods(moments, folded)
    # A year in digits is a term already.
    return [*found, *sorted(year for year in years if year not in near), *sorted(months | parts)]


@lru_cache(maxsize=4096)
def periods_of(text: str, written: str | None = None) -> Periods:
    """Years, months, and quarters or halves of a text, whatever way they are printed.

    ``written`` is the article's date, against which 去年 is read; without it 去年 is no year. The
    months that a quarter or half is printed by (7月至9月) are that quarter, and no months.
    """
    return _periods(Facts.of(text, written).moments, fold(text))


@lru_cache(maxsize=4096)
def relative_years(text: str) -> frozenset[str]:
    """The years that a text names only as seen from its own; 去年 and 上年 are one and the same."""
    named = (moment.parts.get("year", frozenset()) for moment in Facts.of(text).moments)
    return frozenset(year for values in named for year in values if not year.isdigit())


def plainer_printings(text: str) -> list[Printing]:
    """What a text prints in characters where digits are plainer: 两家 2家, 二〇一九年 2019年."""
    facts = Facts.of(text)
    folded = fold(text)
    found = [
        Printing(a.start, a.end, text[a.start : a.end], plain)
        for a in facts.amounts
        if (plain := _plain_amount(a))
    ]
    spans = list(_month_spans(folded))
    found += [Printing(a, b, text[a:b], _PART_NAMES[part]) for a, b, part in spans]
    found += [
        Printing(m.start, m.end, text[m.start : m.end], plain)
        for m in facts.moments
        if not any(a <= m.start < b for a, b, _ in spans) and (plain := _plain_moment(m))
    ]
    return sorted(found)


def periods_as_named(text: str) -> str:
    """The text with months that make a quarter or a half called by its name: 7月至9月 is 三季度."""
    for start, end, part in reversed(list(_month_spans(fold(text)))):
        text = f"{text[:start]}{_PART_NAMES[part]}{text[end:]}"
    return text


def with_years_in_digits(text: str) -> str:
    """The text with its years in digits, as nearly all texts print them: 二〇一九年 is 2019年."""
    for found in reversed(plainer_printings(text)):
        if _YEAR.match(found.plain):
            text = f"{text[: found.start]}{found.plain}{text[found.end :]}"
    return text


def _amount_terms(amount: Amount) -> Iterator[str]:
    if not amount.dimension or _is_article(amount):
        return
    kind = "个" if amount.dimension in COUNTABLE - {"persons"} else amount.dimension
    for value in amount.values:
        yield f"{'#' if amount.is_ordinal else '='}{value}{kind}"


def _is_article(amount: Amount) -> bool:
    """Whether it is the 一 of 一次 and 一种, which mostly counts nothing."""
    return amount.printed.startswith("一") and amount.values == {amount.factor}


def _periods(moments: Sequence[Moment], folded: str) -> Periods:
    spans = list(_month_spans(folded))
    years: set[str] = set()
    months: set[str] = set()
    parts = {_PART_NAMES[part] for *_, part in spans}
    parts |= {part for name, part in _REPORTS if name.search(folded)}
    for moment in moments:
        years |= {year for year in moment.parts.get("year", ()) if year.isdigit()}
        parts |= {_PART_NAMES[part] for part in moment.parts.get("part", ())}
        if not any(a <= moment.end - 1 < b or a <= moment.start < b for a, b, _ in spans):
            named = moment.parts.get("month", ())
            months |= {f"{month}月" for month in named if month.isdigit()}
    return Periods(frozenset(years), frozenset(months), frozenset(parts))


def _month_spans(folded: str) -> Iterator[tuple[int, int, str]]:
    """Months from one to another that make a quarter or a half."""
    for match in _MONTHS.finditer(folded):
        (first, *_), (last, *_) = (
            (moment.parts["month"])
            for moment in Facts.of(match[0]).moments
            if "month" in moment.parts
        )
        part = _PART_OF.get((int(first), int(last)))
        if part:
            yield match.start(), match.end(), part


def _plain_amount(amount: Amount) -> str:
    """A number in digits with its unit; empty where it is printed so already, or is uncertain."""
    printed = amount.printed
    is_in_characters = bool(_NUMERAL.match(printed.lstrip("第百千万分之"))) or "分之" in printed
    if len(amount.values) != 1 or not amount.dimension or _is_article(amount):
        return ""
    (value,) = amount.values
    if amount.dimension == "ratio":
        is_plain = printed.endswith("%") or "‰" in printed
        return "" if is_plain else f"{_digits(value * _WHOLE_PERCENT)}%"
    if not is_in_characters or printed[0] in "万亿":
        return ""
    unit = _UNIT.search(printed)
    if amount.is_ordinal and value <= _SAME_IN_CHARACTERS:
        return ""  # nobody prints 第2个
    ordinal = "第" if amount.is_ordinal else ""
    return f"{ordinal}{_digits(value / amount.factor)}{unit.group() if unit else ''}"


def _plain_moment(moment: Moment) -> str:
    """A date in digits; empty where it is printed so already, or is relative."""
    order = (("year", "{}年"), ("part", "{}"), ("month", "{}月"), ("day", "{}日"))
    if not set(moment.parts) <= {name for name, _ in order} or any(
        len(values) != 1 for values in moment.parts.values()
    ):
        return ""
    pieces = {name: next(iter(values)) for name, values in moment.parts.items()}
    if not all(value.isdigit() for name, value in pieces.items() if name != "part"):
        return ""
    pieces |= {"part": _PART_NAMES[pieces["part"]]} if "part" in pieces else {}
    plain = "".join(form.format(pieces[name]) for name, form in order if name in pieces)
    return "" if plain in moment.printed.replace("号", "日") else plain


def _digits(value: Fraction) -> str:
    """1200 as 1200, 120000000 as 1.2亿: what a reader takes in at a glance."""
    scale = next((s for s in _MOST_ZEROS if value >= s), 1)
    number = value / scale
    printed = (
        f"{float(number):.4f}".rstrip("0").rstrip(".") if number.denominator > 1 else f"{number}"
    )
    return f"{printed}{_SCALE_NAMES.get(scale, '')}"
