"""Whether the members that a sentence lists are those that its evidence lists together.

A member swapped for a word that stands elsewhere in the evidence. Both sides are as printed. Knows
nothing of words that the evidence lacks altogether, which are ``differences``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text import fold

_EDGES = re.compile(r"[，,。；;：:！？!?\n“”\"（）()]")
_SIGN = "、"
_LAST = re.compile(r"(?:以及|和|及|与|或)(?=[^、]{2,8}$)")
_OPEN = re.compile(r"等|之类|其中|例如|比如|包括但不限于")
_FEWEST = 3  # members of a list that another can be held against
_LONGEST = 10  # characters of a member; longer ones are clauses
_MOSTLY = 0.5
_SHORTEST = 2


def swapped_member(claim: str, words: str) -> str | None:
    """A member of the claim's list that is none of the list which has most of the others."""
    runs, said = list(_runs(words)), fold(words)
    for mine in _runs(claim):
        theirs = max(runs, key=lambda run: _common(mine, run), default=())
        if len(theirs) < _FEWEST or _common(mine, theirs) < max(2, _MOSTLY * len(mine)):
            continue
        # The first and the last may have the sentence's words on them.
        for member in mine[1:]:
            is_theirs = any(_are_one(member, other) for other in theirs)
            if not is_theirs and len(member) >= _SHORTEST and member in said:
                return member
    return None


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """The lists of a text: three short members and more, parted by enumeration commas."""
    for clause in _EDGES.split(text):
        members: list[str] = []
        for piece in _LAST.sub(_SIGN, clause).split(_SIGN):
            bare = fold(piece).strip()
            if bare and len(bare) <= _LONGEST:
                members.append(_OPEN.sub("", bare))
            else:
                if len(members) >= _FEWEST:
                    yield tuple(members)
                # The first member has the words before the list on it, the last those behind it.
                members = [bare[-_LONGEST:]] if bare else []
        if len(members) >= _FEWEST:
            yield tuple(members)


def _common(mine: Sequence[str], theirs: Sequence[str]) -> int:
    return sum(any(_are_one(member, other) for other in theirs) for member in mine)


def _are_one(one: str, other: str) -> bool:
    """Whether one is the other, or the other with words around it."""
    return bool(one and other) and (one in other or other in one)
