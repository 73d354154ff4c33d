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

Kind = Literal["plain", "html", "pdf", "docx", "foreign"]

HEAD_BYTES = 4_096  # enough to tell the kind by
MARKDOWN_SUFFIXES = (".md", ".markdown")
_KINDS: dict[str, Kind] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "plain",
    ".markdown": "plain",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
SUFFIXES = tuple(_KINDS)
# Documents of other programs: named as skipped rather than passed over, and what to save them as.
_SAVED_AS = {
    **dict.fromkeys((".doc", ".docm", ".dot", ".rtf", ".odt", ".wps", ".wpt", ".pages"), ".docx"),
    **dict.fromkeys((".xls", ".xlsx", ".xlsm", ".ods", ".et", ".numbers"), ".html 或 .pdf"),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".dps", ".key"), ".pdf"),
    **dict.fromkeys((".ofd", ".caj", ".ceb", ".xps", ".epub", ".mobi", ".mht", ".mhtml"), ".pdf"),
}
FOREIGN_SUFFIXES = tuple(_SAVED_AS)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and anything with a password
_RTF = b"{\\rtf"
_ZIP = b"PK\x03\x04"
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
        return "docx"  # its reader tells other packages by what is inside
    if start.startswith((_OLE, _RTF)):
        return "foreign"
    if _HTML.match(start):
        return "html"
    return "foreign" if suffix in _SAVED_AS else _KINDS.get(suffix, "plain")


def refuse_foreign(data: bytes, name: str) -> ArticleError:
    """The error for a document of another program: what it is and what to save it as."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ArticleError(f"{name} 有密码，打不开；请去掉密码后再放入")
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES:
        return ArticleError(f"{name} 其实是旧版 Office 或 RTF 文件；请打开后另存为 .docx")
    saved_as = _SAVED_AS.get(suffix, ".docx")
    return ArticleError(f"{name} 是 {suffix or '旧版 Office'} 文件，读不了；请另存为 {saved_as}")
