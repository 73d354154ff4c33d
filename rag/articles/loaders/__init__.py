"""Files to text: each format in its own module, chosen by what the bytes are.

All source offsets of the program count in what ``read_text`` returns. For a text file that is its
decoded text, without a byte-order mark, newlines as in the file; for every other format it is the
text that the loader takes out. Knows nothing of articles.
"""

from __future__ import annotations

import math
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rag.articles.loaders.archive import ARCHIVE_MARK, members_of
from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.kinds import (
    FOREIGN_SUFFIXES,
    HEAD_BYTES,
    SUFFIXES,
    Kind,
    kind_of,
    refuse_foreign,
)
from rag.articles.loaders.package import open_package
from rag.articles.loaders.pdf.ocr import OCR_COMMAND, ocr_version
from rag.articles.loaders.plain import damage_in, decode
from rag.articles.loaders.versions import version_of
from rag.errors import ArticleError

__all__ = [
    "ARCHIVE_MARK",
    "DEFAULT_MAX_FILE_MB",
    "DEFAULT_MAX_PDF_PAGES",
    "FOREIGN_SUFFIXES",
    "HEAD_BYTES",
    "OCR_COMMAND",
    "SUFFIXES",
    "Decoded",
    "decode",
    "decode_bytes",
    "decode_file",
    "decode_members",
    "ocr_version",
    "read_text",
    "way_of_reading",
]

DEFAULT_MAX_FILE_MB = 50.0
DEFAULT_MAX_PDF_PAGES = 2_000
_LIBRARIES: dict[Kind, tuple[str, ...]] = {
    "html": ("lxml",),
    "mail": ("lxml",),
    "pdf": ("pypdfium2",),
    "package": ("python-docx", "openpyxl", "python-pptx", "lxml"),
    "rtf": ("striprtf",),
    "markdown": ("PyYAML",),
}
_WITH_MACROS = (".docm", ".dotm")
_IN_ARCHIVE = re.compile(rf"(?<=\.zip){re.escape(ARCHIVE_MARK)}", re.IGNORECASE)


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a file of any size, the one that all source offsets count in.

    ``a.zip!/b.txt`` is a file within an archive.
    """
    archive, *member = _IN_ARCHIVE.split(os.fspath(path), maxsplit=1)
    if not member or Path(path).exists():
        return decode_file(Path(path), max_file_mb=math.inf, max_pdf_pages=math.inf).text
    for name, found in decode_members(Path(archive), math.inf, math.inf, only=member[0]):
        if name == member[0] and isinstance(found, Decoded):
            return found.text
        if name == member[0] and isinstance(found, ArticleError):
            raise found
    raise ArticleError(f"{Path(archive).name} 里没有 {member[0]}；请检查路径")


def decode_file(
    path: Path,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
) -> Decoded:
    """Read one file; ArticleError when it is too large, unreadable, of another format or empty.

    Of a PDF the first ``max_pdf_pages`` are read; their text is the start of the whole's. An
    archive has no text of its own: see ``decode_members``.
    """
    return decode_bytes(_bytes_of(path, max_file_mb), path.name, max_pdf_pages)


def decode_members(
    path: Path,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
    *,
    only: str | None = None,
) -> Iterator[tuple[str, Decoded | ArticleError]]:
    """What a file holds: its own text under the name ``""``, or that of each file of an archive.

    A member that cannot be read comes with its error; ArticleError where that is the file itself.
    """
    data = _bytes_of(path, max_file_mb)
    package = _archive(data, path.name)
    if package is None:
        yield "", decode_bytes(data, path.name, max_pdf_pages)
        return
    for name, found in members_of(package, path.name, only):
        if isinstance(found, ArticleError):
            yield name, found
            continue
        try:
            yield name, decode_bytes(found, PurePosixPath(name).name, max_pdf_pages)
        except ArticleError as error:
            yield name, error


def _archive(data: bytes, name: str) -> zipfile.ZipFile | None:
    """The archive that these bytes are, None for anything else."""
    if kind_of(data[:HEAD_BYTES], name) != "package":
        return None
    kind, package = open_package(data, name)
    return package if kind == "archive" else None


def decode_bytes(data: bytes, name: str, max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES) -> Decoded:
    """The text of a file's bytes by their kind; see ``decode_file``."""
    kind = kind_of(data[:HEAD_BYTES], name)
    if kind == "foreign":
        raise refuse_foreign(data, name)
    if not data.strip():
        raise ArticleError(f"{name} 是空的；请放入有文字的文件")
    if kind == "pdf":
        from rag.articles.loaders.pdf.document import read_pdf

        return read_pdf(data, name, max_pdf_pages)
    if kind == "package":
        return _from_package(data, name)
    if kind in ("html", "mail"):
        return _from_markup(data, name, kind)
    return _from_text(data, name, kind)


def _from_package(data: bytes, name: str) -> Decoded:
    kind, package = open_package(data, name)
    if kind == "docx" and name.lower().endswith(_WITH_MACROS):
        raise refuse_foreign(data, name)
    if kind == "docx":
        from rag.articles.loaders.docx import read_docx

        return read_docx(data, name)
    if kind == "xlsx":
        from rag.articles.loaders.spreadsheet import read_xlsx

        return read_xlsx(data, name)
    if kind == "pptx":
        from rag.articles.loaders.slides import read_pptx

        return read_pptx(data, name)
    if kind == "epub":
        from rag.articles.loaders.book import read_epub

        return read_epub(package, name)
    if kind == "archive":
        raise ArticleError(f"{name} 是压缩包，里面的压缩包不再展开；请解压后放入里面的文章")
    from rag.articles.loaders.opendocument import read_opendocument

    return read_opendocument(package, name)


def _from_markup(data: bytes, name: str, kind: Kind) -> Decoded:
    if kind == "mail":
        from rag.articles.loaders.mail import read_mail

        return read_mail(data, name)
    from rag.articles.loaders.html.page import read_html

    return read_html(data, name)


def _from_text(data: bytes, name: str, kind: Kind) -> Decoded:
    if kind == "rtf":
        from rag.articles.loaders.rich_text import read_rtf

        return read_rtf(data, name)
    if kind == "csv":
        from rag.articles.loaders.spreadsheet import read_csv

        return read_csv(data, name)
    text, encoding = decode(data, name)
    if not text.strip():
        raise ArticleError(f"{name} 是空的；请放入有文字的文件")
    if kind == "markdown":
        from rag.articles.loaders.markdown import read_markdown

        return read_markdown(text, encoding)._replace(remarks=damage_in(text))
    return Decoded(text, encoding, remarks=damage_in(text))


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
