"""In which rows each term stands and how often: made from texts, and merged from several sources.

Terms are keys (``rag.index.term_keys``) in rising order; the rows of a key are in rising order,
too. Knows nothing of scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.index.term_keys import Keys, Rows, keys_of

Counts = NDArray[np.int64]
_MOST_COUNTED = 255  # BM25 hardly grows beyond a few
_TEXTS = 512  # whose terms are counted at a time
_MERGED = 1 << 22  # postings that are merged at a time: some 150 MB
_BEYOND = 1 << 64  # above every key
_ROW_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Postings:
    """``rows[starts[i]:starts[i + 1]]`` have the term ``keys[i]``, as often as ``counts`` says.

    ``lengths`` are the terms of each row, of shape ``(rows,)``.
    """

    keys: Keys
    starts: Counts
    rows: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]

    def places_of(self, keys: Keys) -> tuple[Counts, NDArray[np.bool_]]:
        """Where some keys stand among all, and which do; the place of one that does not is none."""
        if not self.keys.size:
            return np.zeros(keys.size, dtype=np.int64), np.zeros(keys.size, dtype=bool)
        places = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        return places, self.keys[places] == keys


class Source(NamedTuple):
    """Postings to be merged, with the new row of each of their rows, -1 where it is left out.

    The new rows rise with the old ones.
    """

    postings: Postings
    new_rows: Rows


class Stretch(NamedTuple):
    """Postings of some keys in a row: the keys, the number of rows of each, rows and counts."""

    keys: Keys
    sizes: Counts
    rows: NDArray[np.uint32]
    counts: NDArray[np.uint8]


def postings_of(texts: Sequence[str], written: Sequence[str | None]) -> Postings:
    """The postings of some texts, a row each; ``written`` are the dates of their articles."""
    batches = [
        _counted(texts[start : start + _TEXTS], written[start : start + _TEXTS])
        for start in range(0, len(texts), _TEXTS)
    ]
    ends = np.cumsum([batch.lengths.size for batch in batches], dtype=np.int64)
    sources = [
        Source(batch, np.arange(end - batch.lengths.size, end))
        for batch, end in zip(batches, ends, strict=True)
    ]
    return in_one(sources)


def in_one(sources: Sequence[Source]) -> Postings:
    """The postings of several sources in arrays of their own."""
    empty = Stretch(
        np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8)
    )
    stretches = [empty, *merged(sources)]
    keys, sizes, rows, counts = (
        np.concatenate([one[part] for one in stretches]) for part in range(4)
    )
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Postings(keys, starts, rows, counts, merged_lengths(sources))


def merged_lengths(sources: Sequence[Source]) -> NDArray[np.int32]:
    """The lengths of the new rows."""
    count = sum(int((source.new_rows >= 0).sum()) for source in sources)
    lengths = np.zeros(count, dtype=np.int32)
    for postings, new_rows in sources:
        is_kept = new_rows >= 0
        lengths[new_rows[is_kept]] = postings.lengths[is_kept]
    return lengths


def merged(sources: Sequence[Source]) -> Iterator[Stretch]:
    """The postings of several sources, some keys at a time; memory does not grow with them.

    A key of which no row is left is left out.
    """
    if not sources:
        return
    edges = _edges(sources)
    for low, high in pairwise(edges):
        keys = [_keys_between(source.postings, low, high) for source in sources]
        kept = _each_once(
            [source.postings.keys[own] for source, own in zip(sources, keys, strict=True)]
        )
        found = [_placed(source, own, kept) for source, own in zip(sources, keys, strict=True)]
        places, counts = (np.concatenate(parts) for parts in zip(*found, strict=True))
        if not places.size:
            continue
        # Each source gives its own in order, and sorting what is sorted in parts is merging them.
        if len(sources) > 1:
            order = np.argsort(places, kind="stable")
            places, counts = places[order], counts[order]
        sizes = np.bincount((places >> _ROW_BITS).astype(np.int64), minlength=kept.size)
        is_left = sizes > 0
        yield Stretch(kept[is_left], sizes[is_left], places.astype(np.uint32), counts)


def _edges(sources: Sequence[Source]) -> list[int]:
    """Keys that part all keys into stretches of about ``_MERGED`` postings."""
    largest = max(sources, key=lambda one: one.postings.rows.size)
    keys, starts = largest.postings.keys, largest.postings.starts
    share = max(1, _MERGED * largest.postings.rows.size // max(1, _total(sources)))
    steps = np.searchsorted(starts, np.arange(share, starts[-1], share))
    inner = sorted({int(keys[step]) for step in steps.tolist() if 0 < step < keys.size})
    return [0, *inner, _BEYOND]


def _total(sources: Sequence[Source]) -> int:
    return sum(source.postings.rows.size for source in sources)


def _keys_between(postings: Postings, low: int, high: int) -> slice:
    """Which keys are from ``low`` to below ``high``."""
    first = int(np.searchsorted(postings.keys, np.uint64(low)))
    last = int(np.searchsorted(postings.keys, np.uint64(high))) if high < _BEYOND else None
    return slice(first, postings.keys.size if last is None else last)


def _each_once(sorted_keys: Sequence[Keys]) -> Keys:
    keys = np.sort(np.concatenate(sorted_keys), kind="stable")
    first = np.ones(keys.size, dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    kept: Keys = keys[first]
    return kept


def _placed(source: Source, own: slice, kept: Keys) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Where a source's postings of some keys go, a key's number before a row, and the counts."""
    starts = source.postings.starts[own.start : own.stop + 1]
    stretch = slice(int(starts[0]), int(starts[-1]))
    rows = source.new_rows[source.postings.rows[stretch]]
    numbers = np.searchsorted(kept, source.postings.keys[own]).astype(np.uint64) << _ROW_BITS
    places: NDArray[np.uint64] = np.repeat(numbers, np.diff(starts))
    places |= rows.astype(np.uint64)
    counts = source.postings.counts[stretch]
    is_kept = rows >= 0
    if is_kept.all():
        return places, counts
    return places[is_kept], counts[is_kept]


def _counted(texts: Sequence[str], written: Sequence[str | None]) -> Postings:
    keys, rows = keys_of(texts, written)
    kept, numbers = np.unique(keys, return_inverse=True)
    places = np.sort(numbers.astype(np.uint64) << _ROW_BITS | rows.astype(np.uint64))
    first = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
    counts = np.diff(np.append(first, places.size))
    places = places[first]
    sizes = np.bincount((places >> _ROW_BITS).astype(np.int64), minlength=kept.size)
    return Postings(
        kept,
        np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
        places.astype(np.uint32),
        np.minimum(counts, _MOST_COUNTED).astype(np.uint8),
        np.bincount(rows, minlength=len(texts)).astype(np.int32),
    )
