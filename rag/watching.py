"""Calls for an update whenever the files of a folder have changed.

Knows nothing of what stands in them, nor of what an update is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from rag.articles import files_in
from rag.errors import RagError

Report = Callable[[str], None]


def watch(
    folder: Path,
    update: Callable[[], object],
    *,
    report: Report,
    seconds: float = 2.0,
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Call ``update`` whenever files of a folder have changed and then stayed for ``seconds``.

    Looks at names, sizes and times alone; ends when ``is_over``. What ``update`` cannot do is said
    in a line, and tried again once something changes.
    """
    done = stamp_of(folder)
    before = done
    while not is_over():
        time.sleep(seconds)
        now = stamp_of(folder)
        if now == before != done:  # a file that is being copied changes from look to look
            try:
                update()
            except RagError as error:
                report(f"错误：{error}")
            done = now
        before = now


def stamp_of(folder: Path) -> int:
    """A number that changes when a file of a folder comes, goes, or is written to."""
    found = []
    for source in files_in(folder):
        try:
            state = os.stat(folder / source)  # noqa: PTH116 (thousands of files)
        except OSError:
            continue
        found.append((source, state.st_size, state.st_mtime_ns))
    return hash(tuple(found))
