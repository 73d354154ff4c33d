"""Which files of a folder may hold articles, and whether any of them has changed.

Knows nothing of what stands in them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from rag.articles.loaders import (
    DEFAULT_MAX_FILE_MB,
    DEFAULT_MAX_PDF_PAGES,
    FOREIGN_SUFFIXES,
    HEAD_BYTES,
    SUFFIXES,
    way_of_reading,
)
from rag.articles.override import override_path
from rag.errors import CorpusError

# Part of the digest: raised whenever the same file would give other articles.
LAYOUT_VERSION = 6
_STRETCH = 1 << 20


def files_in(folder: Path) -> list[str]:
    """The paths of all files within a folder, hidden ones left out, in stable order.

    A link that leads nowhere is among them: it is named among the skipped, not passed over.
    """
    return sorted(_found(os.fspath(folder), ""), key=lambda path: path.split("/"))


def _found(folder: str, before: str) -> Iterator[str]:
    """Without ``pathlib``, which takes several times as long for many thousands of files."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _found(entry.path, f"{before}{entry.name}/")
        elif (entry.is_symlink() and not Path(entry.path).exists()) or entry.is_file():
            yield before + entry.name


def sources_in(folder: Path) -> list[str]:
    """The paths within a folder of the files that may hold articles, in stable order.

    Documents of other programs are among them: they are refused by name, not passed over.
    CorpusError when there is no such folder.
    """
    if not folder.exists():
        raise CorpusError(f"文件夹 {folder} 不存在；请用 --corpus 指到放文章的文件夹")
    if not folder.is_dir():
        raise CorpusError(f"{folder} 不是文件夹；请用 --corpus 指到放文章的文件夹")
    known = {*SUFFIXES, *FOREIGN_SUFFIXES}
    return [path for path in files_in(folder) if os.path.splitext(path)[1].lower() in known]  # noqa: PTH122


def source_paths(folder: Path) -> list[Path]:
    """The same as paths to open."""
    return [folder / source for source in sources_in(folder)]


def folder_digest(
    folder: str | os.PathLike[str],
    *,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
) -> str:
    """The digest of a folder's files as they stand now, without reading them as articles."""
    return digest_of(source_digests(folder, max_file_mb=max_file_mb, max_pdf_pages=max_pdf_pages))


def digest_of(digests: Mapping[str, str]) -> str:
    """One digest of the digests of a folder's files."""
    digest = hashlib.sha256(f"layout/{LAYOUT_VERSION}".encode())
    for source, own in digests.items():
        digest.update(b"\0" + os.fsencode(source) + b"\0" + own.encode())
    return digest.hexdigest()


def source_digests(
    folder: str | os.PathLike[str],
    *,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
) -> dict[str, str]:
    """For each file of a folder, by its path within, what its articles depend on, as a digest.

    A file over the limit counts as left out, so that raising the limit changes its digest; so does
    another version of a library that takes the text out of it.
    """
    folder = Path(folder)
    return {
        source: _source_digest(folder / source, max_file_mb, max_pdf_pages)
        for source in sources_in(folder)
    }


def _source_digest(path: Path, max_file_mb: float, max_pdf_pages: float) -> str:
    digest = hashlib.sha256(f"layout/{LAYOUT_VERSION}".encode())
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > max_file_mb * 1_000_000:
                return "too large"
            head = file.read(HEAD_BYTES)
            digest.update(way_of_reading(head, path.name, max_pdf_pages).encode() + b"\0" + head)
            while more := file.read(_STRETCH):
                digest.update(more)
        with contextlib.suppress(FileNotFoundError):
            digest.update(b"override" + override_path(path).read_bytes())
    except OSError:
        return "unreadable"
    return digest.hexdigest()
