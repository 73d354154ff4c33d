"""BM25 as an inner product of sparse vectors: what each term gives a passage stands with it.

A passage's vector has for each of its terms the weight that ``rag.index.term_index`` gives it; a
question's has the weights of its terms. Terms are numbered by 32 bits of a hash, since Milvus
numbers dimensions so: of ten million terms one in 400 shares its number with another. Knows
nothing of Milvus.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.index.term_index import TermIndex
from rag.index.term_keys import key_of

Floats = NDArray[np.float32]
Dims = NDArray[np.uint32]
# Odd, and its bits without order: 2^64 by the golden ratio (Knuth, vol. 3, 6.4).
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_RESERVED = 0xFFFFFFFF  # Milvus has no dimension of this number
_POSTINGS = 1 << 23  # put in order at a time: some 300 MB
_MOST_PACKED = 6_000  # terms of a passage; 8 bytes each, in text, fit in a field
_KIND = np.dtype([("dim", "<u4"), ("weight", "<f4")])


class Weighted(NamedTuple):
    """The terms of one passage: their numbers in rising order, and what each gives it."""

    dims: Dims
    weights: Floats


def dims_of(keys: NDArray[np.uint64]) -> Dims:
    """The numbers of terms, by their keys."""
    hashed = (keys * _MULTIPLIER) >> _SHIFT
    dims: Dims = np.minimum(hashed, _RESERVED - 1).astype(np.uint32)
    return dims


def query_of(weights: Mapping[str, float]) -> dict[int, float]:
    """The sparse vector of a question's weighted terms."""
    keys = np.array([key_of(term) for term in weights], dtype=np.uint64)
    found: dict[int, float] = {}
    for dim, weight in zip(dims_of(keys).tolist(), weights.values(), strict=True):
        found[dim] = found.get(dim, 0.0) + weight
    return found


def weighted_rows(terms: TermIndex) -> Iterator[Weighted]:
    """The terms of each row, in the order of the rows; memory does not grow with them."""
    count = len(terms)
    per_row = max(1, int(terms.postings.rows.size) // max(1, count))
    step = max(1, _POSTINGS // per_row)
    for start in range(0, count, step):
        end = min(start + step, count)
        rows, keys, given = terms.given_to(start, end)
        dims = dims_of(keys)
        order = np.lexsort((dims, rows))
        rows, dims, given = rows[order], dims[order], given[order]
        edges = np.searchsorted(rows, np.arange(start, end + 1))
        for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            yield _each_once(dims[low:high], given[low:high])


def _each_once(dims: Dims, given: Floats) -> Weighted:
    """Terms of one number become one."""
    if dims.size < 2:
        return Weighted(dims, given)
    first = np.flatnonzero(np.concatenate([[True], dims[1:] != dims[:-1]]))
    if first.size == dims.size:
        return Weighted(dims, given)
    return Weighted(dims[first], np.add.reduceat(given, first))


def packed(terms: Weighted) -> str:
    """The terms of a passage as text, for servers that have no sparse vectors."""
    kept = np.sort(np.argsort(-terms.weights, kind="stable")[:_MOST_PACKED])
    pairs = np.zeros(kept.size, dtype=_KIND)
    pairs["dim"], pairs["weight"] = terms.dims[kept], terms.weights[kept]
    return base64.b64encode(pairs.tobytes()).decode("ascii")


def score_of(text: str, query: Mapping[int, float]) -> float:
    """The inner product of packed terms with a question's."""
    pairs = np.frombuffer(base64.b64decode(text), dtype=_KIND)
    dims = pairs["dim"]
    asked = np.fromiter(query, dtype=np.uint32, count=len(query))
    if not dims.size or not asked.size:
        return 0.0
    places = np.minimum(np.searchsorted(dims, asked), dims.size - 1)
    has = dims[places] == asked
    weights = np.fromiter(query.values(), dtype=np.float32, count=len(query))
    return float(pairs["weight"][places[has]] @ weights[has])
