"""A question moved to another period: 2020年呢, 前一年呢, 下半年呢.

Nothing is guessed: 前一年 is counted from a year that the last question names, 去年 stays 去年.
"""

from __future__ import annotations

import re

from rag.queries.frames import GRAINS, PERIOD, Frame
from rag.text import years_in

_STEP = re.compile(r"(?P<back>[前上]一?年度?)|(?:[后下]一?年度?|次年|第二年|转年)")
_YEAR = GRAINS[0]


def in_period(topic: str, previous: str) -> str:
    """The last question about another period; empty when the topic is none."""
    topic = topic.removesuffix("的")
    step, years = _STEP.fullmatch(topic), sorted(years_in(previous))
    if step and years:
        topic = f"{int(years[-1]) + (-1 if step['back'] else 1)}年"
    elif not step and not PERIOD.fullmatch(topic):
        return ""
    return _with_period(topic, previous)


def _with_period(period: str, question: str) -> str:
    """Each grain of the period (year, part, month) in the place of the question's own."""
    for grain in GRAINS:
        new = grain.search(period)
        if not new:
            continue
        period = period.replace(new.group(), "", 1)
        old = grain.search(question)
        if old:
            question = question.replace(old.group(), new.group(), 1)
        else:
            question = _placed(new.group(), question)
    return _placed(period, question) if period else question


def _placed(period: str, question: str) -> str:
    """The question with a period behind its subject, and behind its year."""
    frame = Frame.of(question)
    year = _YEAR.match(frame.middle)
    place = len(frame.subject) + (year.end() if year else 0)
    return f"{question[:place]}{period}{question[place:]}"
