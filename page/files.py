"""Files put into a corpus folder and taken out of it again, each step undone as easily.

In go uploaded files, out comes what became of each. Nothing is overwritten and nothing is deleted:
what is taken out waits in a hidden folder. Knows nothing of indexes, of Gradio or of HTML.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rag

_REMOVED = ".removed"
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_LONGEST_BYTES = 200  # of a name; most systems take 255


class FilesError(rag.RagError):
    """A file cannot be put into the corpus folder, or taken out."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one uploaded file: its place in the folder, or None.

    Either there are ``titles`` of articles that were read, or a ``fault``, or neither where the
    same file was there already.
    """

    name: str
    source: str | None = None
    titles: tuple[str, ...] = ()
    fault: str = ""


def add_files(folder: Path, uploads: Sequence[Path]) -> list[Added]:
    """Put the files that hold articles into the folder; none of them raises an error."""
    return [_add(folder, upload) for upload in uploads]


def _add(folder: Path, upload: Path) -> Added:
    name = fit_name(upload.name)
    try:
        articles = rag.read_articles(upload)
        if not articles:
            raise FilesError(f"{name} 里没有读出文章")
        target = _free_place(folder, name, upload)
        if target is None:
            return Added(name)
        _copy(upload, target)
    except OSError as error:
        return Added(name, fault=f"存不下（{error.strerror}）；请检查磁盘空间和权限")
    except rag.RagError as error:
        return Added(name, fault=str(error))
    return Added(target.name, target.name, tuple(one.title for one in articles))


def fit_name(name: str) -> str:
    """A file name that any system takes and that hides nothing: no path, no leading dot."""
    fitting = Path(_UNFIT.sub("_", Path(name).name).lstrip(". "))
    stem, suffix = fitting.stem, fitting.suffix
    while len(stem.encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return f"{stem or '文章'}{suffix}"


def _free_place(folder: Path, name: str, upload: Path) -> Path | None:
    """Where a file can go without covering another; None where the same one is already."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / name, 1
    while target.exists():
        if filecmp.cmp(target, upload, shallow=False):
            return None
        number += 1
        target = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return target


def _copy(upload: Path, target: Path) -> None:
    """Copy in one step: a reader of the folder sees the whole file or none."""
    fresh = target.with_name(f".{uuid.uuid4().hex}")
    try:
        shutil.copyfile(upload, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def take_out(folder: Path, sources: Sequence[str]) -> str:
    """Move files of the folder out of sight; the key that ``put_back`` takes."""
    key = uuid.uuid4().hex
    for source in sources:
        _move(_inside(folder, source), folder / _REMOVED / key / source)
    return key


def put_back(folder: Path, key: str) -> list[str]:
    """Move what was taken out under a key back to where it was; the files that came back."""
    kept = folder / _REMOVED / key
    if not re.fullmatch("[0-9a-f]{32}", key) or not kept.is_dir():
        raise FilesError("没有可以撤销的移除")
    back = []
    for path in sorted(path for path in kept.rglob("*") if path.is_file()):
        source = path.relative_to(kept).as_posix()
        if not (folder / source).exists():
            _move(path, folder / source)
            back.append(source)
    shutil.rmtree(kept, ignore_errors=True)
    return back


def _inside(folder: Path, source: str) -> Path:
    path = folder / source
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise FilesError(f"文件夹里没有 {source}；它可能已被移走")
    return path


def _move(path: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    except OSError as error:
        raise FilesError(f"移不动 {path.name}（{error.strerror}）；请检查权限") from error


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the folder's files: another one once any of them has changed."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            path = Path(place, name)
            try:
                state = path.stat()
            except OSError:
                continue
            found.append((str(path), state.st_size, state.st_mtime_ns))
    return tuple(found)
