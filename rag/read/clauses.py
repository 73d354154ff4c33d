"""Which of several figures of one sentence is asked for: of 医生612人、护士903人 that of 护士.

In go a question and a reading, out comes the reading with the figures of those clauses alone that
the question names. Knows nothing of scores.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.citations import denial_words
from rag.read.readings import Reading
from rag.text import Range, find_quantities, standard_form, tagged_words

_CLAUSE = re.compile(r"(?:[^、，；。,;]|(?<=\d),(?=\d))+")
_SAID = re.compile(r"[^，；。,;]+")
_ASKS_WHETHER = re.compile(r"有没有|是不是|是否|能不能")
_FEWEST_CHARS = 2
_FEWEST_MEMBERS = 2


class _Clause(NamedTuple):
    """A clause with a figure: where that stands, the word before it, and the clause's words."""

    figure: Range
    label: str
    words: frozenset[str]


def pointed_at(question: str, reading: Reading) -> Reading:
    """The reading with the figures of those clauses that the question names.

    Of clauses with a figure of what answers that one is named whose noun or verb before it is its
    own and stands in the question: 医生612人、护士903人. Where that is the same in all, and all
    have other words of their own, these name it: 甲县绿化率41%，乙县绿化率38%. Where no clause is
    named, or all are, nothing is changed. The question is in its standard form.
    """
    if reading.saying:
        return reading
    reading = _on_side(question, reading)
    clauses = _parallel(reading)
    named = [one.figure for one in clauses if _is_named(question, one, clauses)]
    if not 0 < len(named) < len(clauses):
        return reading
    return replace(reading, words=named[0], members=tuple(named) if len(named) > 1 else ())


def _on_side(question: str, reading: Reading) -> Reading:
    """The reading with the members alone whose clause denies what the question denies.

    Of 甲厂通过了验收，乙厂未通过 that is 乙厂 where 没有通过 is asked for. Nothing is changed where
    all clauses are of one side, or one of them has no verb that the question has.
    """
    if len(reading.members) < _FEWEST_MEMBERS:
        return reading
    text, start = standard_form(reading.text), reading.sentence.start
    verbs = {word for word, tag in tagged_words(question) if tag[0] == "v" and len(word) > 1}
    denies: dict[Range, bool] = {}
    for clause in _SAID.finditer(text):
        said = {verb for verb in verbs if verb in clause.group()}
        for one in reading.members:
            if said and clause.start() <= one.start - start < clause.end():
                denies[one] = bool(denial_words(clause.group()))
    asked = bool(denial_words(_ASKS_WHETHER.sub("", question)))
    own = tuple(one for one in reading.members if denies.get(one, asked) == asked)
    if len(denies) < len(reading.members) or not 0 < len(own) < len(reading.members):
        return reading
    return replace(reading, words=own[0], members=own if len(own) > 1 else ())


def _parallel(reading: Reading) -> list[_Clause]:
    """The clauses of the sentence that have a figure of what answers."""
    text, start = standard_form(reading.text), reading.sentence.start
    facts = [Range(fact.start - start, fact.end - start) for fact in reading.facts]
    found = []
    for clause in _CLAUSE.finditer(text):
        at = clause.start()
        figures = [
            one
            for one in find_quantities(clause.group())
            if any(fact.start < at + one.end and at + one.start < fact.end for fact in facts)
        ]
        if figures:
            figure = Range(start + at + figures[0].start, start + at + figures[-1].end)
            words = _telling(clause.group())
            before = [word for word, place in words if place < figures[0].start]
            label = before[-1] if before else ""
            found.append(_Clause(figure, label, frozenset(word for word, _ in words)))
    return found


def _is_named(question: str, one: _Clause, clauses: Sequence[_Clause]) -> bool:
    counts = Counter(word for clause in clauses for word in clause.words)
    owned = [{word for word in clause.words if counts[word] == 1} for clause in clauses]
    own = owned[clauses.index(one)]
    if all(clause.label == one.label for clause in clauses):
        return all(owned) and any(word in question for word in own)
    return one.label in own and one.label in question


def _telling(clause: str) -> list[tuple[str, int]]:
    """The nouns and verbs of two characters and more of a clause, and where they begin."""
    found, at = [], 0
    for word, tag in tagged_words(clause):
        if tag[0] in "nsv" and len(word) >= _FEWEST_CHARS:
            found.append((word, at))
        at += len(word)
    return found
