"""Cutting text at sentence and clause ends, offsets kept.

A sentence ends after 。！？； (half-width too), after an ellipsis, and at a line break; closing
quotes and brackets that follow belong to it. A clause ends after ，：or a sentence end, but not
inside brackets or quotes that close again in the same sentence, and not inside a number.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import NamedTuple


class Range(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


_CLOSERS = "”’」』）)】》〉\"'"
_SENTENCE_END = re.compile(
    rf"(?:[。！？；!?;]+|…+|\.(?=\s|$)(?<!\d\.))[{re.escape(_CLOSERS)}]*|[\r\n]+"
)
_CLAUSE_END = re.compile(r"[，,：:；;](?!\d{3})|——")
BRACKETS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "《": "》",
    "【": "】",
}


def _trimmed(text: str, start: int, end: int) -> Range | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Range(start, end) if start < end else None


def sentences(text: str) -> list[Range]:
    """The sentences of a text, without the white space around them."""
    found: list[Range] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        piece = _trimmed(text, start, match.end())
        start = match.end()
        if piece:
            found.append(piece)
    last = _trimmed(text, start, len(text))
    return [*found, last] if last else found


def _enclosed(sentence: str) -> list[int]:
    """For each position, how many brackets or quotes that close in the sentence are open there."""
    opened: list[tuple[str, int]] = []
    change = [0] * (len(sentence) + 1)
    for position, character in enumerate(sentence):
        if character in BRACKETS:
            opened.append((BRACKETS[character], position))
        elif opened and character == opened[-1][0]:
            change[opened.pop()[1]] += 1
            change[position] -= 1
    return list(accumulate(change))


def clauses(sentence: str) -> list[Range]:
    """The clauses of one sentence; together they cover it."""
    depth = _enclosed(sentence)
    cuts = [match.end() for match in _CLAUSE_END.finditer(sentence) if not depth[match.start()]]
    edges = [0, *cuts, len(sentence)]
    return [Range(a, b) for a, b in pairwise(edges) if a < b]
