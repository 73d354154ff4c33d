"""Electronic books: the chapters in the order of their spine, each read as a web page.

An epub is a package of web pages, so that what reads these reads it; the library for epub that is
kept is under the AGPL. Knows nothing of articles.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.html.elements import read_page
from rag.articles.loaders.html.page import write_blocks
from rag.articles.loaders.package import DAMAGED
from rag.articles.loaders.written import WrittenText
from rag.errors import ArticleError

_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ROOT = ".//{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def read_epub(package: zipfile.ZipFile, name: str) -> Decoded:
    """The chapters of a book; ArticleError when it is damaged, locked or holds no text."""
    if "META-INF/encryption.xml" in package.namelist() and _is_locked(package):
        raise ArticleError(f"{name} 有版权保护，打不开；请换一个没有加密的版本")
    written = WrittenText()
    try:
        root = _xml(package, _CONTAINER)
        folder, opf = _opf(package, root)
        for path in _spine(opf, folder):
            markup = package.read(path).decode("utf-8", "replace")
            write_blocks(written, read_page(markup, name).blocks)
    except (*DAMAGED, etree.LxmlError, AttributeError, TypeError) as error:
        raise ArticleError(f"{name} 已损坏，或不是电子书；请重新下载") from error
    if not written:
        raise ArticleError(f"{name} 里没有文字（可能只有图片）；请放入有文字的文件")
    return Decoded(
        written.text,
        title=_stated(opf, "title"),
        is_one_story=True,
        tables=written.tables,
    )


def _is_locked(package: zipfile.ZipFile) -> bool:
    """Whether text is encrypted, and not only fonts."""
    return b"font" not in package.read("META-INF/encryption.xml").lower()


def _xml(package: zipfile.ZipFile, path: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    return etree.fromstring(package.read(path), parser)


def _opf(package: zipfile.ZipFile, container: Any) -> tuple[str, Any]:
    path = container.find(_ROOT).get("full-path")
    return posixpath.dirname(path), _xml(package, path)


def _spine(opf: Any, folder: str) -> Iterator[str]:
    """The paths of the chapters in reading order."""
    items = {
        item.get("id"): item.get("href")
        for item in opf.iter(f"{_OPF}item")
        if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split()
    }
    for reference in opf.iter(f"{_OPF}itemref"):
        if href := items.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))


def _stated(opf: Any, what: str) -> str:
    element = opf.find(f".//{_DC}{what}")
    return " ".join((element.text or "").split()) if element is not None else ""
