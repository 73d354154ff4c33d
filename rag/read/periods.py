"""A question's period in the words of the passage that is read: 2020年 is 去年 in a text of 2021.

In go a turn, a passage and the date of its article, out comes the turn as it is asked of that
passage. The reader knows no dates but those that it sees; whether the periods are one and the same
is certain here. Knows nothing of readings.
"""

from __future__ import annotations

import re

from rag.models.reader import Turn
from rag.text import Facts, Moment, periods_as_named, value_of

_GRAINS = ("year", "part", "month", "day")
_PROVISION = re.compile(r"第(?P<number>[零〇一二三四五六七八九十百]{1,6}|\d{1,3})[条款章]")


def in_words_of(turn: Turn, text: str, written: str | None) -> Turn:
    """The turn with each period as the text prints it, where it prints the same one otherwise.

    All are in their standard form. ``written`` is the article's date, against which 去年 is read.
    Only what the question names by itself is looked for: its 去年 is that of who asks.
    """
    turn = turn._replace(question=_provisions_as_in(text, turn.question))
    question = periods_as_named(turn.question)
    asked = [one for one in Facts.of(question).moments if _is_period(one)]
    if not asked:
        return turn
    told = Facts.of(text, written).moments
    for one in reversed(asked):
        if one.printed not in text:
            same = next((other.printed for other in told if _is_same(one, other)), one.printed)
            question = question[: one.start] + same + question[one.end :]
    return turn._replace(question=question)


def _is_period(one: Moment) -> bool:
    return set(one.parts) <= set(_GRAINS) and all(
        grain == "part" or all(value.isdigit() for value in values)
        for grain, values in one.parts.items()
    )


def _is_same(asked: Moment, told: Moment) -> bool:
    """Whether what is told is the period asked for, and neither a part of it nor more."""
    return _finest(asked) == _finest(told) and asked.is_told_by(told)


def _finest(one: Moment) -> str:
    return max(one.parts, key=lambda grain: _GRAINS.index(grain) if grain in _GRAINS else 9)


def _provisions_as_in(text: str, question: str) -> str:
    """The question with its 第12条 as the text prints it: 第十二条, or the other way round."""
    for asked in _PROVISION.finditer(question):
        if asked[0] in text:
            continue
        value = value_of(asked["number"])
        same = (one[0] for one in _PROVISION.finditer(text) if value_of(one["number"]) == value)
        question = question.replace(asked[0], next(same, asked[0]))
    return question
