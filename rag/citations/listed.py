"""Whether the members that a sentence lists are those that its evidence lists together.

A member swapped for a word that stands elsewhere in the evidence, or left out. Both sides are as
printed. Knows nothing of words that the evidence lacks altogether, which are ``differences``.
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


def left_out_member(claim: str, words: str) -> str | None:
    """A member that a list of the words has beside all members of the claim's list.

    None where the claim says that its list is no whole one.
    """
    if _OPEN.search(claim):
        return None
    runs = list(_runs(words))
    for mine in _runs(claim, fewest=2):
        for theirs in runs:
            places = [_place_of(member, theirs) for member in mine]
            if None in places or len(set(places)) < len(mine) or len(theirs) <= len(mine):
                continue
            # The first and the last have the sentence's words on them.
            left = [one for at, one in enumerate(theirs[:-1]) if at and at not in places]
            if left:
                return left[0]
    return None


def _place_of(member: str, theirs: Sequence[str]) -> int | None:
    return next((at for at, other in enumerate(theirs) if _are_one(member, other)), None)


def _runs(text: str, fewest: int = _FEWEST) -> Iterator[tuple[str, ...]]:
    """The lists of a text: three short members and more, parted by enumeration commas."""
    for clause in _EDGES.split(text):
        members: list[str] = []
        for piece in _LAST.sub(_SIGN, clause).split(_SIGN):
            bare = fold(piece).strip()
            if bare and len(bare) <= _LONGEST:
                members.append(_OPEN.sub("", bare))
            else:
                # The first member has the words before the list on it, the last those behind it.
                members += [_OPEN.split(bare)[0][:_LONGEST]] if bare and members else []
                if len(members) >= fewest:
                    yield tuple(members)
                members = [bare[-_LONGEST:]] if bare else []
        if len(members) >= fewest:
            yield tuple(members)


def _common(mine: Sequence[str], theirs: Sequence[str]) -> int:
    return sum(any(_are_one(member, other) for other in theirs) for member in mine)


def _are_one(one: str, other: str) -> bool:
    """Whether one is the other, or the other with words around it."""
    return bool(one and other) and (one in other or other in one)
