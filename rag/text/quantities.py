"""Numbers with their units, and dates, as they are printed in Chinese prose.

Only finds them: nothing is rewritten, and a bare Chinese numeral without a unit is no quantity
(一些, 一直, 统一 are words).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_CHINESE = r"[一二两三四五六七八九十百千万亿零〇]+"
_UNIT_CHARACTERS = (
    "个家名位人户口次种类项条座所处件台套辆艘架栋幢间层亩吨元天年月日周岁米公里平方千克升度倍批届期"
    "场篇部本册支只头颗棵株块片张份封号路站所门间组队团班级代版轮步大点分秒时小字箱"
)
_UNIT = (
    r"(?:万|亿|千|百)*(?:余|多|几)?(?:万|亿)?"
    r"(?:平方公里|平方米|立方米|千瓦时|千瓦|万千瓦|公里|千米|毫米|厘米|公顷|公斤|千克|美元|欧元|英镑|日元|人民币|"
    r"个百分点|百分点|小时|分钟|人次|个月|周年|世纪|[" + _UNIT_CHARACTERS + r"])?"
    r"(?:以上|以下|左右|余)?"
)
_QUANTITY = re.compile(
    rf"(?P<ordinal>第)?(?P<number>百分之{_CHINESE}|{_DIGITS}(?:\s*[-—~～至到]\s*{_DIGITS})?|{_CHINESE})"
    rf"(?P<unit>[%％‰]|{_UNIT})"
)
_DATE = re.compile(
    r"(?:\d{4}|[一二][〇零一二三四五六七八九]{3})年(?:底|初|中旬?|末|上半年|下半年|[一二三四]季度)?"
    r"(?:(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:底|初|中旬|上旬|下旬|末)?)?(?:\d{1,2}[日号])?"
    r"|(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|中旬|上旬|下旬|末)?(?:\d{1,2}[日号])?"
    r"|\d{4}-\d{1,2}-\d{1,2}|[“\"]?十[一二三四五]五[”\"]?(?:期间|时期|规划)?"
    r"|(?:周|星期|礼拜)[一二三四五六日天]|(?<!\d)\d{1,2}[:：][0-5]\d(?!\d)"
    r"|(?:公元前|公元)\d+年?|\d{1,2}世纪(?:\d0年代)?|\d{1,4}年代"
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d{2}(?!\d)")
_MONTH = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月")
_PART_OF_YEAR = re.compile(r"[一二三四]季度|[上下]半年")


class Quantity(NamedTuple):
    """A number as printed: its range in the text, its number part and its unit part."""

    start: int
    end: int
    number: str
    unit: str


def find_quantities(text: str) -> list[Quantity]:
    """Numbers with their units in order; a Chinese numeral counts only with a unit."""
    found = []
    for match in _QUANTITY.finditer(text):
        number, unit = match["number"], match["unit"]
        if match["ordinal"] is None and number[0] not in "0123456789百" and not unit:
            continue
        found.append(Quantity(match.start(), match.end(), number, unit))
    return found


def units_in(text: str) -> frozenset[str]:
    """The units of the numbers in a text; one without any has the unit that is empty."""
    return frozenset(found.unit for found in find_quantities(text))


def find_dates(text: str) -> list[tuple[int, int]]:
    """Ranges of dates: years, months, days, seasons, five-year plans, centuries."""
    return [match.span() for match in _DATE.finditer(text)]


def periods_in(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Years, months, and quarters or halves named in the text."""
    return (
        frozenset(_YEAR.findall(text)),
        frozenset(month.lstrip("0") for month in _MONTH.findall(text)),
        frozenset(_PART_OF_YEAR.findall(text)),
    )


def years_in(text: str) -> set[str]:
    """Four-digit years named in the text."""
    return set(_YEAR.findall(text))
