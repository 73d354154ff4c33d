"""What kind of file bytes are: by their first bytes and, where these do not tell, by the name.

A wrong suffix is common (a web page saved as .txt, a PDF without its suffix), so content wins
where it is unmistakable. Knows nothing of how a kind is read.
"""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath
from typing import Literal

from rag.errors import ArticleError

Kind = Literal["plain", "markdown", "html", "pdf", "package", "csv", "rtf", "mail", "foreign"]

HEAD_BYTES = 4_096  # enough to tell the kind by
_KINDS: dict[str, Kind] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".pdf": "pdf",
    ".docx": "package",
    ".xlsx": "package",
    ".xlsm": "package",
    ".pptx": "package",
    ".epub": "package",
    ".odt": "package",
    ".ods": "package",
    ".odp": "package",
    ".zip": "package",
    ".csv": "csv",
    ".tsv": "csv",
    ".rtf": "rtf",
    ".eml": "mail",
    ".mht": "mail",
    ".mhtml": "mail",
}
SUFFIXES = tuple(_KINDS)
# Files of other programs: named as skipped rather than passed over, and what to save them as.
_SAVED_AS = {
    **dict.fromkeys((".doc", ".docm", ".dot", ".wps", ".wpt", ".pages"), ".docx"),
    **dict.fromkeys((".xls", ".et", ".numbers"), ".xlsx"),
    **dict.fromkeys((".ppt", ".dps", ".key"), ".pptx"),
    **dict.fromkeys((".ofd", ".caj", ".ceb", ".xps"), ".pdf"),
    **dict.fromkeys((".mobi", ".azw3"), ".epub"),
}
_OFFICE = (".docx", ".xlsx", ".pptx")
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic")
_PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
FOREIGN_SUFFIXES = (*_SAVED_AS, *_PICTURES, *_PACKED)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and anything with a password
_RTF = b"{\\rtf"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF = b"%PDF-"
_PDF_HEAD = 1_024  # bytes among which PDF readers look for the mark
_HTML = re.compile(
    rb"(?>\s*(?:<\?xml[^>]*>|<!--.*?-->))*+\s*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def kind_of(head: bytes, name: str) -> Kind:
    """The kind of a file from its first ``HEAD_BYTES`` and its name."""
    suffix = PurePath(name).suffix.lower()
    start = head.removeprefix(codecs.BOM_UTF8)
    if start.lstrip().startswith(_PDF) or (suffix == ".pdf" and _PDF in head[:_PDF_HEAD]):
        return "pdf"
    if start.startswith(_ZIP):
        return "package"
    if start.startswith(_OLE):
        return "foreign"
    if start.startswith(_RTF):
        return "rtf"
    if _HTML.match(start):
        return "html"
    return "foreign" if suffix in FOREIGN_SUFFIXES else _KINDS.get(suffix, "plain")


def refuse_foreign(data: bytes, name: str) -> ArticleError:
    """The error for a file of another program: what it is and what to save it as."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ArticleError(f"{name} 有密码，打不开；请去掉密码后再放入")
    suffix = PurePath(name).suffix.lower()
    if suffix in _PICTURES:
        return ArticleError(f"{name} 是图片，没有文字；请存成 .pdf 放入，装了 OCR 就能读")
    if suffix in _PACKED:
        return ArticleError(f"{name} 是 {suffix} 压缩包，读不了；请解压，或改用 .zip")
    if suffix in SUFFIXES:
        newer = suffix if suffix in _OFFICE else ".docx"
        return ArticleError(f"{name} 其实是旧版 Office 文件；请打开后另存为 {newer}")
    saved_as = _SAVED_AS.get(suffix, ".docx")
    return ArticleError(f"{name} 是 {suffix or '旧版 Office'} 文件，读不了；请另存为 {saved_as}")
