"""How an index lies on Milvus: its collections, their fields, and the rows that go into them.

A generation is two collections, written once: of passages, a row each, and of records, which holds
articles and the manifest in pieces that fit into a field. An alias names the current one. Knows
nothing of calls to a server.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rag.index.filters import Catalogued
from rag.index.index import Index
from rag.index.milvus.expressions import LAST, plain
from rag.index.milvus.server import Field, FieldIndex
from rag.index.milvus.weighted import Weighted, packed, weighted_rows

STORE_FORMAT = "yinju-milvus/1"
MANIFEST = "manifest"
# Bytes that a field of text holds, and the characters that fit whatever they are.
_FIELD_BYTES, _PIECE_CHARS = 65_535, 16_000
_EXACT = 20_000  # above so many a server follows neighbours
_NEIGHBOURS = {"M": 32, "efConstruction": 200}
_GENERATION = "_g"
_RECORDS = "_records"
_INSIDE = "!/"  # between an archive and what is in it
_HALVES = re.compile("[\ud800-\udfff]")


class Names(NamedTuple):
    """The collections of one generation of an index."""

    generation: int
    passages: str
    records: str

    @classmethod
    def new(cls, name: str, generation: int) -> Names:
        """Those of a new generation of the index of this name, which no other writer has."""
        stem = f"{alias_of(name)}{_GENERATION}{generation:06d}_{secrets.token_hex(4)}"
        return cls(generation, stem, f"{stem}{_RECORDS}")

    @classmethod
    def meant(cls, name: str, collection: str) -> Names | None:
        """Those that a collection is part of; None where it belongs to no index of this name."""
        pattern = rf"({alias_of(name)}{_GENERATION}(\d{{6,}})_[0-9a-f]{{8}})({_RECORDS})?"
        found = re.fullmatch(pattern, collection)
        return cls(int(found[2]), found[1], f"{found[1]}{_RECORDS}") if found else None


def alias_of(name: str) -> str:
    """What always stands for the current generation of the index of this name."""
    return f"yinju_{name}"


def passage_fields(dimension: int, has_sparse: bool) -> list[Field]:
    """Of passages: what they are found and filtered by, and what they tell."""
    text = {"max_length": _FIELD_BYTES}
    terms = (
        Field("terms", "SPARSE_FLOAT_VECTOR", {}) if has_sparse else Field("terms", "VARCHAR", text)
    )
    return [
        Field("row", "INT64", {}),
        Field("place", "INT64", {}),
        Field("article_id", "VARCHAR", text),
        Field("source", "VARCHAR", text),
        Field("file", "VARCHAR", text),
        Field("publisher", "VARCHAR", text),
        Field("date", "VARCHAR", {"max_length": 64}),
        Field("last", "VARCHAR", {"max_length": 64}),
        Field("told", "VARCHAR", text),
        Field("vector", "FLOAT_VECTOR", {"dim": dimension}),
        terms,
    ]


def passage_indexes(rows: int, has_sparse: bool) -> list[FieldIndex]:
    """Few vectors are compared one by one, many are found by their neighbours."""
    is_exact = rows <= _EXACT
    found = [
        FieldIndex("vector", "FLAT", {}) if is_exact else FieldIndex("vector", "HNSW", _NEIGHBOURS)
    ]
    if has_sparse:
        found.append(FieldIndex("terms", "SPARSE_INVERTED_INDEX", {"drop_ratio_build": 0.0}))
    return found


def search_options(rows: int, most: int) -> dict[str, int]:
    """How widely neighbours are followed; nothing where vectors are compared one by one."""
    return {} if rows <= _EXACT else {"ef": max(4 * most, 256)}


def record_fields() -> list[Field]:
    """Of records: whose piece it is and which; Milvus wants a vector, which means nothing."""
    text = {"max_length": _FIELD_BYTES}
    return [
        Field("piece", "VARCHAR", {"max_length": 64}),
        Field("owner", "VARCHAR", {"max_length": 64}),
        Field("number", "INT64", {}),
        Field("place", "INT64", {}),
        Field("passages", "INT64", {}),
        Field("name", "VARCHAR", text),
        Field("data", "VARCHAR", text),
        Field("nothing", "FLOAT_VECTOR", {"dim": 2}),
    ]


def record_indexes() -> list[FieldIndex]:
    """The vector that means nothing has to have one."""
    return [FieldIndex("nothing", "FLAT", {})]


def owner_of(id_: str) -> str:
    """What the pieces of an article are found by."""
    return hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def row_owner(row: int) -> str:
    """What the pieces of a passage are found by, if what it tells does not fit into its row."""
    return f"row-{row}"


def pieces(
    owner: str, text: str, *, place: int = -1, passages: int = 0, name: str = ""
) -> Iterator[dict[str, Any]]:
    """The records of a text."""
    for number, start in enumerate(range(0, max(1, len(text)), _PIECE_CHARS)):
        yield {
            "piece": f"{owner}-{number}",
            "owner": owner,
            "number": number,
            "place": place,
            "passages": passages,
            "name": name,
            "data": text[start : start + _PIECE_CHARS],
            "nothing": [0.0, 0.0],
        }


def put_together(found: list[dict[str, Any]]) -> dict[str, str]:
    """The texts of all pieces, by their owners."""
    texts: dict[str, str] = {}
    for piece in sorted(found, key=lambda one: (one["owner"], one["number"])):
        texts[piece["owner"]] = texts.get(piece["owner"], "") + piece["data"]
    return texts


def article_records(index: Index) -> Iterator[dict[str, Any]]:
    """The records of all articles of an index."""
    sizes = np.diff(index.part.first_rows).tolist()
    for place, (id_, size) in enumerate(zip(index.part.columns.ids, sizes, strict=True)):
        text = _sendable(index.part.articles.line(place))
        yield from pieces(owner_of(id_), text, place=place, passages=size, name=json_of(id_))


def passage_rows(
    index: Index, has_sparse: bool
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The row of each passage, and the records of what does not fit into it."""
    catalogue = [Catalogued(*line) for line in zip(*index.part.columns, strict=True)]
    sizes = np.diff(index.part.first_rows)
    owners = np.repeat(np.arange(sizes.size), sizes).tolist()
    for row, (place, terms) in enumerate(zip(owners, weighted_rows(index.terms), strict=True)):
        told = _told(index, row)
        fits = len(told) <= _PIECE_CHARS
        yield (
            {
                **_filtered_by(catalogue[place]),
                "row": row,
                "place": place,
                "told": told if fits else "",
                "vector": np.asarray(index.vectors.stored[row], dtype=np.float32),
                "terms": _sparse(terms) if has_sparse else packed(terms),
            },
            [] if fits else list(pieces(row_owner(row), told)),
        )


def _filtered_by(article: Catalogued) -> dict[str, str]:
    date = article.date or ""
    return {
        "article_id": plain(article.id),
        "source": plain(article.source),
        "file": plain(article.source.partition(_INSIDE)[0]),
        "publisher": plain(article.publisher),
        "date": date,
        "last": f"{date}{LAST}" if date else "",
    }


def _told(index: Index, row: int) -> str:
    copies = json.dumps(index.copies.get(row, ()))
    return f'{{"also_in":{copies},"passage":{_sendable(index.part.passages.line(row))}}}'


def json_of(text: str) -> str:
    """A text as JSON that can be sent, whatever its characters."""
    return json.dumps(text, ensure_ascii=bool(_HALVES.search(text)))


def _sendable(line: bytes) -> str:
    """A line of JSON as text without halves of surrogate pairs, which gRPC does not send."""
    text = line.decode("utf-8", "surrogatepass")
    return text if text.isascii() or not _HALVES.search(text) else json.dumps(json.loads(text))


def _sparse(terms: Weighted) -> dict[int, float]:
    return dict(zip(terms.dims.tolist(), terms.weights.tolist(), strict=True))
