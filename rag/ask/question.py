"""A question parsed once: what it asks for, and how each part is searched and read.

In go the words typed and the turns before, out comes a ``Question`` that later rooms are handed.
A question that stands alone is searched as it was typed. One that leans on the turn before is
searched together with that turn's question, and the reader is given the turn: nothing is put into
the user's mouth. Knows nothing of articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ask.aims import Aim, aim_of
from rag.ask.among import parts_among
from rag.ask.dressing import undressed
from rag.ask.follow_up import leans_on_turn_before
from rag.ask.going_on import going_on
from rag.ask.over_time import asks_for_course, parts_over_time, topic_of
from rag.ask.part import Part, Parts
from rag.ask.parts import parts_of
from rag.ask.purpose import Purpose, purpose_of
from rag.datatypes import Message
from rag.models.reader import Turn
from rag.text import encodable, plainer_printings, standard_form, with_years_in_digits

_MARKER = re.compile(r"\[\d{1,3}\]")
_ANSWER_CHARS = 40
_QUESTION_CHARS = 80
# The same word, as Hong Kong writes it.
_SPELLINGS = (("甚么", "什么"),)


@dataclass(frozen=True, slots=True)
class Wording:
    """One fact asked for: what is searched for it and what the reader is asked.

    ``queries`` are searched one by one and their hits merged, the first of them leading; ``label``
    tells the part from the others, empty where there is only one.
    """

    queries: tuple[str, ...]
    turn: Turn
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked.

    ``typed`` is as typed, ``text`` the standard form of what it asks, without courtesies. ``parts``
    has one wording for each fact, at least one. ``query`` is what is searched, for people to read;
    ``aim`` what is to be made of the facts. ``left_out`` counts the facts behind the sixth.
    ``purpose`` is that of a question for no fact, ``before`` then the question of the turn before.
    """

    typed: str
    text: str
    query: str
    parts: tuple[Wording, ...]
    aim: Aim = "facts"
    left_out: int = 0
    purpose: Purpose | None = None
    before: str = ""

    @property
    def whole(self) -> Turn:
        """The whole question as the reader is asked it."""
        return Turn(with_years_in_digits(self.text))

    @property
    def readings(self) -> tuple[str, ...]:
        """Its numbers and dates in digits, where it prints them otherwise: 2家 for 两家."""
        return tuple(dict.fromkeys(found.plain for found in plainer_printings(self.text)))


def parse(typed: str, history: Sequence[Message] = ()) -> Question:
    """The question, with its parts; the turn before is part of it only where it leans on it."""
    asked = undressed(typed)
    text = _as_read(asked)
    gone_on = going_on(text, [_as_read(one) for one in _asked(history)])
    turn_before = _turn_before(history)
    before = () if gone_on else turn_before
    leans = bool(before) and leans_on_turn_before(text)
    split, aim = (Parts(gone_on[0]), gone_on[1]) if gone_on else _split(text)
    parts = tuple(
        _wording(part, split, asked, text, before if leans else ()) for part in split.parts
    )
    purpose = purpose_of(asked, follows=bool(turn_before))
    query = f"{before[0]}；{asked}" if leans and not purpose else asked
    if len(parts) > 1:
        query = "；".join(part.queries[-1].rstrip("？?；;。") for part in parts)
    turned_back_to = turn_before[0] if turn_before and purpose else ""
    return Question(typed, text, query, parts, aim, split.left_out, purpose, turned_back_to)


def _split(text: str) -> tuple[Parts, Aim]:
    """The parts of a question and its aim."""
    if states := parts_over_time(text):
        return Parts(states), "course"
    if things := parts_among(text):
        return Parts(things), "which"
    split = parts_of(text)
    return split, aim_of(text, split)


def _wording(part: Part, split: Parts, typed: str, text: str, before: tuple[str, ...]) -> Wording:
    """How one part is searched and read; a part that leans on another has that for its turn."""
    asked = typed if part.question == text else part.question
    if part.before is not None and leans_on_turn_before(part.question):
        before = (split.parts[part.before].question,)
    queries = (f"{before[0]} {asked}", asked) if before else (asked,)
    read = topic_of(part.question) if asks_for_course(part.question) else part.question
    turn = Turn(with_years_in_digits(read), tuple(map(standard_form, before)))
    return Wording(queries, turn, part.label)


def _turn_before(history: Sequence[Message]) -> tuple[str, ...]:
    """The user's last question that stands alone, those that lean on it, and the last answer."""
    asked = _asked(history)
    if not asked:
        return ()
    chain = [asked[-1]]
    for earlier in reversed(asked[:-1]):
        if not leans_on_turn_before(_as_read(chain[0])):
            break
        chain.insert(0, earlier)
    told = [encodable(turn.content) for turn in history if turn.role == "assistant"]
    question = " ".join(chain)[-_QUESTION_CHARS:]
    answer = _MARKER.sub("", told[-1]).strip()[:_ANSWER_CHARS] if told else ""
    return (question, answer) if answer else (question,)


def _asked(history: Sequence[Message]) -> list[str]:
    """The user's questions before, the latest last."""
    return [encodable(turn.content).strip() for turn in history if turn.role == "user"]


def _as_read(typed: str) -> str:
    text = standard_form(typed)
    for other, usual in _SPELLINGS:
        text = text.replace(other, usual)
    return text
