"""The few things that code can know for certain: a sentence tells of another period or thing.

In go a question and a reading, out comes whether the reading is of what was asked. Each check is
kept only as long as leaving it out costs. Knows nothing of scores.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from rag.citations.places import PLACES
from rag.datatypes import Article
from rag.models.reader import Turn
from rag.read.readings import Reading, standard_text
from rag.text import (
    Facts,
    Periods,
    designators_in,
    month_spans,
    periods_of,
    relative_years,
    standard_form,
    tagged_words,
    value_of,
)

T = TypeVar("T")
_ASKS_FOR_DATE = re.compile(r"何时|什么时[候间]|时间|日期|[哪几]一?[年月天日号]|几月几[日号]")

# Capitals stand for their states, and what is told of a state or a continent need not name it.
_LOOSELY_NAMED = frozenset(
    (
        "中国",
        "欧洲",
        "非洲",
        "亚洲",
        "东京",
        "首尔",
        "莫斯科",
        "基辅",
        "伦敦",
        "巴黎",
        "柏林",
        "罗马",
        "马德里",
        "华盛顿",
        "新德里",
    )
)
_NAMES = ("nr", "ns", "nt", "nz", "eng")
_ASKS_WHY = re.compile(r"为什么|为何|为啥|怎么|如何|怎样")
# Words with a numeral in them that count nothing, and what else says how much.
_NO_FIGURE = re.compile(
    r"一(?:大?批|些|系列|定|直|起|方面|样|般|步|致|律|旦|度|切|边|时|向|体|线|流|带|路|并|同|再)"
    r"|统一|唯一|第一|同一|专一|万一|十分|百姓|三农|万物"
)
_COUNTED = re.compile(
    r"[\d〇零一二两三四五六七八九十百千万亿半双俩仨数几倍无未没待]|全部|所有|翻番|免费|不详|保密"
)
_TITLED = re.compile(r"《([^》]+)》")
_NUMERAL = r"(?P<number>[零〇一二三四五六七八九十百]{1,6}|\d{1,3})"
_PROVISION = re.compile(rf"^\W{{0,4}}第{_NUMERAL}条(?!例)", re.MULTILINE)
_PROVISION_ASKED = re.compile(rf"(?<!违反)(?<!根据)(?<!按照)(?<!依据)第{_NUMERAL}条(?!例)")


def is_of_period(question: str, reading: Reading) -> bool:
    """Whether the sentence can be of the year, month or part of a year that a question names.

    These may stand anywhere in the article, and words like 去年 in the sentence, unless the
    sentence names others. Of several years or months (2019年和2020年) one is enough, and an article
    that names no year may be of any. The question is in its standard form.
    """
    article = reading.article
    asked, relative = periods_of(question, article.date), relative_years(question)
    if not any(asked) and not relative and not month_spans(question):
        return True
    sentence = standard_form(reading.told)
    told = periods_of(sentence, article.date)
    if not article.date and _are_apart(relative, relative_years(sentence)):
        return False  # without a date 去年 is no year, and yet another than 今年
    if not _ASKS_FOR_DATE.search(question):  # another may be the answer to that
        if any(map(_are_apart, asked, told)):
            return False
        if _are_apart(month_spans(question), month_spans(sentence)):
            return False  # 前7月 is not 上半年
    anywhere = _periods_anywhere(article.text, article.full_title, article.date)
    is_of_year = not asked.years or not anywhere.years or bool(asked.years & anywhere.years)
    return is_of_year and (not asked.months or bool(asked.months & anywhere.months))


def is_of_day(question: str, reading: Reading) -> bool:
    """Whether the sentence can be of the day, or of one of the days, that a question names.

    A sentence that names no day can be of any. The question is in its standard form.
    """
    asked = _days(question, reading.article.date)
    if not asked or _ASKS_FOR_DATE.search(question):
        return True
    sentence = standard_text(reading.article.text)[reading.sentence.start : reading.sentence.end]
    return _overlap(asked, _days(sentence, reading.article.date))


def is_of_places(question: str, reading: Reading) -> bool:
    """Whether the provinces, cities and countries that a question names stand in the article.

    What is told of 台州 is no answer about 宁波. The title and the path of the file count, too. The
    question is in its standard form.
    """
    asked = _places(question)
    if not asked:
        return True
    told = told_by(reading.article)
    return all(place in told for place in asked)


def is_of_subject_before(turn: Turn, reading: Reading) -> bool:
    """Whether the article names something that the question before names.

    What names nothing itself (违反的人会怎么样) is about what the question before it is about.
    Where neither has a name, nothing is known.
    """
    asked = _names(turn.before[0]) if turn.before else frozenset()
    if not asked or _names(turn.question):
        return True
    told = told_by(reading.article)
    return any(name in told for name in asked)


def is_of_designators(question: str, reading: Reading) -> bool:
    """Whether the numbers and codes that tell one thing from its like stand in the article.

    第十二条 is not 第二十条, A2 not A1, 丙组 not 甲组; the path of the file counts, too.
    """
    asked = designators_in(question)
    if not asked:
        return True
    told = told_by(reading.article)
    known = designators_in(told)
    return all(one in known or _is_told_as_day(one, told) for one in asked)


def _is_told_as_day(designator: str, told: str) -> bool:
    """Whether what may be a designator is a day that is told of: 24号 and 24日."""
    day = re.fullmatch(r"(\d+)号", designator)
    return bool(day and re.search(rf"(?<!\d){day[1]}日", told))


def told_by(article: Article) -> str:
    """All that an article says, with its title and the path of its file, in the standard form."""
    return standard_text(f"{article.text}\n{article.full_title}\n{article.source}")


@lru_cache(maxsize=1024)
def _places(text: str) -> frozenset[str]:
    """The places of the gazetteer that a text names, without 省 and 市."""
    words = (word for word, _ in tagged_words(text))
    bare = (word if word in PLACES else word.rstrip("省市县") for word in words)
    return frozenset(bare) & PLACES - _LOOSELY_NAMED


@lru_cache(maxsize=1024)
def _names(text: str) -> frozenset[str]:
    """The names in a text, by the classes of rjieba's words, and what it has in title marks."""
    words = {
        word
        for word, tag in tagged_words(text)
        if word in PLACES or (tag.startswith(_NAMES) and len(word) > 1)
    }
    return frozenset(words.union(_TITLED.findall(text)))


@lru_cache(maxsize=4096)
def _days(text: str, written: str | None) -> frozenset[tuple[int, int]]:
    """Month and day, month 0 where it is not told, of each day that a text names."""
    found = set()
    for moment in Facts.of(text, written).moments:
        months = [int(one) for one in moment.known.get("month", ()) if one.isdigit()]
        days = [int(one) for one in moment.known.get("day", ()) if one.isdigit()]
        if len(days) == 1 and len(months) < 2:
            found.add((months[0] if months else 0, days[0]))
    return frozenset(found)


def _overlap(asked: frozenset[tuple[int, int]], told: frozenset[tuple[int, int]]) -> bool:
    """Whether the days from the first to the last of either meet; by day where no month is told."""
    if not told:
        return True
    if any(month == 0 for month, _ in (*asked, *told)):
        asked, told = (frozenset((0, day) for _, day in days) for days in (asked, told))
    return min(asked) <= max(told) and min(told) <= max(asked)


def is_of_count(question: str, reading: Reading) -> bool:
    """Whether the sentence can tell how many or how much, where a question asks 多少.

    It has a figure, or a word for one (一半, 免费), or says that there is none yet. 一批 is none.
    """
    if "多少" not in question or _ASKS_WHY.search(question) or reading.saying:
        return True
    return bool(_COUNTED.search(_NO_FIGURE.sub("", standard_form(reading.told))))


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


def _are_apart(asked: frozenset[T], told: frozenset[T]) -> bool:
    return bool(asked and told and not asked & told)
