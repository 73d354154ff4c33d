"""Unit vectors in a FAISS index that looks at all of them, rows in the order of the passages.

Knows nothing of passages. Bytes go through Python's own file functions, because FAISS cannot open
a path with Chinese characters on Windows.
"""

from __future__ import annotations

from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
# Above so many vectors a search of the exact ones takes more than a few milliseconds
# (docs/experiments.md, Retrieval).
_EXACT = 20_000


class VectorIndex:
    """Nearest vectors by inner product, which is the cosine for unit vectors."""

    def __init__(self, faiss_index: Any) -> None:
        self._faiss = faiss_index

    @classmethod
    def build(cls, vectors: Floats) -> Self:
        """An index over vectors of shape ``(passages, dimension)``.

        Few vectors are kept as they are; of many, each value is rounded to one of 256 between the
        least and the greatest of its dimension, because reading them is what a search waits for.
        """
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        dimension = rows.shape[1]
        if len(rows) <= _EXACT:
            index: faiss.Index = faiss.IndexFlatIP(dimension)
        else:
            eight_bits = faiss.ScalarQuantizer.QT_8bit
            index = faiss.IndexScalarQuantizer(dimension, eight_bits, faiss.METRIC_INNER_PRODUCT)
            index.train(rows)
        index.add(rows)
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The index that ``to_bytes`` gave; the caller has checked the bytes' checksum."""
        return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))

    def to_bytes(self) -> bytes:
        """FAISS's own serialisation."""
        return bytes(faiss.serialize_index(self._faiss))

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def nearest(self, vector: Floats, count: int, among: NDArray[np.bool_] | None = None) -> Rows:
        """Rows of the ``count`` nearest vectors with a cosine above 0, nearest first.

        ``among``, of shape ``(passages,)``, says which rows may be among them.
        """
        options: dict[str, Any] = {}
        if among is not None:
            made: Any = faiss  # its types leave out what its Python side takes
            selected = made.IDSelectorBitmap(np.packbits(among, bitorder="little"))
            options["params"] = made.SearchParameters(sel=selected)
        cosines, rows = self._faiss.search(vector.reshape(1, -1), min(count, len(self)), **options)
        nearest: Rows = rows[0][(cosines[0] > 0) & (rows[0] >= 0)]
        return nearest

    def vectors(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, of shape ``(len(rows), dimension)``."""
        stored: Floats = self._faiss.reconstruct_batch(rows)
        return stored

    def similarities(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine of a query vector with each of the rows."""
        return self.vectors(rows) @ vector
