"""Files of a folder a batch at a time, and the part of an index that is made of each batch.

Which files make a batch depends on their names and sizes alone, so that several processes can share
the work. Knows nothing of how parts become an index.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from rag.articles import read_source, source_digests
from rag.datatypes import Article, SkippedFile, SourceFile
from rag.index import IndexSettings, Part
from rag.index.batches import Batches
from rag.index.recipe import manifest_of
from rag.models.embedder import Embedder

Progress = Callable[[str, int, int], None]
_READ, _EMBEDDED = "读文章", "算向量"
# Files and bytes of a batch: of plain text some ten thousand passages, 200 MB while they are made.
_BATCH_FILES, _BATCH_BYTES = 2_000, 6_000_000


class Shard(NamedTuple):
    """One of several equal shares of a build, counted from 1."""

    number: int
    of: int

    def has(self, batch: int) -> bool:
        """Whether a batch, counted from 0, is of this share."""
        return batch % self.of == self.number - 1


WHOLE = Shard(1, 1)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of articles and how far its files are read."""

    path: Path
    max_file_mb: float
    max_pdf_pages: float

    def digests(self) -> dict[str, str]:
        """What the articles of each file depend on, by its path within the folder."""
        return source_digests(
            self.path, max_file_mb=self.max_file_mb, max_pdf_pages=self.max_pdf_pages
        )

    def read(self, source: str, digest: str) -> tuple[list[Article], FileState]:
        """The articles of a file, and what is remembered of it."""
        read = read_source(
            self.path, source, max_file_mb=self.max_file_mb, max_pdf_pages=self.max_pdf_pages
        )
        state = FileState(source, digest, len(read.articles), read.files, read.skipped)
        return list(read.articles), state


class FileState(NamedTuple):
    """A file as it was when it was read: what it depends on, and what came of it."""

    source: str
    digest: str
    articles: int
    files: Sequence[SourceFile] = ()
    skipped: Sequence[SkippedFile] = ()

    @classmethod
    def of(cls, row: Sequence[Any]) -> FileState:
        """The state that ``row`` was written of."""
        source, digest, articles, files, skipped = row
        return cls(
            source,
            digest,
            articles,
            tuple(SourceFile(name, encoding, tuple(said)) for name, encoding, said in files),
            tuple(SkippedFile(name, reason) for name, reason in skipped),
        )

    def row(self) -> list[Any]:
        """The state as JSON."""
        return [
            *self[:3],
            [(one.source, one.encoding, one.remarks) for one in self.files],
            [(one.source, one.reason) for one in self.skipped],
        ]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What, beside the files, decides what comes out."""

    embedder: Embedder
    settings: IndexSettings

    def make(self, articles: Sequence[Article], progress: Callable[[int, int], None]) -> Part:
        """All that is made of some articles one by one."""
        chars = self.settings.passage_chars
        return Part.make(articles, self.embedder, passage_chars=chars, progress=progress)


def key_of(recipe: Recipe) -> str:
    """What parts of one index have in common, in one text."""
    manifest = asdict(manifest_of(recipe.embedder, recipe.settings, ""))
    return json.dumps(manifest, sort_keys=True)


class Counts(NamedTuple):
    """How far all batches together have come."""

    show: Progress
    files_before: int
    files: int
    passages: list[int]

    def unseen(self) -> Counts:
        """The same, shown to nobody."""
        return self._replace(show=lambda stage, done, total: None)

    def read(self, done: int) -> None:
        """So many files of the batch are read."""
        self.show(_READ, self.files_before + done, self.files)

    def embedded(self, done: int, total: int) -> None:
        """So many of the batch's passages are embedded."""
        before = sum(self.passages)
        self.show(_EMBEDDED, before + done, before + total)
        if done == total:
            self.passages.append(total)


class Tally:
    """How far batches that are made side by side have come, all together."""

    def __init__(self, show: Progress, files: int) -> None:
        self._show = show
        self._files = files
        self._read: dict[int, int] = {}
        self._embedded: dict[int, tuple[int, int]] = {}

    def count(self, batch: int, stage: str, done: int, total: int) -> None:
        """What ``Counts`` shows of one of the batches."""
        if stage == _READ:
            self._read[batch] = done
            self._show(stage, sum(self._read.values()), self._files)
        else:
            self._embedded[batch] = (done, total)
            dones, totals = zip(*self._embedded.values(), strict=True)
            self._show(stage, sum(dones), sum(totals))


def in_batches(
    folder: Folder, sources: Sequence[str], batches: Batches, show: Progress, shard: Shard
) -> Iterator[tuple[list[str], Counts]]:
    """The sources of a share some at a time; whether they are to be kept is told to ``batches``."""
    grouped = list(_grouped(folder.path, sources))
    batches.are_kept = len(grouped) > 1 or shard != WHOLE
    mine = [group for number, group in enumerate(grouped) if shard.has(number)]
    total = sum(map(len, mine))
    done = 0
    passages: list[int] = []
    for group in mine:
        yield group, Counts(show, done, total, passages)
        done += len(group)


def _grouped(folder: Path, sources: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for source in sources:
        try:
            own = os.stat(folder / source).st_size  # noqa: PTH116 (thousands of files)
        except OSError:
            own = 0
        if group and (len(group) >= _BATCH_FILES or size + own > _BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(source)
        size += own
    if group:
        yield group


def name_of(digests: dict[str, str]) -> str:
    """What the part of some files is called, by what stands in them."""
    return sha256(json.dumps(digests).encode()).hexdigest()[:20]


def made_of(
    folder: Folder, digests: dict[str, str], recipe: Recipe, batches: Batches, counts: Counts
) -> tuple[list[FileState], Part]:
    """What is made of some files, or was made of them before this build was cut off."""
    name = name_of(digests)
    if found := batches.found(name, recipe.embedder.dimension):
        rows, part = found
        counts.read(len(digests))
        return [FileState.of(row) for row in rows], part
    articles: list[Article] = []
    states: list[FileState] = []
    for done, (source, digest) in enumerate(digests.items(), start=1):
        own, state = folder.read(source, digest)
        articles.extend(own)
        states.append(state)
        counts.read(done)
    part = recipe.make(articles, counts.embedded)
    kept = batches.keep(name, [state.row() for state in states], part)
    return states, kept
