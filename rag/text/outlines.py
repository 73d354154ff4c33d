"""Lists in running text: opening words and the items below them, as rules and contracts have them.

In goes a text, out come ranges. An item begins with a number or sign of its kind: （一） 1. 一、 ①
or a dash; its opening is the sentence before the first of them. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rag.text.sentences import Range, sentences
from rag.text.stated.numerals import value_of

_NUMERAL = r"[一二三四五六七八九十百]{1,4}"
_MARKS = (
    re.compile(rf"[（(](?P<number>{_NUMERAL})[）)]"),
    re.compile(r"[（(](?P<number>\d{1,2})[）)]"),
    re.compile(r"(?P<number>\d{1,2})(?:[.．、]|[)）])(?!\d)"),
    re.compile(rf"(?P<number>{_NUMERAL})、"),
    re.compile(r"(?P<number>[①②③④⑤⑥⑦⑧⑨⑩])"),
    re.compile(r"[-*•●■◆·]\s+"),
)
_CIRCLED = {sign: number for number, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩", start=1)}
# Where a list runs on in one line: …的：（一）…；（二）…
_INLINE = re.compile(rf"[：:]\s*(?=[（(](?:{_NUMERAL}|\d{{1,2}})[）)]|1[.．、](?!\d)|①)")
_OPENS = re.compile(r"[：:]$|下列|以下|如下")
_FEWEST_ITEMS = 2
_MOST_ITEMS = 40
_LONGEST_OPENING = 200


class Item(NamedTuple):
    """A sentence that is an item, and its number in the list, from 1."""

    range: Range
    number: int


class Outline(NamedTuple):
    """Opening words and their items, in the order of the text."""

    opening: Range
    items: tuple[Item, ...]


class _Marked(NamedTuple):
    range: Range
    kind: int  # of its mark; -1 without one
    number: int


@lru_cache(maxsize=64)
def outlines(text: str) -> tuple[Outline, ...]:
    """The lists of a text; items that hold a list of their own go on behind it."""
    marked = [_marked(text, piece) for piece in _pieces(text)]
    found = []
    for place, first in enumerate(marked):
        if place and first.kind >= 0 and first.number == 1:
            opening = marked[place - 1]
            items = list(_items(marked, place))
            words = text[slice(*opening.range)]
            is_opened = opening.kind != first.kind and _OPENS.search(words)
            if is_opened and len(items) >= _FEWEST_ITEMS and len(words) <= _LONGEST_OPENING:
                found.append(Outline(opening.range, tuple(items)))
    return tuple(found)


def _items(marked: list[_Marked], place: int) -> Iterator[Item]:
    """The items from a first one on: the same kind of mark, numbers that follow one another."""
    kind, expected = marked[place].kind, 1
    for one in marked[place : place + _MOST_ITEMS * 3]:
        if one.kind == kind and one.number in (expected, 0):
            yield Item(one.range, expected)
            expected += 1
        elif one.kind == kind or one.kind < 0 or expected > _MOST_ITEMS:
            return


def _pieces(text: str) -> Iterator[Range]:
    """The sentences of a text, cut before the first item that stands in the opening's line."""
    for start, end in sentences(text):
        cut = _INLINE.search(text, start, end)
        if cut and cut.end() < end:
            yield Range(start, cut.start() + 1)
            yield Range(cut.end(), end)
        else:
            yield Range(start, end)


def _marked(text: str, piece: Range) -> _Marked:
    for kind, pattern in enumerate(_MARKS):
        if match := pattern.match(text, piece.start, piece.end):
            printed = match.groupdict().get("number")
            if printed is None:
                return _Marked(piece, kind, 1 if _begins(text, piece.start, pattern) else 0)
            number = _CIRCLED.get(printed) or value_of(printed) or 0
            return _Marked(piece, kind, int(number))
    return _Marked(piece, -1, 0)


def _begins(text: str, start: int, pattern: re.Pattern[str]) -> bool:
    """Whether no line with the same sign stands right above."""
    above = text[:start].rstrip("\n").rsplit("\n", 1)[-1]
    return not pattern.match(above)
