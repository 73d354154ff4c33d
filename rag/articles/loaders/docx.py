"""Word documents: paragraphs, headings, tables, text boxes and notes in the order of the file.

The package is looked at before it is opened, because a few kilobytes can hold gigabytes. Left out:
what is deleted or hidden, headers and footers, and comments.
Knows nothing of articles.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.numbering import Numbering, numbering_of
from rag.articles.loaders.written import Field, WrittenText
from rag.errors import ArticleError

_NOTES = ("footnotes", "endnotes")
_MAX_REACH = 1_000  # rows or columns of a merged cell
_MAX_CELL_CHARS = 300  # more is a page laid out in a table
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _TABLE, _ROW, _CELL, _BOX = (
    _WORD + name for name in ("p", "tbl", "tr", "tc", "txbxContent")
)
_TEXTS = (_WORD + "t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_SIGNS = {
    _WORD + "tab": "\t",
    _WORD + "br": "\n",
    _WORD + "cr": "\n",
    _WORD + "noBreakHyphen": "-",
}
_LEFT_OUT = frozenset(
    (_FALLBACK, _BOX, *(_WORD + name for name in ("del", "moveFrom", "pPr", "rPr", "tabs")))
)
_HIDDEN = f"{_WORD}rPr/{_WORD}vanish"
_STYLE = f"{_WORD}pPr/{_WORD}pStyle"
_TITLE_STYLE, _HEADING_STYLE = (
    re.compile(r"title$", re.IGNORECASE),
    re.compile(r"heading 1$", re.IGNORECASE),
)
_UNTITLED = re.compile(
    r"^(?:microsoft word\b|untitled|document\d*$|文档\s*\d*$|无标题)", re.IGNORECASE
)
# What python-docx writes into files that it makes.
_NO_DATE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)


class _Document(NamedTuple):
    """An opened document: its body's element, style names by id, what it says of itself.

    ``notes`` are the elements of its foot and end notes, ``comments`` how many there are of these.
    """

    body: Any
    notes: tuple[Any, ...]
    comments: int
    styles: dict[str, str]
    numbering: Numbering
    title: str
    created: str | None


class _Block(NamedTuple):
    """A paragraph as text with its style, or the rows of a table."""

    text: str
    style: str = ""
    rows: tuple[tuple[Field, ...], ...] = ()


def read_docx(data: bytes, name: str) -> Decoded:
    """The text of a document, blocks parted by a blank line, cells of a table row by tabs.

    ArticleError when it is no Word document, is damaged, has a password or is made to fill memory.
    """
    document = _opened(data, name)
    blocks = [
        block
        for block in _blocks(document.body, document.styles, document.numbering)
        if block.text.strip()
    ]
    if not blocks:
        raise ArticleError(f"{name} 里没有文字（可能只有图片）；请放入有文字的文件")
    written = WrittenText()
    for block in (*blocks, *_notes(document)):
        if block.rows:
            written.add_table(block.rows)
        else:
            written.add(block.text)
    return Decoded(
        written.text,
        title=_title(blocks, document.title),
        created=document.created,
        is_one_story=True,
        tables=written.tables,
        remarks=_remarks(document),
    )


def _opened(data: bytes, name: str) -> _Document:
    import docx
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
        properties = document.core_properties
        created = properties.created
        parts = _parts(document)
        return _Document(
            body=document.element.body,
            notes=tuple(note for kind in _NOTES for note in parts.get(kind, ())),
            comments=len(parts.get("comments", ())),
            styles={style.style_id: style.name or "" for style in document.styles},
            numbering=numbering_of(document),
            title=properties.title or "",
            created=created.date().isoformat() if created and created != _NO_DATE else None,
        )
    # What python-docx was seen to raise on damaged files: it knows hardly any errors of its own.
    except (
        PythonDocxError,
        OpcError,
        XmlchemyError,
        LxmlError,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise ArticleError(f"{name} 已损坏，或不是 Word 文档；请重新另存为 .docx") from error


def _blocks(
    parent: Any, styles: dict[str, str], numbering: Numbering | None = None
) -> Iterator[_Block]:
    """The blocks inside an element; those of a text box follow the paragraph that it hangs on.

    With a ``numbering`` paragraphs begin with the numbers that they are shown with.
    """
    for child in parent:
        if child.tag == _PARAGRAPH:
            style = child.find(_STYLE)
            style_id = "" if style is None else style.get(_WORD + "val", "")
            text = "".join(_texts(child)).strip()
            number = numbering.number_of(child, style_id) if numbering and text else ""
            yield _Block(f"{number} {text}" if number else text, styles.get(style_id, ""))
            for box in _inside(child, _BOX):
                yield from _blocks(box, styles)
        elif child.tag == _TABLE:
            yield from _table(child, styles)
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child, styles, numbering)


def _table(table: Any, styles: dict[str, str]) -> Iterator[_Block]:
    """A table of short cells as its rows; one with a long cell lays a page out."""
    rows: list[list[Field]] = []
    merged: dict[int, tuple[int, int]] = {}  # by column, the field that is merged downwards
    is_layout = False
    for row in _inside(table, _ROW):
        fields: list[Field] = []
        column = _skipped(row)
        fields += [Field("")] * column
        for cell in _inside(row, _CELL):
            text = " ".join(" ".join(block.text for block in _blocks(cell, styles)).split())
            wide, merge = _reach(cell)
            is_layout |= len(text) > _MAX_CELL_CHARS
            if merge == "continue" and column in merged:
                at, place = merged[column]
                rows[at][place] = rows[at][place]._replace(rows=len(rows) - at + 1)
            else:
                if merge == "restart":
                    merged[column] = (len(rows), len(fields))
                else:
                    merged.pop(column, None)
                fields.append(Field(text, 1, wide))
            column += wide
        rows.append(fields)
    if is_layout:
        for cell in (cell for row in _inside(table, _ROW) for cell in _inside(row, _CELL)):
            yield from _blocks(cell, styles)
    else:
        text = "\t".join(field.text for fields in rows for field in fields)
        yield _Block(text, rows=tuple(map(tuple, rows)))


def _skipped(row: Any) -> int:
    """How many columns a row leaves out on its left."""
    before = row.find(f"{_WORD}trPr/{_WORD}gridBefore")
    return _number(before)


def _reach(cell: Any) -> tuple[int, str]:
    """Over how many columns a cell reaches, and whether it begins or continues one downwards."""
    span, merge = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan"), cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
    return max(_number(span), 1), "" if merge is None else merge.get(_WORD + "val", "continue")


def _number(element: Any) -> int:
    stated = "" if element is None else element.get(_WORD + "val", "")
    return min(int(stated), _MAX_REACH) if stated.isascii() and stated.isdigit() else 0


def _parts(document: Any) -> dict[str, list[Any]]:
    """The notes and comments of a document, by the kind of their part."""
    from docx.oxml.parser import parse_xml

    found: dict[str, list[Any]] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in (*_NOTES, "comments") and not relation.is_external:
            root = parse_xml(relation.target_part.blob)
            found[kind] = [note for note in root if note.get(_WORD + "type") is None]
    return found


def _notes(document: _Document) -> Iterator[_Block]:
    """The notes as blocks, behind the text."""
    for note in document.notes:
        yield from (block for block in _blocks(note, {}) if block.text.strip())


def _remarks(document: _Document) -> tuple[str, ...]:
    if not document.comments:
        return ()
    return (f"有 {document.comments} 条批注，没有读；要读请复制到正文里",)


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The outermost elements of a tag inside another, in whatever they are wrapped."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag != _FALLBACK:
            yield from _inside(child, tag)


def _texts(parent: Any) -> Iterator[str]:
    """The text of a paragraph as it is shown."""
    for child in parent:
        if child.tag in _TEXTS:
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _LEFT_OUT and child.find(_HIDDEN) is None:
            yield from _texts(child)


def _title(blocks: list[_Block], stated: str) -> str:
    """The text of the title's style, else a heading at the very top, else what the file states."""
    for block in blocks:
        if _TITLE_STYLE.match(block.style):
            return " ".join(block.text.split())
    if _HEADING_STYLE.match(blocks[0].style):
        return " ".join(blocks[0].text.split())
    return "" if _UNTITLED.match(stated) else " ".join(stated.split())
