"""Articles with all that is made of them one by one: passages, vectors, terms and signatures.

What is made of an article depends on it alone, so that parts can be made side by side, kept, and
put together anew when articles come and go. Knows nothing of searching, nor of what is made of all
articles together (which tell the same; in which cell a vector lies).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Passage
from rag.index.copies import SIGNATURE, Signatures, signatures_of
from rag.index.postings import (
    Postings,
    Source,
    in_one,
    merged,
    merged_lengths,
    postings_of,
)
from rag.index.records import (
    GatheredRecords,
    MadeRecords,
    Records,
    StoredRecords,
    article_of,
    passage_of,
    read_array,
    write_array,
    write_records,
)
from rag.index.term_index import norms_of
from rag.index.vectors import EXACT, Floats, Stored
from rag.models.embedder import Embedder
from rag.passages import split_article
from rag.text import as_read

Progress = Callable[[int, int], None]
Places = NDArray[np.int64]
_BATCH = 256
_CHUNK = 1 << 15
COLUMNS = "columns.json"
_ARTICLES, _PASSAGES = "articles", "passages"
_FIRST_ROWS, _VECTORS = "first_rows", "vectors"
_KEYS, _STARTS, _ROWS = "terms/keys", "terms/starts", "terms/rows"
_COUNTS, _LENGTHS, _MOST = "terms/counts", "terms/lengths", "terms/most"
_OF_PASSAGES, _OF_ARTICLES = "signatures/passages", "signatures/articles"
# Files of which a question reads little: mapped, not read.
LARGE = ("articles.jsonl", "passages.jsonl", _VECTORS, _ROWS, _COUNTS, _OF_PASSAGES, _OF_ARTICLES)


class Columns(NamedTuple):
    """Of each article what it is listed and filtered by, in the order of the articles."""

    ids: Sequence[str]
    sources: Sequence[str]
    dates: Sequence[str | None]
    publishers: Sequence[str]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Columns:
        """The columns of some articles."""
        return cls(
            [one.id for one in articles],
            [one.source for one in articles],
            [one.date for one in articles],
            [one.publisher for one in articles],
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Articles in their order; rows ``first_rows[i]:first_rows[i + 1]`` are those of article i.

    ``vectors`` are of shape ``(rows, dimension)``, signatures of ``(rows, values)`` and
    ``(articles, values)``. ``most`` is for each term the bound that ``TermIndex`` takes, if known.
    """

    columns: Columns
    articles: Records[Article]
    passages: Records[Passage]
    first_rows: Places
    vectors: Stored
    postings: Postings
    of_passages: Signatures
    of_articles: Signatures
    most: Floats | None = None

    @classmethod
    def make(
        cls,
        articles: Sequence[Article],
        embedder: Embedder,
        *,
        passage_chars: int,
        progress: Progress | None = None,
    ) -> Self:
        """Cut, embed and count articles; ``progress(done, total)`` counts passages embedded."""
        cut = [split_article(article, passage_chars=passage_chars) for article in articles]
        passages = [passage for one in cut for passage in one]
        texts = [as_read(passage.search_text).text for passage in passages]
        dates = [article.date for article, one in zip(articles, cut, strict=True) for _ in one]
        return cls(
            Columns.of(articles),
            MadeRecords(articles),
            MadeRecords(passages),
            np.concatenate([[0], np.cumsum([*map(len, cut)])]).astype(np.int64),
            _embedded(texts, embedder, progress),
            postings_of(texts, dates),
            signatures_of([passage.text for passage in passages]),
            signatures_of([article.text for article in articles]),
        )

    @classmethod
    def read(cls, folder: Path, dimension: int) -> Self:
        """Map what ``Gathered.write`` wrote; OSError or a RagIndexError where it is not whole."""
        first_rows = read_array(folder / _FIRST_ROWS, np.int64)
        is_exact = first_rows[-1] <= EXACT
        kind = np.float32 if is_exact else np.float16
        return cls(
            Columns(*json.loads((folder / COLUMNS).read_bytes().decode("utf-8", "surrogatepass"))),
            StoredRecords(folder / _ARTICLES, article_of),
            StoredRecords(folder / _PASSAGES, passage_of),
            first_rows,
            read_array(folder / _VECTORS, kind, dimension),
            Postings(
                read_array(folder / _KEYS, np.uint64),
                read_array(folder / _STARTS, np.int64),
                read_array(folder / _ROWS, np.uint32),
                read_array(folder / _COUNTS, np.uint8),
                read_array(folder / _LENGTHS, np.int32),
            ),
            read_array(folder / _OF_PASSAGES, np.uint32, SIGNATURE),
            read_array(folder / _OF_ARTICLES, np.uint32, SIGNATURE),
            read_array(folder / _MOST, np.float32),
        )

    @property
    def rows(self) -> int:
        """How many passages there are."""
        return int(self.first_rows[-1])


class Gathered:
    """Articles of several parts in a new order: article i is ``places[i]`` of part ``owners[i]``.

    Of one part they have to stand in the order that they have there.
    """

    def __init__(self, parts: Sequence[Part], owners: Places, places: Places) -> None:
        self._parts = parts
        self._owners, self._places = owners, places
        sizes = np.zeros(owners.size, dtype=np.int64)
        starts = np.zeros(owners.size, dtype=np.int64)
        for number, part in enumerate(parts):
            mine = owners == number
            starts[mine] = part.first_rows[places[mine]]
            sizes[mine] = part.first_rows[places[mine] + 1] - starts[mine]
        self.first_rows: Places = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        self._row_owners = np.repeat(owners, sizes)
        within = np.arange(self.rows) - np.repeat(self.first_rows[:-1], sizes)
        self._row_places = np.repeat(starts, sizes) + within
        self.columns = Columns(
            *map(self._listed, zip(*(one.columns for one in parts), strict=True))
        )
        self.articles = GatheredRecords([part.articles for part in parts], owners, places)
        self.passages = GatheredRecords(
            [part.passages for part in parts], self._row_owners, self._row_places
        )

    @classmethod
    def whole(cls, parts: Sequence[Part]) -> Self:
        """All articles of the parts, one part after another."""
        counts = [len(part.articles) for part in parts]
        owners = np.repeat(np.arange(len(parts)), counts)
        places = np.concatenate([np.zeros(0, np.int64), *map(np.arange, counts)])
        return cls(parts, owners, places.astype(np.int64))

    @property
    def rows(self) -> int:
        """How many passages there are."""
        return int(self.first_rows[-1])

    def in_memory(self) -> Part:
        """All of it as one part."""
        rows = np.arange(self.rows)
        return Part(
            self.columns,
            MadeRecords([self.articles[place] for place in range(len(self.articles))]),
            MadeRecords([self.passages[row] for row in range(self.rows)]),
            self.first_rows,
            self._vectors(rows),
            in_one(self._sources()),
            self._taken([part.of_passages for part in self._parts], rows, np.uint32),
            self._taken_of_articles(),
        )

    def write(self, folder: Path) -> None:
        """Write it as one part, a stretch at a time; ``Part.read`` maps it."""
        for name in (_KEYS, _OF_PASSAGES):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / COLUMNS).write_bytes(_json(self.columns))
        write_records(folder / _ARTICLES, self.articles)
        write_records(folder / _PASSAGES, self.passages)
        write_array(folder / _FIRST_ROWS, self.first_rows)
        write_array(folder / _OF_ARTICLES, self._taken_of_articles())
        signatures = [part.of_passages for part in self._parts]
        with (
            (folder / _VECTORS).open("wb") as vectors,
            (folder / _OF_PASSAGES).open("wb") as signed,
        ):
            for start in range(0, self.rows, _CHUNK):
                rows = np.arange(start, min(start + _CHUNK, self.rows))
                vectors.write(self._vectors(rows).tobytes())
                signed.write(self._taken(signatures, rows, np.uint32).tobytes())
        self._write_postings(folder)

    def _write_postings(self, folder: Path) -> None:
        sources = self._sources()
        lengths = merged_lengths(sources)
        norms = norms_of(lengths)
        keys = [np.zeros(0, np.uint64)]
        sizes = [np.zeros(1, np.int64)]
        most = [np.zeros(0, np.float32)]
        with (folder / _ROWS).open("wb") as rows, (folder / _COUNTS).open("wb") as counts:
            for stretch in merged(sources):
                rows.write(stretch.rows.tobytes())
                counts.write(stretch.counts.tobytes())
                keys.append(stretch.keys)
                sizes.append(stretch.sizes)
                given = stretch.counts.astype(np.float32)
                given /= given + norms[stretch.rows]
                starts = np.cumsum(stretch.sizes) - stretch.sizes
                most.append(np.maximum.reduceat(given, starts))
        write_array(folder / _KEYS, np.concatenate(keys))
        write_array(folder / _STARTS, np.cumsum(np.concatenate(sizes)))
        write_array(folder / _MOST, np.concatenate(most))
        write_array(folder / _LENGTHS, lengths)

    def _listed(self, columns: Sequence[Sequence[Any]]) -> list[Any]:
        chosen = zip(self._owners.tolist(), self._places.tolist(), strict=True)
        return [columns[owner][place] for owner, place in chosen]

    def _vectors(self, rows: Places) -> Stored:
        """Vectors of some rows, as precise as an index of this size keeps them."""
        kind = np.float32 if self.rows <= EXACT else np.float16
        return self._taken([part.vectors for part in self._parts], rows, kind)

    def _taken_of_articles(self) -> Signatures:
        found = np.zeros((self._owners.size, SIGNATURE), dtype=np.uint32)
        for number, part in enumerate(self._parts):
            mine = self._owners == number
            found[mine] = part.of_articles[self._places[mine]]
        return found

    def _taken(
        self, arrays: Sequence[NDArray[Any]], rows: Places, kind: type[np.generic]
    ) -> NDArray[Any]:
        """Rows of the new order, of that kind, from arrays that have those of the parts."""
        owners, places = self._row_owners[rows], self._row_places[rows]
        found = np.zeros((rows.size, arrays[0].shape[1]), dtype=kind)
        for number, array in enumerate(arrays):
            mine = owners == number
            if mine.any():
                found[mine] = array[places[mine]]
        return found

    def _sources(self) -> list[Source]:
        sources = []
        for number, part in enumerate(self._parts):
            new_rows = np.full(part.rows, -1, dtype=np.int64)
            mine = np.flatnonzero(self._row_owners == number)
            new_rows[self._row_places[mine]] = mine
            sources.append(Source(part.postings, new_rows))
        return sources


def _json(columns: Columns) -> bytes:
    return json.dumps(columns, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _embedded(texts: Sequence[str], embedder: Embedder, progress: Progress | None) -> Floats:
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        end = min(start + _BATCH, len(texts))
        vectors[start:end] = embedder.embed_passages(texts[start:end])
        if progress:
            progress(end, len(texts))
    return vectors
