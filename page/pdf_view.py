"""The page of a PDF that a quote stands on, as a picture with its words boxed, as HTML.

Knows nothing of Gradio. The picture is part of the markup, so that there is no address at which the
files of a corpus could be had.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rag
from page.escaping import literal
from page.originals import Original, path_of
from page.pdf_picture import Picture, draw_page
from page.texts import CHINESE, Language


def render_pdf_page(
    folder: Path | None,
    came: Original,
    citations: Sequence[rag.Citation],
    current: int,
    say: Language = CHINESE,
) -> str:
    """The picture of the page, every citation on it boxed and the current one stressed.

    RagError when it cannot be drawn.
    """
    end = came.text.find("\f")
    low, high = came.start, came.start + (len(came.text) if end < 0 else end)
    shown = [(one.number, _words(came, one, low, high)) for one in citations]
    shown = [(number, words) for number, words in shown if words]
    first = next((one for one in citations if one.number == current), None)
    at = (first.source_spans[0][0] - low) / max(high - low, 1) if first else 0.0
    path = path_of(folder, came.source)
    picture = draw_page(path, came.number - 1, [words for _, words in shown], at)
    rows = zip(shown, picture.boxes, strict=True)
    marks = "".join(
        _mark(box, picture, "now" if number == current else "")
        for (number, _), boxes in rows
        for box in boxes
    )
    told = say(
        "{source} 第 {number} 页的样子，所引的字句已框出", source=came.source, number=came.number
    )
    lost = (
        ""
        if marks
        else f'<p class="yj-warning">{say("这一页上找不到这些字的位置，请在图上自己找")}</p>'
    )
    width, height = picture.size
    return (
        f'{lost}<div class="yj-pdf" style="aspect-ratio: {width} / {height}">'
        f'<img alt="{literal(told)}" src="data:image/jpeg;base64,{picture.jpeg}">{marks}</div>'
    )


def _words(came: Original, citation: rag.Citation, low: int, high: int) -> str:
    """What of a quote stands on the page that reaches from ``low`` to ``high`` of the file."""
    if citation.source != came.source:
        return ""
    pieces = [(max(a, low), min(b, high)) for a, b in citation.source_spans]
    return "".join(came.text[a - low : b - low] for a, b in pieces if a < b)


def _mark(box: tuple[int, int, int, int], picture: Picture, kind: str) -> str:
    """A box as a mark, in per cent of the picture, which is shown as wide as there is room."""
    (left, top, right, bottom), (width, height) = box, picture.size
    edges = {
        "left": left / width,
        "top": top / height,
        "width": (right - left) / width,
        "height": (bottom - top) / height,
    }
    style = "; ".join(f"{name}: {100 * value:.2f}%" for name, value in edges.items())
    return f'<mark class="{kind}" style="{style}"></mark>'
