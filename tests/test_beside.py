"""An index built by several processes: as by one, whatever becomes of them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from fakes import BigramEmbedder
from test_building import contents, corpus

from rag import beside, building, file_batches
from rag.building import Folder, Recipe, update_index
from rag.errors import IndexMissingError
from rag.index import Index, IndexSettings
from rag.models.embedder import Embedder, builtin_embedder

__all__ = ["corpus"]  # the fixture
HERE = str(Path(__file__).resolve().parent)
STATUS = Path("/proc/self/status")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_batches, "_BATCH_FILES", 1)
    monkeypatch.setattr(beside, "cores", lambda: 2)


def built(corpus: Path, index_dir: Path, embedder: Embedder | None = None, **more: Any) -> Index:
    recipe = Recipe(embedder or builtin_embedder(), IndexSettings(120))
    try:
        previous = Index.load(index_dir)
    except IndexMissingError:
        previous = None
    return update_index(index_dir, Folder(corpus, 50, 100), recipe, previous=previous, **more)


def built_alone(corpus: Path, index_dir: Path) -> dict[str, bytes]:
    """The bytes of an index that one process builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beside, "cores", lambda: 1)
        built(corpus, index_dir)
    return contents(index_dir)


def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """The processes that are started from now on."""
    start, found = beside._started, []

    def noted() -> subprocess.Popen[str]:
        found.append(start())
        return found[-1]

    monkeypatch.setattr(beside, "_started", noted)
    return found


def test_several_processes_make_all_parts_and_the_same_index(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = built_alone(corpus, tmp_path / "eins")
    made, found = building.made_of, []

    def looked(*asked: Any) -> Any:
        kept = asked[3].found(file_batches.name_of(asked[1]), asked[2].embedder.dimension)
        found.append(kept is not None)
        return made(*asked)

    monkeypatch.setattr(building, "made_of", looked)
    processes, seen = started(monkeypatch), []
    built(corpus, tmp_path / "zwei", progress=lambda *one: seen.append(one))
    assert contents(tmp_path / "zwei") == alone
    assert found == [True] * 6
    assert [process.returncode is None for process in processes] == [False] * 2
    assert not (tmp_path / "zwei" / "batches").exists()
    read = [done for stage, done, _ in seen if stage == "读文章"]
    assert read == sorted(read)
    assert read[-1] == 6
    embedded = [(done, total) for stage, done, total in seen if stage == "算向量"]
    assert embedded[-1][0] == embedded[-1][1] == len(Index.load(tmp_path / "zwei").passages)


def test_without_processes_the_index_is_made_all_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(beside, "_started", refuse)
    built(corpus, tmp_path / "keine")
    assert contents(tmp_path / "keine") == built_alone(corpus, tmp_path / "eins")


def test_what_a_killed_process_did_not_make_is_made_by_others(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = started(monkeypatch)

    def kill(stage: str, done: int, total: int) -> None:
        for process in processes:
            process.kill()

    built(corpus, tmp_path / "tot", progress=kill)
    assert contents(tmp_path / "tot") == built_alone(corpus, tmp_path / "eins")


def test_whoever_stops_watching_ends_the_processes(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = started(monkeypatch)

    def stop(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(corpus, tmp_path / "halt", progress=stop)
    assert all(process.poll() is not None for process in processes)
    built(corpus, tmp_path / "halt")
    assert contents(tmp_path / "halt") == built_alone(corpus, tmp_path / "eins")


@pytest.mark.parametrize("is_alone", [True, False])
def test_one_core_or_another_embedder_starts_no_process(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_alone: bool
) -> None:
    processes = started(monkeypatch)
    if is_alone:
        monkeypatch.setattr(beside, "cores", lambda: 1)
    built(corpus, tmp_path / "ein", None if is_alone else BigramEmbedder())
    assert processes == []


CHILD = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]).parent)]
from rag import beside, file_batches
file_batches._BATCH_FILES = 1
beside.cores = lambda: 2
start = beside._started
def noted():
    process = start()
    print(process.pid, flush=True)
    return process
beside._started = noted
from test_beside import built
built(Path(sys.argv[2]), Path(sys.argv[3]), progress=lambda *one: print("*", flush=True))
"""


@pytest.mark.skipif(not STATUS.exists(), reason="looks at processes by their numbers")
def test_processes_end_with_the_one_that_was_killed(corpus: Path, tmp_path: Path) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", CHILD, HERE, str(corpus), str(tmp_path / "weg")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    numbers = [int(killed.stdout.readline()) for _ in range(2)]
    assert killed.stdout.readline() == "*\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    for _ in range(200):
        if not any(map(is_running, numbers)):
            break
        time.sleep(0.05)
    assert not any(map(is_running, numbers))
    built(corpus, tmp_path / "weg")
    assert contents(tmp_path / "weg") == built_alone(corpus, tmp_path / "eins")
    assert not (tmp_path / "weg" / "batches").exists()


def is_running(number: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    with contextlib.suppress(OSError):
        os.kill(number, 0)
        status = Path(f"/proc/{number}/status").read_text(encoding="utf-8")
        return "State:\tZ" not in status
    return False
