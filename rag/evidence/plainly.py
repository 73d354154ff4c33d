"""Sentences that answer by how they are built, whatever a reader makes of them.

A person's office stands beside the name; members that are asked for stand before 四大公园; of a
query that is words alone any sentence tells that has them all; a cause stands before 因此. Knows
nothing of scores.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.evidence.aboutness import begins_with
from rag.evidence.candidates import Candidate
from rag.evidence.offices import office_of
from rag.queries import Query, core_of
from rag.text import Range, bigrams, clauses, fold, tagged_words

_WHY = re.compile(r"为什么|为何|为啥|原因|缘故")
_CONSEQUENCE = re.compile(r"(?:因此|为此|因而|所以|于是|正因如此|有鉴于此|这样一来)")
_MOST = 0.6
_OF_MEMBERS = ("list", "name")
_AND = "、"
_COUNTED = re.compile(
    r"(?P<things>(?:[两二三四五六七八九十]|\d{1,2})(?:大|个|项|种|类|家|所|座|条)[\u4e00-\u9fff]{2,8}?)"
    r"(?=分别|具体|各|都|是|叫|有|为|包|指|[，,？?]|$)"
)


class Plain(NamedTuple):
    """Which of the candidates tells it, and the stretch of it that does, if one does."""

    place: int
    fact: Range | None


def plainly_told(query: Query, candidates: Sequence[Candidate]) -> Plain | None:
    """The first candidate that answers by how it is built; None where none does."""
    if query.person:
        offices = ((i, office_of(query.person, c.standard)) for i, c in enumerate(candidates))
        return next((Plain(i, office) for i, office in offices if office), None)
    if query.is_words_alone:
        return _tells_all(query, candidates)
    return _enumerates(query, candidates)


def cause_before(query: Query, candidates: Sequence[Candidate]) -> int | None:
    """The place of the sentence before a consequence that is asked about; None without one.

    因此学校开设了食育课 tells what was done, the sentence before it why.
    """
    if query.kind != "reason" or not _WHY.search(query.text):
        return None
    asked = frozenset(bigrams(query.content.replace(query.subject, " ", 1)))
    for candidate in candidates:
        told = frozenset(bigrams(candidate.standard))
        if _CONSEQUENCE.match(candidate.standard) and len(asked & told) >= _MOST * len(asked):
            before = (i for i, c in enumerate(candidates) if _precedes(c, candidate))
            return next(before, None)
    return None


def _precedes(one: Candidate, other: Candidate) -> bool:
    return one.article.id == other.article.id and one.standard == other.before


def _enumerates(query: Query, candidates: Sequence[Candidate]) -> Plain | None:
    """The first candidate that counts up what the question asks for by its number: 三大产业."""
    asked = _COUNTED.search(query.text) if query.kind in _OF_MEMBERS else None
    if not asked:
        return None
    for place, candidate in enumerate(candidates):
        for start, end in clauses(candidate.standard):
            members, counted, _ = candidate.standard[start:end].partition(asked["things"])
            if counted and _AND in members:
                return Plain(place, None)
    return None


def _tells_all(query: Query, candidates: Sequence[Candidate]) -> Plain | None:
    """The candidate with most of the words, of those that with their headline have them all."""
    tagged = [pair for pair in tagged_words(query.content) if len(pair[0]) > 1]
    if not any(word_class[0] in "nj" for _, word_class in tagged):
        return None  # 你好 names nothing
    words = [word for word, _ in tagged]
    found: list[tuple[bool, int, int]] = []
    for place, candidate in enumerate(candidates):
        here = fold(candidate.standard)
        around = f"{fold(candidate.before)} {here} {fold(candidate.headline)}"
        if all(word in around for word in words) and words[-1] in here:
            begins = begins_with(core_of(words[0]), candidate.standard)
            found.append((begins, sum(word in here for word in words), -place))
    return Plain(-max(found)[2], None) if found else None
