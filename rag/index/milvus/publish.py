"""Puts an index onto Milvus: a generation beside the one that is there, then the alias moves on.

Whatever happens before, the alias keeps standing for the old one. The one before is kept until the
next, for those who have it open. Knows nothing of how an index was made.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

from rag.errors import IndexServerError
from rag.index.index import Index
from rag.index.milvus.generations import sweep
from rag.index.milvus.layout import (
    MANIFEST,
    STORE_FORMAT,
    Names,
    alias_of,
    article_records,
    passage_fields,
    passage_indexes,
    passage_rows,
    pieces,
    record_fields,
    record_indexes,
)
from rag.index.milvus.server import Server

Progress = Callable[[str, int, int], None]
_SENT = "传到 Milvus"
# Rows and characters of one call; Milvus takes 64 MB.
_BATCH_ROWS, _BATCH_CHARS = 500, 4_000_000
# A bounded read sees what was written so long before; Milvus's own limit is 5 seconds.
_SEEN_AFTER_S = 6.0


def publish(index: Index, server: Server, *, progress: Progress | None = None) -> Names:
    """Make an index the current generation of its name on a server; gives its names."""
    name = server.address.name
    before = sweep(server)
    names = Names.new(name, before.generation + 1 if before is not None else 1)
    server.create(
        names.passages,
        passage_fields(index.manifest.dimension, server.has_sparse),
        passage_indexes(index.part.rows, server.has_sparse),
    )
    server.create(names.records, record_fields(), record_indexes())
    counts = _filled(index, server, names, progress or (lambda stage, done, total: None))
    for collection, count in counts.items():
        server.seal(collection)
        if (there := server.count(collection)) != count:
            raise IndexServerError(
                f"传到 {server.address} 的行数不对（{there}，应是 {count}）；"
                "请再运行一次 python -m rag index"
            )
    if not server.is_lite:
        time.sleep(_SEEN_AFTER_S)
    server.point(alias_of(name), names.passages)
    return names


def _filled(index: Index, server: Server, names: Names, show: Progress) -> dict[str, int]:
    """Send all rows; how many each collection got."""
    counts = {names.passages: 0, names.records: 0}
    total = index.part.rows

    def send(collection: str, rows: Iterator[dict[str, Any]]) -> None:
        for batch in _batches(rows):
            server.insert(collection, batch)
            counts[collection] += len(batch)
            if collection == names.passages:
                show(_SENT, counts[collection], total)

    spilled: list[dict[str, Any]] = []
    send(names.passages, _passages(index, server.has_sparse, spilled))
    send(names.records, iter(spilled))
    send(names.records, article_records(index))
    manifest = replace(index.manifest, sizes={}, checksums={})
    kept = {"store": STORE_FORMAT, "manifest": asdict(manifest), "has_sparse": server.has_sparse}
    send(names.records, pieces(MANIFEST, json.dumps(kept, ensure_ascii=True)))
    return counts


def _passages(
    index: Index, has_sparse: bool, spilled: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for row, records in passage_rows(index, has_sparse):
        spilled.extend(records)
        yield row


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row.values() if hasattr(value, "__len__"))
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
