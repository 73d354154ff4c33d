"""Which files of a folder may hold articles, and whether any of them has changed.

Knows nothing of what stands in them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
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


def source_paths(folder: Path) -> list[Path]:
    """Files of a corpus folder that may hold articles, hidden ones left out, in stable order.

    Documents of other programs are among them: they are refused by name, not passed over.
    """
    if not folder.exists():
        raise CorpusError(f"文件夹 {folder} 不存在；请用 --corpus 指到放文章的文件夹")
    if not folder.is_dir():
        raise CorpusError(f"{folder} 不是文件夹；请用 --corpus 指到放文章的文件夹")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (*SUFFIXES, *FOREIGN_SUFFIXES)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and (path.is_file() or _is_dangling(path))
    )


def _is_dangling(path: Path) -> bool:
    """Whether a link leads nowhere: such a file is named among the skipped, not passed over."""
    return path.is_symlink() and not path.exists()


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
        path.relative_to(folder).as_posix(): _source_digest(path, max_file_mb, max_pdf_pages)
        for path in source_paths(folder)
    }


def _source_digest(path: Path, max_file_mb: float, max_pdf_pages: float) -> str:
    digest = hashlib.sha256(f"layout/{LAYOUT_VERSION}".encode())
    try:
        if path.stat().st_size > max_file_mb * 1_000_000:
            return "too large"
        digest.update(_file_digest(path, max_pdf_pages))
        if override_path(path).exists():
            digest.update(b"override" + override_path(path).read_bytes())
    except OSError:
        return "unreadable"
    return digest.hexdigest()


def _file_digest(path: Path, max_pdf_pages: float) -> bytes:
    with path.open("rb") as file:
        way = way_of_reading(file.read(HEAD_BYTES), path.name, max_pdf_pages)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").digest() + way.encode()
