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

from rag.ask.dressing import undressed
from rag.ask.follow_up import leans_on_turn_before
from rag.ask.parts import Part, Parts, parts_of
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
    has one wording for each fact, at least one. ``query`` is what is searched, for people to read.
    ``purpose`` is that of a question for no fact, ``before`` then the question of the turn before.
    """

    typed: str
    text: str
    query: str
    parts: tuple[Wording, ...]
    compares: bool
    left_out: int
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
    before = _turn_before(history)
    leans = bool(before) and leans_on_turn_before(text)
    split = parts_of(text)
    parts = tuple(
        _wording(part, split, asked, text, before if leans else ()) for part in split.parts
    )
    purpose = purpose_of(asked, follows=bool(before))
    query = f"{before[0]}；{asked}" if leans and not purpose else asked
    return Question(
        typed,
        text,
        query,
        parts,
        split.compares,
        split.left_out,
        purpose,
        before[0] if before and purpose else "",
    )


def _wording(part: Part, split: Parts, typed: str, text: str, before: tuple[str, ...]) -> Wording:
    """How one part is searched and read; a part that leans on another has that for its turn."""
    asked = typed if part.question == text else part.question
    if part.before is not None and leans_on_turn_before(part.question):
        before = (split.parts[part.before].question,)
    queries = (f"{before[0]} {asked}", asked) if before else (asked,)
    turn = Turn(with_years_in_digits(part.question), tuple(map(standard_form, before)))
    return Wording(queries, turn, part.label)


def _turn_before(history: Sequence[Message]) -> tuple[str, ...]:
    """The user's last question that stands alone, those that lean on it, and the last answer."""
    asked = [encodable(turn.content).strip() for turn in history if turn.role == "user"]
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


def _as_read(typed: str) -> str:
    text = standard_form(typed)
    for other, usual in _SPELLINGS:
        text = text.replace(other, usual)
    return text
