"""A PDF writer of a few lines, for pages whose text, places and faults the tests choose.

Chinese is set in a font that is not embedded: PDFium needs none to read text, only to draw it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

A4 = (595, 842)
_FONTS = b"<< /F1 3 0 R /F2 6 0 R >>"
_FIXED = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"",  # the pages, written last
    b"""<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H
    /DescendantFonts [4 0 R] >>""",
    b"""<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R
    /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>
    /DW 1000 /W [1 95 500] >>""",
    b"""<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]
    /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>""",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)


@dataclass(frozen=True)
class Page:
    """The operators of a page, and what else its dictionary says."""

    content: bytes
    entries: bytes = b""
    size: tuple[int, int] = A4
    is_packed: bool = False


def words(left: float, top: float, size: float, text: str, turn: str = "1 0 0 1") -> bytes:
    """Text whose baseline begins `left` and `top` points from the top left corner of an A4 page."""
    place = f"BT /F1 {size:g} Tf {turn} {left:g} {A4[1] - top:g} Tm <"
    return place.encode() + text.encode("utf-16-be").hex().encode() + b"> Tj ET\n"


def latin(left: float, top: float, size: float, text: str) -> bytes:
    """Text in a font that every PDF reader can draw."""
    return f"BT /F2 {size:g} Tf {left:g} {A4[1] - top:g} Td ({text}) Tj ET\n".encode()


def lines(
    left: float, top: float, texts: Iterable[str], size: float = 10, leading: float = 1.5
) -> bytes:
    """Lines of a column, one below another; full-width spaces at their start indent them."""
    drawn = b""
    for number, text in enumerate(texts):
        indent = len(text) - len(text.lstrip("　"))
        place = left + indent * size, top + number * leading * size
        drawn += words(*place, size, text.lstrip("　"))
    return drawn


def picture(width: int, height: int, gray: bytes | None = None) -> Page:
    """A page that is all picture: of these gray pixels, or white."""
    packed = zlib.compress(gray or b"\xff" * (width * height))
    head = f"q {A4[0]} 0 0 {A4[1]} 0 0 cm BI /W {width} /H {height} /CS /G /BPC 8 /F /Fl ID "
    return Page(head.encode() + packed + b"\nEI Q")


def bomb(operators: int) -> Page:
    """A page of a few kilobytes that unpacks to so many operators."""
    return Page(b"BT /F1 1 Tf (aaaaaaaa) Tj ET\n" * operators, is_packed=True)


def pdf(pages: Sequence[Page | bytes], trailer: bytes = b"", info: bytes = b"") -> bytes:
    """The file of these pages."""
    objects = [*_FIXED]
    kids = []
    for page in pages:
        page = page if isinstance(page, Page) else Page(page)
        stream = zlib.compress(page.content, 9) if page.is_packed else page.content
        packing = b"/Filter /FlateDecode " if page.is_packed else b""
        objects.append(
            b"<< %s/Length %d >>\nstream\n%s\nendstream" % (packing, len(stream), stream)
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] %s /Contents %d 0 R"
            b" /Resources << /Font %s >> >>" % (*page.size, page.entries, len(objects), _FONTS)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    if info:
        objects.append(b"<< %s >>" % info)
        trailer += b" /Info %d 0 R" % len(objects)
    return _file(objects, trailer)


def locked(pages: Sequence[Page | bytes]) -> bytes:
    """The file of these pages, behind a password that nobody knows."""
    key = b"/Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s>" % (b"ab" * 32, b"cd" * 32)
    return pdf(pages, b"/ID [<%s><%s>] /Encrypt << %s >>" % (b"01" * 16, b"01" * 16, key))


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    parts = [b"%PDF-1.4\n"]
    places = [len(parts[0])]
    for number, content in enumerate(objects, start=1):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        places.append(places[-1] + len(parts[-1]))
    table = b"".join(b"%010d 00000 n \n" % place for place in places[:-1])
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places), table))
    parts.append(b"trailer << /Size %d /Root 1 0 R %s >>\n" % (len(places), trailer))
    return b"".join([*parts, b"startxref\n%d\n%%%%EOF\n" % places[-1]])
