"""Builds the index of a folder of files, or brings it up to date.

In go a folder and the index that is there, out comes the new one. Only files that are new or have
changed are read, a batch at a time; of many batches each is kept as it is made, so that a build
that was cut off goes on where it stopped. Knows nothing of settings or models by name.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rag.articles import (
    digest_of,
    nothing_left,
    read_source,
    source_digests,
    unknown_files,
)
from rag.datatypes import Article, SkippedFile, SourceFile
from rag.errors import IndexStaleError
from rag.index import Index, IndexSettings, Part
from rag.index.batches import Batches
from rag.index.part import Gathered
from rag.index.recipe import check_recipe, manifest_of
from rag.models.embedder import Embedder

logger = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]
Report = Callable[[str], None]
_READ, _EMBEDDED = "读文章", "算向量"
# Files and bytes of a batch: of plain text some ten thousand passages, 200 MB while they are made.
_BATCH_FILES, _BATCH_BYTES = 2_000, 6_000_000


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
            [[*asdict(one).values()] for one in self.files],
            [[*asdict(one).values()] for one in self.skipped],
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


def update_index(
    index_dir: Path,
    folder: Folder,
    recipe: Recipe,
    *,
    previous: Index | None,
    report: Report = logger.info,
    progress: Progress | None = None,
) -> Index:
    """Make the index of a folder the current one in ``index_dir``, and give it.

    What ``previous`` has of files that are still the same, made in the same way, is taken over.
    ``report`` gets a line for each file that was left out, read in part, or was not in UTF-8.
    CorpusError when no article is left, RagIndexError when the index cannot be written; the index
    that was there stays in either case.
    """
    show = progress or (lambda stage, done, total: None)
    digests = folder.digests()
    kept = _kept(previous, digests, recipe)
    to_read = [source for source in digests if source not in kept]
    if kept and to_read:
        report(f"{len(to_read)} 个文件是新的或改过，其余 {len(kept)} 个不用重读")
    with Batches(index_dir, _key(recipe)) as batches:
        made = [
            _batch(folder, {source: digests[source] for source in sources}, recipe, batches, counts)
            for sources, counts in _in_batches(folder, to_read, batches, show)
        ]
        plan = _Plan.of(previous, kept, made, digests)
        skipped = [file for state in plan.states for file in state.skipped]
        skipped.extend(unknown_files(folder.path, digests))
        if not plan.owners.size:
            raise nothing_left(folder.path, skipped)
        _tell(plan.states, skipped, report)
        return _written(index_dir, plan, recipe, digest_of(digests), previous)


class _Plan(NamedTuple):
    """Of which parts the articles of the new index come, in order."""

    parts: list[Part]
    states: list[FileState]
    owners: Any
    places: Any

    @classmethod
    def of(
        cls,
        previous: Index | None,
        kept: dict[str, int],
        made: Sequence[tuple[list[FileState], Part]],
        sources: Iterable[str],
    ) -> _Plan:
        """``kept`` is where in ``previous`` the articles of a file begin."""
        parts = [previous.part] if previous is not None and kept else []
        old = {row[0]: FileState.of(row) for row in previous.files} if previous and kept else {}
        where = {source: (old[source], 0, start) for source, start in kept.items()}
        for states, part in made:
            parts.append(part)
            start = 0
            for state in states:
                where[state.source] = (state, len(parts) - 1, start)
                start += state.articles
        found = [where[source] for source in sources]
        counts = [state.articles for state, _, _ in found]
        owners = np.repeat(np.array([owner for _, owner, _ in found], dtype=np.int64), counts)
        firsts = np.array([start for _, _, start in found], dtype=np.int64)
        offsets = np.cumsum(counts, dtype=np.int64) - counts
        places = np.arange(sum(counts)) + np.repeat(firsts - offsets, counts)
        return cls(parts, [state for state, _, _ in found], owners, places)


def _kept(previous: Index | None, digests: dict[str, str], recipe: Recipe) -> dict[str, int]:
    """Files that are as they were, with the place of their first article in ``previous``."""
    if previous is None:
        return {}
    try:
        check_recipe(previous.manifest, recipe.embedder, recipe.settings)
    except IndexStaleError:
        return {}
    kept: dict[str, int] = {}
    order = {source: place for place, source in enumerate(digests)}
    first, last = 0, -1
    for row in previous.files:
        state = FileState.of(row)
        # A part's articles keep their order, and so do files: one out of turn is read again.
        if digests.get(state.source) == state.digest and order[state.source] > last:
            kept[state.source] = first
            last = order[state.source]
        first += state.articles
    return kept


def _key(recipe: Recipe) -> str:
    manifest = asdict(manifest_of(recipe.embedder, recipe.settings, ""))
    return json.dumps(manifest, sort_keys=True)


class _Counts(NamedTuple):
    """How far all batches together have come."""

    show: Progress
    files_before: int
    files: int
    passages: list[int]

    def read(self, done: int) -> None:
        """So many files of the batch are read."""
        self.show(_READ, self.files_before + done, self.files)

    def embedded(self, done: int, total: int) -> None:
        """So many of the batch's passages are embedded."""
        before = sum(self.passages)
        self.show(_EMBEDDED, before + done, before + total)
        if done == total:
            self.passages.append(total)


def _in_batches(
    folder: Folder, sources: Sequence[str], batches: Batches, show: Progress
) -> Iterator[tuple[list[str], _Counts]]:
    """The sources some at a time; whether there are several is told to ``batches``."""
    grouped = list(_grouped(folder.path, sources))
    batches.are_kept = len(grouped) > 1
    done = 0
    passages: list[int] = []
    for group in grouped:
        yield group, _Counts(show, done, len(sources), passages)
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


def _batch(
    folder: Folder, digests: dict[str, str], recipe: Recipe, batches: Batches, counts: _Counts
) -> tuple[list[FileState], Part]:
    """What is made of some files, or was made of them before this build was cut off."""
    name = sha256(json.dumps(digests).encode()).hexdigest()[:20]
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


def _written(
    index_dir: Path, plan: _Plan, recipe: Recipe, digest: str, previous: Index | None
) -> Index:
    manifest = manifest_of(recipe.embedder, recipe.settings, digest)
    is_update = previous is not None and bool(plan.parts) and plan.parts[0] is previous.part
    taken = np.where(plan.owners == 0, plan.places, -1) if is_update else None
    Index.write(
        index_dir,
        Gathered(plan.parts, plan.owners, plan.places),
        manifest,
        recipe.embedder,
        previous=previous,
        taken=taken,
        files=[state.row() for state in plan.states],
    )
    return Index.load(index_dir)


def _tell(states: Sequence[FileState], skipped: Sequence[SkippedFile], report: Report) -> None:
    """One line for each file that was left out, read in part, or was not in UTF-8."""
    files = [file for state in states for file in state.files]
    for one in skipped:
        report(f"跳过 {one.source}：{one.reason}")
    for file in files:
        for remark in file.remarks:
            report(f"{file.source}：{remark}")
    for file in files:
        if file.encoding not in ("utf-8", ""):
            report(f"{file.source} 的编码是 {file.encoding}")
