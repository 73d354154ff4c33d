"""The words that answer, made whole: no half number, no lone bracket, no sign at either end.

In go a sentence and the range that the reader points at, out comes the range to show.
Knows nothing of questions or scores.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.text import BRACKETS, Quantity, Range, find_dates, find_quantities, tagged_words

_SIGNS = "，。；：、！？,;:!?*`#> \t\n"
_CLOSING = {closing: opening for opening, closing in BRACKETS.items()}
_ENDS_IN_NUMBER = re.compile(r"[一二三四五六七八九十百千万亿兆两半]$")
# 220千伏 and 55分贝: what is written on after a number may be its unit, and then belongs to it.
_UNIT_CHARS = 4
_UNIT_TAGS = frozenset({"q", "m", "n", "ng", "eng", "nr", "nrt", "s", "zg"})
_SURE_UNIT_TAGS = frozenset({"q", "m", "n", "eng"})
_UNIT_SIGNS = "%％‰℃℉°㎡㎥㎞㎏㎝㎜"
_LARGE = "万亿"
_FROM = ("由", "从")
_BECAME = re.compile(r"[\u4e00-\u9fff]{0,3}[到至为]")
_PER = re.compile(
    r"每(?:[平立]方)?[千公毫]?[秒分时日天月年人户亩吨升米里克]?(?:小时|钟)?"
    r"(?=[的以左]|[^\u4e00-\u9fff]|$)"
)


def whole_words(text: str, found: Range) -> Range:
    """The range with all of each number or date of a sentence that it touches."""
    found = _with_numbers(text, Range(max(found.start, 0), min(found.end, len(text))))
    found = _with_what_it_became(text, found)
    start, end = found.start, _with_unit(text, found)
    while start < end and text[start] in _SIGNS:
        start += 1
    while start < end and text[end - 1] in _SIGNS:
        end -= 1
    return _balanced(text, Range(start, end))


def _with_numbers(text: str, found: Range) -> Range:
    """The range with all of each number or date that one of its ends cuts through."""
    start, end = found
    dates = find_dates(text)
    numbers = [
        one for one in find_quantities(text) if not any(a <= one.start < b for a, b in dates)
    ]
    spans = [(a, b, b) for a, b in dates]
    spans += [(one.start, one.end, _unit_end(text, one)) for one in numbers]
    for first, last, last_of_unit in spans:
        if first < start < last:
            start = first
        if first < end < last_of_unit:
            end = last_of_unit
    return Range(start, end)


def _with_what_it_became(text: str, found: Range) -> Range:
    """The range with both sides of a change where it has the first: 由8吨提高到13吨."""
    numbers = find_quantities(text)
    for before, after in pairwise(numbers):
        if (
            before.unit
            and before.unit == after.unit
            and before.start < found.end <= after.start
            and found.start < before.end
            and text[before.start - 1 : before.start] in _FROM
            and _BECAME.fullmatch(text[before.end : after.start])
        ):
            return Range(found.start, _unit_end(text, after))
    return found


def _unit_end(text: str, found: Quantity) -> int:
    """Where a number in digits ends with all that may be its unit: 千伏 behind 220 and 每秒."""
    if not found.number[-1].isdigit():
        return found.end
    at = text.index(found.number, found.start) + len(found.number)
    while at < len(text) and text[at] in _LARGE:
        at += 1
    end = max(found.end, at + _unit_chars(text[at : at + 2 * _UNIT_CHARS], _UNIT_TAGS))
    per = _PER.match(text, end)
    return per.end() if per and end > at else end


def _unit_chars(behind: str, tags: frozenset[str]) -> int:
    """How many of the characters behind a number are the word that can be its unit."""
    if behind[:1] and behind[0] in _UNIT_SIGNS:
        return 1
    if not behind or not behind[0].isalpha():
        return 0
    word, tag = tagged_words(behind)[0]
    return len(word) if tag in tags and len(word) <= _UNIT_CHARS else 0


def _with_unit(text: str, found: Range) -> int:
    """The end with the word behind a number in characters that can only be its unit."""
    if not _ENDS_IN_NUMBER.search(text[found.start : found.end]):
        return found.end
    behind = text[found.end : found.end + 2 * _UNIT_CHARS]
    return found.end + _unit_chars(behind, _SURE_UNIT_TAGS)


def _balanced(text: str, found: Range) -> Range:
    """The range with the sign that closes its last bracket, or without a bracket at an end."""
    start, end = found
    opened: list[str] = []
    for sign in text[start:end]:
        if sign in BRACKETS:
            opened.append(sign)
        elif opened and BRACKETS[opened[-1]] == sign:
            opened.pop()
    if opened and end < len(text) and text[end] == BRACKETS[opened[-1]]:
        return Range(start, end + 1)
    if opened and text[start] == opened[-1]:
        return Range(start + 1, end)
    if end > start and text[end - 1] in _CLOSING and _CLOSING[text[end - 1]] not in text[start:end]:
        return Range(start, end - 1)
    return Range(start, end)
