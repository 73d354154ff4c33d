"""The few things that code can know for certain: a sentence tells of another period or thing.

In go a question and a reading, out comes whether the reading is of what was asked. Each check is
kept only as long as leaving it out costs. Knows nothing of scores.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.read.readings import Reading, standard_text
from rag.text import Periods, designators_in, periods_of, relative_years, standard_form

_ASKS_FOR_DATE = re.compile(r"何时|什么时[候间]|时间|日期|[哪几]一?[年月天日号]|几月几[日号]")


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


@lru_cache(maxsize=64)
def _periods_anywhere(text: str, title: str, date: str | None) -> Periods:
    """The periods that an article names, worked out once for all its sentences."""
    return periods_of(f"{standard_text(text)} {standard_text(title)} {date or ''}", date)


def _are_apart(asked: frozenset[str], told: frozenset[str]) -> bool:
    return bool(asked and told and not asked & told)
