"""A question that compares subjects, taken apart into one question for each of them.

Knows only the words of the question: in front of a cue (分别, 各有, 相比, 哪个……更, 比……多) stand
the subjects (``rag.queries.compared``); what is asked may stand before them, behind each of them,
or behind the cue (``rag.queries.asked_of_each``).
"""

from __future__ import annotations

import re

from rag.queries.asked_of_each import DEGREES, asked_of_each, judges
from rag.queries.asking import content_of
from rag.queries.compared import ASKS_A_FACT, asked_about
from rag.queries.frames import PERIOD
from rag.queries.subjects import names_by_ending

_ALWAYS = re.compile(
    rf"[，,？?]?\s*(?:各(?![种类项级方部区个位族国省市县界地式])|分别|相比|比起来|比一[比下]|相差|差多少|"
    rf"差距|的?对比(?:如何|怎么?样|一下)?$|"
    rf"都(?=[是在有于为]?(?:哪|几|谁|什么|多[少大高长远久]))|"
    rf"[多少][^，,]{{0,4}}(?:多少|几)|[高低大小早晚快慢长](?:了|出)?(?:多少|几)|"
    rf"(?<![同环占对相配])比(?=[，,])|(?<!多)更?[{DEGREES}]一?[些点]?$|在[先前后]$)"
)
_LEAD = re.compile(r"^(?:请问|请)?(?:帮我)?(?:(?P<verb>(?:对比|比较)(?:一下)?)|把|将)?")
_HAS_DEGREE = re.compile(rf"更|最|先|(?<!多)[{DEGREES}](?=[，,？?]|$)")
_OR = re.compile(r"(?<!同时)还是")
_LAST_CLAUSE = re.compile(r"[，,](?P<clause>[^，,]*)$")
_OF_PERIODS = re.compile(
    rf"(?P<first>{PERIOD.pattern})(?:和|与|跟|及|、|还是)(?P<second>{PERIOD.pattern})"
)


def split_comparison(question: str) -> tuple[str, ...]:
    """One stand-alone question for each compared subject; empty when nothing is compared."""
    bare = question.rstrip("？?。 ")
    lead = _LEAD.match(bare)
    head, tail = _around_cue(bare[lead.end() :] if lead else bare)
    if not tail and not (lead and lead["verb"]):
        return ()
    last = _LAST_CLAUSE.search(head)
    if last and (subjects := _subjects(head[: last.start()])):  # 甲和乙，面积各是多少
        tail = last["clause"] + tail
    else:
        subjects = _subjects(head)
    if subjects:
        asked = asked_of_each(tail)
        return tuple(f"{subject}{asked}？" for subject in subjects)
    return _around_two_names(bare) if _HAS_DEGREE.search(tail) or _ALWAYS.search(bare) else ()


def _subjects(head: str) -> tuple[str, ...]:
    """What is compared, each with what is asked about it, as far as the cue shows it."""
    return _of_periods(head) or asked_about(head)


def _of_periods(head: str) -> tuple[str, ...]:
    """The same of two periods: 甲2019年和2020年的产值."""
    match = _OF_PERIODS.search(head)
    if not match:
        return ()
    before, behind = head[: match.start()], head[match.end() :]
    return tuple(f"{before}{match[period]}{behind}" for period in ("first", "second"))


def _around_two_names(question: str) -> tuple[str, ...]:
    """The question cut before the second of two names, for wordings that no joiner shows."""
    names = names_by_ending(question)
    if len(names) != 2 or names[0] == names[1]:
        return ()
    first, second = names
    start = question.find(first)
    middle = question.find(second, start + len(first))
    own = question[start + len(first) : middle].strip("，,的 ")
    if middle < 0 or question[:middle].endswith((first, "的")):
        return ()  # the second belongs to the first: 甲建成的公园
    rest = question[middle + len(second) :]
    left = f"{question[:start]}{first}{own}"
    asked = "" if ASKS_A_FACT.search(own) else rest if not content_of(own).strip() else "多少"
    return f"{left}{asked}？", f"{question[:start]}{second}{rest}？"


def _around_cue(question: str) -> tuple[str, str]:
    """What stands before the cue of a comparison, and from it on; no tail without a cue."""
    starts = [cue.start() for cue in (_ALWAYS.search(question), judges(question)) if cue]
    if starts:
        return question[: min(starts)], question[min(starts) :]
    return (question, "？") if _OR.search(question) else (question, "")
