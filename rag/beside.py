"""Parts of an index made side by side, by processes of their own.

What they make they leave where a build that was cut off finds it (``rag.index.batches``), so that
nothing depends on them: what one did not make, because it could not be started or was killed, is
made by whoever reads the parts. A process ends with the one that started it. Knows nothing of what
a part is made of.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from rag.errors import RagError
from rag.file_batches import Counts, Folder, Progress, Recipe, Tally, key_of, made_of
from rag.index import IndexSettings
from rag.index.batches import Batches
from rag.models.catalogue import BUILTIN
from rag.models.compute import cores
from rag.models.embedder import load_embedder

_MOST = 8  # processes: each takes some 300 MB
_FEWEST = 2
Digests = dict[str, str]
# From a process: what a batch tells of itself; None once the process has ended.
Told = SimpleQueue[tuple[int, list[Any]] | None]


def make_beside(
    index_dir: Path, folder: Folder, batches: Sequence[Digests], recipe: Recipe, show: Progress
) -> bool:
    """Make the parts of some batches with as many processes as are worth it; whether all are made.

    ``batches`` are the digests of their files. Only the built-in embedder is loaded several times:
    another one may fill a GPU.
    """
    count = min(cores(), _MOST, len(batches))
    if count < _FEWEST or recipe.embedder.name != BUILTIN:
        return False
    order = {
        "index_dir": str(index_dir),
        "folder": [str(folder.path), folder.max_file_mb, folder.max_pdf_pages],
        "settings": asdict(recipe.settings),
        "key": key_of(recipe),
    }
    todo: SimpleQueue[tuple[int, Digests]] = SimpleQueue()
    for numbered in enumerate(batches):
        todo.put(numbered)
    told: Told = SimpleQueue()
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(_Process(order, todo, told))
        return _heard(told, count, batches, show) == len(batches)


def _heard(told: Told, processes: int, batches: Sequence[Digests], show: Progress) -> int:
    """How many batches were made once all processes are done; shows how far they have come."""
    tally = Tally(show, sum(map(len, batches)))
    made = 0
    while processes:
        message = told.get()
        if message is None:
            processes -= 1
        elif message[1]:
            tally.count(message[0], *message[1])
        else:
            made += 1
    return made


class _Process:
    """One process that makes batch after batch; leaving the block ends it."""

    def __init__(
        self, order: dict[str, Any], todo: SimpleQueue[tuple[int, Digests]], told: Told
    ) -> None:
        self._order, self._todo, self._told = order, todo, told
        self._child: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._run, name="yinju-beside", daemon=True)

    def __enter__(self) -> None:
        # One that cannot be started makes nothing; the others take its batches.
        with contextlib.suppress(OSError, ValueError):
            self._child = _started()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._thread.join()

    def _run(self) -> None:
        try:
            if self._child is not None and self._child.stdin and self._child.stdout:
                with self._child.stdin as orders, self._child.stdout as answers:
                    _say(orders, self._order)
                    self._make(orders, answers)
        except (OSError, ValueError):
            pass  # it was killed
        finally:
            self._told.put(None)

    def _make(self, orders: IO[str], answers: IO[str]) -> None:
        while (taken := self._taken()) is not None:
            number, digests = taken
            _say(orders, digests)
            for line in answers:
                message = json.loads(line)
                self._told.put((number, message))
                if not message:
                    break
            else:
                return

    def _taken(self) -> tuple[int, Digests] | None:
        try:
            return self._todo.get_nowait()
        except Empty:
            return None


def _started() -> subprocess.Popen[str]:
    root = str(Path(__file__).resolve().parent.parent)
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    one_thread = {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from rag.beside import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="ascii",
        env=os.environ | one_thread | {"PYTHONPATH": paths},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _say(file: IO[str], what: Any) -> None:
    file.write(json.dumps(what) + "\n")
    file.flush()


def _listen(orders: SimpleQueue[str]) -> None:
    """Hand on what is ordered; once nobody can order any more, the process ends at once."""
    for line in sys.stdin:
        orders.put(line)
    os._exit(0)


def serve() -> None:
    """What one of the processes does: parts, as long as any are ordered."""
    answers, sys.stdout = sys.stdout, sys.stderr
    orders: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    order = json.loads(orders.get())
    path, *limits = order["folder"]
    folder = Folder(Path(path), *limits)
    recipe = Recipe(load_embedder(BUILTIN), IndexSettings(**order["settings"]))
    if key_of(recipe) != order["key"]:
        return
    kept = Batches(Path(order["index_dir"]), order["key"], is_share=True)
    kept.are_kept = True
    while True:
        digests: Digests = json.loads(orders.get())
        counts = Counts(lambda *told: _say(answers, told), 0, len(digests), [])
        try:
            made_of(folder, digests, recipe, kept, counts)
        except RagError:
            return  # whoever makes it then meets the same, and tells it
        _say(answers, [])
