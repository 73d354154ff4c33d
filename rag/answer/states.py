"""The answer to how a thing stands now, or stood over time: its states, the newest first.

Knows nothing of how a state was found or judged. A state is of the day that its sentence, its
dateline or its article names; where none does, that is said and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from rag.answer.draft import Draft
from rag.answer.figures import MOMENT, Figure, figures_in
from rag.answer.quoted import FIRST_FACT_CHARS, FURTHER_FACT_CHARS, SIGNS, lead_of
from rag.answer.reply import Reply
from rag.answer.runners_up import rival_of
from rag.answer.when import When, when_of
from rag.ask import Question
from rag.datatypes import Evidence
from rag.read import Judged, Reading, quoted_evidence
from rag.text import Range, fold, periods_of

_MOST_STATES = 3
_FEWEST_CHARS = 40
_NEAR = 2.0  # log-odds under the best at which another article still tells of the same thing
_AS_NEAR = 1.0  # where no state is asked for
_DAY = re.compile(r"\d日|\d号|[今昨前当]天|[昨今]日")
_OTHERS = "问题没有说是什么时候，最新的列在前面。"
_AT_ODDS = "同一天的说法不一，都列在上面。"
_ONE_YEAR = "其中有的没有写明年份，按同一年排列。"
_UNDATED = "其中有的没有写明日期，先后不明。"


@dataclass(frozen=True, slots=True)
class _State:
    reading: Reading
    when: When
    figure: Figure | None

    @property
    def value(self) -> tuple[object, ...]:
        """What is the same for two tellings of one state."""
        if self.figure:
            return self.figure.kind, self.figure.low, self.figure.high, self.figure.moment
        return (fold(self.reading.fact),)


def of_several_days(question: Question, judged: Judged) -> Generator[str, None, Reply] | None:
    """The reply to a question that names no time, where it was not the same figure on all days.

    None where it names one, or where no other article tells another figure as surely. It may take
    no more room than one fact.
    """
    if any(periods_of(question.text)) or _DAY.search(question.text):
        return None
    states = _states(judged, _AS_NEAR)
    days = {state.when.day for state in states if state.when.has_day}
    counted = all(state.figure and state.figure.kind != MOMENT for state in states)
    if len(days) < max(len(states), 2) or not counted:
        return None
    return _told(states, _OTHERS, FIRST_FACT_CHARS)


def tells_states(judged: Judged) -> bool:
    """Whether several states are told, or one beside which its article tells nothing as likely."""
    rival = rival_of(judged)
    is_alone = rival is None or rival.article.id != judged.readings[0].article.id
    return is_alone or len(_states(judged, _NEAR)) > 1


def over_time(judged: Judged) -> Generator[str, None, Reply]:
    """The reply line by line: the newest state first, each with its day and its quote.

    At most ``150 + 80 (n - 1)`` characters for ``n`` states.
    """
    states = _states(judged, _NEAR)
    budget = FIRST_FACT_CHARS + FURTHER_FACT_CHARS * (len(states) - 1)
    return _told(states, _remark(states), budget)


def _told(states: Sequence[_State], remark: str, budget: int) -> Generator[str, None, Reply]:
    """The states in their order, then the remark; at most so many characters."""
    draft = Draft()
    budget -= len(remark) + 1
    newest = None
    for place, state in enumerate(states):
        left = len(states) - place
        room = (budget - draft.length) // left - SIGNS
        evidence, short = _quote(state, room)
        newest = short if place == 0 else newest
        yield draft.quoted(_lead(state, short, evidence), evidence)
    if remark:
        yield draft.remarked(remark)
    return draft.reply(newest)


def _states(judged: Judged, near_by: float) -> list[_State]:
    best = judged.readings[0]
    near = [
        one
        for one in judged.believed
        if one.article.id != best.article.id and best.score - one.score <= near_by
    ]
    found: list[_State] = []
    for reading in [best, *near]:
        state = _state(reading)
        is_alike = not found or _is_of_kind(state, found[0])
        is_told = any(_is_same(state, other) for other in found)
        if is_alike and not is_told:
            found.append(state)
    found = found[:_MOST_STATES]
    by_year = all(state.when.has_year for state in found)
    return sorted(found, key=lambda one: one.when.order(by_year=by_year), reverse=True)


def _state(reading: Reading) -> _State:
    start = reading.sentence.start
    facts = [Range(a - start, b - start) for a, b in reading.facts]
    figures = figures_in(reading.text, facts, reading.article.date)
    inside = [figure for figure in figures if figure.is_inside]
    return _State(reading, when_of(reading), inside[0] if inside else None)


def _is_of_kind(state: _State, first: _State) -> bool:
    """Whether two states are told in one kind of figure, or neither in any."""
    kinds = [one.figure.kind if one.figure else "" for one in (state, first)]
    return kinds[0] == kinds[1]


def _is_same(state: _State, other: _State) -> bool:
    """Whether two tell one state: the same value, of the same day as far as both tell it."""
    if state.value != other.value:
        return False
    return state.when.day == other.when.day or not (state.when.has_day and other.when.has_day)


def _remark(states: Sequence[_State]) -> str:
    """What has to be said of the order: values of one day that differ, days that are not told."""
    if len(states) < 2:
        return ""
    if not all(state.when.has_day for state in states):
        return _UNDATED
    days = [state.when.grains for state in states]
    if len(set(days)) < len(days):
        return _AT_ODDS
    return _ONE_YEAR if len({state.when.has_year for state in states}) > 1 else ""


def _quote(state: _State, room: int) -> tuple[Evidence, str | None]:
    evidence, short = quoted_evidence(state.reading, room)
    lead = len(_lead(state, short, evidence))
    if lead + len(evidence.text) > room:
        evidence, short = quoted_evidence(state.reading, max(_FEWEST_CHARS, room - lead))
    return evidence, short


def _lead(state: _State, short: str | None, evidence: Evidence) -> str:
    """``8月15日（5.02米）：`` before a quote."""
    return lead_of(state.when.printed, short, evidence.text)
