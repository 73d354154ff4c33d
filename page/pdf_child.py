"""The program that draws one page of a PDF in a process of its own, and finds words on it.

PDF files are hostile input to a C++ library: what goes wrong here ends this process only. It is
run by its path and loads nothing of the program, so that it starts quickly. What it is told and
what it tells is in ``page/pdf_picture.py``.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_int
from typing import Any

WIDTH, MOST_HEIGHT = 1200, 4000  # pixels
_MOST_CHARS = 300_000
_FEWEST = 2  # characters that are told from chance
_BYTES = 1_500_000_000
_QUALITY = 85

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels


def main() -> None:
    """Read the order and the file, write the picture and the boxes."""
    order = json.loads(sys.argv[1])
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(sys.stdin.buffer.read())
    page = document[order["page"]]
    scale = min(WIDTH / page.get_width(), MOST_HEIGHT / page.get_height())
    drawn = page.render(scale=scale).to_pil().convert("RGB")
    packed = io.BytesIO()
    drawn.save(packed, "JPEG", quality=_QUALITY)
    stream, boxes = _characters(page, drawn.size)
    found = [
        _lines([boxes[place] for place in _places(stream, words, order["at"])])
        for words in order["words"]
    ]
    picture = base64.b64encode(packed.getvalue()).decode()
    json.dump({"picture": picture, "size": drawn.size, "boxes": found}, sys.stdout)


def _characters(page: Any, size: tuple[int, int]) -> tuple[str, list[Box]]:
    """The visible characters of a page in the order of the file, and the box of each."""
    import pypdfium2.raw as raw

    text, stream, boxes = page.get_textpage(), [], []
    for place in range(min(text.count_chars(), _MOST_CHARS)):
        sign = chr(raw.FPDFText_GetUnicode(text, place))
        if sign.isspace() or not sign.isprintable():
            continue
        edges = [c_double() for _ in range(4)]
        left, right, bottom, top = edges
        if not raw.FPDFText_GetCharBox(text, place, *map(byref, edges)):
            continue
        corners = (_pixel(page, size, left, top), _pixel(page, size, right, bottom))
        (a, b), (c, d) = corners
        stream.append(sign)
        boxes.append((min(a, c), min(b, d), max(a, c), max(b, d)))
    return "".join(stream), boxes


def _pixel(page: Any, size: tuple[int, int], x: c_double, y: c_double) -> tuple[int, int]:
    import pypdfium2.raw as raw

    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, byref(across), byref(down))
    return across.value, down.value


def _places(stream: str, words: str, at: float) -> Iterator[int]:
    """Where the characters of some words stand in the stream: the longest stretches that are there.

    Of several places the first stretch has the one nearest to the share ``at`` of the page, each
    later one that nearest to the one before.
    """
    wanted, near = "".join(words.split()), int(at * len(stream))
    begun = 0
    while begun < len(wanted):
        low, high = 0, len(wanted) - begun
        while low < high:
            half = (low + high + 1) // 2
            low, high = (half, high) if wanted[begun : begun + half] in stream else (low, half - 1)
        if low < min(_FEWEST, len(wanted)):
            begun += 1
            continue
        start = min(_all_of(stream, wanted[begun : begun + low]), key=lambda one: abs(one - near))
        yield from range(start, start + low)
        begun, near = begun + low, start + low


def _all_of(stream: str, piece: str) -> Iterator[int]:
    place = stream.find(piece)
    while place >= 0:
        yield place
        place = stream.find(piece, place + 1)


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of neighbouring characters, put together where they stand on one line."""
    lines: list[Box] = []
    for box in boxes:
        if lines and _is_beside(lines[-1], box):
            a, b = lines[-1], box
            lines[-1] = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
        else:
            lines.append(box)
    return lines


def _is_beside(line: Box, box: Box) -> bool:
    """Whether a character goes on with a line: across the page, or down it."""
    size = max(box[2] - box[0], box[3] - box[1], 1)
    across = min(line[3], box[3]) - max(line[1], box[1])
    down = min(line[2], box[2]) - max(line[0], box[0])
    gap_across = max(box[0] - line[2], line[0] - box[2])
    gap_down = max(box[1] - line[3], line[1] - box[3])
    return (across > 0 and gap_across < 2 * size) or (
        down > size / 2 and gap_down < size / 2 > gap_across
    )


if __name__ == "__main__":
    main()
