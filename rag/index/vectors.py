"""Unit vectors, exact while they are few, in cells of a FAISS index when they are many.

Knows nothing of passages. FAISS reads mapped bytes and never a path: it cannot open one with
Chinese characters on Windows.
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

# Above so many vectors a search of all of them takes more than a few milliseconds
# (docs/performance.md).
EXACT = 20_000
_LEAST_RECALL = 0.98
_MEASURED_AT = 20
# So many times more are taken from the rounded vectors as are wanted of the whole ones.
_WIDER = 2
_TRAINED_ON = 64  # vectors a cell
_MOST_GROWN = 2  # cells are found anew once there are so many times more vectors, or fewer
_CHUNK = 1 << 15


class Recall(NamedTuple):
    """How many of the 20 nearest were found, as a share, looking into so many cells of how many.

    Cells are 0 where all vectors are looked at.
    """

    share: float
    probes: int
    cells: int


class VectorIndex:
    """Nearest vectors by inner product, which is the cosine for unit vectors.

    ``stored`` are the vectors, of shape ``(rows, dimension)``: single precision while all are
    looked at, half of it when ``cells`` find them, rounded once more there.
    """

    def __init__(self, stored: Stored, cells: Any | None, recall: Recall) -> None:
        self.stored = stored
        self.recall = recall
        self._cells = cells
        self._exact: Any = None
        self._data: NDArray[np.uint8] | None = None
        if cells is None:
            self._exact = faiss.IndexFlatIP(stored.shape[1])
            self._exact.add(np.ascontiguousarray(stored, dtype=np.float32))

    @classmethod
    def build(
        cls, vectors: Stored, samples: Floats | None = None, previous: VectorIndex | None = None
    ) -> Self:
        """An index over vectors of shape ``(rows, dimension)``.

        Of many, ``samples`` (query vectors) say how many cells have to be looked into to find
        nearly all that an exact search does; where no number does, all vectors are looked at.
        Cells of a ``previous`` index of about the same size are taken over.
        """
        if len(vectors) <= EXACT:
            return cls(np.asarray(vectors, dtype=np.float32), None, Recall(1.0, 0, 0))
        halved = np.asarray(vectors, dtype=np.float16)
        cells = _filled(_trained(halved, previous), halved)
        if samples is None or not len(samples):
            samples = _spread(halved, 200)
        return cls(halved, cells, _measured(cells, halved, samples))

    @classmethod
    def mapped(cls, stored: Stored, data: NDArray[np.uint8] | None, recall: Recall) -> Self:
        """The index over vectors as they were stored, and over the bytes of ``to_bytes``.

        The caller has checked the bytes' checksum; they are read in place.
        """
        if data is None:
            return cls(stored, None, recall)
        made: Any = faiss  # its types leave out what its Python side takes
        reader = made.ZeroCopyIOReader(made.swig_ptr(data), data.size)
        cells = made.read_index(reader, made.IO_FLAG_MMAP_IFC)
        cells.nprobe = recall.probes
        index = cls(stored, cells, recall)
        index._data = data  # as long as FAISS looks at the bytes, they have to be there
        return index

    def to_bytes(self) -> bytes | None:
        """FAISS's own serialisation of the cells; None where there are none."""
        return None if self._cells is None else bytes(faiss.serialize_index(self._cells))

    def __len__(self) -> int:
        return len(self.stored)

    def nearest(self, vector: Floats, count: int, among: Mask | None = None) -> Rows:
        """Rows of the ``count`` nearest vectors with a cosine above 0, nearest first.

        ``among``, of shape ``(rows,)``, says which rows may be among them.
        """
        count = min(count, len(self))
        if self._cells is None:
            return self._searched(self._exact, vector, count, _selecting(faiss, among))
        if among is not None and (chosen := np.flatnonzero(among)).size <= EXACT:
            return self._best_of(chosen, vector, count)  # too few for cells to be worth it
        options = _selecting(faiss, among, nprobe=self.recall.probes * (1 if among is None else 2))
        near = self._searched(self._cells, vector, min(_WIDER * count, len(self)), options)
        return self._best_of(np.sort(near), vector, count)

    def vectors(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, of shape ``(len(rows), dimension)``."""
        stored: Floats = self.stored[rows].astype(np.float32)
        return stored

    def similarities(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine of a query vector with each of the rows."""
        return self.vectors(rows) @ vector

    def _best_of(self, rows: Rows, vector: Floats, count: int) -> Rows:
        cosines = self.similarities(vector, rows)
        order = np.argsort(-cosines, kind="stable")[:count]
        return rows[order[cosines[order] > 0]]

    def _searched(self, index: Any, vector: Floats, count: int, options: dict[str, Any]) -> Rows:
        cosines, rows = index.search(vector.reshape(1, -1), count, **options)
        nearest: Rows = rows[0][(cosines[0] > 0) & (rows[0] >= 0)]
        return nearest


def _selecting(made: Any, among: Mask | None, **cells: int) -> dict[str, Any]:
    """What FAISS's search is given so that it finds only some rows."""
    if among is None and not cells:
        return {}
    kind = made.SearchParametersIVF if cells else made.SearchParameters
    if among is not None:
        cells["sel"] = made.IDSelectorBitmap(np.packbits(among, bitorder="little"))
    return {"params": kind(**cells)}


def _trained(vectors: Stored, previous: VectorIndex | None) -> Any:
    """An index with cells and without vectors."""
    taken = None if previous is None else previous._cells
    if taken is not None and taken.d == vectors.shape[1]:
        grown = len(vectors) / max(1, len(previous or ()))
        if 1 / _MOST_GROWN <= grown <= _MOST_GROWN:
            # A clone of a mapped index still looks at the mapping and cannot be emptied: FAISS ends
            # the process.
            empty = faiss.deserialize_index(faiss.serialize_index(taken))
            empty.reset()
            return empty
    dimension = vectors.shape[1]
    count = max(1, min(int(4 * len(vectors) ** 0.5), len(vectors) // 4))
    made: Any = faiss
    index = made.IndexIVFScalarQuantizer(
        made.IndexFlatIP(dimension),
        dimension,
        count,
        made.ScalarQuantizer.QT_8bit,
        made.METRIC_INNER_PRODUCT,
    )
    index.cp.niter = 8
    index.cp.max_points_per_centroid = _TRAINED_ON
    index.cp.min_points_per_centroid = 1
    index.train(_spread(vectors, _TRAINED_ON * count))
    return index


def _spread(vectors: Stored, count: int) -> Floats:
    """So many vectors, from everywhere."""
    chosen = np.linspace(0, len(vectors) - 1, min(count, len(vectors))).astype(np.int64)
    return np.ascontiguousarray(vectors[chosen], dtype=np.float32)


def _filled(index: Any, vectors: Stored) -> Any:
    for start in range(0, len(vectors), _CHUNK):
        index.add(np.ascontiguousarray(vectors[start : start + _CHUNK], dtype=np.float32))
    return index


def _measured(index: Any, vectors: Stored, samples: Floats) -> Recall:
    """The fewest cells to look into for a recall of 98 in 100, or all of them."""
    samples = np.ascontiguousarray(samples, dtype=np.float32)
    wanted = _exactly(vectors, samples)
    probes, share = 4, 0.0
    while probes < index.nlist:
        index.nprobe = probes
        _, near = index.search(samples, _WIDER * _MEASURED_AT)
        share = _recall(vectors, samples, near, wanted)
        if share >= _LEAST_RECALL:
            return Recall(round(share, 4), probes, index.nlist)
        probes = probes * 3 // 2
    index.nprobe = index.nlist
    return Recall(round(share, 4), index.nlist, index.nlist)


def _exactly(vectors: Stored, samples: Floats) -> Rows:
    """Rows of the nearest vectors of each sample, of shape ``(samples, 20)``, in no order."""
    best = np.full((len(samples), _MEASURED_AT), -np.inf, dtype=np.float32)
    rows = np.zeros((len(samples), _MEASURED_AT), dtype=np.int64)
    for start in range(0, len(vectors), _CHUNK):
        cosines = samples @ vectors[start : start + _CHUNK].astype(np.float32).T
        both = np.concatenate([best, cosines], axis=1)
        places = np.argpartition(-both, _MEASURED_AT - 1, axis=1)[:, :_MEASURED_AT]
        found = np.take_along_axis(rows, np.minimum(places, _MEASURED_AT - 1), axis=1)
        rows = np.where(places < _MEASURED_AT, found, places - _MEASURED_AT + start)
        best = np.take_along_axis(both, places, axis=1)
    return rows


def _recall(vectors: Stored, samples: Floats, near: Rows, wanted: Rows) -> float:
    found = 0
    for sample, rows, exact in zip(samples, near, wanted, strict=True):
        rows = rows[rows >= 0]
        cosines = vectors[rows].astype(np.float32) @ sample
        best = rows[np.argsort(-cosines, kind="stable")[:_MEASURED_AT]]
        found += np.intersect1d(best, exact).size
    return found / wanted.size
