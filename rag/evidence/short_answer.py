"""The asked-for fact inside a chosen sentence: a number, date, name, place, clause or list.

Knows nothing of hits. Says nothing when it is not sure: the sentence itself is always quoted.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.evidence.features import QuestionView
from rag.evidence.reading import Guess
from rag.evidence.typed_spans import typed_spans
from rag.text import Range

_SURE = 0.3  # of the guess; under it fewer than half are right (docs/experiments.md)
_MAX_CHARS = 60
_TYPED = frozenset({"number", "date"})
_SIGNS = "，。；：、！？,;:!? \t"
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】", "‘": "’"}


def find_short_answer(view: QuestionView, text: str, guess: Guess) -> Range | None:
    """The range of the asked-for fact in a sentence, or None when nothing stands out."""
    if guess.probability < _SURE:
        return None
    found = tidied(view, text, guess.range)
    is_there = text[found.start : found.end] in view.query.text
    return None if is_there or not 0 < found.end - found.start <= _MAX_CHARS else found


def tidied(view: QuestionView, text: str, guess: Range) -> Range:
    """The guess with the whole number or date that it cuts, its brackets closed, signs off."""
    start, end = guess
    kind = view.query.kind
    if kind in _TYPED:
        start, end = _widened(Range(start, end), typed_spans(kind, view.query.unit, text))
    while start < end and text[start] in _SIGNS:
        start += 1
    while start < end and text[end - 1] in _SIGNS:
        end -= 1
    return _closed(text, Range(start, end))


def _widened(guess: Range, spans: Sequence[Range]) -> Range:
    """The guess and those of the spans that it cuts in two, or stands in."""
    touched = [span for span in spans if span.start < guess.end and guess.start < span.end]
    return Range(
        min([guess.start, *(span.start for span in touched)]),
        max([guess.end, *(span.end for span in touched)]),
    )


def _closed(text: str, found: Range) -> Range:
    """The range with the sign that closes its last bracket, or without an opening one at its end.

    A bracket at either end that has no other half inside goes.
    """
    start, end = found
    opened: list[str] = []
    for sign in text[start:end]:
        if sign in _PAIRS:
            opened.append(_PAIRS[sign])
        elif opened and sign == opened[-1]:
            opened.pop()
    if opened and end < len(text) and text[end] == opened[-1]:
        return Range(start, end + 1)
    if opened and text[start] in _PAIRS and _PAIRS[text[start]] == opened[-1]:
        return Range(start + 1, end)
    closing = set(_PAIRS.values())
    if end > start and text[end - 1] in closing and _opens_before(text, start, end - 1):
        return Range(start, end - 1)
    return Range(start, end)


def _opens_before(text: str, start: int, place: int) -> bool:
    """Whether the bracket that is closed at a place is opened before the start."""
    opening = next(sign for sign, closing in _PAIRS.items() if closing == text[place])
    return opening not in text[start:place]
