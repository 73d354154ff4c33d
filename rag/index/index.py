"""The index of a corpus: passages, their vectors and their terms, in one row order.

Knows nothing of questions, of fusion or of where settings come from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np

from rag.datatypes import Article, Cell, Corpus, Passage, Saying, Table, TextSpan
from rag.errors import IndexDamagedError, IndexStaleError
from rag.index import manifest as manifests
from rag.index.copies import COPIES, Copies, find_copies
from rag.index.generations import current_generation, write_generation
from rag.index.manifest import FORMAT, IndexManifest
from rag.index.term_index import TOKENIZER, TermIndex
from rag.index.vectors import Floats, Rows, VectorIndex
from rag.models.embedder import Embedder
from rag.passages import split_article
from rag.text import as_read

Progress = Callable[[int, int], None]
_BATCH = 256
_VECTORS = "vectors.faiss"
_PASSAGES = "passages.jsonl"
_ARTICLES = "articles.jsonl"
_COPIES = "copies.json"
_TERMS = "terms"


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What, beside the corpus and the embedder, decides how passages are made."""

    passage_chars: int


class Index:
    """Passages with their vectors and terms; row ``i`` of each belongs to ``passages[i]``.

    ``copies`` has the rows that other articles tell too, with the ids of these. The passages of an
    article stand together; ``article_starts`` are the first rows of the articles, in rising order.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        vectors: VectorIndex,
        terms: TermIndex,
        copies: Copies,
        manifest: IndexManifest,
    ) -> None:
        self.articles: Mapping[str, Article] = {article.id: article for article in articles}
        self.passages = tuple(passages)
        self.vectors = vectors
        self.terms = terms
        self.copies = copies
        self.manifest = manifest
        self.article_starts = _article_starts(passages)

    @classmethod
    def build(
        cls,
        corpus: Corpus,
        embedder: Embedder,
        settings: IndexSettings,
        *,
        previous: Index | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Cut, embed and index a corpus; ``progress(done, total)`` counts passages embedded.

        Vectors of passages that ``previous`` already holds under the same embedder are taken over;
        copies are looked for anew, among all articles.
        """
        passages = [
            passage
            for article in corpus.articles
            for passage in split_article(article, passage_chars=settings.passage_chars)
        ]
        texts = [as_read(passage.search_text).text for passage in passages]
        dates = {article.id: article.date for article in corpus.articles}
        vectors = _embed(texts, embedder, _known_vectors(previous, embedder), progress)
        manifest = IndexManifest(
            format=FORMAT,
            embedder=embedder.fingerprint,
            embedder_name=embedder.name,
            dimension=embedder.dimension,
            tokenizer=TOKENIZER,
            passage_chars=settings.passage_chars,
            copies=COPIES,
            corpus_digest=corpus.digest,
            articles=len(corpus.articles),
            passages=len(passages),
            checksums={},
        )
        return cls(
            corpus.articles,
            passages,
            VectorIndex.build(vectors),
            TermIndex.build(texts, [dates[passage.article_id] for passage in passages]),
            find_copies(corpus.articles, passages),
            manifest,
        )

    def save(self, folder: Path) -> None:
        """Make this the current generation in ``folder``; a failure leaves the old one."""
        write_generation(folder, self._write)

    def _write(self, folder: Path) -> None:
        (folder / _VECTORS).write_bytes(self.vectors.to_bytes())
        _write_rows(folder / _PASSAGES, self.passages)
        _write_rows(folder / _ARTICLES, list(self.articles.values()))
        self.terms.save(folder / _TERMS)
        (folder / _COPIES).write_bytes(json.dumps(self.copies, ensure_ascii=False).encode())
        checksums = {
            path.relative_to(folder).as_posix(): _digest(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        manifest = IndexManifest(**(asdict(self.manifest) | {"checksums": checksums}))
        (folder / manifests.FILE_NAME).write_bytes(manifest.to_bytes())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the current generation of a folder; a RagIndexError says what is wrong with it."""
        generation = current_generation(folder)
        manifest = IndexManifest.read(generation / manifests.FILE_NAME)
        try:
            _verify(generation, manifest.checksums)
            passages = [_passage(row) for row in _read_rows(generation / _PASSAGES)]
            articles = [_article(row) for row in _read_rows(generation / _ARTICLES)]
            vectors = VectorIndex.from_bytes((generation / _VECTORS).read_bytes())
            terms = TermIndex.load(generation / _TERMS, len(passages))
            copies = _copies(json.loads((generation / _COPIES).read_bytes()))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexDamagedError(f"索引 {generation} 读不出来（{error}）") from error
        return cls(articles, passages, vectors, terms, copies, manifest)

    def check(self, embedder: Embedder, settings: IndexSettings, digest: str) -> None:
        """Raise IndexStaleError, saying what changed, unless the index fits all three."""
        manifest = self.manifest
        if manifest.embedder != embedder.fingerprint:
            raise IndexStaleError(
                f"向量模型变了（索引用的是 {manifest.embedder_name}，现在是 {embedder.name}）"
            )
        recipe = (manifest.tokenizer, manifest.passage_chars, manifest.copies)
        if recipe != (TOKENIZER, settings.passage_chars, COPIES):
            raise IndexStaleError("段落或词项的设置变了")
        if manifest.corpus_digest != digest:
            raise IndexStaleError("文章变了")


def _article_starts(passages: Sequence[Passage]) -> Rows:
    """Rows whose passage is of another article than the one before."""
    ids = ["", *(passage.article_id for passage in passages)]
    starts = [row for row, (before, own) in enumerate(pairwise(ids)) if own != before]
    return np.array(starts, dtype=np.int64)


def _known_vectors(previous: Index | None, embedder: Embedder) -> dict[str, Floats]:
    if previous is None or previous.manifest.embedder != embedder.fingerprint:
        return {}
    stored = previous.vectors.vectors(np.arange(len(previous.passages)))
    return {
        as_read(passage.search_text).text: vector
        for passage, vector in zip(previous.passages, stored, strict=True)
    }


def _embed(
    texts: Sequence[str],
    embedder: Embedder,
    known: Mapping[str, Floats],
    progress: Progress | None,
) -> Floats:
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    missing = []
    for row, text in enumerate(texts):
        if text in known:
            vectors[row] = known[text]
        else:
            missing.append(row)
    for start in range(0, len(missing), _BATCH):
        rows = missing[start : start + _BATCH]
        vectors[rows] = embedder.embed_passages([texts[row] for row in rows])
        if progress:
            progress(start + len(rows), len(missing))
    return vectors


def _write_rows(path: Path, rows: Sequence[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def _read_rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _article(row: dict[str, Any]) -> Article:
    spans = tuple(TextSpan(**span) for span in row.pop("spans"))
    headings, captions = tuple(row.pop("headings")), tuple(row.pop("captions"))
    tables = tuple(
        Table(tuple(Cell(*cell) for cell in table["cells"]), table["head_rows"])
        for table in row.pop("tables")
    )
    pages = tuple(row.pop("page_starts"))
    return Article(
        spans=spans,
        headings=headings,
        captions=captions,
        tables=tables,
        page_starts=pages,
        **row,
    )


def _passage(row: dict[str, Any]) -> Passage:
    sayings = tuple(
        Saying(start, end, a, b, (cell[0], cell[1]), tuple((c, d) for c, d in heads))
        for start, end, a, b, cell, heads in row.pop("sayings")
    )
    return Passage(sayings=sayings, **row)


def _copies(rows: dict[str, list[str]]) -> Copies:
    return {int(row): tuple(article_ids) for row, article_ids in rows.items()}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _verify(folder: Path, checksums: Mapping[str, str]) -> None:
    for name, checksum in checksums.items():
        path = folder / name
        if not path.is_file() or _digest(path) != checksum:
            raise IndexDamagedError(f"索引文件 {path} 缺失或损坏")
