"""OpenDocument texts, sheets and slides: paragraphs and tables in the order of ``content.xml``.

A walk over one XML file, as python-docx's is over Word's; the library for the format has not been
kept for years. Knows nothing of articles.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.package import DAMAGED
from rag.articles.loaders.spreadsheet import MAX_ROWS
from rag.articles.loaders.written import Field, WrittenText
from rag.errors import ArticleError

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LINES = (f"{_TEXT}p", f"{_TEXT}h")
_LEFT_OUT = frozenset((f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation"))
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n", f"{_TEXT}s": " "}
_MAX_REPEATED = 200


def read_opendocument(package: zipfile.ZipFile, name: str) -> Decoded:
    """The text of a document; ArticleError when it is damaged, has a password or holds none."""
    try:
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise ArticleError(f"{name} 有密码，打不开；请去掉密码后再放入")
        root = _xml(package, "content.xml")
        body = root.find(f"{_OFFICE}body")
        written = WrittenText()
        remarks: list[str] = []
        _add(written, body, remarks)
        comments = sum(1 for _ in body.iter(f"{_OFFICE}annotation"))
        title = _title(package)
    except (*DAMAGED, etree.LxmlError, AttributeError, TypeError, RecursionError) as error:
        raise ArticleError(f"{name} 已损坏，打不开；请重新另存") from error
    if not written:
        raise ArticleError(f"{name} 里没有文字（可能只有图片）；请放入有文字的文件")
    if comments:
        remarks.append(f"有 {comments} 条批注，没有读；要读请复制到正文里")
    return Decoded(
        written.text,
        title=title,
        is_one_story=True,
        tables=written.tables,
        remarks=tuple(remarks),
    )


def _xml(package: zipfile.ZipFile, path: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(package.read(path), parser)


def _title(package: zipfile.ZipFile) -> str:
    if "meta.xml" not in package.namelist():
        return ""
    element = _xml(package, "meta.xml").find(f".//{_DC}title")
    return " ".join((element.text or "").split()) if element is not None else ""


def _add(written: WrittenText, parent: Any, remarks: list[str]) -> None:
    """The blocks inside an element, notes behind the paragraph that they hang on."""
    for child in parent:
        if child.tag in _LINES:
            text = "".join(_texts(child)).strip()
            if text:
                written.add(text)
            for note in child.iter(f"{_TEXT}note-body"):
                _add(written, note, remarks)
        elif child.tag == f"{_TABLE}table":
            _add_table(written, child, remarks)
        elif child.tag not in _LEFT_OUT:
            _add(written, child, remarks)


def _add_table(written: WrittenText, table: Any, remarks: list[str]) -> None:
    name = table.get(f"{_TABLE}name", "")
    if table.get(f"{_TABLE}display") == "false":
        remarks.append(f"隐藏的工作表“{name}”没有读；要读请先取消隐藏")
        return
    rows: list[list[Field]] = []
    for row in table.iter(f"{_TABLE}table-row"):
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            remarks.append(f"表格“{name}”有隐藏的行没有读；要读请先取消隐藏")
            continue
        if len(rows) == MAX_ROWS:
            remarks.append(f"表格“{name}”只读了前 {MAX_ROWS} 行；要读其余的请拆成几个文件")
            break
        rows.append(list(_fields(row)))
    if name and table.getparent().tag == f"{_OFFICE}spreadsheet":
        written.add(name)
    written.add_table(rows, "\n" if name and written else "\n\n")


def _fields(row: Any) -> Iterator[Field]:
    for cell in row:
        if cell.tag != f"{_TABLE}table-cell":
            continue
        text = " ".join("".join(_texts(line)) for line in cell.iter(*_LINES))
        reach = (_count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned"))
        for _ in range(_count(cell, "number-columns-repeated")):
            yield Field(text, *reach)


def _count(cell: Any, name: str) -> int:
    stated = cell.get(f"{_TABLE}{name}", "1")
    return min(max(int(stated), 1), _MAX_REPEATED) if stated.isdigit() else 1


def _texts(parent: Any) -> Iterator[str]:
    yield parent.text or ""
    for child in parent:
        if child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag != f"{_TEXT}note" and child.tag not in _LEFT_OUT:
            yield from _texts(child)
        yield child.tail or ""
