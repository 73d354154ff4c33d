"""One program does the work of a folder: ``python -m corpora.peers NAME FOLDER`` prints JSON.

``python -m corpora.peers NAME FOLDER PASSAGES`` gives it the first articles of the work alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpora.peers.systems import SYSTEMS, Work
from corpora.peers.work import Given

_ROUNDS = 3
_AT = 10


def measured(name: str, folder: Path, most: int | None = None) -> dict[str, Any]:
    """How long building and searching takes, and how often the article asked of is found."""
    given = Given.read(folder)
    if most is not None:
        given = given.first(most)
    make, package = SYSTEMS[name]
    with tempfile.TemporaryDirectory(dir=folder) as own:
        work = Work(given.articles, given.passages, given.vectors, own)
        begun, spent = time.perf_counter(), time.process_time()
        system = make(work)
        times = {
            "build_s": time.perf_counter() - begun,
            "build_cpu_s": time.process_time() - spent,
        }
        walls, cpus, found = [], [], 0
        for (question, owner), vector in zip(given.asked, given.asked_vectors, strict=True):
            rows = system.search(question, vector, _AT)
            found += owner in given.owners[list(rows)].tolist()
            each = [_timed(system, question, vector) for _ in range(_ROUNDS)]
            walls.append(min(wall for wall, _ in each))
            cpus.append(min(cpu for _, cpu in each))
    return {
        "version": version(package),
        "passages": len(given.passages),
        "questions": len(given.asked),
        "times": times | {"search_ms": walls, "search_cpu_ms": cpus},
        "found_at_10": found / len(given.asked),
    }


def _timed(system: Any, question: str, vector: Any) -> tuple[float, float]:
    begun, spent = time.perf_counter(), time.process_time()
    system.search(question, vector, _AT)
    return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - spent)


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))))
