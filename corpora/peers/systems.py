"""One class for each program: built of passages with their vectors, asked with a question's vector.

Those that have an arm for terms get it and both are fused, as ours does; Chinese is cut into words
for them, since they cut at blanks. The libraries are asked in the way their guides show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import faiss
import numpy as np
import rjieba
from numpy.typing import NDArray

from rag.config import Config
from rag.datatypes import Corpus
from rag.index import Index, IndexSettings
from rag.index.records import article_of
from rag.models.embedder import load_embedder
from rag.retrieve import Retriever

Floats = NDArray[np.float32]
_CANDIDATES = 50
_SMOOTHED = 60  # of reciprocal rank fusion (Cormack et al. 2009)


class Work(NamedTuple):
    """What all have to do: articles as JSON, their passages, the passages' vectors."""

    articles: Sequence[dict[str, Any]]
    passages: Sequence[str]
    vectors: Floats
    folder: str


class System(Protocol):
    """A program that finds passages; rows come back best first."""

    def __init__(self, work: Work) -> None: ...

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]: ...


def words_of(text: str) -> list[str]:
    """The words of a text, long ones with the words in them."""
    return [word for word in rjieba.cut_for_search(text) if not word.isspace()]


def fused(rankings: Sequence[Sequence[int]], count: int) -> list[int]:
    """Rankings merged by reciprocal ranks."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (_SMOOTHED + rank)
    return sorted(scores, key=lambda row: -scores[row])[:count]


class Yinju:
    """This program."""

    def __init__(self, work: Work) -> None:
        embedder = load_embedder("builtin")
        known: Any = _Known(embedder, work.vectors)
        articles = tuple(article_of(dict(row)) for row in work.articles)
        index = Index.build(Corpus(articles, digest=""), known, IndexSettings(240))
        self._rows = {
            (passage.article_id, passage.start): row for row, passage in enumerate(index.passages)
        }
        self._known = known
        weight = Config().vector_weight
        self._retriever = Retriever(index, known, candidates=_CANDIDATES, vector_weight=weight)

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        self._known.asked = vector
        hits = self._retriever.search(question, count)
        return [self._rows[hit.passage.article_id, hit.passage.start] for hit in hits]


class _Known:
    """The embedder with all vectors at hand, which it gives in their order."""

    def __init__(self, embedder: Any, vectors: Floats) -> None:
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimension = embedder.dimension
        self._vectors = vectors
        self._given = 0
        self.asked: Floats = np.zeros(self.dimension, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        self._given += len(texts)
        return self._vectors[self._given - len(texts) : self._given]

    def embed_query(self, _: str) -> Floats:
        return self.asked


class Bm25s:
    """bm25s alone."""

    def __init__(self, work: Work) -> None:
        import bm25s

        self._engine = bm25s.BM25(k1=0.5, b=0.5, method="lucene")
        self._engine.index([words_of(text) for text in work.passages], show_progress=False)

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        rows, _ = self._engine.retrieve([words_of(question)], k=count, show_progress=False)
        found: list[int] = rows[0].tolist()
        return found


class Faiss:
    """FAISS alone, all vectors looked at."""

    def __init__(self, work: Work) -> None:
        self._index: Any = faiss.IndexFlatIP(work.vectors.shape[1])
        self._index.add(work.vectors)

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        found: list[int] = self._index.search(vector.reshape(1, -1), count)[1][0].tolist()
        return found


class MilvusLite:
    """milvus-lite alone: vectors."""

    def __init__(self, work: Work) -> None:
        from pymilvus import MilvusClient

        self._client = MilvusClient(f"{work.folder}/milvus.db")
        self._client.create_collection(
            "passages",
            dimension=work.vectors.shape[1],
            metric_type="IP",
            consistency_level="Strong",
        )
        for start in range(0, len(work.passages), 1000):
            end = min(start + 1000, len(work.passages))
            rows = [
                {"id": row, "vector": work.vectors[row], "text": work.passages[row]}
                for row in range(start, end)
            ]
            self._client.insert("passages", rows)
        self._client.flush("passages")

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        (hits,) = self._client.search("passages", [vector], limit=count, output_fields=["text"])
        return [int(hit["id"]) for hit in hits]


class LanceDb:
    """LanceDB alone: vectors, all looked at, as it does without an index."""

    def __init__(self, work: Work) -> None:
        import lancedb
        import pyarrow as pa

        width = work.vectors.shape[1]
        flat = pa.array(work.vectors.ravel())
        vectors = pa.FixedSizeListArray.from_arrays(flat, width)
        table = pa.table(
            {"id": list(range(len(vectors))), "text": list(work.passages), "vector": vectors}
        )
        self._table = lancedb.connect(f"{work.folder}/lance").create_table("passages", table)

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        asked = self._table.search(vector).distance_type("dot").limit(count)
        return [int(row["id"]) for row in asked.to_list()]


class LlamaIndex:
    """LlamaIndex: its vector store in memory."""

    def __init__(self, work: Work) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.embeddings import MockEmbedding
        from llama_index.core.schema import QueryBundle, TextNode

        nodes = [
            TextNode(id_=str(row), text=text, embedding=vector)
            for row, (text, vector) in enumerate(
                zip(work.passages, work.vectors.tolist(), strict=True)
            )
        ]
        never_asked = MockEmbedding(embed_dim=work.vectors.shape[1])
        self._index = VectorStoreIndex(nodes, embed_model=never_asked)
        self._bundle = QueryBundle

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        retriever = self._index.as_retriever(similarity_top_k=count)
        found = retriever.retrieve(self._bundle(question, embedding=vector.tolist()))
        return [int(one.node.node_id) for one in found]


class Haystack:
    """Haystack: its store in memory, both arms, fused by ranks."""

    def __init__(self, work: Work) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._store = InMemoryDocumentStore(
            bm25_tokenization_regex=r"\S+", embedding_similarity_function="dot_product"
        )
        self._store.write_documents(
            [
                Document(id=str(row), content=" ".join(words_of(text)), embedding=vector)
                for row, (text, vector) in enumerate(
                    zip(work.passages, work.vectors.tolist(), strict=True)
                )
            ]
        )

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        words = " ".join(words_of(question))
        by_terms = self._store.bm25_retrieval(words, top_k=_CANDIDATES)
        by_vectors = self._store.embedding_retrieval(vector.tolist(), top_k=_CANDIDATES)
        return fused([[int(one.id) for one in found] for found in (by_terms, by_vectors)], count)


class Txtai:
    """txtai: its hybrid of vectors and terms."""

    def __init__(self, work: Work) -> None:
        from txtai import Embeddings

        texts = [" ".join(words_of(text)) for text in work.passages]
        known = dict(zip(texts, work.vectors, strict=True))
        self._asked: dict[str, Floats] = known
        self._embeddings = Embeddings(
            method="external",
            transform=lambda some: np.stack([self._asked[text] for text in some]),
            backend="faiss",
            hybrid=True,
            scoring={"method": "bm25", "terms": True, "tokenizer": {"whitespace": True}},
        )
        self._embeddings.index((row, text, None) for row, text in enumerate(texts))

    def search(self, question: str, vector: Floats, count: int) -> Sequence[int]:
        words = " ".join(words_of(question))
        self._asked[words] = vector
        return [int(row) for row, _ in self._embeddings.search(words, count)]


# A package each, by which its version is told.
SYSTEMS: Mapping[str, tuple[Callable[[Work], System], str]] = {
    "yinju": (Yinju, "yinju"),
    "bm25s": (Bm25s, "bm25s"),
    "faiss": (Faiss, "faiss-cpu"),
    "milvus-lite": (MilvusLite, "milvus-lite"),
    "lancedb": (LanceDb, "lancedb"),
    "llama-index": (LlamaIndex, "llama-index-core"),
    "haystack": (Haystack, "haystack-ai"),
    "txtai": (Txtai, "txtai"),
}
