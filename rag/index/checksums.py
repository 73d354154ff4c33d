"""Whether the files of an index are those that were written; knows nothing of what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from rag.errors import IndexDamagedError
from rag.index.manifest import IndexManifest

# So much is read in a tenth of a second.
_READ_WHOLE = 128_000_000


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path, manifest: IndexManifest, *, unread: Collection[str] = ()) -> None:
    """Raise IndexDamagedError unless all files are there, as long as they were and unaltered.

    Of an index that is too large to be read each time, the files named by ``unread`` are only
    asked for their sizes.
    """
    is_large = sum(manifest.sizes.values()) > _READ_WHOLE
    for name, checksum in manifest.checksums.items():
        path = folder / name
        is_there = path.is_file() and path.stat().st_size == manifest.sizes[name]
        is_read = not (is_large and name in unread)
        if not is_there or (is_read and digest_of(path) != checksum):
            raise IndexDamagedError(f"索引文件 {path} 缺失或损坏")
