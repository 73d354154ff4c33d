"""A second look at the best hits, as deep as the time for it allows.

Knows nothing of how hits are found or how a pair is scored.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.datatypes import Hit
from rag.index import Filter
from rag.models.reranker import Reranker
from rag.retrieve.search import Searcher

logger = logging.getLogger(__name__)
_DEEPEST = 50
_MEASURED_PAIRS = 2


class RerankingRetriever:
    """Searches with a retriever and puts its best hits into a reranker's order.

    How many is decided once a process, at the first search: two pairs are timed, after one to warm
    up, and as many are reranked from then on as ``seconds`` hold, so that the same question keeps
    its answer. With time for fewer than two, the retriever's order stays.
    """

    def __init__(
        self,
        retriever: Searcher,
        reranker: Reranker,
        *,
        seconds: float,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._retriever = retriever
        self._reranker = reranker
        self._seconds = seconds
        self._clock = clock
        self._depth: int | None = None

    def search(self, query: str, top_k: int, only: Filter | None = None) -> list[Hit]:
        """The ``top_k`` best passages, best first; see ``Retriever.search``.

        The score of a reranked hit is the reranker's probability; those below keep their order and
        get less.
        """
        hits = self._retriever.search(query, max(top_k, _DEEPEST), only)
        if self._depth is None and len(hits) > 1:
            self._depth = self._measured_depth(query, hits)
        depth = min(self._depth or 0, len(hits))
        if depth < 2:
            return hits[:top_k]
        scores = self._reranker.scores(query, [hit.passage.search_text for hit in hits[:depth]])
        return rescored(hits, scores)[:top_k]

    def _measured_depth(self, query: str, hits: Sequence[Hit]) -> int:
        """How many pairs fit in the time, by the longest of the passages that were found."""
        texts = sorted((hit.passage.search_text for hit in hits), key=len)[-_MEASURED_PAIRS:]
        self._reranker.scores(query, texts[:1])
        start = self._clock()
        self._reranker.scores(query, texts)
        spent = self._clock() - start
        fitting = int(self._seconds * len(texts) / spent) if spent > 0 else _DEEPEST
        depth = min(fitting, _DEEPEST)
        logger.info("reranking %d passages, %.0f ms each", depth, 1000 * spent / len(texts))
        return depth


def rescored(hits: Sequence[Hit], scores: Sequence[float]) -> list[Hit]:
    """The first ``len(scores)`` hits by these scores, best first, then the others below them."""
    if not scores:
        return list(hits)
    first = [replace(hit, score=score) for hit, score in zip(hits, scores, strict=False)]
    first.sort(key=lambda hit: -hit.score)
    others = hits[len(scores) :]
    lowest, best = first[-1].score, others[0].score if others else 0.0
    # Divided first: what is at most 1 times the lowest is never above it, rounding or not.
    return first + [
        replace(hit, score=hit.score / best * lowest if best > 0 else 0.0) for hit in others
    ]
