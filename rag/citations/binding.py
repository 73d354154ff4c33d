"""Whether a number or a date stands in the evidence for something else than the sentence says.

Compares what is printed right before and behind it. Knows nothing of numbers that are missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import TypeVar

from rag.citations.bounds import is_end
from rag.citations.differences import tokens_of
from rag.citations.names import has_name_suffix
from rag.citations.places import PLACES
from rag.text.stated import Facts
from rag.text.stated.amounts import COUNTABLE, Amount
from rag.text.stated.dates import Moment

_REACH = 6
_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_CLAUSE_END = re.compile(r"[、，。；;：:！？!?\n]")
_NOMINAL = ("n", "s", "j", "x", "b")
_STOP = re.compile(r"[\0、，。；;：:！？!?\n“”\"（）()]")
_MOST_PAIRS = 20_000  # more are tables, where what stands around a number says little
_LEAST = 2  # characters of another number's surroundings that it must stand in
Fact = TypeVar("Fact", Amount, Moment)


def misplaced(claim: Facts, words: Sequence[Facts]) -> list[Amount | Moment]:
    """Numbers and dates that the words have, but with nothing of what the claim says around them.

    Only where the words have another one of the kind in those very surroundings: 降至14.3% where
    they say 降至11.8%, and 14.3% elsewhere.
    """
    amounts = [(amount, one.rest) for one in words for amount in one.amounts]
    # Before the end of a range stands its beginning: that says nothing of what it is of.
    ends = [amount for one in words for amount in one.amounts if is_end(amount, one)]
    claimed = [one for one in claim.amounts if not any(one.equals(end) for end in ends)]
    moments = [(moment, one.rest) for one in words for moment in one.moments]
    return [
        *_misplaced(claim.rest, claimed, amounts, _same_amount, _like_amounts),
        *_counts_other_things(claim, words),
        *_misplaced(claim.rest, claim.moments, moments, _same_moment, _like_moments),
    ]


def outvoted(claim: Facts, missing: Sequence[Amount], words: Sequence[Facts]) -> bool:
    """Whether the words have another figure of the kind where the claim has one that they lack.

    Such a claim says something else than they do: 50亿元 where 100亿元 stands.
    """
    printed = [(amount, one.rest) for one in words for amount in one.amounts]
    if len(missing) * len(printed) > _MOST_PAIRS:
        return False
    return any(
        _shared(claim.rest, fact, text, one) >= _LEAST
        for fact in missing
        for one, text in printed
        if _like_amounts(fact, one)
    )


def told_of_another(claim: Facts, words: Sequence[Facts]) -> Iterator[tuple[Amount, str, str]]:
    """Figures that the words tell of another place than the claim, with its place and theirs.

    48平方公里 said of 咸阳 where 恒口 has it: where the claim's clause begins with a place that the
    words name, and these have the figure only behind another place that begins a clause of theirs.
    """
    for amount in claim.amounts:
        mine = _place_before(claim.rest, amount.start)
        if not mine or not any(mine in one.rest for one in words):
            continue
        before = [
            _SENTENCE_END.split(one.rest[: other.start])[-1]
            for one in words
            for other in one.amounts
            if amount.equals(other)
        ]
        theirs = [_place_that_begins(_CLAUSE_END.split(text)[-1]) for text in before]
        if theirs and all(theirs) and not any(mine in text for text in before):
            yield amount, mine, theirs[0]


def _place_before(text: str, start: int) -> str:
    """The place that begins the clause of a figure; empty without one."""
    first = tokens_of(_CLAUSE_END.split(text[:start])[-1])[:1]
    places = (one.text for one in first if one.tag == "ns" or one.text in PLACES)
    return next(places, "")


def _place_that_begins(clause: str) -> str:
    """The nominal words at the beginning of a clause up to where they end as places do."""
    name = found = ""
    for token in takewhile(lambda one: one.tag[:1] in _NOMINAL, tokens_of(clause)):
        name += token.text
        if token.tag == "ns" or has_name_suffix(name):
            found = name
    return found


def _counts_other_things(claim: Facts, words: Sequence[Facts]) -> Iterator[Amount]:
    """Counts that the words have of other things, and of these things they have another count.

    8个院士工作站 where 8个研究机构 and 3家院士工作站 stand.
    """
    for amount in claim.amounts:
        thing = _STOP.split(claim.rest[amount.end :][:_REACH])[0][:_LEAST]
        if amount.dimension not in COUNTABLE or len(thing) < _LEAST:
            continue
        same = [
            _sentence_around(one.rest, other.start)
            for one in words
            for other in one.amounts
            if amount.equals(other)
        ]
        others = any(
            one.rest[other.end :].startswith(thing)
            for one in words
            for other in one.amounts
            if _like_amounts(amount, other) and not amount.equals(other)
        )
        if same and others and not any(thing in text for text in same):
            yield amount


def _sentence_around(text: str, place: int) -> str:
    before, behind = _SENTENCE_END.split(text[:place])[-1], _SENTENCE_END.split(text[place:])[0]
    return before + behind


def _misplaced(
    rest: str,
    claimed: Sequence[Fact],
    printed: Sequence[tuple[Fact, str]],
    same: Callable[[Fact, Fact], bool],
    alike: Callable[[Fact, Fact], bool],
) -> Iterator[Fact]:
    if len(claimed) * len(printed) > _MOST_PAIRS:
        return
    for fact in claimed:
        right = [_shared(rest, fact, text, one) for one, text in printed if same(fact, one)]
        if not right or any(right):
            continue
        wrong = (_shared(rest, fact, text, one) for one, text in printed if alike(fact, one))
        if max(wrong, default=0) >= _LEAST:
            yield fact


def _shared(rest: str, fact: Fact, text: str, one: Fact) -> int:
    """How many characters right before and behind the two are the same."""
    before = zip(
        reversed(rest[max(0, fact.start - _REACH) : fact.start]),
        reversed(text[max(0, one.start - _REACH) : one.start]),
        strict=False,
    )
    behind = zip(rest[fact.end :][:_REACH], text[one.end :][:_REACH], strict=False)
    return _run(before) + _run(behind)


def _run(pairs: zip[tuple[str, str]]) -> int:
    length = 0
    for mine, theirs in pairs:
        if mine != theirs or _STOP.match(mine):
            break
        length += 1
    return length


def _same_amount(one: Amount, other: Amount) -> bool:
    return one.equals(other)


def _like_amounts(one: Amount, other: Amount) -> bool:
    are_counts = one.dimension in COUNTABLE and other.dimension in COUNTABLE
    return one.is_ordinal == other.is_ordinal and (are_counts or one.dimension == other.dimension)


def _same_moment(one: Moment, other: Moment) -> bool:
    return one.is_told_by(other)


def _like_moments(one: Moment, other: Moment) -> bool:
    return one.parts.keys() == other.parts.keys()
