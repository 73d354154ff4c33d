"""The same passages indexed and searched by this program and by others, as ratios to this one.

Each in a process of its own, on work that is made once; what one came to is kept, so that a run
that was cut off goes on. A program that is not installed is left out and named; one that is not
done in time gets a part of the work, and how much that was is told. Measures and reports; judges
nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from corpora.news import NEWS_FILE, read_all_news
from corpora.peers.systems import SYSTEMS
from corpora.peers.work import make
from eval import metrics
from eval.bench import BenchError, Progress
from eval.environment import ROOT, describe_run

PASSAGES = 20_000
OURS = "yinju"
_MOST_S = 600
_LESS = 4


def measure_peers(
    data: Path, work: Path, *, passages: int = PASSAGES, say: Progress = print
) -> dict[str, Any]:
    """All figures as JSON; BenchError when the news is missing or this program fails."""
    folder = work / f"peers-{passages}"
    done = folder / ".whole"
    if not done.exists():
        say("备好段落、向量和问题")
        try:
            make(read_all_news(data), passages, folder)
        except OSError as error:
            raise BenchError(
                f"读不到 {data / NEWS_FILE}（{type(error).__name__}）；请用 --data 指明数据文件夹"
            ) from error
        done.touch()
    found = {name: _measured(name, folder, passages, say) for name in SYSTEMS}
    if "times" not in found[OURS]:
        raise BenchError(f"没有量成：{found[OURS]['error']}")
    figures = {name: _figures(one) for name, one in found.items() if "times" in one}
    ours = figures[OURS]
    for one in figures.values():
        one["build_to_ours"] = round(ours["passages_per_s"] / one["passages_per_s"], 2)
        one |= {
            f"{name}_to_ours": round(one[name] / ours[name], 2)
            for name in ("search_p50_ms", "search_cpu_p50_ms")
        }
    errors = {name: one["error"] for name, one in found.items() if "error" in one}
    return {**describe_run(), "passages": passages, "systems": figures, "left_out": errors}


def _measured(name: str, folder: Path, passages: int, say: Progress) -> dict[str, Any]:
    """What a program came to; on a quarter, and of that, where it is not done in time."""
    kept = folder / f"{name}.json"
    given = passages
    while not kept.exists():
        say(f"量 {name}（{given} 个段落）")
        try:
            done = _run(name, folder, [str(given)] if given < passages else [])
        except subprocess.TimeoutExpired:
            say(f"  {name} 过了 {_MOST_S} 秒还没有做完")
            given //= _LESS
            if not given:
                return {"error": f"not done within {_MOST_S} s"}
            continue
        if done.returncode:
            last = (done.stderr.strip() or "没有输出").splitlines()[-1]
            say(f"  {name} 没有量成：{last}")
            return {"error": last}
        kept.write_text(done.stdout.strip().splitlines()[-1], encoding="utf-8")
    measured: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return measured


def _run(name: str, folder: Path, most: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "corpora.peers", name, str(folder), *most],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_MOST_S,
    )


def _figures(one: dict[str, Any]) -> dict[str, Any]:
    times = one["times"]
    return {
        "version": one["version"],
        "passages": one["passages"],
        "build_s": round(times["build_s"], 2),
        "build_cpu_s": round(times["build_cpu_s"], 2),
        "passages_per_s": round(one["passages"] / times["build_cpu_s"]),
        "search_p50_ms": round(metrics.percentile(times["search_ms"], 50), 2),
        "search_p95_ms": round(metrics.percentile(times["search_ms"], 95), 2),
        "search_cpu_p50_ms": round(metrics.percentile(times["search_cpu_ms"], 50), 2),
        "found_at_10": round(one["found_at_10"], 3),
    }
