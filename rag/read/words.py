"""The words that answer, made whole: no half number, no lone bracket, no sign at either end.

In go a sentence and the range that the reader points at, out comes the range to show. Knows nothing of
questions or scores.
"""

from __future__ import annotations

import re

from rag.text import BRACKETS, Range, find_dates, find_quantities, tagged_words

_SIGNS = "，。；：、！？,;:!? \t\n"
_CLOSING = {closing: opening for opening, closing in BRACKETS.items()}
_ENDS_IN_NUMBER = re.compile(r"[\d０-９一二三四五六七八九十百千万亿兆两半]$")
# 220千伏 and 55分贝: what is written on after a number or its unit belongs to it.
_UNIT_CHARS = 4
_UNIT_TAGS = frozenset({"q", "m", "n", "eng", "x", "nz", "ng"})


def whole_words(text: str, found: Range) -> Range:
    """The range with all of each number or date of a sentence that it touches."""
    start, end = max(found.start, 0), min(found.end, len(text))
    spans = [(one.start, one.end) for one in find_quantities(text)] + find_dates(text)
    for a, b in spans:
        if a < start < b or a < end < b:
            start, end = min(start, a), max(end, b)
    end = _with_unit(text, Range(start, end))
    while start < end and text[start] in _SIGNS:
        start += 1
    while start < end and text[end - 1] in _SIGNS:
        end -= 1
    return _balanced(text, Range(start, end))


def _with_unit(text: str, found: Range) -> int:
    """The end with the word behind a number that can only be its unit."""
    if not _ENDS_IN_NUMBER.search(text[found.start : found.end]):
        return found.end
    behind = text[found.end : found.end + 2 * _UNIT_CHARS]
    if not behind or not behind[0].isalpha():
        return found.end
    word, tag = tagged_words(behind)[0][:2]
    return found.end + len(word) if tag in _UNIT_TAGS and len(word) <= _UNIT_CHARS else found.end


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
