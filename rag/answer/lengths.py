"""How long a model's answer may get: a fact is told in a sentence or two.

Small models go on copying their material when the answer is told. Works on words alone; knows
nothing of evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.answer.quoted import FIRST_FACT_CHARS, FURTHER_FACT_CHARS
from rag.ask import Question
from rag.citations import Sentence

_ENDS = re.compile(r"[。！？!?\n]")
_FACTS_OF_MORE = 5  # of a list, a course of events
_MARKER_CHARS = 3


def most_chars(question: Question) -> int | None:
    """The characters for an answer to a question; None where no fact is asked for."""
    if question.purpose is not None:
        return None
    facts = len(question.parts)
    facts = facts if question.aim == "facts" else max(facts, _FACTS_OF_MORE)
    return FIRST_FACT_CHARS + FURTHER_FACT_CHARS * (facts - 1)


def until_long(pieces: Iterable[str], most: int | None) -> Iterator[str]:
    """The pieces up to where they are too long; the first sentence to its end."""
    said = ""
    for piece in pieces:
        yield piece
        said += piece
        if most is not None and len(said) > most and _ENDS.search(said):
            return


def within(parts: Sequence[Sentence], most: int | None) -> list[Sentence]:
    """The first sentences with their markers as far as there is room, one at least."""
    room = float("inf") if most is None else most
    kept: list[Sentence] = []
    for part in parts:
        room -= len(part.text) + _MARKER_CHARS * len(part.numbers)
        if kept and room < 0:
            break
        kept.append(part)
    return kept
