"""Unit vectors, exact while they are few, found by short codes when they are many.

A code has four bits for every two values (product quantisation, Jégou, Douze, Schmid 2011), laid
out so that a processor looks at 32 of them at once (André, Kermarrec, Le Scouarnec 2015, "Cache
locality is not enough"). Several times more than are wanted are taken by their codes, and the
nearest of them by the vectors themselves. What comes out depends on the vectors alone. Knows
nothing of passages. FAISS reads mapped bytes and never a path: it cannot open one with Chinese
characters on Windows.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import faiss
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Stored = NDArray[np.float32] | NDArray[np.float16]

# Above so many vectors a search of all of them takes more than a millisecond
# (docs/performance.md).
EXACT = 8_000
_LEAST_RECALL = 0.98
_MEASURED_AT = 20
# So many times more are taken by their codes as are wanted of the whole ones.
_WIDER = (8, 16, 32)
_MOST_TAKEN = 20_000  # by their codes; more are sooner compared
_TRAINED_ON, _ROUNDS = 1024, 4
_BITS = 4
_CHUNK = 1 << 15
_ROUNDING = 1e-4
# Where the mean of all vectors is so long, its direction tells none of them apart and is left out
# of codes and queries: rounding what lies there would weigh more than what does.
_SHARED = 0.3


class Recall(NamedTuple):
    """How many of the 20 nearest were found, as a share, and how many times more were taken.

    ``wider`` is 0 where all vectors are compared.
    """

    share: float
    wider: int


class Codes(NamedTuple):
    """Codes in an index of FAISS, and the direction that was left out of them, or zeros."""

    shared: Floats
    index: Any

    @classmethod
    def read(cls, data: NDArray[np.uint8], dimension: int) -> Self:
        """What ``to_bytes`` gave, read in place: the bytes have to stay."""
        size = np.dtype(np.float32).itemsize * dimension
        made: Any = faiss  # its types leave out what its Python side takes
        reader = made.ZeroCopyIOReader(made.swig_ptr(data[size:]), data.size - size)
        shared = data[:size].view(np.dtype(np.float32).newbyteorder("<"))
        return cls(shared.astype(np.float32), made.read_index(reader, made.IO_FLAG_MMAP_IFC))

    def to_bytes(self) -> bytes:
        """The direction, and FAISS's own serialisation of the codes."""
        return self.shared.astype("<f4").tobytes() + bytes(faiss.serialize_index(self.index))

    def nearest(self, queries: Floats, count: int) -> Rows:
        """The nearest rows by the codes, of shape ``(queries, count)``, -1 where there are none."""
        plain = queries - np.outer(queries @ self.shared, self.shared)
        rows: Rows = self.index.search(plain, count)[1]
        return rows


class VectorIndex:
    """Nearest vectors by inner product, which is the cosine for unit vectors.

    ``stored`` are the vectors, of shape ``(rows, dimension)``: single precision while they are
    few, half of it when ``codes`` find them.
    """

    def __init__(self, stored: Stored, codes: Codes | None, recall: Recall) -> None:
        self.stored = stored
        self.recall = recall
        self._codes = codes
        self._exact: Any = None
        self._data: NDArray[np.uint8] | None = None
        if len(stored) <= EXACT:
            self._exact = faiss.IndexFlatIP(stored.shape[1])
            self._exact.add(np.ascontiguousarray(stored, dtype=np.float32))

    @classmethod
    def build(cls, vectors: Stored, samples: Floats | None = None) -> Self:
        """An index over vectors of shape ``(rows, dimension)``.

        Of many, ``samples`` (query vectors) say how many have to be taken by their codes to find
        nearly all that an exact search does; where no number does, all vectors are compared.
        """
        if len(vectors) <= EXACT:
            return cls(np.asarray(vectors, dtype=np.float32), None, Recall(1.0, 0))
        halved = np.asarray(vectors, dtype=np.float16)
        codes = _coded(halved)
        asked = _spread(halved, 200) if samples is None else samples
        asked = asked[asked.any(axis=1)]  # to nothing all vectors are as near
        recall = _measured(codes, halved, asked if len(asked) else _spread(halved, 200))
        return cls(halved, codes if recall.wider else None, recall)

    @classmethod
    def mapped(cls, stored: Stored, data: NDArray[np.uint8] | None, recall: Recall) -> Self:
        """The index over vectors as they were stored, and over the bytes of ``to_bytes``.

        The caller has checked the bytes' checksum; they are read in place.
        """
        if data is None:
            return cls(stored, None, recall)
        index = cls(stored, Codes.read(data, stored.shape[1]), recall)
        index._data = data  # as long as FAISS looks at the bytes, they have to be there
        return index

    def to_bytes(self) -> bytes | None:
        """The codes to be saved; None where there are none."""
        return None if self._codes is None else self._codes.to_bytes()

    def __len__(self) -> int:
        return len(self.stored)

    def nearest(self, vector: Floats, count: int, among: Mask | None = None) -> Rows:
        """Rows of the ``count`` nearest vectors with a cosine above 0, nearest first.

        ``among``, of shape ``(rows,)``, says which rows may be among them.
        """
        count = min(count, len(self))
        if self._exact is not None:
            return self._nearest_of_few(vector, count, among)
        chosen = None if among is None else np.flatnonzero(among)
        is_few = chosen is not None and chosen.size <= EXACT
        near = None if is_few else self._near(vector, count, among)
        if near is None:
            near = np.arange(len(self)) if chosen is None else chosen
        return self._best_of(near, vector, count)

    def vectors(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, of shape ``(len(rows), dimension)``."""
        stored: Floats = self.stored[rows].astype(np.float32)
        return stored

    def similarities(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine of a query vector with each of the rows."""
        return self.vectors(rows) @ vector

    def _near(self, vector: Floats, count: int, among: Mask | None) -> Rows | None:
        """Rows that may be the nearest, in rising order; None where codes do not tell."""
        if self._codes is None:
            return None
        wanted = min(self.recall.wider * count, len(self))
        # Codes cannot be searched among some rows only: as many are taken as leave enough.
        taken = wanted if among is None else int(1.5 * wanted * len(self) / among.sum())
        while taken <= _MOST_TAKEN:
            rows = self._codes.nearest(vector.reshape(1, -1), min(taken, len(self)))[0]
            rows = rows[rows >= 0]
            rows = rows if among is None else rows[among[rows]]
            if rows.size >= wanted or among is None:
                return np.sort(rows)
            taken *= 4
        return None

    def _best_of(self, rows: Rows, vector: Floats, count: int) -> Rows:
        steps = range(0, rows.size, _CHUNK)
        cosines = np.concatenate(
            [self.similarities(vector, rows[at : at + _CHUNK]) for at in steps] or [_NOTHING]
        )
        order = np.argsort(-cosines, kind="stable")[:count]
        return rows[order[cosines[order] > 0]]

    def _nearest_of_few(self, vector: Floats, count: int, among: Mask | None) -> Rows:
        chosen = {} if among is None else {"params": _selecting(faiss, among)}
        cosines, rows = self._exact.search(vector.reshape(1, -1), count, **chosen)
        nearest: Rows = rows[0][(cosines[0] > 0) & (rows[0] >= 0)]
        return nearest


_NOTHING: Floats = np.zeros(0, dtype=np.float32)


def _selecting(made: Any, among: Mask) -> Any:
    """What FAISS's search is given so that it finds only some rows."""
    return made.SearchParameters(sel=made.IDSelectorBitmap(np.packbits(among, bitorder="little")))


def _coded(vectors: Stored) -> Codes:
    """Codes of all vectors, each without what all have in common, which changes no order."""
    sample = _spread(vectors, _TRAINED_ON)  # a copy
    mean = sample.mean(axis=0)
    length = float(np.linalg.norm(mean))
    shared: Floats = mean / length if length > _SHARED else np.zeros_like(mean)

    def plain(rows: Floats) -> Floats:
        rows -= np.outer(rows @ shared, shared) if shared.any() else mean
        return rows

    made: Any = faiss
    dimension = vectors.shape[1]
    pieces = dimension // 2 if dimension % 2 == 0 else dimension
    index = made.IndexPQFastScan(dimension, pieces, _BITS, made.METRIC_INNER_PRODUCT)
    index.pq.cp.niter = _ROUNDS
    _train_alone(index, plain(sample))
    for start in range(0, len(vectors), _CHUNK):
        index.add(plain(vectors[start : start + _CHUNK].astype(np.float32)))
    return Codes(shared, index)


def _train_alone(index: Any, sample: Floats) -> None:
    """Train on one thread: hundreds of tiny trainings would mostly wait for one another."""
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        index.train(sample)
    finally:
        faiss.omp_set_num_threads(threads)


def _spread(vectors: Stored, count: int) -> Floats:
    """So many vectors, from everywhere."""
    chosen = np.linspace(0, len(vectors) - 1, min(count, len(vectors))).astype(np.int64)
    return np.ascontiguousarray(vectors[chosen], dtype=np.float32)


def _measured(codes: Codes, vectors: Stored, samples: Floats) -> Recall:
    """The fewest to take by their codes for a recall of 98 in 100."""
    samples = np.ascontiguousarray(samples, dtype=np.float32)
    least = _least_cosines(vectors, samples)
    most = min(_WIDER[-1] * _MEASURED_AT, len(vectors))
    near = codes.nearest(samples, most)
    share = 0.0
    for wider in _WIDER:
        share = _recall(vectors, samples, near[:, : wider * _MEASURED_AT], least)
        if share >= _LEAST_RECALL:
            return Recall(round(share, 4), wider)
    return Recall(round(share, 4), 0)


def _least_cosines(vectors: Stored, samples: Floats) -> Floats:
    """The cosine of the 20th nearest vector of each sample."""
    best = np.full((len(samples), _MEASURED_AT), -np.inf, dtype=np.float32)
    for start in range(0, len(vectors), _CHUNK):
        cosines = samples @ vectors[start : start + _CHUNK].astype(np.float32).T
        both = np.concatenate([best, cosines], axis=1)
        best = -np.partition(-both, _MEASURED_AT - 1, axis=1)[:, :_MEASURED_AT]
    least: Floats = best.min(axis=1)
    return least


def _recall(vectors: Stored, samples: Floats, near: Rows, least: Floats) -> float:
    """The share of the nearest that are found; of vectors alike either may be."""
    found = 0
    for sample, rows, lowest in zip(samples, near, least, strict=True):
        cosines = vectors[rows[rows >= 0]].astype(np.float32) @ sample
        found += min(int((cosines >= lowest - _ROUNDING).sum()), _MEASURED_AT)
    return found / (len(samples) * _MEASURED_AT)
