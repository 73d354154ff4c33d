"""An index on Milvus as it is searched: two searches, what stands beside, and what the rows tell.

It stays with the generation that it opened. Nothing is kept here but the articles asked for lately.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from rag.datatypes import Article
from rag.errors import IndexForeignError, IndexMissingError, IndexServerError
from rag.index.candidates import Candidates, Floats, Rows, Told, best_beside
from rag.index.filters import Filter
from rag.index.manifest import IndexManifest
from rag.index.milvus.articles import StoredArticles
from rag.index.milvus.expressions import among, expression_of
from rag.index.milvus.generations import current_of
from rag.index.milvus.layout import (
    MANIFEST,
    STORE_FORMAT,
    Names,
    put_together,
    row_owner,
    search_options,
)
from rag.index.milvus.server import NotThereError, Server
from rag.index.milvus.weighted import query_of, score_of
from rag.index.records import passage_of

_MOST_ROWS = 16_384  # that Milvus gives at once
# Of a server that has no sparse vectors so many of the nearest rows are looked at for their terms:
# 5 MB, some 50 ms.
_LOOKED_AT = 2_000
_PIECE_FIELDS = ["owner", "number", "data"]


class _Near(NamedTuple):
    """Rows of some articles in rising order, with their articles' places and their BM25."""

    rows: Rows
    places: Rows
    scores: Floats


class MilvusIndex:
    """Implements ``PassageIndex``; IndexServerError where the server does not do its part."""

    def __init__(self, server: Server, names: Names, kept: Mapping[str, Any]) -> None:
        fields = dict(kept["manifest"])
        self.manifest = IndexManifest(**fields | {"recall": tuple(fields["recall"])})
        self.names = names
        self._server = server
        self._has_sparse = bool(kept["has_sparse"])
        self._articles = StoredArticles(server, names, self.manifest.articles)

    @classmethod
    def open(cls, server: Server) -> Self:
        """The current generation; a RagIndexError says why it cannot be used."""
        names = current_of(server)
        if names is None:
            raise IndexMissingError(f"{server.address} 上还没有索引；请运行 python -m rag index")
        for collection in (names.records, names.passages):
            server.load(collection)
        found = server.query(
            names.records, among("owner", [MANIFEST]), _PIECE_FIELDS, is_sealed=False
        )
        try:
            kept = json.loads(put_together(found)[MANIFEST])
        except (KeyError, ValueError) as error:
            raise IndexServerError(
                f"{server.address} 上的索引缺清单；请运行 python -m rag index --replace"
            ) from error
        if kept.get("store") != STORE_FORMAT:
            raise IndexForeignError(
                f"{server.address} 上的索引格式是 {kept.get('store')!r}，本版本只认 "
                f"{STORE_FORMAT!r}；请换一个名字：YINJU_INDEX=网址#名字"
            )
        index = cls(server, names, kept)
        index.check_whole()
        return index

    def check_whole(self) -> None:
        """Raise IndexServerError unless all passages are there; read strongly."""
        there = self._server.count(self.names.passages)
        if there != self.manifest.passages:
            raise IndexServerError(
                f"{self._server.address} 上的索引不全（{there} 个段落，应有 "
                f"{self.manifest.passages} 个）；请运行 python -m rag index --replace"
            )

    @property
    def articles(self) -> Mapping[str, Article]:
        """All articles by their ids, in the order of the corpus."""
        return self._articles

    def passage_counts(self) -> Mapping[str, int]:
        """Into how many passages each article was cut, by its id; asked for when looked up."""
        return self._articles.passage_counts()

    def remark(self) -> str:
        """One line on what the server cannot do; empty where it can do all."""
        if self._has_sparse:
            return ""
        return (
            f"{self._server.address.uri} 的 Milvus（{self._server.version}）没有稀疏向量，"
            "词项只在向量找到的段落里算分；升级到 2.4 或更新的会找得更全"
        )

    def holding(self, text: str) -> Collection[str] | None:
        """See ``PassageIndex``; a server has no list of the articles of a character."""
        return None

    def candidates(
        self, weights: Mapping[str, float], vector: Floats, count: int, only: Filter | None = None
    ) -> Candidates:
        """See ``PassageIndex``."""
        try:
            return self._candidates(query_of(weights), vector, count, expression_of(only))
        except NotThereError as error:
            raise self._gone() from error

    def told(self, rows: Sequence[int]) -> list[Told]:
        """See ``PassageIndex``."""
        try:
            return self._told(rows)
        except NotThereError as error:
            raise self._gone() from error

    def _candidates(
        self, query: dict[int, float], vector: Floats, count: int, only: str
    ) -> Candidates:
        count = min(count, _MOST_ROWS)
        wider = count if self._has_sparse else max(count, _LOOKED_AT)
        by_vector = self._by_vector(vector, wider, only)
        by_term = self._by_terms(query, count, only, list(by_vector))
        near_vectors = [row for row, (cosine, _) in by_vector.items() if cosine > 0][:count]
        rows = np.union1d(np.array(list(by_term), np.int64), np.array(near_vectors, np.int64))
        rows = rows.astype(np.int64)
        if not rows.size:
            nothing = np.zeros(0, dtype=np.float32)
            return Candidates(rows, nothing, nothing, nothing, rows, rows)
        near = self._near(query, {**by_vector, **by_term}, rows)
        places = np.searchsorted(near.rows, rows)
        return Candidates(
            rows,
            near.scores[places],
            best_beside(near.scores, places, near.places),
            self._similarities(vector, rows, by_vector),
            np.array(list(by_term), dtype=np.int64),
            np.array(near_vectors, dtype=np.int64),
        )

    def _by_vector(self, vector: Floats, most: int, only: str) -> dict[int, tuple[float, int]]:
        """The nearest rows, nearest first, with their cosines and their articles' places."""
        if not vector.any() and self._has_sparse:
            return {}
        return self._searched("vector", vector, most, only)

    def _by_terms(
        self, query: dict[int, float], most: int, only: str, others: list[int]
    ) -> dict[int, tuple[float, int]]:
        """Rows with a term of the query, best first; some of ``others`` without sparse vectors."""
        if not query:
            return {}
        if self._has_sparse:
            return self._with_terms(query, most, only)
        found = self._scored(query, among("row", others)) if others else []
        best = sorted(found, key=lambda one: (-one[2], one[0]))[:most]
        return {row: (score, place) for row, place, score in best if score > 0}

    def _near(
        self, query: dict[int, float], found: Mapping[int, tuple[float, int]], rows: Rows
    ) -> _Near:
        """All rows of the articles of some rows; those without a term of the query may be left out.

        The rows themselves are never left out.
        """
        places = sorted({found[row][1] for row in rows.tolist()})
        scored = {row: (0.0, found[row][1]) for row in rows.tolist()}
        if query and self._has_sparse:
            scored |= self._with_terms(query, _MOST_ROWS, among("place", places))
        elif query:
            all_of_them = self._scored(query, among("place", places))
            scored |= {row: (score, place) for row, place, score in all_of_them}
        in_order = sorted(scored)
        return _Near(
            np.array(in_order, dtype=np.int64),
            np.array([scored[row][1] for row in in_order], dtype=np.int64),
            np.array([scored[row][0] for row in in_order], dtype=np.float32),
        )

    def _similarities(
        self, vector: Floats, rows: Rows, known: Mapping[int, tuple[float, int]]
    ) -> Floats:
        """The cosines of some rows with a query's vector; of those not known they are asked for."""
        asked = [row for row in rows.tolist() if row not in known]
        cosines = {row: known[row][0] for row in rows.tolist() if row in known}
        if asked and vector.any():
            found = self._server.query(
                self.names.passages, among("row", asked), ["row", "vector"], most=len(asked)
            )
            for one in found:
                cosines[int(one["row"])] = float(np.asarray(one["vector"], np.float32) @ vector)
        return np.array([cosines.get(row, 0.0) for row in rows.tolist()], dtype=np.float32)

    def _with_terms(
        self, query: dict[int, float], most: int, only: str
    ) -> dict[int, tuple[float, int]]:
        found = self._searched("terms", query, most, only)
        return {row: given for row, given in found.items() if given[0] > 0}

    def _searched(
        self, field: str, sought: Any, most: int, only: str
    ) -> dict[int, tuple[float, int]]:
        """Rows by their inner product, best first, with it and the places of their articles."""
        how = search_options(self.manifest.passages, most) if field == "vector" else {}
        found = self._server.search(
            self.names.passages, field, sought, most, only, ["row", "place"], **how
        )
        return {int(one["row"]): (score, int(one["place"])) for score, one in found}

    def _scored(self, query: dict[int, float], only: str) -> list[tuple[int, int, float]]:
        """Rows with the places of their articles and their BM25, from packed terms."""
        found = self._server.query(self.names.passages, only, ["row", "place", "terms"])
        return [
            (int(one["row"]), int(one["place"]), score_of(one["terms"], query)) for one in found
        ]

    def _told(self, rows: Sequence[int]) -> list[Told]:
        if not rows:
            return []
        found = self._server.query(
            self.names.passages, among("row", map(int, rows)), ["row", "told"], most=len(rows)
        )
        texts = {int(one["row"]): str(one["told"]) for one in found}
        if long := [row for row, text in texts.items() if not text]:
            owners = among("owner", [row_owner(row) for row in long])
            spilled = put_together(self._server.query(self.names.records, owners, _PIECE_FIELDS))
            texts |= {row: spilled[row_owner(row)] for row in long}
        lines = [json.loads(texts[row]) for row in rows]
        wanted = {line["passage"]["article_id"] for line in lines}
        wanted.update(id_ for line in lines for id_ in line["also_in"])
        articles = self._articles.several(wanted)
        return [
            Told(
                passage := passage_of(line["passage"]),
                articles[passage.article_id],
                tuple(articles[id_] for id_ in line["also_in"]),
            )
            for line in lines
        ]

    def _gone(self) -> IndexServerError:
        return IndexServerError(
            f"{self._server.address} 上的索引已换成新的；请重新载入（reload）或重新启动"
        )
