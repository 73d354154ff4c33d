"""The few things that code can know for certain: a sentence tells of another period or thing.

In go a question and a reading, out comes whether the reading is of what was asked. Each check is
kept only as long as leaving it out costs. Knows nothing of scores.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from rag.read.readings import Reading, standard_text
from rag.text import Periods, designators_in, periods_of, relative_years, standard_form, value_of

_ASKS_FOR_DATE = re.compile(r"何时|什么时[候间]|时间|日期|[哪几]一?[年月天日号]|几月几[日号]")

_NUMERAL = r"(?P<number>[零〇一二三四五六七八九十百]{1,6}|\d{1,3})"
_PROVISION = re.compile(rf"^\W{{0,4}}第{_NUMERAL}条(?!例)", re.MULTILINE)
_PROVISION_ASKED = re.compile(rf"(?<!违反)(?<!根据)(?<!按照)(?<!依据)第{_NUMERAL}条(?!例)")


def is_of_period(question: str, reading: Reading) -> bool:
    """Whether the sentence can be of the year, month or part of a year that a question names.

    These may stand anywhere in the article, and words like 去年 in the sentence, unless the
    sentence names others. The question is in its standard form.
    """
    article = reading.article
    asked, relative = periods_of(question, article.date), relative_years(question)
    if not any(asked) and not relative:
        return True
    sentence = standard_form(reading.told)
    told = periods_of(sentence, article.date)
    if not article.date and _are_apart(relative, relative_years(sentence)):
        return False  # without a date 去年 is no year, and yet another than 今年
    if not _ASKS_FOR_DATE.search(question) and any(map(_are_apart, asked, told)):
        return False  # where a date is asked for, another may be the answer
    anywhere = _periods_anywhere(article.text, article.full_title, article.date)
    return asked.years <= anywhere.years and asked.months <= anywhere.months


def is_of_designators(question: str, reading: Reading) -> bool:
    """Whether the numbers and codes that tell one thing from its like stand in the article.

    第十二条 is not 第二十条, A2 not A1, 丙组 not 甲组; the path of the file counts, too.
    """
    asked = designators_in(question)
    if not asked:
        return True
    article = reading.article
    told = f"{article.text}\n{article.full_title}\n{article.source}"
    return asked <= designators_in(standard_text(told))


def is_of_provision(question: str, reading: Reading) -> bool:
    """Whether the sentence stands in the provision (第十二条) that a question asks about.

    Where the article has no line that begins with it, nothing is known.
    """
    asked = _PROVISION_ASKED.search(question)
    number = value_of(asked["number"]) if asked else None
    if number is None:
        return True
    starts = _provisions(reading.article.text)
    own = [start for start, found in starts if found == number]
    if not own:
        return True
    ends = [start for start, _ in starts if start > own[0]]
    return own[0] <= reading.sentence.start < (ends[0] if ends else len(reading.article.text))


@lru_cache(maxsize=64)
def _provisions(text: str) -> tuple[tuple[int, Fraction | None], ...]:
    """Where the provisions of a law or contract begin, and their numbers."""
    return tuple((one.start(), value_of(one["number"])) for one in _PROVISION.finditer(text))


@lru_cache(maxsize=64)
def _periods_anywhere(text: str, title: str, date: str | None) -> Periods:
    """The periods that an article names, worked out once for all its sentences."""
    return periods_of(f"{standard_text(text)} {standard_text(title)} {date or ''}", date)


def _are_apart(asked: frozenset[str], told: frozenset[str]) -> bool:
    return bool(asked and told and not asked & told)
