"""Files to text: each format in its own module, chosen by what the bytes are.

All source offsets of the program count in what ``read_text`` returns. For a text file that is its
decoded text, without a byte-order mark, newlines as in the file; for html, docx and pdf it is the
text that the loader takes out. Knows nothing of articles.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.kinds import (
    FOREIGN_SUFFIXES,
    HEAD_BYTES,
    MARKDOWN_SUFFIXES,
    SUFFIXES,
    kind_of,
    refuse_foreign,
)
from rag.articles.loaders.pdf.ocr import OCR_COMMAND, ocr_version
from rag.articles.loaders.plain import decode
from rag.articles.loaders.versions import version_of
from rag.errors import ArticleError

__all__ = [
    "DEFAULT_MAX_FILE_MB",
    "DEFAULT_MAX_PDF_PAGES",
    "FOREIGN_SUFFIXES",
    "HEAD_BYTES",
    "OCR_COMMAND",
    "SUFFIXES",
    "Decoded",
    "decode",
    "decode_file",
    "ocr_version",
    "read_text",
    "way_of_reading",
]

DEFAULT_MAX_FILE_MB = 50.0
DEFAULT_MAX_PDF_PAGES = 2_000
_LIBRARIES = {"html": ("lxml",), "docx": ("python-docx", "lxml"), "pdf": ("pypdfium2",)}


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a file of any size, the one that all source offsets count in."""
    return decode_file(Path(path), max_file_mb=math.inf, max_pdf_pages=math.inf).text


def decode_file(
    path: Path,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
) -> Decoded:
    """Read one file; ArticleError when it is too large, unreadable, of another format or empty.

    Of a PDF the first ``max_pdf_pages`` are read; their text is the start of the whole's.
    """
    data = _bytes_of(path, max_file_mb)
    name = path.name
    kind = kind_of(data[:HEAD_BYTES], name)
    if kind == "foreign":
        raise refuse_foreign(data, name)
    if not data.strip():
        raise ArticleError(f"{name} 是空的；请放入有文字的文件")
    if kind == "html":
        from rag.articles.loaders.html.page import read_html

        return read_html(data, name)
    if kind == "docx":
        from rag.articles.loaders.docx import read_docx

        return read_docx(data, name)
    if kind == "pdf":
        from rag.articles.loaders.pdf.document import read_pdf

        return read_pdf(data, name, max_pdf_pages)
    text, encoding = decode(data, name)
    if not text.strip():
        raise ArticleError(f"{name} 是空的；请放入有文字的文件")
    if path.suffix.lower() in MARKDOWN_SUFFIXES:
        from rag.articles.loaders.markdown import read_markdown

        return read_markdown(text, encoding)
    return Decoded(text, encoding)


def way_of_reading(head: bytes, name: str, max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES) -> str:
    """What the text of a file depends on besides its bytes: the libraries, the limit on pages.

    ``head`` are its first ``HEAD_BYTES``. Empty for a text file.
    """
    kind = kind_of(head, name)
    parts = [version_of(library) for library in _LIBRARIES.get(kind, ())]
    if kind == "pdf":
        parts += [f"{max_pdf_pages:g} pages", ocr_version()]
    return ", ".join(parts)


def _bytes_of(path: Path, max_file_mb: float) -> bytes:
    """The bytes of a file; ArticleError when it is too large or changes meanwhile."""
    name = path.name
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > max_file_mb * 1_000_000:
                raise ArticleError(
                    f"{name} 有 {before.st_size / 1e6:.0f} MB，超过上限 {max_file_mb:g} MB；"
                    "请拆小，或调高设置 max_file_mb"
                )
            data = file.read()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise ArticleError(f"读不了 {name}：{error.strerror}；请检查路径和权限") from error
    if len(data) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise ArticleError(f"{name} 正在被改写，没有读；请等它写完再试")
    return data
