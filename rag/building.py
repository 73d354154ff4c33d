"""Builds the index of a folder of files, or brings it up to date.

In go a folder and the index that is there, out comes the new one. Only files that are new or have
changed are read, a batch at a time; of many batches each is kept as it is made, so that a build
that was cut off goes on where it stopped. Knows nothing of settings or models by name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rag.articles import (
    digest_of,
    nothing_left,
    unknown_files,
)
from rag.beside import make_beside
from rag.datatypes import SkippedFile
from rag.errors import IndexStaleError
from rag.file_batches import (
    WHOLE,
    FileState,
    Folder,
    Progress,
    Recipe,
    Shard,
    in_batches,
    key_of,
    made_of,
)
from rag.index import Index, Part
from rag.index.batches import Batches
from rag.index.part import Gathered
from rag.index.recipe import check_recipe, manifest_of

logger = logging.getLogger(__name__)
Report = Callable[[str], None]
__all__ = ["Folder", "Recipe", "Shard", "make_share", "update_index"]


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
    with Batches(index_dir, key_of(recipe)) as batches:
        grouped = [
            ({source: digests[source] for source in sources}, counts)
            for sources, counts in in_batches(folder, to_read, batches, show, WHOLE)
        ]
        if make_beside(index_dir, folder, [group for group, _ in grouped], recipe, show):
            grouped = [(group, counts.unseen()) for group, counts in grouped]  # was shown already
        made = [made_of(folder, group, recipe, batches, counts) for group, counts in grouped]
        plan = _Plan.of(previous, kept, made, digests)
        skipped = [file for state in plan.states for file in state.skipped]
        skipped.extend(unknown_files(folder.path, digests))
        if not plan.owners.size:
            raise nothing_left(folder.path, skipped)
        _tell(plan.states, skipped, report)
        return _written(index_dir, plan, recipe, digest_of(digests), previous)


def make_share(
    index_dir: Path,
    folder: Folder,
    recipe: Recipe,
    shard: Shard,
    *,
    previous: Index | None,
    report: Report = logger.info,
    progress: Progress | None = None,
) -> None:
    """Make the parts of one share of the work, and leave them in ``index_dir``.

    All shares may be made at once, by processes that see the same files. ``update_index`` finds the
    parts there and makes the same index of them as if it had made them itself.
    """
    show = progress or (lambda stage, done, total: None)
    digests = folder.digests()
    kept = _kept(previous, digests, recipe)
    to_read = [source for source in digests if source not in kept]
    count = files = 0
    with Batches(index_dir, key_of(recipe), is_share=True) as batches:
        for sources, counts in in_batches(folder, to_read, batches, show, shard):
            chosen = {source: digests[source] for source in sources}
            made_of(folder, chosen, recipe, batches, counts)
            count, files = count + 1, files + len(sources)
    report(
        f"第 {shard.number}/{shard.of} 份做好了：{files} 个文件，{count} 批；"
        "各份都做好后，请运行一次 python -m rag index"
    )


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
