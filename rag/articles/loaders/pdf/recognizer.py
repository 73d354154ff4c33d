"""The picture of a PDF page read by optical character recognition (rapidocr).

Runs in the child process only (see ``child.py``), when the extra ``ocr`` is installed. Its models
come with the package; nothing is downloaded. Knows nothing of columns or paragraphs.
"""

from __future__ import annotations

import os
from statistics import median
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from rapidocr import RapidOCR

from rag.articles.loaders.joining import is_wide
from rag.articles.loaders.pdf.lines import ACROSS, RawLine

_DOTS_PER_INCH = 200
_MAX_SIDE = 3000
_MAX_THREADS = 4
_LINE_HEIGHT = 0.8  # of a found box that the font takes up
_MIN_SQUARES = 4  # Chinese characters that the font height is told by
_LIKE_BODY = 1.15


class Recognizer:
    """Pages as pictures to lines with their places."""

    def __init__(self) -> None:
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": _MAX_SIDE,
                "Global.use_cls": False,  # tells lines that stand on their head
                "EngineConfig.onnxruntime.intra_op_num_threads": min(
                    os.cpu_count() or 1, _MAX_THREADS
                ),
            }
        )

    def read_page(self, document: Any, number: int) -> dict[str, Any]:
        """``lines`` of a page, or its ``fault``."""
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            return {"fault": "damaged"}
        try:
            picture, scale = _rendered(page)
        finally:
            pdfium.FPDF_ClosePage(page)
        found = self._engine(picture)
        if found.boxes is None or found.txts is None:
            return {"lines": []}
        lines = [
            _line(text, box / scale) for box, text in zip(found.boxes, found.txts, strict=True)
        ]
        return {"lines": _evened([line for line in lines if line[0].strip()])}


def _rendered(page: Any) -> tuple[np.ndarray[Any, Any], float]:
    """The page as an array of blue, green and red on white, and its pixels a point."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = min(_DOTS_PER_INCH / 72, _MAX_SIDE / max(width, height, 1.0))
    columns, rows = max(round(width * scale), 1), max(round(height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGR, None, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    address = pdfium.FPDFBitmap_GetBuffer(bitmap)
    flat = np.ctypeslib.as_array(
        pdfium.ctypes.cast(address, pdfium.POINTER(pdfium.c_uint8)), (stride * rows,)
    )
    picture = flat.reshape(rows, stride)[:, : columns * 3].reshape(rows, columns, 3).copy()
    pdfium.FPDFBitmap_Destroy(bitmap)
    return picture, scale


def _line(text: str, box: np.ndarray[Any, Any]) -> RawLine:
    """A line in the box around its four corners; the font height comes from its width if it can.

    How high a found box is depends on which characters are in it, how wide it is hardly does.
    """
    left, top = box.min(axis=0).tolist()
    right, bottom = box.max(axis=0).tolist()
    size = _LINE_HEIGHT * (bottom - top)
    wide = sum(map(is_wide, text))
    if wide >= _MIN_SQUARES:
        size = min((right - left) / (wide + 0.5 * (len(text) - wide)), bottom - top)
    middle = (top + bottom) / 2
    numbers = (left, middle - size / 2, right, middle + size / 2, size)
    left, top, right, bottom, size = (round(number, 1) for number in numbers)
    return (text, left, top, right, bottom, size, ACROSS)


def _evened(lines: list[RawLine]) -> list[RawLine]:
    """Lines about as high as the middle one given its height: they are of one font."""
    if not lines:
        return []
    usual = median(line[5] for line in lines)
    return [
        (*line[:5], usual, line[6]) if usual / _LIKE_BODY < line[5] < usual * _LIKE_BODY else line
        for line in lines
    ]
