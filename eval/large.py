"""What an index of very many articles takes: building, bringing up to date, loading, searching.

The corpus is news from a data folder, a file an article, written into a work folder; what is built
there stays, so that a run that was cut off goes on. Times of searching are CPU time of the thread,
beside those of bm25s and FAISS alone over the same terms and vectors in the same run: what counts
are the ratios. Measures and reports; judges nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import rag
from corpora.many import many_texts
from corpora.news import NEWS_FILE, read_all_news
from corpora.ways import LOADING, Ways, build_without_copies
from eval import metrics
from eval.bench import BenchError, Progress
from eval.environment import ROOT, describe_run

_ROUNDS = 3
_SLOW = "every_passage"  # of which once says enough
Build = Callable[[rag.Config], int]


def measure_large(data: Path, articles: int, work: Path, say: Progress = print) -> dict[str, Any]:
    """All figures as JSON; BenchError when the news is missing or too little."""
    texts = islice(read_all_news(data), articles)
    corpus = _written(texts, work / f"corpus-{articles}", data)
    config = rag.Config(corpus=corpus, index_dir=work / "index", profile="builtin")
    return _measured(config, work, _build, say)


def measure_passages(
    data: Path, passages: int, work: Path, say: Progress = print
) -> dict[str, Any]:
    """The same of so many passages, most of them made; copies are not looked for."""
    corpus = _written(many_texts(data, passages), work / f"corpus-{passages}-passages", data)
    config = rag.Config(corpus=corpus, index_dir=work / "index", profile="builtin")
    return _measured(config, work, build_without_copies, say)


def _build(config: rag.Config) -> int:
    return rag.build_index(config).manifest.passages


def _measured(config: rag.Config, work: Path, build: Build, say: Progress) -> dict[str, Any]:
    built = _built(config, build, work / f"build-{config.corpus.name}.json", say)
    try:
        ways = Ways.of(config.corpus_index_dir)
    except ImportError as error:
        raise BenchError('要量 bm25s，请先运行 pip install "yinju[bench]"') from error
    say(f"装入，检索 {len(ways.questions)} 个问题")
    times = {
        **built,
        "index_mb": _megabytes(config.corpus_index_dir),
        **_loaded(config.corpus_index_dir, ways.questions[:20]),
        **_searched(ways),
        **_updated(config, build, say),
    }
    return {
        **describe_run(),
        "articles": ways.articles,
        "passages": ways.passages,
        "vector_recall": list(ways.vector_recall),
        "questions": len(ways.questions),
        "times": {name: round(value, 3) for name, value in times.items()},
    }


def _written(texts: Iterable[str], folder: Path, data: Path) -> Path:
    """A folder with a file for each text; one that was begun is written anew, file by file."""
    done = folder / ".whole"
    if done.exists():
        return folder
    try:
        for number, text in enumerate(texts):
            path = folder / f"{number // 1000:03d}" / f"{number:06d}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BenchError(
            f"读不到 {data / NEWS_FILE}（{type(error).__name__}）；请用 --data 指明数据文件夹"
        ) from error
    done.touch()
    return folder


def _built(config: rag.Config, build: Build, kept: Path, say: Progress) -> dict[str, float]:
    """The time of a build; of one that was cut off, that of the rest alone is not told."""
    if kept.exists():
        known: dict[str, float] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    is_begun = config.corpus_index_dir.exists()
    say("建索引" + ("（接着上次）" if is_begun else ""))
    start, spent = time.perf_counter(), _cpu_seconds()
    count = build(config)
    times = {
        "build_s": time.perf_counter() - start,
        "build_cpu_ms_per_passage": 1000 * (_cpu_seconds() - spent) / count,
    }
    found = {} if is_begun else times
    kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def _cpu_seconds() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _loaded(folder: Path, questions: Sequence[str]) -> dict[str, float]:
    """Loading, and the most memory resident after some questions, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOADING, str(folder), *questions],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"装不了索引：{done.stderr.strip().splitlines()[-1]}")
    load_ms, resident, own = map(float, done.stdout.split())
    return {"load_ms": load_ms, "resident_mb": resident, "resident_unmapped_mb": own}


def _searched(ways: Ways) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in ways.by_name}
    for question in ways.questions:
        for name, way in ways.by_name.items():
            rounds = 1 if name == _SLOW else _ROUNDS
            spent[name].append(min(_thread_ms(way, question) for _ in range(rounds)))
    found = {
        f"{name}_p{share}_ms": metrics.percentile(times, share)
        for name, times in spent.items()
        for share in (50, 95)
    }
    both = found["bm25s_p50_ms"] + found["faiss_p50_ms"]
    return found | {
        "search_to_bm25s_and_faiss": found["search_p50_ms"] / both,
        "search_to_every_passage": found["search_p50_ms"] / found["every_passage_p50_ms"],
        "recall_at_20": ways.recall(),
    }


def _thread_ms(way: Callable[[str], Any], question: str) -> float:
    start = time.thread_time()
    way(question)
    return 1000 * (time.thread_time() - start)


def _updated(config: rag.Config, build: Build, say: Progress) -> dict[str, float]:
    """One file changed, and changed back."""
    say("改一个文件，更新索引")
    paths = sorted(config.corpus.rglob("*.txt"))
    path = paths[len(paths) // 2]
    text = path.read_text(encoding="utf-8")
    times, spent = [], []
    for changed in (f"{text}又记：新添水渠三百米。", text):
        path.write_text(changed, encoding="utf-8")
        start, cpu = time.perf_counter(), _cpu_seconds()
        build(config)
        times.append(time.perf_counter() - start)
        spent.append(_cpu_seconds() - cpu)
    return {"update_s": min(times), "update_cpu_s": min(spent)}
