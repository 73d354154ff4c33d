"""Text without the signs that only its printing put there: spaces between letters, hidden signs.

OCR and narrow setting part every character by a space, typesetters part figures from Chinese, web
pages and word processors leave signs that nobody sees. In goes a text as printed, out comes the one
to be read, with the way back: what is shown or quoted stays as printed. Knows nothing of words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from rag.text.sentences import Range

_WIDE = "\u2e80-\u2fdf\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffef“”‘’…—·"
# Nobody sees them: zero-width signs, soft hyphens, marks of direction and of byte order, NUL.
_HIDDEN = r"[\x00\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
_BLANK = r"[ \u3000\u00a0\t]"
# Four and more single characters, each parted from the next.
_LETTER = rf"[{_WIDE}0-9A-Za-z.%:/+\-]"
_SPACED = re.compile(
    rf"(?:(?<=\s)|(?<![^\s])){_LETTER}(?:{_BLANK}{{1,2}}{_LETTER}){{3,}}(?=\s|$)", re.MULTILINE
)
_REMOVED = re.compile(
    rf"{_HIDDEN}|(?<=[{_WIDE}]){_BLANK}+(?=[0-9])|(?<=[0-9%]){_BLANK}+(?=[\u3400-\u9fff])"
)
_BLANKS = re.compile(rf"{_BLANK}+")
_ANY = re.compile(rf"{_HIDDEN}|{_BLANK}")  # without one of them nothing is left out


@dataclass(frozen=True, slots=True)
class AsRead:
    """A text to be read and, for each of its characters, where that stands in the printed one."""

    text: str
    places: tuple[int, ...] | None = None  # None where nothing was left out

    def printed(self, found: Range) -> Range:
        """A range of the text as a range of the printed one."""
        if self.places is None or found.start >= found.end:
            return found
        return Range(self.places[found.start], self.places[found.end - 1] + 1)

    def read(self, printed: Range) -> Range:
        """A range of the printed text as a range of this one."""
        if self.places is None:
            return printed
        return Range(bisect_left(self.places, printed.start), bisect_left(self.places, printed.end))


@lru_cache(maxsize=2048)
def as_read(text: str) -> AsRead:
    """The text without hidden signs, and without the spaces that part single characters.

    A space between two words of several characters stays, Latin or Chinese; one between Chinese and
    a figure goes.
    """
    if not _ANY.search(text):
        return AsRead(text)
    gone = [match.span() for match in _REMOVED.finditer(text)]
    for run in _SPACED.finditer(text):
        gone += [match.span() for match in _BLANKS.finditer(text, *run.span())]
    if not gone:
        return AsRead(text)
    left_out = {place for start, end in gone for place in range(start, end)}
    places = tuple(place for place in range(len(text)) if place not in left_out)
    return AsRead("".join(text[place] for place in places), places)
