"""Ways of searching one index: the program's, scoring every passage, and bm25s and FAISS alone.

For measuring one beside the other, on questions that the articles suggest. Knows nothing of what is
measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from rag.building import Recipe, update_index
from rag.config import Config
from rag.corpus_index import folder_of
from rag.errors import IndexMissingError
from rag.index import Index, IndexSettings
from rag.index.sample_questions import drafts
from rag.index.term_index import norms_of
from rag.index.term_keys import key_of
from rag.models.embedder import load_embedder
from rag.retrieve import Retriever
from rag.retrieve.terms import search_terms

_QUESTIONS = 100
_AT = 20
_CANDIDATES = 50
_WEIGHT = Config().vector_weight
_CHUNK = 1 << 15
Way = Callable[[str], Any]

# Run with the folder of an index and questions: milliseconds of loading, megabytes resident then,
# and those of them that are no mapped files. Not `getrusage`, which carries on what the process
# that started this one took.
LOADING = """
import sys, time
import rag
from pathlib import Path
def megabytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(name))
from rag.index import Index
from rag.models.embedder import load_embedder
embedder = load_embedder("builtin")
start = time.perf_counter()
index = Index.load(Path(sys.argv[1]))
took = time.perf_counter() - start
from rag.retrieve import Retriever
searcher = Retriever(index, embedder, candidates=50, vector_weight=rag.Config().vector_weight)
for question in sys.argv[2:]:
    searcher.search(question, 20)
print(1000 * took, megabytes("VmHWM"), megabytes("RssAnon"))
"""


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways by their names, each a question to whatever it finds, and questions to try them on."""

    questions: Sequence[str]
    by_name: Mapping[str, Way]
    articles: int
    passages: int
    vector_recall: tuple[float, int]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The ways of the index in a folder; ImportError where bm25s is not installed."""
        index = Index.load(folder)
        questions = _questions(index)
        known: Any = _Known(questions)
        every: Any = _Exhaustive(index)
        own = Retriever(index, known, candidates=_CANDIDATES, vector_weight=_WEIGHT)
        exact = Retriever(every, known, candidates=_CANDIDATES, vector_weight=_WEIGHT)
        peers = _Peers(index)
        ways: dict[str, Way] = {
            "search": lambda one: own.search(one, _AT),
            "every_passage": lambda one: exact.search(one, _AT),
            "terms": lambda one: index.terms.best(search_terms(one), _CANDIDATES),
            "vectors": lambda one: index.vectors.nearest(known.embed_query(one), _CANDIDATES),
            "bm25s": peers.bm25s,
            "faiss": lambda one: peers.faiss(known.embed_query(one)),
        }
        counts = len(index.articles), len(index.passages)
        return cls(questions, ways, *counts, index.vectors.recall)

    def recall(self) -> float:
        """How many of the 20 best hits of scoring every passage the program finds, as a share."""
        shares = []
        for question in self.questions:
            own, exact = (
                {
                    (hit.passage.article_id, hit.passage.start)
                    for hit in self.by_name[name](question)
                }
                for name in ("search", "every_passage")
            )
            shares.append(len(own & exact) / len(exact) if exact else 1.0)
        return sum(shares) / len(shares)


def build_without_copies(config: Config) -> int:
    """Build the index of a corpus, or bring it up to date, and say how many passages it has.

    Articles that tell the same are not looked for: those of ``corpora.many`` tell little else.
    """
    folder = config.corpus_index_dir
    settings = IndexSettings(config.passage_chars, finds_copies=False)
    recipe = Recipe(load_embedder("builtin"), settings)
    try:
        previous = Index.load(folder, is_read_whole=True)
    except IndexMissingError:
        previous = None
    index = update_index(folder, folder_of(config), recipe, previous=previous)
    return index.manifest.passages


def _questions(index: Index) -> list[str]:
    """Questions that articles from everywhere suggest; where they are few, their own titles."""
    step = max(1, len(index.part.articles) // 600)
    chosen = [index.part.articles[at] for at in range(0, len(index.part.articles), step)]
    found = [draft.question for at in range(0, 600, 60) for draft in drafts(chosen[at : at + 60])]
    return found[:_QUESTIONS] or [one.text[:20] for one in chosen[:_QUESTIONS]]


class _Known:
    """The embedder with the vectors of the questions at hand."""

    def __init__(self, questions: Sequence[str]) -> None:
        embedder = load_embedder("builtin")
        self._vectors = {one: embedder.embed_query(one) for one in questions}

    def embed_query(self, text: str) -> Any:
        return self._vectors[text]


class _Exhaustive:
    """The same index, every passage scored and every vector looked at."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.terms = self.vectors = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def candidates(self, *asked: Any) -> Any:
        # The index's own way of putting both together, over the searches below.
        unbound: Any = Index.candidates
        return unbound(self, *asked)

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
        import bm25s

        self._topk = bm25s.selection.topk
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
        codes = index.vectors._codes
        self._vectors = codes.index if codes else index.vectors._exact

    def bm25s(self, question: str) -> Any:
        keys = np.array([key_of(term) for term in search_terms(question)], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self._keys, keys), self._keys.size - 1)
        known = places[self._keys[places] == keys].astype(np.int32)
        scores = self._engine.get_scores_from_ids(known)
        count = min(_CANDIDATES, scores.size)
        return self._topk(scores, k=count, backend="numpy", sorted=True)

    def faiss(self, vector: Any) -> Any:
        return self._vectors.search(vector.reshape(1, -1), _CANDIDATES)
