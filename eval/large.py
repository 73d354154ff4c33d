"""What an index of very many articles takes: building, bringing up to date, loading, searching.

The corpus is news from a data folder, a file an article, written into a work folder; what is built
there stays, so that a run that was cut off goes on. Times of searching are CPU time of the thread,
beside those of bm25s and FAISS alone over the same terms and vectors in the same run: what counts
are the ratios. Measures and reports; judges nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

import rag
from corpora.news import NEWS_FILE, read_all_news
from eval import metrics
from eval.bench import BenchError, Progress
from eval.environment import ROOT, describe_run
from rag.index import Index
from rag.index.sample_questions import drafts
from rag.index.term_index import norms_of
from rag.index.term_keys import key_of
from rag.models.embedder import load_embedder
from rag.retrieve import Retriever
from rag.retrieve.terms import search_terms

_QUESTIONS = 100
_AT = 20
_CANDIDATES = 50
_ROUNDS = 3
_LOAD = """
import resource, sys, time
import rag
from pathlib import Path
from rag.index import Index
from rag.models.embedder import load_embedder
embedder = load_embedder("builtin")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
index = Index.load(Path(sys.argv[1]))
took = time.perf_counter() - start
from rag.retrieve import Retriever
searcher = Retriever(index, embedder, candidates=50, vector_weight=0.15)
for question in sys.argv[2:]:
    searcher.search(question, 20)
print(1000 * took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def measure_large(data: Path, articles: int, work: Path, say: Progress = print) -> dict[str, Any]:
    """All figures as JSON; BenchError when the news is missing or too little."""
    corpus = _written(data, articles, work / f"corpus-{articles}")
    config = rag.Config(corpus=corpus, index_dir=work / "index", profile="builtin")
    built = _built(config, work / f"build-{articles}.json", say)
    index = Index.load(config.corpus_index_dir)
    questions = _questions(index)
    say(f"装入，检索 {len(questions)} 个问题")
    times = {
        **built,
        "index_mb": _megabytes(config.corpus_index_dir),
        **_loaded(config.corpus_index_dir, questions[:20]),
        **_searched(index, questions),
        **_updated(config, say),
    }
    return {
        **describe_run(),
        "articles": articles,
        "passages": len(index.passages),
        "vector_recall": list(index.vectors.recall),
        "questions": len(questions),
        "times": {name: round(value, 3) for name, value in times.items()},
    }


def _written(data: Path, articles: int, folder: Path) -> Path:
    done = folder / ".whole"
    if done.exists():
        return folder
    try:
        for number, text in enumerate(islice(read_all_news(data), articles)):
            path = folder / f"{number // 1000:03d}" / f"{number:06d}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BenchError(
            f"读不到 {data / NEWS_FILE}（{type(error).__name__}）；请用 --data 指明数据文件夹"
        ) from error
    done.touch()
    return folder


def _built(config: rag.Config, kept: Path, say: Progress) -> dict[str, float]:
    """The time of a build; of one that was cut off, that of the rest alone is not told."""
    if kept.exists():
        known: dict[str, float] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    is_begun = config.corpus_index_dir.exists()
    say("建索引" + ("（接着上次）" if is_begun else ""))
    start, spent = time.perf_counter(), time.process_time()
    count = len(rag.build_index(config).passages)
    times = {
        "build_s": time.perf_counter() - start,
        "build_cpu_ms_per_passage": 1000 * (time.process_time() - spent) / count,
    }
    found = {} if is_begun else times
    kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def _questions(index: Index) -> list[str]:
    """Questions that articles from everywhere suggest; where they are few, their own titles."""
    step = max(1, len(index.part.articles) // 600)
    chosen = [index.part.articles[at] for at in range(0, len(index.part.articles), step)]
    found = [draft.question for at in range(0, 600, 60) for draft in drafts(chosen[at : at + 60])]
    return found[:_QUESTIONS] or [one.text[:20] for one in chosen[:_QUESTIONS]]


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _loaded(folder: Path, questions: Sequence[str]) -> dict[str, float]:
    """Loading, and the most memory resident after some questions, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, str(folder), *questions],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"装不了索引：{done.stderr.strip().splitlines()[-1]}")
    load_ms, resident = map(float, done.stdout.split())
    return {"load_ms": load_ms, "resident_mb": resident}


class _Known:
    """The embedder with the vectors of the questions at hand."""

    def __init__(self, questions: Sequence[str]) -> None:
        embedder = load_embedder("builtin")
        self._vectors = {one: embedder.embed_query(one) for one in questions}

    def embed_query(self, text: str) -> Any:
        return self._vectors[text]


def _searched(index: Index, questions: Sequence[str]) -> dict[str, float]:
    known = _Known(questions)
    searcher = Retriever(index, known, candidates=_CANDIDATES, vector_weight=0.15)  # type: ignore[arg-type]
    exact = Retriever(_Exhaustive(index), known, candidates=_CANDIDATES, vector_weight=0.15)  # type: ignore[arg-type]
    peer = _Peers(index)
    ways: dict[str, Callable[[str], Any]] = {
        "search": lambda one: searcher.search(one, _AT),
        "every_passage": lambda one: exact.search(one, _AT),
        "terms": lambda one: index.terms.best(search_terms(one), _CANDIDATES),
        "vectors": lambda one: index.vectors.nearest(known.embed_query(one), _CANDIDATES),
        "bm25s": peer.bm25s,
        "faiss": lambda one: peer.faiss(known.embed_query(one)),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for question in questions:
        for name, way in ways.items():
            spent[name].append(min(_thread_ms(way, question) for _ in range(_ROUNDS)))
    found = {
        f"{name}_p{share}_ms": metrics.percentile(times, share)
        for name, times in spent.items()
        for share in (50, 95)
    }
    both = found["bm25s_p50_ms"] + found["faiss_p50_ms"]
    return found | {
        "search_to_bm25s_and_faiss": found["search_p50_ms"] / both,
        "search_to_every_passage": found["search_p50_ms"] / found["every_passage_p50_ms"],
        "recall_at_20": _recall(searcher, exact, questions),
    }


def _thread_ms(way: Callable[[str], Any], question: str) -> float:
    start = time.thread_time()
    way(question)
    return 1000 * (time.thread_time() - start)


def _recall(searcher: Retriever, exact: Retriever, questions: Sequence[str]) -> float:
    shares = []
    for question in questions:
        one, other = (
            {(hit.passage.article_id, hit.passage.start) for hit in way.search(question, _AT)}
            for way in (searcher, exact)
        )
        shares.append(len(one & other) / len(other) if other else 1.0)
    return sum(shares) / len(shares)


class _Exhaustive:
    """The same index, every passage scored and every vector looked at."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.terms = self.vectors = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def best(self, weights: Any, count: int, among: Any = None) -> Any:
        return self._index.terms._best_of_all(weights, count, among)

    def scores_of(self, weights: Any, rows: Any) -> Any:
        return self._index.terms.scores_of(weights, rows)

    def nearest(self, vector: Any, count: int, among: Any = None) -> Any:
        stored = self._index.vectors.stored
        steps = range(0, len(stored), 1 << 15)
        cosines = np.concatenate(
            [stored[at : at + (1 << 15)].astype(np.float32) @ vector for at in steps]
        )
        rows = np.argpartition(-cosines, min(count, cosines.size - 1))[:count]
        rows = rows[cosines[rows] > 0]
        return rows[np.argsort(-cosines[rows])]

    def similarities(self, vector: Any, rows: Any) -> Any:
        return self._index.vectors.similarities(vector, rows)


class _Peers:
    """bm25s and FAISS alone, over the same terms and vectors."""

    def __init__(self, index: Index) -> None:
        postings = index.part.postings
        sizes = np.diff(postings.starts)
        rarity = np.log1p((len(index.passages) - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        data = postings.counts.astype(np.float32)
        data /= data + norms_of(postings.lengths)[postings.rows]
        data *= np.repeat(rarity, sizes)
        self._keys = postings.keys
        self._engine = bm25s.BM25(k1=0.5, b=0.5, method="lucene")
        self._engine.scores = {
            "data": data,
            "indices": postings.rows.astype(np.int32),
            "indptr": postings.starts,
            "num_docs": len(index.passages),
        }
        self._engine.nonoccurrence_array = None
        self._cells = index.vectors._cells or index.vectors._exact

    def bm25s(self, question: str) -> Any:
        keys = np.array([key_of(term) for term in search_terms(question)], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self._keys, keys), self._keys.size - 1)
        known = places[self._keys[places] == keys].astype(np.int32)
        scores = self._engine.get_scores_from_ids(known)
        count = min(_CANDIDATES, scores.size)
        return bm25s.selection.topk(scores, k=count, backend="numpy", sorted=True)

    def faiss(self, vector: Any) -> Any:
        return self._cells.search(vector.reshape(1, -1), _CANDIDATES)


def _updated(config: rag.Config, say: Progress) -> dict[str, float]:
    """One file changed, and changed back."""
    say("改一个文件，更新索引")
    paths = sorted(config.corpus.rglob("*.txt"))
    path = paths[len(paths) // 2]
    text = path.read_text(encoding="utf-8")
    times, spent = [], []
    for changed in (f"{text}又记：新添水渠三百米。", text):
        path.write_text(changed, encoding="utf-8")
        start, cpu = time.perf_counter(), time.process_time()
        rag.build_index(config)
        times.append(time.perf_counter() - start)
        spent.append(time.process_time() - cpu)
    return {"update_s": min(times), "update_cpu_s": min(spent)}
