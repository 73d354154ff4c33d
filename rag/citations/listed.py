"""Whether the members that a sentence lists are those that its evidence lists together.

A member swapped for a word from elsewhere in the evidence, or one left out of a list that says how
many it has. Both sides are folded and have their numbers and dates blanked. Knows nothing of words
that the evidence lacks altogether.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text.stated import BLANK

_EDGES = re.compile(r"[，。；;：:！？!?\n“”\"（）()]")
# A comma in characters has become an enumeration comma in a folded text, so a run may hold clauses.
_SIGNS = re.compile(r"[、,]")
_LAST = re.compile(r"(?:以及|和|及|与|或)(?=[^、]{2,8}$)")
_OPEN = re.compile(r"等|之类|其中|例如|比如|包括但不限于")
_FEWEST = 3  # members of a list that another can be held against
_LONGEST = 10  # characters of a member; longer ones are clauses
_MOSTLY = 0.5


def swapped_member(claim: str, words: str) -> str | None:
    """A member of the claim's list that is none of the list which has most of the others."""
    runs = list(_runs(words))
    for mine in _runs(claim):
        theirs = max(runs, key=lambda run: _common(mine, run), default=())
        if len(theirs) < _FEWEST or _common(mine, theirs) < max(2, _MOSTLY * len(mine)):
            continue
        for member in mine[1:-1]:  # the first and the last may have the sentence's words on them
            if not any(_are_one(member, other) for other in theirs):
                return member
        last = mine[-1]
        if last in words and not any(_are_one(last, other) for other in theirs):
            return last
    return None


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """The lists of a text: three short members and more, parted by enumeration commas."""
    for clause in _EDGES.split(text):
        members: list[str] = []
        for piece in _SIGNS.split(_LAST.sub("、", clause)):
            bare = piece.strip(f"{BLANK} ")
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
