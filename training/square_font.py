"""The font that PDFium measures with where a PDF names one that it does not carry.

Every character is a square (half a square for Latin), which is all that reading lines takes: 1 KB,
so that a page reads alike on a server without fonts and on a desk with hundreds. Made once;
``python -m training.square_font FILE`` makes it anew, byte for byte. Needs fontTools.
"""

from __future__ import annotations

import sys
from pathlib import Path

_WIDE, _NARROW, _ASCENT, _DESCENT, _EDGE = 1000, 500, 880, -120, 40
_LATIN = (0x20, 0x7E)
_CHINESE = (
    (0x2010, 0x203B),
    (0x2E80, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)
# Latin 1, Japanese, both Chinese and Korean: what PDFium looks for by the font's code pages.
_CODE_PAGES = (1 << 0) | (1 << 17) | (1 << 18) | (1 << 19) | (1 << 20) | (1 << 21)


def make(path: Path) -> None:
    """Write the font; the same bytes each time."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._c_m_a_p import cmap_format_13

    latin = dict.fromkeys(range(_LATIN[0], _LATIN[1] + 1), "narrow")
    wide = {code: "square" for first, last in _CHINESE for code in range(first, last + 1)}
    builder = FontBuilder(_WIDE, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square", "narrow"])
    builder.setupCharacterMap(latin)
    widths = {".notdef": _WIDE, "square": _WIDE, "narrow": _NARROW}
    builder.setupGlyf({name: _box(width) for name, width in widths.items()})
    builder.setupHorizontalMetrics({name: (width, _EDGE) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": "Yinju Squares", "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=_ASCENT,
        sTypoDescender=_DESCENT,
        usWinAscent=_ASCENT,
        usWinDescent=-_DESCENT,
        ulCodePageRange1=_CODE_PAGES,
        ulUnicodeRange2=1 << 27,
    )
    builder.setupPost()
    many = cmap_format_13(13)
    many.platformID, many.platEncID, many.language, many.reserved = 3, 10, 0, 0
    many.cmap = latin | wide
    builder.font["cmap"].tables.append(many)
    head = builder.font["head"]
    head.created = head.modified = 0
    builder.font.recalcTimestamp = False
    builder.save(path)


def _box(width: int) -> object:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    bottom, top = _DESCENT + _EDGE, _ASCENT - _EDGE
    pen.moveTo((_EDGE, bottom))
    for corner in ((_EDGE, top), (width - _EDGE, top), (width - _EDGE, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
