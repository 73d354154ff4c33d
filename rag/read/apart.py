"""Parts of one question told apart: the same words of the same sentence answer only one of them.

In go the judged parts, out come the same, where two pointed at the same words with one of them
moved on to its next reading, judged anew. Knows nothing of how a reading is judged or worded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.read.readings import Reading
from rag.text import Range, find_quantities, standard_form, units_in

# 均为39.6% and 各占一半 are told of each.
_OF_EACH = re.compile(r"各|均|都|同样|相同|双双|一致|并列")
_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万亿]")
_LINKS = re.compile(r"(?:共?有|为|是|达到?|约|：)+$")
_NO_NAME = re.compile(r"[\d年月日号时点天期次]$")  # 3月9日 stands before any figure
_NAME_CHARS = 12
_NAME_ENDS = (6, 5, 4)  # characters of its end that are name enough; of a shorter one all
_FEWEST_SHARE = 0.15  # of the answer of its hit, that a runner-up in the same hit has


def told_apart(
    labels: Sequence[str],
    readings: Sequence[tuple[Reading, ...]],
    probability: Callable[[Reading], float],
) -> list[tuple[Reading, ...]]:
    """The readings of each part, best first, no two parts beginning with the same words.

    Where the sentence has a figure right behind the name of a part, that is the part's. Else, of
    two parts the one whose name stands in the sentence, or the surer one, keeps the words. What is
    no figure may answer two that the sentence names: 东湾和西湾归云桥镇管.
    """
    kept = [
        _pointed(label, own, [one for one in labels if one != label])
        for label, own in zip(labels, readings, strict=True)
    ]
    sure = [
        (labels[at] != "" and labels[at] in one[0].text, probability(one[0])) if one else (False, 0)
        for at, one in enumerate(readings)
    ]
    taken: list[int] = []

    def is_same(at: int, other: int) -> bool:
        mine, theirs = kept[at][0], kept[other][0]
        are_named = all(labels[n] and labels[n] in mine.text for n in (at, other))
        return _is_same(mine, theirs) and not (are_named and not _FIGURE.search(mine.fact))

    for at in sorted(range(len(kept)), key=lambda at: sure[at], reverse=True):
        rival = next((j for j in taken if kept[at] and is_same(at, j)), None)
        if rival is not None:
            kept[at] = _without(kept[at], [kept[j][0] for j in taken])
        if kept[at]:
            taken.append(at)
    return kept


def _pointed(
    label: str, readings: tuple[Reading, ...], others: Sequence[str]
) -> tuple[Reading, ...]:
    """The readings, the first at the part's own figure of the sentence, if it is at a figure.

    That is the one right behind the part's name; else, where other parts are named in the sentence,
    too, the one between its name and the next: 2015年…113人…，2020年…170人….
    """
    if not readings or not _FIGURE.search(readings[0].fact):
        return readings
    first = readings[0]
    text = standard_form(first.text)
    found = _behind_name(label, first, text) or _in_own_stretch(label, first, text, others)
    if found is None:
        return readings
    start = first.sentence.start
    words = Range(start + found.start, start + found.end)
    if words == first.words:
        return readings
    return (replace(first, words=words, members=()), *readings[1:])


def _in_own_stretch(label: str, reading: Reading, text: str, others: Sequence[str]) -> Range | None:
    """The figure of the unit pointed at between a part's name and that of another part.

    None unless each part that the sentence names has one: 东湾、西湾分别3家和5家 tells none.
    """
    names = [label, *others]
    places = {text.find(standard_form(one)): one for one in names if one}
    starts = sorted(place for place in places if place >= 0)
    units = units_in(standard_form(reading.fact))
    figures = [found for found in find_quantities(text) if found.unit in units]
    own = {
        places[start]: next((one for one in figures if start <= one.start < end), None)
        for start, end in pairwise([*starts, len(text)])
    }
    mine = own.get(label)
    if mine is None or len(own) < 2 or not all(own.values()):
        return None
    return Range(mine.start, mine.end)


def _behind_name(label: str, reading: Reading, text: str) -> Range | None:
    """The figure of the unit pointed at that stands right behind a part's name."""
    units = units_in(standard_form(reading.fact))
    is_name = len(label) > 1 and not _NO_NAME.search(label)
    ends = {label[-length:] for length in _NAME_ENDS} if is_name else set()
    for found in find_quantities(text):
        before = text[max(0, found.start - _NAME_CHARS) : found.start]
        before = _LINKS.sub("", before)
        if found.unit in units and any(map(before.endswith, ends)):
            return Range(found.start, found.end)
    return None


def _without(readings: tuple[Reading, ...], taken: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings of other words; in the same hit only likely ones."""
    hit = readings[0].hit
    return tuple(
        one
        for one in readings
        if not any(_is_same(one, other) for other in taken)
        and (one.hit is not hit or one.share >= _FEWEST_SHARE)
    )


def _is_same(one: Reading, other: Reading) -> bool:
    """Whether two readings point at the same words of one sentence, or of two copies of it.

    Figures are the same where they overlap, other words where they are the very same.
    """
    if one.text != other.text or _OF_EACH.search(one.text):
        return False
    if not _FIGURE.search(one.fact):
        return one.fact == other.fact
    start, theirs = one.sentence.start, other.sentence.start
    return any(
        a - start < d - theirs and c - theirs < b - start
        for a, b in one.facts
        for c, d in other.facts
    )
