"""Articles and passages as sequences that need not be in memory: one line of JSON each.

Knows nothing of vectors, terms or of what the records are for. A line read from a file is parsed
when it is asked for; one that is copied from index to index is not parsed at all.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Cell, Passage, Saying, Table, TextSpan
from rag.errors import IndexDamagedError

Record = TypeVar("Record")
Kept_co = TypeVar("Kept_co", covariant=True)
Places = NDArray[np.int64]
_LINES = ".jsonl"
_STARTS = ".starts"
_CACHED = 1024


class Records(Protocol[Kept_co]):
    """A sequence of records that gives each also as the line it is written as."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __getitem__(self, place: int, /) -> Kept_co:
        """One of them; IndexError behind the last."""
        ...

    def __iter__(self) -> Iterator[Kept_co]:
        """All of them in order."""
        ...

    def line(self, place: int) -> bytes:
        """The record in JSON, without the line feed."""
        ...


class _InOrder(Generic[Record]):
    """What all records have: one after another, from the first."""

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, place: int, /) -> Record:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Record]:
        return (self[place] for place in range(len(self)))


class MadeRecords(_InOrder[Record]):
    """Records in memory."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = tuple(records)

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, place: int, /) -> Record:
        return self._records[place]

    def line(self, place: int) -> bytes:
        """The record in JSON, without the line feed."""
        record = self._records[place]
        return json.dumps(_fields(record), ensure_ascii=False, default=_fields).encode(
            "utf-8", "surrogatepass"
        )


class StoredRecords(_InOrder[Record]):
    """Records in a mapped file, each found by its offset; IndexDamagedError for one not to read."""

    def __init__(self, path: Path, parse: Callable[[dict[str, Any]], Record]) -> None:
        self._path = path
        self._parse = parse
        self._starts = read_array(path.with_suffix(_STARTS), np.int64)
        with path.with_suffix(_LINES).open("rb") as file:
            is_empty = not file.seek(0, 2)
            self._data = b"" if is_empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._starts.size == 0 or self._starts[-1] != len(self._data):
            raise IndexDamagedError(f"索引文件 {path.with_suffix(_LINES)} 缺失或损坏")

    def __len__(self) -> int:
        return self._starts.size - 1

    def __getitem__(self, place: int, /) -> Record:
        if not 0 <= place < len(self):
            raise IndexError(place)
        try:
            return self._parse(json.loads(self.line(place).decode("utf-8", "surrogatepass")))
        except (ValueError, TypeError, KeyError, LookupError) as error:
            raise IndexDamagedError(
                f"索引文件 {self._path.with_suffix(_LINES)} 损坏；请运行 python -m rag index"
            ) from error

    def line(self, place: int) -> bytes:
        """The record in JSON, without the line feed."""
        start, end = self._starts[place : place + 2].tolist()
        return self._data[start : end - 1]


class GatheredRecords(_InOrder[Record]):
    """Record ``i`` is record ``places[i]`` of source ``owners[i]``."""

    def __init__(self, sources: Sequence[Records[Record]], owners: Places, places: Places) -> None:
        self._sources = sources
        self._owners = owners
        self._places = places

    def __len__(self) -> int:
        return int(self._owners.size)

    def __getitem__(self, place: int, /) -> Record:
        return self._sources[int(self._owners[place])][int(self._places[place])]

    def line(self, place: int) -> bytes:
        """The record in JSON, without the line feed."""
        return self._sources[int(self._owners[place])].line(int(self._places[place]))


class ArticlesById(Mapping[str, Article]):
    """Articles by their ids, in the order of the corpus; those asked for lately are kept."""

    def __init__(self, ids: Sequence[str], records: Records[Article]) -> None:
        self._places = {id_: place for place, id_ in enumerate(ids)}
        self._kept = lru_cache(maxsize=_CACHED)(records.__getitem__)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._places

    def __getitem__(self, id_: str) -> Article:
        return self._kept(self._places[id_])

    def place(self, id_: str) -> int:
        """Where an article stands in the order of the corpus."""
        return self._places[id_]


def write_records(path: Path, records: Records[Any]) -> None:
    """Write records and where each begins; read again by ``StoredRecords``."""
    starts = np.zeros(len(records) + 1, dtype=np.int64)
    with path.with_suffix(_LINES).open("wb") as file:
        for place in range(len(records)):
            starts[place + 1] = starts[place] + file.write(records.line(place) + b"\n")
    write_array(path.with_suffix(_STARTS), starts)


def write_array(path: Path, values: NDArray[Any]) -> None:
    """Write the bytes of an array, little-endian, and nothing else."""
    path.write_bytes(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes())


def read_array(path: Path, kind: type[np.generic], columns: int = 0) -> NDArray[Any]:
    """Map an array that was written so; of shape ``(rows, columns)`` where columns are given."""
    dtype = np.dtype(kind).newbyteorder("<")
    if path.stat().st_size == 0:
        values: NDArray[Any] = np.zeros(0, dtype=dtype)
    else:
        # The mapping without numpy's subclass, which costs more than most of what is read of it.
        values = np.memmap(path, dtype=dtype, mode="r").view(np.ndarray)
    return values.reshape(-1, columns) if columns else values


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__dataclass_fields__}


def article_of(row: dict[str, Any]) -> Article:
    """The article that a line was written of."""
    spans = tuple(TextSpan(**span) for span in row.pop("spans"))
    headings, captions = tuple(row.pop("headings")), tuple(row.pop("captions"))
    tables = tuple(
        Table(tuple(Cell(*cell) for cell in table["cells"]), table["head_rows"])
        for table in row.pop("tables")
    )
    pages = tuple(row.pop("page_starts"))
    return Article(
        spans=spans,
        headings=headings,
        captions=captions,
        tables=tables,
        page_starts=pages,
        **row,
    )


def passage_of(row: dict[str, Any]) -> Passage:
    """The passage that a line was written of."""
    sayings = tuple(
        Saying(start, end, a, b, (cell[0], cell[1]), tuple((c, d) for c, d in heads))
        for start, end, a, b, cell, heads in row.pop("sayings")
    )
    return Passage(sayings=sayings, **row)
