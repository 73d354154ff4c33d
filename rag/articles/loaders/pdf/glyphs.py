"""The characters of a PDF page gathered into lines with their places.

Runs in the child process only (see ``child.py``). Knows nothing of columns or paragraphs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from ctypes import byref, c_double, c_float
from typing import Any

import pypdfium2.raw as pdfium

from rag.articles.loaders.joining import is_wide
from rag.articles.loaders.pdf.lines import ACROSS, DOWN, SLANTED, RawLine

_MAX_PAGE_CHARS = 300_000
_MAX_OBJECTS = 5_000  # looked at to find the largest picture of a page
_PICTURE_SHARE = 0.5  # of a page that a picture covers when the page is a scan
_FEW_CHARS = 40  # stamped onto a scan: a page number, the name of the scanning program
_UNMAPPED_SHARE = 0.5
_VISIBLE_GAP = 0.15  # of the font, between two Chinese characters
_OFF_CENTER = (0.25, 0.5)  # of the font, by the direction of the line so far
_SAMPLED = 200  # characters asked for the direction of the page's text
_LINE_BREAKS = frozenset((0x0A, 0x0D))
_SPACES = frozenset((0x09, 0x20, 0xA0, 0x3000))
_UNKNOWN = frozenset((0xFFFD, 0xFFFE, 0xFFFF))
_HYPHEN = 0x02  # what PDFium gives for a hyphen at the end of a line
_MADE_UP = "\0"  # stands for a space that PDFium made up


def read_page(document: Any, number: int) -> dict[str, Any]:
    """``lines`` of a page, whether it ``is_picture`` or ``is_empty``; or its ``fault``."""
    page = pdfium.FPDF_LoadPage(document, number)
    text_page = pdfium.FPDFText_LoadPage(page) if page else None
    try:
        if not text_page:
            return {"fault": "damaged"}
        count = pdfium.FPDFText_CountChars(text_page)
        if count > _MAX_PAGE_CHARS:
            return {"fault": "crowded"}
        reader = _LineReader(text_page, count)
        lines = list(reader.lines())
        objects = pdfium.FPDFPage_CountObjects(page)
        return {
            "lines": [] if reader.is_garbled else lines,
            "is_picture": reader.is_garbled or _is_picture(page, objects, reader.chars),
            "is_empty": objects == 0,
        }
    finally:
        pdfium.FPDFText_ClosePage(text_page)
        pdfium.FPDF_ClosePage(page)


def _is_picture(page: Any, objects: int, chars: int) -> bool:
    """Whether what the page shows is not in its text: no character on it, or a few on a scan."""
    if chars == 0:
        return objects > 0
    return chars <= _FEW_CHARS and _largest_picture(page, objects) >= _PICTURE_SHARE


def _largest_picture(page: Any, objects: int) -> float:
    """Share of the page that its largest picture covers."""
    edges = [c_float() for _ in range(4)]
    largest = 0.0
    for position in range(min(objects, _MAX_OBJECTS)):
        shape = pdfium.FPDFPage_GetObject(page, position)
        if _holds_picture(shape) and pdfium.FPDFPageObj_GetBounds(shape, *map(byref, edges)):
            left, bottom, right, top = (edge.value for edge in edges)
            largest = max(largest, (right - left) * (top - bottom))
    size: float = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    return largest / max(size, 1.0)


def _holds_picture(shape: Any) -> bool:
    """Whether an object of a page is a picture, or a group with one in it."""
    kind = pdfium.FPDFPageObj_GetType(shape)
    if kind != pdfium.FPDF_PAGEOBJ_FORM:
        return bool(kind == pdfium.FPDF_PAGEOBJ_IMAGE)
    inside = range(min(pdfium.FPDFFormObj_CountObjects(shape), _MAX_OBJECTS))
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(shape, n)) for n in inside)
    return pdfium.FPDF_PAGEOBJ_IMAGE in kinds


class _LineReader:
    """The lines of a page in the order of the file.

    A line ends where the next character does not stand close behind on the same baseline; a gap
    of one character parts columns. Characters set one below another are a line too (vertical
    Chinese). A page whose text runs up or down is turned; text that runs in another direction than
    the rest (a watermark) is gathered into one line of its own.
    """

    def __init__(self, text_page: Any, count: int) -> None:
        self._text_page = text_page
        self._count = count
        self._turn = 0  # quarter turns against the clock that most of the text is set at
        self._is_unmapped = False
        self._look()
        self.chars = 0
        self._private = 0

    @property
    def is_garbled(self) -> bool:
        """Whether the fonts do not say which characters most glyphs are: what is read is noise."""
        return self._is_unmapped or self._private > _UNMAPPED_SHARE * max(self.chars, 1)

    def lines(self) -> Iterator[RawLine]:
        """All lines; slanted text comes last, as one line."""
        slanted: list[str] = []
        run: _Run | None = None
        for space, character, position in self._characters():
            if run is not None and run.takes(character, self._place(position), space):
                continue
            if run is not None:
                yield run.line()
            run = self._begin(character, position)
            if run is None:
                slanted.append(space.replace(_MADE_UP, " ") + character)
        if run is not None:
            yield run.line()
        if slanted:
            yield ("".join(slanted).strip(), 0.0, 0.0, 0.0, 0.0, 0.0, SLANTED)

    def _characters(self) -> Iterator[tuple[str, str, int]]:
        """Each character with the space before it and its position."""
        space = ""
        for position in range(self._count):
            character = self._character(position)
            if character.isspace() or character == _MADE_UP:
                space += character
            elif character:
                yield space, character, position
                space = ""

    def _character(self, position: int) -> str:
        """One character, or a space, or nothing for what is none."""
        code = pdfium.FPDFText_GetUnicode(self._text_page, position)
        if code in _LINE_BREAKS or 0xDC00 <= code <= 0xDFFF:  # second half of a pair
            return ""
        if code in _SPACES:
            is_made_up = pdfium.FPDFText_IsGenerated(self._text_page, position)
            return _MADE_UP if is_made_up else chr(code)
        if 0xD800 <= code <= 0xDBFF:
            low = pdfium.FPDFText_GetUnicode(self._text_page, position + 1)
            code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
        self.chars += 1
        if code == _HYPHEN:
            return "-"
        if code < 0x20 or code in _UNKNOWN:
            self._private += 1
            return "\ufffd" if self._is_visible(position) else _MADE_UP
        self._private += 0xE000 <= code <= 0xF8FF  # known to one font only
        return chr(code) if code <= 0x10FFFF else ""

    def _is_visible(self, position: int) -> bool:
        edges = [c_double() for _ in range(4)]
        pdfium.FPDFText_GetCharBox(self._text_page, position, *map(byref, edges))
        left, right, bottom, top = (edge.value for edge in edges)
        return right > left and top > bottom

    def _begin(self, character: str, position: int) -> _Run | None:
        """A new line, or None when the text is slanted."""
        angle, size = self._direction(position)
        if abs((angle - 90 * self._turn + 180) % 360 - 180) > 10:
            return None
        return _Run(character, self._place(position), size)

    def _place(self, position: int) -> tuple[float, float, float]:
        """Left edge, right edge and baseline of a character, the page's text running across."""
        box = pdfium.FS_RECTF()
        x, y = c_double(), c_double()
        pdfium.FPDFText_GetLooseCharBox(self._text_page, position, box)
        pdfium.FPDFText_GetCharOrigin(self._text_page, position, x, y)
        if self._turn == 0:
            return box.left, box.right, -y.value
        if self._turn == 1:
            return box.bottom, box.top, x.value
        if self._turn == 2:
            return -box.right, -box.left, y.value
        return -box.top, -box.bottom, -x.value

    def _direction(self, position: int) -> tuple[float, float]:
        """The angle of the text in degrees against the clock, and the height of its font."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text_page, position, matrix)
        font = pdfium.FPDFText_GetFontSize(self._text_page, position)
        return math.degrees(math.atan2(matrix.b, matrix.a)), font * math.hypot(matrix.c, matrix.d)

    def _look(self) -> None:
        """Tell from a sample how the page's text is set, and whether its fonts name characters."""
        turns: Counter[int] = Counter()
        unmapped = 0
        for position in range(0, self._count, max(self._count // _SAMPLED, 1)):
            if not pdfium.FPDFText_IsGenerated(self._text_page, position):
                turns[round(self._direction(position)[0] / 90) % 4] += 1
                unmapped += pdfium.FPDFText_HasUnicodeMapError(self._text_page, position) == 1
        self._turn = max(turns, key=lambda turn: (turns[turn], -turn), default=0)
        self._is_unmapped = unmapped > _UNMAPPED_SHARE * turns.total()


class _Run:
    """A line as it grows."""

    def __init__(self, text: str, place: tuple[float, float, float], size: float) -> None:
        self._text = [text]
        self._left, self._right, self._base = place
        self._first_base = self._base
        self._size = max(size, 1.0)
        self._usual_gap = 0.0  # lines are stretched to the width of their column
        self._direction = ACROSS

    def takes(self, character: str, place: tuple[float, float, float], space: str) -> bool:
        """Append the character if it goes on with this line."""
        left, right, base = place
        if self._direction == ACROSS and self._goes_across(left, base, space):
            self._append_space(space, (left - self._right) / self._size, character)
            self._right = max(self._right, right)
        elif self._goes_down(character, left, right, base):
            self._direction = DOWN
            self._left, self._right = min(self._left, left), max(self._right, right)
            self._base = base
        else:
            return False
        self._text.append(character)
        return True

    def line(self) -> RawLine:
        """The line with its box; 0.88 of the font stands above the baseline."""
        top = self._first_base - 0.88 * self._size
        numbers = (self._left, top, self._right, self._base + 0.12 * self._size, self._size)
        left, top, right, bottom, size = (round(number, 1) for number in numbers)
        return ("".join(self._text), left, top, right, bottom, size, self._direction)

    def _goes_across(self, left: float, base: float, space: str) -> bool:
        gap = (left - self._right) / self._size
        printed = len(space) - space.count(_MADE_UP)
        return abs(base - self._base) < 0.4 * self._size and -1 < gap < 1 + printed

    def _goes_down(self, character: str, left: float, right: float, base: float) -> bool:
        if len(self._text) > 1 and self._direction == ACROSS:
            return False
        step = (base - self._base) / self._size
        off_center = abs((left + right) - (self._left + self._right)) / 2
        # Signs stand in a corner of their square.
        is_below = 0.8 < step < 1.3 and off_center < _OFF_CENTER[self._direction] * self._size
        return is_below and is_wide(character) and is_wide(self._text[-1])

    def _append_space(self, space: str, gap: float, character: str) -> None:
        """Printed spaces as they are; one that PDFium made up only where it is plain to see."""
        printed = space.replace(_MADE_UP, "")
        if printed:
            self._text.append(printed)
        elif space and is_wide(self._text[-1]) and is_wide(character):
            if gap - self._usual_gap > _VISIBLE_GAP:
                self._text.append(" ")
        elif space:
            self._text.append(" ")
        else:
            self._usual_gap = gap
