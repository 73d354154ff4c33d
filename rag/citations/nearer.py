"""Whether a number stands in the evidence, and what the sentence says before it before another.

柳湾站流量1820立方米 where 柳湾站流量1072立方米 and 石塘站流量1820立方米 stand. Compares what is
printed right before the numbers, numbers included. Knows nothing of numbers that are missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from rag.text import bigrams
from rag.text.stated import Facts
from rag.text.stated.amounts import COUNTABLE, Amount

_REACH = 16
_WINDOW = 24  # characters before a number that say what it is of
_LEAST = 3  # characters that the sentence shares with what stands before another number
_CLEARER = 0.2  # more of what it says stands before the other number, as a share
_MOST_PAIRS = 20_000  # more are tables, where what stands around a number says little
_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_CLAUSE_SIGN = re.compile(r"[、，,：:。；;！？!?\n“”\"（）()\s]")
_CONTENT = re.compile(r"[^\W_]")


class _Place(NamedTuple):
    """A number and what is printed before it, back to the number of its kind before."""

    amount: Amount
    before: str


def told_nearer(claim: Facts, words: Sequence[Facts]) -> Iterator[tuple[Amount, Amount]]:
    """Numbers of the claim with the other number that the words have what it says there.

    Only where more of it stands before the other one than before the same one anywhere.
    """
    printed = [place for one in words for place in _places(one)]
    if len(claim.amounts) * len(printed) > _MOST_PAIRS:
        return
    for mine in _places(claim):
        same = [one for one in printed if mine.amount.equals(one.amount)]
        if not same or any(_is_elliptic(mine, one) for one in same):
            continue
        for other in printed:
            is_alike = _are_alike(mine.amount, other.amount)
            if is_alike and not mine.amount.equals(other.amount) and _is_nearer(mine, other, same):
                yield mine.amount, other.amount
                break


def _places(facts: Facts) -> Iterator[_Place]:
    for amount in facts.amounts:
        before = facts.folded[max(0, amount.start - _WINDOW) : amount.start]
        start = amount.start - len(_SENTENCE_END.split(before)[-1])
        ends = (one.end for one in facts.amounts if _are_alike(one, amount))
        start = max([start, *(end for end in ends if end <= amount.start)])
        yield _Place(amount, facts.folded[start : amount.start])


def _are_alike(one: Amount, other: Amount) -> bool:
    are_counts = one.dimension in COUNTABLE and other.dimension in COUNTABLE
    return one.is_ordinal == other.is_ordinal and (are_counts or one.dimension == other.dimension)


def _is_nearer(mine: _Place, other: _Place, same: Sequence[_Place]) -> bool:
    run = _run(mine.before, other.before)
    own = max(_run(mine.before, one.before) for one in same)
    if run < _LEAST or run <= own:
        return False
    further = mine.before[len(mine.before) - run : len(mine.before) - own]
    share = _share(mine, other) - max(_share(mine, one) for one in same)
    return bool(_CONTENT.search(further)) and share >= _CLEARER


def _is_elliptic(mine: _Place, one: _Place) -> bool:
    """Whether the words begin a clause with what they share: its subject stands further before."""
    run = _run(mine.before, one.before)
    rest = one.before[: len(one.before) - run]
    return run > 1 and (not rest or bool(_CLAUSE_SIGN.match(rest[-1])))


def _run(mine: str, theirs: str) -> int:
    pairs = zip(reversed(mine[-_REACH:]), reversed(theirs[-_REACH:]), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _share(mine: _Place, one: _Place) -> float:
    """How much of what the claim says before its number stands before this one."""
    wanted = set(bigrams(mine.before[-_REACH:]))
    return len(wanted & set(bigrams(one.before))) / max(1, len(wanted))
