"""Word documents: paragraphs, headings, tables and text boxes in the order of the file.

The package is looked at before it is opened, because a few kilobytes can hold gigabytes. Left out:
what is deleted or hidden, headers and footers, comments, notes, and numbers that Word makes up.
Knows nothing of articles.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from rag.articles.loaders.decoded import Decoded
from rag.errors import ArticleError

_MAX_MEMBERS = 5_000
_MAX_XML_MB = 25
_MAX_MB = 200  # pictures and all
_MAX_RATIO = 100  # of a member over a megabyte; a page of Word shrinks to a twentieth
_START_BYTES = 8
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
    """An opened document: its body's element, style names by id, what it says of itself."""

    body: Any
    styles: dict[str, str]
    title: str
    created: str | None


class _Block(NamedTuple):
    """A paragraph or a row of a table as text, and the style of the paragraph."""

    text: str
    style: str = ""
    is_row: bool = False


def read_docx(data: bytes, name: str) -> Decoded:
    """The text of a document, blocks parted by a blank line, cells of a table row by tabs.

    ArticleError when it is no Word document, is damaged, has a password or is made to fill memory.
    """
    _check_package(data, name)
    document = _opened(data, name)
    blocks = [block for block in _blocks(document.body, document.styles) if block.text.strip()]
    if not blocks:
        raise ArticleError(f"{name} 里没有文字（可能只有图片）；请放入有文字的文件")
    pieces = [blocks[0].text]
    for above, below in pairwise(blocks):
        pieces += ["\n" if above.is_row and below.is_row else "\n\n", below.text]
    return Decoded(
        "".join(pieces),
        title=_title(blocks, document.title),
        created=document.created,
        is_one_story=True,
    )


def _check_package(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise ArticleError(f"{name} 有密码，打不开；请去掉密码后再放入")
            _refuse_other_packages([member.filename for member in members], name)
            xml = sum(m.file_size for m in members[:_MAX_MEMBERS] if _is_xml(package, m))
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError) as error:
        raise ArticleError(f"{name} 不是 Word 文档，或已损坏；请重新另存为 .docx") from error
    packed = [m for m in members if m.file_size > max(1_000_000, _MAX_RATIO * m.compress_size)]
    whole = sum(member.file_size for member in members)
    if (
        len(members) > _MAX_MEMBERS
        or packed
        or xml > _MAX_XML_MB * 1_000_000
        or whole > _MAX_MB * 1_000_000
    ):
        raise ArticleError(
            f"{name} 解压后有 {whole / 1e6:.0f} MB（文字部分 {xml / 1e6:.0f} MB），"
            "像是压缩炸弹，没有打开；确是文章的话，请拆小，或另存为 .txt"
        )


def _is_xml(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a member begins as XML does, whatever it is called and however it is encoded."""
    with package.open(member) as file:
        return b"<" in file.read(_START_BYTES)


def _refuse_other_packages(members: list[str], name: str) -> None:
    if any(member.startswith("word/") for member in members):
        return
    if any(member.startswith("xl/") for member in members):
        raise ArticleError(f"{name} 是 Excel 表格，读不了；请另存为 .html 或 .pdf")
    if any(member.startswith("ppt/") for member in members):
        raise ArticleError(f"{name} 是幻灯片，读不了；请另存为 .pdf")
    raise ArticleError(f"{name} 是压缩包，不是 Word 文档；请解压后放入里面的文章")


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
        return _Document(
            body=document.element.body,
            styles={style.style_id: style.name or "" for style in document.styles},
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


def _blocks(parent: Any, styles: dict[str, str]) -> Iterator[_Block]:
    """The blocks inside an element; those of a text box follow the paragraph that it hangs on."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            style = child.find(_STYLE)
            style_id = "" if style is None else style.get(_WORD + "val", "")
            yield _Block("".join(_texts(child)).strip(), styles.get(style_id, ""))
            for box in _inside(child, _BOX):
                yield from _blocks(box, styles)
        elif child.tag == _TABLE:
            for row in _inside(child, _ROW):
                yield from _row(row, styles)
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child, styles)


def _row(row: Any, styles: dict[str, str]) -> Iterator[_Block]:
    """A row of short cells as one block; one with a long cell lays a page out."""
    cells = [list(_blocks(cell, styles)) for cell in _inside(row, _CELL)]
    texts = [" ".join(" ".join(block.text for block in cell).split()) for cell in cells]
    if max(map(len, texts), default=0) > _MAX_CELL_CHARS:
        for cell in cells:
            yield from cell
    else:
        yield _Block("\t".join(text for text in texts if text), is_row=True)


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
