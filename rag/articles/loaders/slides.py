"""Slides: what stands in their shapes, tables and notes, slide by slide.

Knows nothing of articles.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rag.articles.loaders.decoded import Decoded, page_list
from rag.articles.loaders.package import DAMAGED
from rag.articles.loaders.written import Field, WrittenText
from rag.errors import ArticleError

_TEMPLATE = 2013  # the year of the date that python-pptx writes into files that it makes
_MAX_DEPTH = 10  # of groups within groups


def read_pptx(data: bytes, name: str) -> Decoded:
    """The text of the slides that are shown, their notes behind each; ArticleError without any."""
    import pptx
    from pptx.exc import PythonPptxError

    try:
        show = pptx.Presentation(io.BytesIO(data))
        written = WrittenText()
        empty, hidden, paragraphs = [], [], []
        for number, slide in enumerate(show.slides):
            if slide._element.get("show") == "0":
                hidden.append(number)
                continue
            before = written.length
            paragraphs += _add_slide(written, slide)
            if written.length == before:
                empty.append(number)
        properties = show.core_properties
        title, created = properties.title or "", properties.created
    except (*DAMAGED, PythonPptxError, AttributeError, TypeError, IndexError, SyntaxError) as error:
        raise ArticleError(f"{name} 已损坏，或不是幻灯片；请重新另存为 .pptx") from error
    remarks = []
    if empty:
        remarks.append(f"{page_list(empty)}没有文字（可能只有图片）")
    if hidden:
        remarks.append(f"{page_list(hidden)}是隐藏的，没有读")
    if not written:
        raise ArticleError(f"{name} 里没有文字（可能只有图片）；请放入有文字的文件")
    is_named = bool(title) and title.lower() != "powerpoint presentation"
    return Decoded(
        written.text,
        title=" ".join(title.split()) if is_named else "",
        created=created.date().isoformat() if created and created.year != _TEMPLATE else None,
        is_one_story=True,
        tables=written.tables,
        paragraphs=tuple(paragraphs),
        remarks=tuple(remarks),
    )


def _add_slide(written: WrittenText, slide: Any) -> list[tuple[int, int]]:
    """Add what a slide says; which stretches of it are text and no title."""
    paragraphs = []
    title = slide.shapes.title
    for shape in _shapes(slide.shapes, 0):
        if getattr(shape, "has_table", False):
            written.add_table([list(_fields(row)) for row in shape.table.rows])
        elif shape.has_text_frame:
            lines = [" ".join(one.text.split()) for one in shape.text_frame.paragraphs]
            for place, line in enumerate(filter(None, lines)):
                written.add(line, "\n" if place else "\n\n")
                if title is None or shape.shape_id != title.shape_id:
                    paragraphs.append((written.length - len(line), written.length))
    _add_notes(written, slide)
    return paragraphs


def _add_notes(written: WrittenText, slide: Any) -> None:
    if not slide.has_notes_slide or slide.notes_slide.notes_text_frame is None:
        return
    for line in slide.notes_slide.notes_text_frame.text.splitlines():
        if line.strip():
            written.add(line.strip())


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """All shapes, those of groups in their place."""
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < _MAX_DEPTH:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _fields(row: Any) -> Iterator[Field]:
    for cell in row.cells:
        if not cell.is_spanned:
            yield Field(cell.text, cell.span_height or 1, cell.span_width or 1)
