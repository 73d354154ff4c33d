"""What a question excuses in a sentence that answers it: words that the sentence repeats from it.

Knows nothing of whether the quotes answer the question: who hands one over says so.
"""

from __future__ import annotations

import re

from rag.citations.support import (
    Words,
    facts_borne_out,
    missing_amounts,
    missing_moments,
    missing_names,
)
from rag.text import bigrams
from rag.text.stated import Facts
from rag.text.stated.amounts import COUNTABLE, Amount
from rag.text.stated.dates import Moment

_POINTING = re.compile(r"[一两二三]\D")


def asked_words(question: str, claim: Facts, words: Words, written: str | None = None) -> Words:
    """The question's words; none where the claim has nothing from the evidence beside them.

    Such a claim is the question itself as a statement (是写草原牧民的吧？ said as 是写草原牧民的),
    which the evidence alone can bear out.
    """
    asked = Words.of_text(question, written)
    return asked if not question or _adds(claim, words, asked) else Words.of_text("")


def unexcused_moments(claim: Facts, words: Words, asked: Words) -> list[Moment]:
    """Dates that the words lack, and the question lacks them, too, or the words have another.

    第一季度 asked for is no excuse where the words tell of 第二季度.
    """
    kinds = [one.parts.keys() for one in words.moments]
    in_neither = missing_moments(claim, asked)
    return [
        one
        for one in missing_moments(claim, words)
        if one in in_neither or one.parts.keys() in kinds
    ]


def unexcused_names(claim: Facts, words: Words, asked: Words) -> list[str]:
    """Codes and titles that both the words and the question lack."""
    in_neither = missing_names(claim, asked)
    return [one for one in missing_names(claim, words) if one in in_neither]


def unexcused_amounts(claim: Facts, words: Words, asked: Words) -> list[Amount]:
    """Numbers that the words lack, but for small counts in characters that the question has.

    那两座教堂 only points at them; any other figure of a question is a premise.
    """
    return [
        one
        for one in missing_amounts(claim, words)
        if not (_POINTING.match(one.printed) and one.dimension in COUNTABLE)
        or one in missing_amounts(claim, asked)
    ]


def _adds(claim: Facts, words: Words, asked: Words) -> bool:
    """Whether the claim has a fact or words of the evidence that are not the question's."""
    here, there = facts_borne_out(claim, words), facts_borne_out(claim, asked)
    if any(mine and not theirs for mine, theirs in zip(here, there, strict=True)):
        return True
    return bool((set(bigrams(claim.rest)) - set(bigrams(asked.rest))) & set(bigrams(words.rest)))
