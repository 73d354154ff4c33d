"""What a sentence says a person is: the title beside the name, or what follows 任 and 是.

Knows nothing of questions.
"""

from __future__ import annotations

import re
from itertools import accumulate

from rag.queries import core_of
from rag.text import Range, tagged_words

_BEHIND = (
    r"(?:同志|先生|女士)?，?(?:现任|曾任|任|担任|出任|就任|当选为?|是|系)"
    r"(?P<office>[^，,。；;！？、\s]{2,30})"
)
_WORDS = r"[^，,。；;：！？、\s]"
_IN_TITLE = "nbjsi"
_LONGEST = 40


def office_of(person: str, sentence: str) -> Range | None:
    """The stretch of a sentence that says what a person is; None where none does."""
    place = sentence.find(person)
    if place < 0:
        return None
    stated = re.compile(re.escape(person) + _BEHIND).search(sentence)
    if stated:
        return Range(*stated.span("office"))
    named = re.search(rf"(?P<office>{_WORDS}{{2,20}})(?:为|是){re.escape(person)}", sentence)
    if named:
        return Range(*named.span("office"))
    return _title_behind(sentence, place + len(person)) or _title_before(sentence, place)


def _title_behind(sentence: str, place: int) -> Range | None:
    """The noun that a name is followed by at once: 院士 in 李某院士."""
    tagged = tagged_words(sentence[place:])
    (word, word_class), (behind, _) = (*tagged, ("", ""), ("", ""))[:2]
    is_title = word_class == "n" and len(word) > 1 and behind not in ("的", "。", "")
    return Range(place, place + len(word)) if is_title else None


def _title_before(sentence: str, place: int) -> Range | None:
    """The nouns that a name follows at once: 图书馆馆长 in 图书馆馆长邓某说."""
    start = max(0, place - _LONGEST)
    tagged = tagged_words(sentence[start:place])
    edges = [start, *accumulate((len(word) for word, _ in tagged), initial=start)][1:]
    first = len(tagged)
    while first and _is_of_title(*tagged[first - 1]):
        first -= 1
    if 0 < first < len(tagged) and _begins_place(*tagged[first - 1], tagged[first][1]):
        first -= 1
    title = sentence[edges[first] : place]
    begin = place - len(title.lstrip("、"))
    # 临河学院李某 says where, not what.
    is_title = place - begin > 1 and tagged[-1][1] != "nr" and core_of(title) == title
    return Range(begin, place) if is_title else None


def _is_of_title(word: str, word_class: str) -> bool:
    return word == "、" or word_class[:1] in _IN_TITLE


def _begins_place(word: str, word_class: str, next_class: str) -> bool:
    """Whether a name was cut behind its first character: 白 of 白沙市."""
    return len(word) == 1 and word_class == "a" and next_class == "ns"
