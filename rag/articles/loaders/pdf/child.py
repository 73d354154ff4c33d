"""The program that reads one PDF in a process of its own: the file comes in, lines go out.

PDF files are hostile input to a C++ library: what goes wrong here ends this process only. It is
run by its path; it loads PDFium, and the OCR engine when asked to, but nothing else of ``rag``, so
that it starts in a twentieth of a second. Knows nothing of columns, paragraphs or articles.

Argument: an ``Order`` as JSON. Standard input: the bytes of the file. Standard output: one JSON
object a line, first ``{"pages", "created"}`` or ``{"fault"}``, then for each page in turn
``{"page", "lines", …}`` (``glyphs.read_page``) or ``{"page", "fault"}``; ``{"is_over"}`` when time
or room ran out before the last.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
import time
from collections.abc import Callable
from ctypes import POINTER, byref, c_char, cast, create_string_buffer
from pathlib import Path
from types import ModuleType
from typing import Any, TypedDict

# Of all pages together, a line counting for as much as its place and its object take.
_MAX_CHARS, _LINE_CHARS = 20_000_000, 40
_CONFIG_WITH_FONT_PATHS = 2
_PASSWORD = 4  # FPDF_ERR_PASSWORD


class Order(TypedDict):
    """What the parent asks for: pages, counted from 0, and what they may cost."""

    first: int
    last: int  # the one after the last
    only: list[int]  # of these pages, if any are named
    by_ocr: bool
    seconds: float  # in all, and more for each page
    more_seconds_a_page: float
    page_seconds: float  # for one page
    wall_seconds: float  # after which the parent ends the child, whatever it does
    memory_mb: int


def main() -> None:
    """Read the order and the file, write what the pages hold."""
    order: Order = json.loads(sys.argv[1])
    _limit(order)
    _watch(order)
    _import_neighbours_only()
    import pypdfium2.raw as pdfium

    data = sys.stdin.buffer.read()  # PDFium reads from it as long as the document is open
    if not order["by_ocr"]:  # which draws pages, and needs what fonts the system has
        _measure_with_own_font(pdfium)
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        is_locked = pdfium.FPDF_GetLastError() == _PASSWORD
        _write(fault="password" if is_locked else "damaged")
        return
    count = pdfium.FPDF_GetPageCount(document)
    _write(pages=count, created=_created(pdfium, document))
    read = _reader(order)
    numbers = order["only"] or range(min(order["last"], count))
    deadline = time.monotonic() + order["seconds"] + order["more_seconds_a_page"] * len(numbers)
    chars = 0
    for number in numbers:
        if number < order["first"]:
            continue
        if time.monotonic() > deadline or chars > _MAX_CHARS:
            _write(is_over=True)
            return
        _watch(order)
        page = read(document, number)
        chars += sum(len(line[0]) + _LINE_CHARS for line in page.get("lines", ()))
        _write(page=number, **page)


def _limit(order: Order) -> None:
    """Limit this process as far as the system can: memory, processor time, no dump of memory."""
    try:
        import resource
    except ImportError:  # Windows: the clocks remain, this one's and the parent's
        return
    limits = {
        "RLIMIT_AS": order["memory_mb"] * 1_048_576,
        "RLIMIT_CPU": int(order["wall_seconds"]) * (os.cpu_count() or 1),
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):  # macOS lacks some
            resource.setrlimit(getattr(resource, name), (value, value))


def _watch(order: Order) -> None:
    """End this process if the next step takes too long: C code cannot be interrupted otherwise."""
    faulthandler.dump_traceback_later(order["page_seconds"], exit=True)


def _measure_with_own_font(pdfium: Any) -> None:
    """Start PDFium with the font of this folder in place of the system's.

    Where a PDF names a font that it does not carry, PDFium takes another to measure with, and
    without any leaves characters out: with this one a page reads alike on every machine.
    """
    folder = create_string_buffer(os.fsencode(Path(__file__).resolve().parent / "fonts"))
    paths = (POINTER(c_char) * 2)()  # the second ends the list
    paths[0] = cast(folder, POINTER(c_char))
    config = pdfium.FPDF_LIBRARY_CONFIG()
    config.version = _CONFIG_WITH_FONT_PATHS
    config.m_pUserFontPaths = cast(paths, type(config.m_pUserFontPaths))
    pdfium.FPDF_DestroyLibrary()  # importing it has started it
    pdfium.FPDF_InitLibraryWithConfig(byref(config))


def _import_neighbours_only() -> None:
    """Make ``rag.articles.loaders.pdf`` importable without running the packages above it.

    ``import rag`` would load FAISS and half a second of other things for each file.
    """
    folder = Path(__file__).resolve().parent
    names = ("rag", "rag.articles", "rag.articles.loaders", "rag.articles.loaders.pdf")
    for name, path in zip(reversed(names), (folder, *folder.parents), strict=False):
        package = ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package


def _reader(order: Order) -> Callable[[Any, int], dict[str, Any]]:
    if order["by_ocr"]:
        from rag.articles.loaders.pdf.recognizer import Recognizer

        return Recognizer().read_page
    from rag.articles.loaders.pdf.glyphs import read_page

    return read_page


def _created(pdfium: Any, document: Any) -> str:
    """The creation date as the file states it, such as ``D:20200514093000+08'00'``."""
    buffer = create_string_buffer(128)
    size = pdfium.FPDF_GetMetaText(document, b"CreationDate", buffer, len(buffer))
    return buffer.raw[: min(size, len(buffer))].decode("utf-16-le", "ignore").strip("\0")


def _write(**values: Any) -> None:
    sys.stdout.buffer.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
