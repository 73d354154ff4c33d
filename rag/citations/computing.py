"""Figures that a sentence works out of others: a total, a difference, computed again.

In go the sentence's facts and those of the words it cites, out comes whether a figure that these
lack is what they come to. Knows nothing of verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, product

from rag.citations.support import Words, supports_amount
from rag.text.stated import Facts
from rag.text.stated.amounts import COUNTABLE, Amount

# What is said of a figure that was worked out, and in brackets behind it.
BY_FIGURES = "（按所引数字算出）"
_TOTALS = re.compile(r"合计|一共|共计|总共|总计|加起来|相加|总和|之和|(?<![公中])共(?:有|为|是)?$")
_GAPS = re.compile(r"差|[多少高低]|增|减|[升降涨跌]|缩|近了")
_NEAR = 8  # characters before a figure
_MOST_CHOICES = 400


def without_computed(
    missing: Sequence[Amount], claim: Facts, sentence: str, words: Words
) -> list[Amount]:
    """The missing amounts of a sentence without those that its other figures come to."""
    return [amount for amount in missing if not _is_computed(amount, claim, sentence, words)]


def without_mark(sentence: str) -> str:
    """A sentence without the words that only say that its figure was worked out."""
    return sentence.replace(BY_FIGURES, "")


def _is_computed(amount: Amount, claim: Facts, sentence: str, words: Words) -> bool:
    before = sentence[max(0, amount.start - _NEAR) : amount.start]
    values = list(_operands(amount, claim, words))
    if _TOTALS.search(before):
        return any(sum(chosen, Fraction(0)) in amount.values for chosen in values)
    if _GAPS.search(before):
        pairs = (pair for chosen in values for pair in combinations(chosen, 2))
        return any(abs(one - other) in amount.values for one, other in pairs)
    return False


def _operands(amount: Amount, claim: Facts, words: Words) -> Iterable[Sequence[Fraction]]:
    """What it may be worked out of: the sentence's own figures, else one of each quote."""
    own = [
        one
        for one in claim.amounts
        if one is not amount and _is_of_kind(one, amount) and supports_amount(one, words)
    ]
    if len(own) > 1:
        return [[_value(one, amount) for one in own]]
    told = [
        [_value(one, amount) for one in facts.amounts if _is_of_kind(one, amount)]
        for facts in words.facts[1::2]  # of the quotes, not of their titles
    ]
    choices = [values for values in told if values]
    count = 1
    for values in choices:
        count *= len(values)
    return product(*choices) if len(choices) > 1 and count <= _MOST_CHOICES else []


def _value(one: Amount, amount: Amount) -> Fraction:
    """Its value in the unit of the other: of shares in points."""
    (value,) = one.values
    return value * 100 if amount.dimension == "point" and one.dimension == "ratio" else value


def _is_of_kind(one: Amount, amount: Amount) -> bool:
    """Whether two amounts count the same; the difference of two shares is in points."""
    if len(one.values) != 1 or one.is_ordinal:
        return False
    if amount.dimension == "point":
        return one.dimension in ("ratio", "point")
    both = {one.dimension, amount.dimension}
    return len(both) == 1 or both <= COUNTABLE - {"persons"}
