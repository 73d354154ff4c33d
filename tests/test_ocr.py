"""Scanned pages read by OCR: run where the extra `ocr` is installed."""

from __future__ import annotations

from ctypes import POINTER, c_uint8, cast
from pathlib import Path

import pypdfium2.raw as pdfium
import pytest
from tiny_pdf import A4, Page, bomb, latin, lines, pdf, picture

from rag.articles import read_articles, read_text
from rag.articles.loaders.pdf.document import read_pdf
from rag.articles.loaders.pdf.ocr import ocr_version

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ocr_version(), reason='needs the extra: pip install -e ".[ocr]"'),
]
WORDS = ("Beishan opened 31 projects this year", "for 42 billion in all, said Wang")


def photographed(page: bytes, scale: float = 2.0) -> Page:
    """A page as a scanner sees it: drawn by PDFium, then nothing but gray pixels."""
    data = pdf([page])
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    drawn = pdfium.FPDF_LoadPage(document, 0)
    width, height = (round(side * scale) for side in A4)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, drawn, 0, 0, width, height, 0, 0)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    pixels = cast(pdfium.FPDFBitmap_GetBuffer(bitmap), POINTER(c_uint8))
    gray = b"".join(bytes(pixels[row * stride : row * stride + width]) for row in range(height))
    pdfium.FPDFBitmap_Destroy(bitmap)
    pdfium.FPDF_ClosePage(drawn)
    pdfium.FPDF_CloseDocument(document)
    return picture(width, height, gray)


def scan() -> Page:
    return photographed(latin(50, 100, 14, WORDS[0]) + latin(50, 122, 14, WORDS[1]))


def test_a_scanned_page_is_read_and_those_with_text_are_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(pdf([lines(50, 100, ["　　印出来的一句话，有逗号。"]), scan()]))
    first, second = read_text(path).split("\f")
    assert first == "印出来的一句话，有逗号。"
    assert " ".join(second.split()) == " ".join(WORDS)
    assert read_text(path).split("\f")[1] == second
    assert "42 billion" in "".join(article.text for article in read_articles(path))


def test_a_picture_without_writing_is_named() -> None:
    found = read_pdf(pdf([scan(), picture(400, 400)]), "图.pdf")
    assert found.remarks == ("第 2 页是图片，没认出文字",)


def test_a_page_that_cannot_be_drawn_does_not_cost_the_scans() -> None:
    found = read_pdf(pdf([bomb(3_000_000), scan()]), "坏.pdf")
    assert "42 billion" in found.text.split("\f")[1]
    assert any("第 1 页读不出" in remark for remark in found.remarks)


def test_chinese_is_read_where_the_system_has_a_font_to_draw_it() -> None:
    page = photographed(
        lines(50, 100, ["　　北山县今年新开工项目三十一个，", "总投资四十二亿元。"], 14)
    )
    blank = photographed(b"")
    if page.content == blank.content:
        pytest.skip("no Chinese font on this system")
    text = read_pdf(pdf([page]), "扫描.pdf").text
    assert text == "北山县今年新开工项目三十一个，总投资四十二亿元。"
