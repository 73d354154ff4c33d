"""Generations of an index on disk: each whole in its own folder, one of them current.

Knows nothing of what the files hold. A generation is written under a temporary name, synced,
renamed, and only then named in ``CURRENT`` by an atomic replace: a crash at any point leaves the
old generation current, and a later build sweeps up what was left half-written. One writer at a
time, by a file lock that the system releases when its process ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexDamagedError, IndexForeignError, IndexMissingError, RagIndexError

_CURRENT = "CURRENT"
_LOCK = "LOCK"
_PREFIX = "g"
_TEMPORARY = "tmp-"
_LOCK_SECONDS = 60.0
BATCHES = "batches"  # parts of a build that goes on (``rag.index.batches``)
SAMPLES = "samples.json"  # stands beside the generations (``rag.sampling``)


def current_generation(folder: Path) -> Path:
    """The folder of the current generation; a RagIndexError says why there is none."""
    _refuse_foreign(folder)
    if not folder.exists() or not any(folder.iterdir()):
        raise IndexMissingError(f"还没有索引（{folder}）；请运行 python -m rag index")
    pointer = folder / _CURRENT
    if not pointer.is_file():
        raise IndexMissingError(f"{folder} 里的索引没有建完；请运行 python -m rag index")
    name = pointer.read_text(encoding="utf-8", errors="replace").strip()
    generation = folder / name
    if not _is_generation(name) or not generation.is_dir():
        raise IndexDamagedError(f"索引指针 {pointer} 损坏：{name[:40]!r}")
    return generation


def write_generation(folder: Path, write: Callable[[Path], None]) -> Path:
    """Make the files that ``write(path)`` puts into a folder the current generation.

    If ``write`` fails, nothing of it stays and the old generation is still current. A folder of
    another program is left alone, IndexForeignError.
    """
    _refuse_foreign(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=_LOCK_SECONDS):
            return _write_locked(folder, write)
    except Timeout as error:
        raise RagIndexError(f"另一个进程一直在建索引（{folder}）；请等它结束后再试") from error
    except OSError as error:
        raise RagIndexError(
            f"索引写不进 {folder}：{error.strerror or error}；"
            "请检查权限和磁盘空间，或换 --index-dir"
        ) from error


def _refuse_foreign(folder: Path) -> None:
    """Raise IndexForeignError for a file, or a folder that holds only what others put there."""
    if not folder.exists():
        return
    names = list(folder.iterdir()) if folder.is_dir() else [folder]
    if names and not any(map(_is_ours, names)):
        raise IndexForeignError(
            f"{folder} 里有别的程序的文件，不是引据的索引；请换一个 --index-dir"
        )


def _write_locked(folder: Path, write: Callable[[Path], None]) -> Path:
    _sweep(folder, keep=1)
    generation = folder / f"{_PREFIX}{_last_number(folder) + 1:06d}"
    temporary = folder / f"{_TEMPORARY}{generation.name}"
    temporary.mkdir()
    try:
        write(temporary)
        for path in temporary.rglob("*"):
            if path.is_file():
                _sync(path)
        temporary.rename(generation)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    pointer = folder / f"{_TEMPORARY}{_CURRENT}"
    pointer.write_text(generation.name, encoding="utf-8")
    _sync(pointer)
    pointer.replace(folder / _CURRENT)
    # What was taken out of the articles is to be gone; whoever has an older one open keeps it.
    _sweep(folder, keep=1)
    return generation


def _is_generation(name: str) -> bool:
    return name.startswith(_PREFIX) and name[1:].isascii() and name[1:].isdigit()


def _is_ours(path: Path) -> bool:
    temporary = path.name.startswith((f"{_TEMPORARY}{_PREFIX}", f"{_TEMPORARY}{_CURRENT}"))
    return (
        temporary or _is_generation(path.name) or path.name in (_CURRENT, _LOCK, SAMPLES, BATCHES)
    )


def _numbers(folder: Path) -> list[int]:
    return sorted(int(path.name[1:]) for path in folder.iterdir() if _is_generation(path.name))


def _last_number(folder: Path) -> int:
    return max(_numbers(folder), default=0)


def _sweep(folder: Path, keep: int) -> None:
    """Remove half-written work and all but the last generations, the current one always kept."""
    with contextlib.suppress(FileNotFoundError):
        (folder / f"{_TEMPORARY}{_CURRENT}").unlink()
    for path in folder.glob(f"{_TEMPORARY}{_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)
    current = ""
    with contextlib.suppress(OSError):
        current = (folder / _CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    for number in _numbers(folder)[:-keep]:
        generation = folder / f"{_PREFIX}{number:06d}"
        if generation.name != current:
            shutil.rmtree(generation, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
