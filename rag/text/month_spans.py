"""From which month to which something is told: 上半年 is 1 to 6, 前7月 is 1 to 7, 9月 is 9 to 9.

Knows nothing of years. A day (7月15日) is no span of months, and what something is held against
(较一季度, 比8月) is not what is told of.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text.folding import fold
from rag.text.stated.numerals import value_of

MonthSpan = tuple[int, int]

_NUMERAL = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_SPAN = re.compile(
    rf"(?<![\d.十之较比跟])(?P<first>{_NUMERAL})月?份?\s*(?:-|—|–|~|至|到)+\s*(?P<last>{_NUMERAL})月(?![\d一二三十]+[日号])"
    rf"|[前头首](?P<months>(?!一个){_NUMERAL}|两)个?月"
    r"|[前头首](?P<quarters>[两二三23])个?季度?(?!节|赛|军)"
    r"|(?<![较比跟])第?(?P<quarter>[一二三四首1-4])季(?:度|报|末)"
    r"|(?<![较比跟])(?P<half>上半年|半年[报度]|年中报|下半年)"
    rf"|(?<![\d.十至到前头首哪几较比跟—–~-])(?P<month>{_NUMERAL})月(?:份)?(?!\s*(?:[\d一二三十]+[日号]|[上中下]旬|[初中底末]|以[前后]|[起至到—–~-]))"
)
_QUARTER = 3
_LAST = 12


@lru_cache(maxsize=4096)
def month_spans(text: str) -> frozenset[MonthSpan]:
    """First and last month of each span that a text names, whatever the year."""
    return frozenset(map(_span, _SPAN.finditer(fold(text))))


def _span(match: re.Match[str]) -> MonthSpan:
    if match["first"]:
        return _number(match["first"]), _number(match["last"])
    if match["months"]:
        return 1, _number(match["months"])
    if match["quarters"]:
        return 1, _QUARTER * _number(match["quarters"])
    if match["quarter"]:
        last = _QUARTER * (1 if match["quarter"] == "首" else _number(match["quarter"]))
        return last - _QUARTER + 1, last
    if match["half"]:
        return (7, _LAST) if match["half"] == "下半年" else (1, 6)
    return _number(match["month"]), _number(match["month"])


def _number(numeral: str) -> int:
    value = value_of(numeral)
    return int(value) if value is not None else 0
