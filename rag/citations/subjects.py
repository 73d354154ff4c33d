"""Whether a sentence says of one what its evidence says of another, all words being there.

Knows nothing of new words, which are `differences`; a swap has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.citations.differences import Token, tokens_of
from rag.text.stated import BLANK

_NOMINAL = ("n", "b", "j", "i", "l")
_PREDICATE = ("v", "d", "p", "a")
_LONGEST_PREDICATE = 7
_SHORTEST_PREDICATE = 3
_LONGEST_SUBJECT = 12
_CLAUSE_EDGE = re.compile(r"[、，。；;：:！？!?\n“”\"]")


class Swap(NamedTuple):
    """What is said, of whom the sentence says it, and of whom the evidence does."""

    predicate: str
    claimed: str
    printed: str


def find_swap(claim: str, words: str) -> Swap | None:
    """The first clause whose predicate the words have with another subject, and with no other.

    Both are folded and have their numbers and dates blanked.
    """
    for subject, predicate in _clauses(claim):
        if subject not in words or subject + predicate[:2] in words:
            continue
        printed = _subjects_of(predicate, words)
        if printed and all(_is_another(one, subject) for one in printed):
            return Swap(predicate, subject, printed[0])
    return None


def _clauses(claim: str) -> Iterator[tuple[str, str]]:
    """Each clause that starts with a nominal subject, as the subject and what is said of it."""
    tokens = tokens_of(claim)
    for place, token in enumerate(tokens):
        if place and not tokens[place - 1].is_sign:
            continue
        end = _nominal_end(tokens, place)
        if end > place and end < len(tokens) and tokens[end].tag[:1] in _PREDICATE:
            start = tokens[end].start
            yield claim[token.start : start], claim[start : start + _LONGEST_PREDICATE]


def _nominal_end(tokens: Sequence[Token], place: int) -> int:
    end = place
    while end < len(tokens) and _is_nominal(tokens[end]):
        end += 1
    return end


def _is_nominal(token: Token) -> bool:
    return token.tag[:1] in _NOMINAL or token.tag in ("vn", "eng")


def _subjects_of(predicate: str, words: str) -> list[str]:
    """What stands between the clause's start and the predicate, wherever the words have it."""
    for length in range(len(predicate), _SHORTEST_PREDICATE - 1, -1):
        anchor = predicate[:length]
        if BLANK in anchor:
            continue
        found = [match.start() for match in re.finditer(re.escape(anchor), words)]
        if found:
            return [_CLAUSE_EDGE.split(words[:start])[-1].strip() for start in found]
    return []


def _is_another(printed: str, claimed: str) -> bool:
    """Whether it is a subject of its own: nominal words that share little with the claimed one."""
    if not printed or len(printed) > _LONGEST_SUBJECT:
        return False
    tokens = tokens_of(printed)
    shared = len(set(printed) & set(claimed))
    return all(map(_is_nominal, tokens)) and 2 * shared < min(len(set(printed)), len(set(claimed)))
