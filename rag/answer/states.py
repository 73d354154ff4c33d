"""The answer to how a thing stands now, or stood over time: its states, the newest first.

Knows nothing of how a state was found or judged. A state is of the day that its sentence, its
dateline or its article names; where none does, that is said and not guessed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from rag.answer.draft import Draft
from rag.answer.figures import Figure, figures_in
from rag.answer.quoted import SIGNS, lead_of
from rag.answer.reply import Reply
from rag.answer.when import When, when_of
from rag.datatypes import Evidence
from rag.read import Judged, Reading, quoted_evidence
from rag.text import Range, fold

_FIRST_FACT_CHARS = 150
_FURTHER_FACT_CHARS = 80
_MOST_STATES = 3
_FEWEST_CHARS = 40
_NEAR = 2.0  # log-odds under the best at which another article still tells of the same thing
_AT_ODDS = "同一天的说法不一，都列在上面。"
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


def states_of(judged: Judged) -> list[Reading]:
    """The readings that tell states of what the best one tells of, the newest first.

    One alone where others tell nothing else, or nothing of the same kind.
    """
    return [state.reading for state in _states(judged)]


def over_time(judged: Judged) -> Generator[str, None, Reply]:
    """The reply line by line: the newest state first, each with its day and its quote.

    At most ``150 + 80 (n - 1)`` characters for ``n`` states.
    """
    draft = Draft()
    states = _states(judged)
    remark = _remark(states)
    budget = _FIRST_FACT_CHARS + _FURTHER_FACT_CHARS * (len(states) - 1) - len(remark)
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


def _states(judged: Judged) -> list[_State]:
    best = judged.readings[0]
    near = [
        one
        for one in judged.believed
        if one.article.id != best.article.id and best.score - one.score <= _NEAR
    ]
    found: list[_State] = []
    for reading in [best, *near]:
        state = _state(reading)
        is_alike = not found or _is_of_kind(state, found[0])
        is_told = any(_is_same(state, other) for other in found)
        if is_alike and not is_told:
            found.append(state)
    return sorted(found[:_MOST_STATES], key=lambda one: one.when.order, reverse=True)


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
    return _AT_ODDS if len(set(days)) < len(days) else ""


def _quote(state: _State, room: int) -> tuple[Evidence, str | None]:
    evidence, short = quoted_evidence(state.reading, room)
    lead = len(_lead(state, short, evidence))
    if lead + len(evidence.text) > room:
        evidence, short = quoted_evidence(state.reading, max(_FEWEST_CHARS, room - lead))
    return evidence, short


def _lead(state: _State, short: str | None, evidence: Evidence) -> str:
    """``8月15日（5.02米）：`` before a quote."""
    return lead_of(state.when.printed, short, evidence.text)
