"""The index of a corpus: passages, their vectors and their terms, in one row order.

Knows nothing of questions, of fusion or of where settings come from.
"""

from __future__ import annotations

import json
import mmap
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Corpus
from rag.errors import IndexDamagedError, IndexStaleError
from rag.index import manifest as manifests
from rag.index.candidates import Candidates, Told, best_beside, rows_beside
from rag.index.checksums import digest_of, verify
from rag.index.copies import NO_COPIES, Found, Known, find_copies
from rag.index.filters import AdmittedRows, Filter
from rag.index.generations import current_generation, write_generation
from rag.index.holding import can_hold
from rag.index.manifest import IndexManifest
from rag.index.part import LARGE, Gathered, Part, Progress
from rag.index.recipe import IndexSettings, check_recipe, manifest_of
from rag.index.records import ArticlesById, read_array, write_array
from rag.index.term_index import TermIndex
from rag.index.vectors import EXACT, Floats, Recall, VectorIndex
from rag.models.embedder import Embedder
from rag.text import clauses

Places = NDArray[np.int64]
_CODES = "vectors.faiss"
_COPIES = "copies.json"
_PAIRS = "pairs"
_FILES = "files.json"
_SAMPLES = 128
_SAMPLE_CHARS = 40


class Index:
    """Passages with their vectors and terms; row ``i`` of each belongs to ``passages[i]``.

    ``copies`` has the rows that other articles tell too, with the ids of these. The passages of an
    article stand together; ``article_starts`` are the first rows of the articles, in rising order.
    """

    def __init__(
        self,
        part: Part,
        vectors: VectorIndex,
        terms: TermIndex,
        found: Found,
        manifest: IndexManifest,
        files: Sequence[Any] | bytes = (),
    ) -> None:
        ids = part.columns.ids
        self.part = part
        self.articles: Mapping[str, Article] = ArticlesById(ids, part.articles)
        self.passages = part.passages
        self.vectors = vectors
        self.terms = terms
        self.copies = {
            row: tuple(ids[place] for place in places) for row, places in found.copies.items()
        }
        self.manifest = manifest
        self._files = files
        sizes = np.diff(part.first_rows)
        self.article_starts: Places = part.first_rows[:-1][sizes > 0]
        self._found = found
        self._admitted = AdmittedRows(part.columns, sizes)

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

        What ``previous`` made of an article that is still the same, in the same way, is taken over.
        """
        taken = _unchanged(corpus, previous, embedder, settings)
        new = [one for one, place in zip(corpus.articles, taken, strict=True) if place < 0]
        made = Part.make(new, embedder, passage_chars=settings.passage_chars, progress=progress)
        manifest = manifest_of(embedder, settings, corpus.digest)
        if previous is None or len(new) == len(corpus.articles):
            return cls.finished(made, manifest, embedder, previous)
        owners = np.where(taken < 0, 1, 0)
        places = np.where(taken < 0, np.cumsum(taken < 0) - 1, taken)
        gathered = Gathered([previous.part, made], owners, places)
        return cls.finished(gathered.in_memory(), manifest, embedder, previous, taken)

    @classmethod
    def finished(
        cls,
        part: Part,
        manifest: IndexManifest,
        embedder: Embedder,
        previous: Index | None = None,
        taken: Places | None = None,
        files: Sequence[Any] = (),
    ) -> Self:
        """What is made of all articles together: codes of vectors, and which tell the same.

        ``taken`` are the places in ``previous`` of the articles taken over from it, else -1.
        """
        vectors = VectorIndex.build(part.vectors, _samples(part, embedder))
        found = Found.nothing()
        if manifest.copies != NO_COPIES:
            signatures = (part.of_passages, part.of_articles)
            known = None
            if previous and taken is not None:
                rows = previous.part.first_rows, part.first_rows
                known = Known.of(previous._found, taken, *rows)
            found = find_copies(part.articles, part.passages, part.first_rows, signatures, known)
        counted = replace(
            manifest,
            articles=len(part.articles),
            passages=part.rows,
            recall=vectors.recall,
        )
        return cls(part, vectors, TermIndex(part.postings, part.most), found, counted, files)

    @property
    def files(self) -> Sequence[Any]:
        """What whoever built it wants to know of its files the next time; parsed then."""
        if isinstance(self._files, bytes):
            self._files = json.loads(self._files)
        return self._files

    def remark(self) -> str:
        """One line on vectors that codes cannot find well enough; empty where they can."""
        share, wider = self.vectors.recall
        if wider or share == 1:
            return ""
        return f"向量压缩检索只找回 {share:.1%}，达不到要求，改为逐个比较，检索会慢一些"

    def passage_counts(self) -> Mapping[str, int]:
        """Into how many passages each article was cut, by its id."""
        sizes = np.diff(self.part.first_rows).tolist()
        return Counter(dict(zip(self.part.columns.ids, sizes, strict=True)))

    def holding(self, text: str) -> Collection[str] | None:
        """See ``PassageIndex``."""
        admitted = can_hold(text, self.part.postings, self.part.first_rows)
        if admitted.all():
            return None  # of a large index a set of all would cost memory
        return {self.part.columns.ids[place] for place in np.flatnonzero(admitted).tolist()}

    def candidates(
        self, weights: Mapping[str, float], vector: Floats, count: int, only: Filter | None = None
    ) -> Candidates:
        """See ``PassageIndex``; of two rows alike the first of the index is taken."""
        admitted = self._admitted.of(only)
        by_terms = self.terms.best(weights, count, admitted)
        by_vectors = self.vectors.nearest(vector, count, admitted)
        rows = np.union1d(by_terms, by_vectors)
        if not rows.size:
            nothing = np.zeros(0, dtype=np.float32)
            return Candidates(rows, nothing, nothing, nothing, by_terms, by_vectors)
        # Filters admit whole articles, so that what stands beside an admitted row is admitted.
        near = rows_beside(rows, self.article_starts, self.part.rows)
        scores = self.terms.scores_of(weights, near)
        places = np.searchsorted(near, rows)
        articles = np.searchsorted(self.article_starts, near, side="right")
        beside = best_beside(scores, places, articles)
        similarities = self.vectors.similarities(vector, rows)
        return Candidates(rows, scores[places], beside, similarities, by_terms, by_vectors)

    def told(self, rows: Sequence[int]) -> list[Told]:
        """See ``PassageIndex``."""
        found = []
        for row in rows:
            passage = self.passages[row]
            also_in = tuple(self.articles[id_] for id_ in self.copies.get(row, ()))
            found.append(Told(passage, self.articles[passage.article_id], also_in))
        return found

    def save(self, folder: Path) -> None:
        """Make this the current generation in ``folder``; a failure leaves the old one."""

        def write(generation: Path) -> None:
            Gathered.whole([self.part]).write(generation)
            self._write_rest(generation)

        write_generation(folder, write)

    @classmethod
    def write(
        cls,
        folder: Path,
        gathered: Gathered,
        manifest: IndexManifest,
        embedder: Embedder,
        *,
        previous: Index | None = None,
        taken: Places | None = None,
        files: Sequence[Any] = (),
    ) -> None:
        """Make the articles of some parts the current generation, a stretch of them at a time.

        ``taken`` and ``files`` are as for ``finished``. A failure leaves the old generation.
        """

        def write(generation: Path) -> None:
            gathered.write(generation)
            part = Part.read(generation, manifest.dimension)
            index = cls.finished(part, manifest, embedder, previous, taken, files)
            index._write_rest(generation)

        write_generation(folder, write)

    def _write_rest(self, folder: Path) -> None:
        """Write what belongs to all articles together into a folder that has its part."""
        codes = self.vectors.to_bytes()
        if codes is not None:
            (folder / _CODES).write_bytes(codes)
        (folder / _COPIES).write_bytes(json.dumps(list(self._found.copies.items())).encode())
        pairs = self._found.pairs  # how many there are stands before them
        write_array(folder / _PAIRS, np.insert(pairs, 0, (len(pairs), 2), axis=0))
        (folder / _FILES).write_bytes(json.dumps(self.files, ensure_ascii=False).encode())
        names = sorted(
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        )
        manifest = replace(
            self.manifest,
            sizes={name: (folder / name).stat().st_size for name in names},
            checksums={name: digest_of(folder / name) for name in names},
        )
        (folder / manifests.FILE_NAME).write_bytes(manifest.to_bytes())

    @classmethod
    def load(cls, folder: Path, *, is_read_whole: bool = False) -> Self:
        """Map the current generation of a folder; a RagIndexError says what is wrong with it.

        The largest files of a large index are only looked at for their sizes, unless all are to be
        read.
        """
        generation = current_generation(folder)
        unread = () if is_read_whole else LARGE
        try:
            return cls._read(generation, unread)
        except IndexDamagedError:
            if current_generation(folder) == generation:
                raise
        return cls.load(folder, is_read_whole=is_read_whole)  # another took its place meanwhile

    @classmethod
    def _read(cls, generation: Path, unread: Collection[str]) -> Self:
        manifest = IndexManifest.read(generation / manifests.FILE_NAME)
        verify(generation, manifest, unread=unread)
        try:
            part = Part.read(generation, manifest.dimension)
            recall = Recall(*manifest.recall)
            codes = _mapped(generation / _CODES) if recall.wider else None
            vectors = VectorIndex.mapped(part.vectors, codes, recall)
            terms = TermIndex(part.postings, part.most)
            copies = json.loads((generation / _COPIES).read_bytes())
            pairs = read_array(generation / _PAIRS, np.int64, 2)[1:]
            found = Found({row: tuple(places) for row, places in copies}, pairs)
            files = (generation / _FILES).read_bytes()
        except (OSError, ValueError, TypeError, KeyError, LookupError) as error:
            raise IndexDamagedError(f"索引 {generation} 读不出来（{error}），已损坏") from error
        return cls(part, vectors, terms, found, manifest, files)


def _unchanged(
    corpus: Corpus, previous: Index | None, embedder: Embedder, settings: IndexSettings
) -> Places:
    """For each article where ``previous`` has the same, in rising order, else -1."""
    places = np.full(len(corpus.articles), -1, dtype=np.int64)
    if previous is None:
        return places
    try:
        check_recipe(previous.manifest, embedder, settings)
    except IndexStaleError:
        return places
    by_id = {id_: place for place, id_ in enumerate(previous.part.columns.ids)}
    last = -1
    for number, article in enumerate(corpus.articles):
        place = by_id.get(article.id, -1)
        if place > last and previous.part.articles[place] == article:
            places[number] = last = place
    return places


def _samples(part: Part, embedder: Embedder) -> Floats | None:
    """Vectors of clauses from everywhere, which are as short as questions; None for few vectors."""
    if part.rows <= EXACT:
        return None
    chosen = np.linspace(0, part.rows - 1, _SAMPLES).astype(np.int64).tolist()
    texts = [part.passages[row].text for row in chosen]
    starts = [next(iter(clauses(text)), (0, len(text))) for text in texts]
    asked = [text[a:b][:_SAMPLE_CHARS] for text, (a, b) in zip(texts, starts, strict=True)]
    return np.stack([embedder.embed_query(one) for one in asked])


def _mapped(path: Path) -> NDArray[np.uint8]:
    with path.open("rb") as file:
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
