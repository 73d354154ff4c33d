"""The asked-for fact inside a chosen sentence: a number, date, name, place, clause or list.

Knows nothing of hits. Says nothing when it is not sure: the sentence itself is always quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence.features import QuestionView
from rag.evidence.pieces import Piece, respective
from rag.evidence.reading import Guess
from rag.evidence.typed_spans import typed_spans
from rag.queries import core_of
from rag.text import BRACKETS, Range

_SURE = 0.2  # of the guess; under it fewer than half are right (docs/experiments.md)
_LEAD = 2.0  # of a number over the next one; under it they are too close
_LEAST_SHARE = 0.01
_MAX_CHARS = 60
_BARE = 0.7  # of its sentence, beyond which a fact says no more than the quote
_TYPED = frozenset({"number", "date"})
_SAID = re.compile(r"(?<=..)(?:说|表示|介绍|认为|指出|透露)$")
_HOLDS_OFFICE = re.compile(r"(?:现|曾|历|兼|先后)?(?:担任|出任|任)(?=..)")
_YEAR_ASKED = re.compile(r"哪一?年|何年|年份")
_YEAR = re.compile(r"\d+年?")
_SIGNS = "，。；：、！？,;:!? \t"


def find_short_answer(view: QuestionView, text: str, guess: Guess) -> Range | None:
    """The range of the asked-for fact in a sentence, or None when nothing stands out."""
    fact = _number_or_date(view, text, guess)
    if fact is None and guess.probability >= _SURE and not _is_mere_rise(view, text, guess.range):
        fact = tidied(view, text, guess.range)
    if fact and view.query.kind == "reason" and _SAID.search(text[fact.start : fact.end]):
        return None  # who says it is no reason
    if fact is None or not 0 < fact.end - fact.start <= min(_MAX_CHARS, _BARE * len(text)):
        return None
    return None if text[fact.start : fact.end].removeprefix("第") in view.query.text else fact


def _number_or_date(view: QuestionView, text: str, guess: Guess) -> Range | None:
    """The number or date asked for that the guess prefers to every other one by far.

    None where two pieces each tell something of what is asked that the other does not.
    """
    if view.query.kind not in _TYPED:
        return None
    spans = view.spans(text)
    its_own = respective(core_of(view.query.subject), text, spans)
    if its_own:
        return its_own
    pieces = [(span, Piece.around(view, text, span)) for span in spans]
    risen_to = _risen_to(text, pieces)
    if risen_to:
        return risen_to
    shares = [(guess.share_of(span) * piece.worth, span, piece) for span, piece in pieces]
    shares.sort(key=lambda one: -one[0])
    if not shares or shares[0][0] <= _LEAST_SHARE:
        return None
    (most, found, piece), *others = shares
    if others and (most < _LEAD * others[0][0] or piece.is_half_of(others[0][2])):
        return None
    return _with_unit(text, found, guess.range)


def _with_unit(text: str, found: Range, guess: Range) -> Range:
    """The number, with the unit that only the guess knows: 893起."""
    unit = text[found.end : guess.end].rstrip(_SIGNS)
    is_bare = text[found.end - 1].isdigit() and guess.start < found.end
    is_unit = unit.isalnum() and len(unit) < 4
    return Range(found.start, found.end + len(unit)) if is_bare and is_unit else found


def _risen_to(text: str, pieces: Sequence[tuple[Range, Piece]]) -> Range | None:
    """The one number in the same unit that says as much of what is asked as a mere rise does."""
    rises = [(text[span.end - 1], one.asked) for span, one in pieces if one.is_mere_rise]
    reached = [
        span
        for span, one in pieces
        if not one.is_mere_rise
        and any(
            unit == text[span.end - 1] and asked and asked <= one.asked for unit, asked in rises
        )
    ]
    return reached[0] if len(reached) == 1 else None


def _is_mere_rise(view: QuestionView, text: str, guess: Range) -> bool:
    """Whether the guess is by how much it rose, and another number may be what it rose to."""
    if view.query.kind != "number" or len(view.spans(text)) < 2:
        return False
    return Piece.around(view, text, guess).is_mere_rise


def tidied(view: QuestionView, text: str, guess: Range) -> Range:
    """The guess made whole: its number or date not cut, its brackets closed, signs off."""
    start, end = guess
    kind = view.query.kind
    if kind in _TYPED:
        # Where a year is asked for it is a whole answer, though the text has its month, too.
        spans = typed_spans(kind, view.query.unit, text)
        is_year = kind == "date" and _YEAR_ASKED.search(view.query.text)
        start, end = _whole(guess, _years(text) if is_year else spans)
    while start < end and text[start] in _SIGNS:
        start += 1
    while start < end and text[end - 1] in _SIGNS:
        end -= 1
    if view.query.person and (holds := _HOLDS_OFFICE.match(text[start:end])):
        start += holds.end()
    if kind == "person" and (said := _SAID.search(text[start:end])):
        end = start + said.start()
    return _closed(text, Range(start, end))


def _years(text: str) -> list[Range]:
    return [Range(*found.span()) for found in _YEAR.finditer(text)]


def _whole(guess: Range, spans: Sequence[Range]) -> Range:
    """The guess with all of what it touches."""
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
        if sign in BRACKETS:
            opened.append(BRACKETS[sign])
        elif opened and sign == opened[-1]:
            opened.pop()
    if opened and end < len(text) and text[end] == opened[-1]:
        return Range(start, end + 1)
    if opened and text[start] in BRACKETS and BRACKETS[text[start]] == opened[-1]:
        return Range(start + 1, end)
    closing = set(BRACKETS.values())
    if end > start and text[end - 1] in closing and _opens_before(text, start, end - 1):
        return Range(start, end - 1)
    return Range(start, end)


def _opens_before(text: str, start: int, place: int) -> bool:
    """Whether the bracket that is closed at a place is opened before the start."""
    opening = next(sign for sign, closing in BRACKETS.items() if closing == text[place])
    return opening not in text[start:place]
