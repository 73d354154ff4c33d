"""A question for the course of one thing over days that it names: a part for each of these days.

In goes a question in its standard form, out come parts, or none where it names fewer than two days
or asks for no course. Knows nothing of what the course was.
"""

from __future__ import annotations

import re

from rag.ask.part import MOST_PARTS, Part
from rag.ask.things import filled
from rag.ask.word_lists import TIME, WORDS

_COURSE = re.compile(WORDS["course"])
_ONE = rf"{TIME}[早晚]?"
_JOIN = r"(?:、|和|跟|与|到|至|比|再到|以及|，)"
_TIMES = re.compile(rf"(?:从|自)?(?P<times>{_ONE}(?:{_JOIN}{_ONE})+)(?:之间|期间)?(?:相?比)?[，,]?")
_ASKS = re.compile(
    r"[，,]?(?:的?(?:情况|变化情况))?(?:是|有|都|又|发生了?)*"
    r"(?:(?:怎么|如何|怎样|咋)[^，？]{0,8}|(?:什么|啥|怎样的?|哪些|何)(?:变化|进展|反转|转变)|变化有多大).*$"
)
_LOOSE = "的，,是有在了"


def parts_over_time(question: str) -> tuple[Part, ...]:
    """A part for each named time, the earliest named first; empty where it is no such question."""
    found = _TIMES.search(question)
    if not found or not _COURSE.search(question):
        return ()
    rest = f"{question[: found.start()]}{question[found.end() :]}".rstrip("？?。")
    topic = _ASKS.sub("", rest).strip(_LOOSE)
    if not topic:
        return ()
    printed = re.findall(_ONE, found["times"])
    times = [printed[0], *(filled(printed[0], time) for time in printed[1:])]
    return tuple(Part(f"{time}{topic}是多少？", time) for time in times[:MOST_PARTS])


def asks_for_course(question: str) -> bool:
    """Whether a question asks how something changed."""
    return bool(_COURSE.search(question))


def topic_of(question: str) -> str:
    """What a question asks the course of, as a question for one state of it."""
    topic = _ASKS.sub("", question.rstrip("？?。")).strip(_LOOSE)
    return f"{topic}是什么？" if topic else question
