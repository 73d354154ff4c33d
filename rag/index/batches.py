"""Parts of an index that is being built, kept until it is whole.

A part is written under a temporary name and renamed: what has its name is whole. Its checksums are
looked at before it is taken up again. Knows nothing of what a part is made of.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rag.errors import RagIndexError
from rag.index.checksums import digest_of
from rag.index.generations import BATCHES
from rag.index.part import Gathered, Part

_STATE = "batch.json"


class Batches:
    """Kept parts of one recipe in the folder of an index; gone once the index is written.

    Nothing is kept unless ``are_kept``; with ``is_share`` they stay for who writes the index.
    """

    def __init__(self, folder: Path, recipe: str, *, is_share: bool = False) -> None:
        self._folder = folder / BATCHES
        self._recipe = hashlib.sha256(recipe.encode()).hexdigest()[:12]
        self.are_kept = False
        self._is_share = is_share

    def __enter__(self) -> Self:
        if not self._is_share:
            for path in self._folder.glob("tmp-*"):  # of builds that were killed
                shutil.rmtree(path, ignore_errors=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and not self._is_share:
            shutil.rmtree(self._folder, ignore_errors=True)

    def found(self, name: str, dimension: int) -> tuple[list[Any], Part] | None:
        """What was kept under a name, with what was remembered of it; None where nothing whole."""
        folder = self._folder / f"{self._recipe}-{name}"
        try:
            state = json.loads((folder / _STATE).read_bytes())
            is_whole = all(
                digest_of(folder / path) == digest for path, digest in state["checksums"].items()
            )
            return (state["rows"], Part.read(folder, dimension)) if is_whole else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def keep(self, name: str, rows: Sequence[Any], part: Part) -> Part:
        """Keep a part, with what is to be remembered of it; the same, mapped instead of held."""
        if not self.are_kept:
            return part
        folder = self._folder / f"{self._recipe}-{name}"
        temporary = self._folder / f"tmp-{name}-{os.getpid()}"
        try:
            for path in (folder, temporary):
                shutil.rmtree(path, ignore_errors=True)
            temporary.mkdir(parents=True)
            Gathered.whole([part]).write(temporary)
            checksums = {
                path.relative_to(temporary).as_posix(): digest_of(path)
                for path in temporary.rglob("*")
                if path.is_file()
            }
            state = {"rows": list(rows), "checksums": checksums}
            (temporary / _STATE).write_bytes(json.dumps(state).encode())
            temporary.rename(folder)
        except OSError as error:
            raise RagIndexError(
                f"索引写不进 {self._folder}：{error.strerror or error}；"
                "请检查权限和磁盘空间，或换 --index-dir"
            ) from error
        return Part.read(folder, part.vectors.shape[1])
