"""Questions with one number or name changed, so that what answered them only tempts.

In goes a question list, out comes the same list for a question that none of its hits answers:
第十二条 becomes 第二十条, 2019年 2017年, a place or person another one. Knows nothing of batches or
networks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.text import tagged_words
from training.question_lists import QuestionList

_NAMES = ("nr", "ns", "nt", "nz", "nrt")
NOUNS = ("n", "vn", "nn")
_FEWEST_CHARS = 2  # of a name
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十二", "二十", "十五")
_STEMS = "甲乙丙丁"
_YEARS_APART = (-3, -2, -1, 1, 2)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = "123456789"
_CHANGING = re.compile(
    r"\d+(?:\.\d+)?|(?<=第)[一二三四五六七八九十]+|[一二三四五](?=期|号|批|组)"
    r"|[甲乙丙丁](?=组|队|班|方|区|座|栋)"
)
_NUMBER_RATHER = 0.6  # how often a number is changed where there is one
# Who asks whether it is so is told what is so.
_ASKS_WHETHER = re.compile(r"吗|是不是|对不对|是否|有没有|不是")


class Change(NamedTuple):
    """A range of a question, and what is put there."""

    start: int
    end: int
    other: str


def names_of(lists: Sequence[QuestionList]) -> dict[str, list[str]]:
    """The names and nouns that questions hold, by their word class."""
    found: dict[str, set[str]] = {}
    for one in lists:
        for word, tag in tagged_words(one.question):
            if tag in (*_NAMES, *NOUNS) and len(word) >= _FEWEST_CHARS:
                found.setdefault(tag, set()).add(word)
    return {tag: sorted(words) for tag, words in found.items()}


def altered(
    one: QuestionList, draw: random.Random, names: Mapping[str, Sequence[str]]
) -> QuestionList | None:
    """The list with its question changed in one place; None where nothing in it can be.

    Only what the evidence tells is changed, and into what no hit tells: else the changed question
    might have an answer. ``names`` are those of ``names_of``.
    """
    if not one.answers or one.kind == "false" or _ASKS_WHETHER.search(one.question):
        return None
    told = "\n".join(f"{p.context} {p.text}" for p in one.passages if p.is_gold)
    change = change_of(one.question, told, draw, names)
    everything = "\n".join(f"{p.context} {p.text}" for p in one.passages)
    if change is None or change.other in everything:
        return None
    passages = tuple(
        replace(p, spans=(), is_gold=False, is_near=bool(p.spans)) for p in one.passages
    )
    question = one.question[: change.start] + change.other + one.question[change.end :]
    return replace(one, kind="near", question=question, answers=(), passages=passages)


def change_of(
    question: str, told: str, draw: random.Random, names: Mapping[str, Sequence[str]]
) -> Change | None:
    """One place of a question that the evidence tells, and what is put there."""
    numbers = [m.span() for m in _CHANGING.finditer(question) if m.group() in told]
    if numbers and draw.random() < _NUMBER_RATHER:
        start, end = draw.choice(numbers)
        return Change(start, end, other_number(question[start:end], draw))
    words = [
        one
        for one in names_in(question, names)
        if one[2] in _NAMES and question[one[0] : one[1]] in told
    ]
    if not words:
        return None
    start, end, tag = draw.choice(words)
    return Change(start, end, draw.choice(names[tag]))


def names_in(question: str, names: Mapping[str, Sequence[str]]) -> list[tuple[int, int, str]]:
    """Where names of known classes stand in a question, and their class."""
    at, found = 0, []
    for word, tag in tagged_words(question):
        if tag in names and len(word) >= _FEWEST_CHARS:
            found.append((at, at + len(word), tag))
        at += len(word)
    return found


def other_number(printed: str, draw: random.Random) -> str:
    """Another one of the same kind: stem, ordinal, year near by, or one digit changed."""
    if printed in _STEMS:
        return draw.choice(_STEMS.replace(printed, ""))
    if not printed[0].isdigit():
        return draw.choice([one for one in _ORDINALS if one != printed])
    if _YEAR.fullmatch(printed):
        return str(int(printed) + draw.choice(_YEARS_APART))
    place = draw.randrange(len(printed))
    digit = printed[place]
    if not digit.isdigit():
        return printed + draw.choice(_DIGITS)
    return printed[:place] + draw.choice(_DIGITS.replace(digit, "")) + printed[place + 1 :]
