"""Talks to Milvus, with a limit of time for each call, and says in one line what went wrong.

Knows collections, rows and expressions, and nothing of what is in them.
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from rag.config import INDEX_TOKEN_VARIABLE
from rag.errors import IndexServerError
from rag.index.milvus.address import Address

_CONNECT_S, _READ_S, _LOAD_S, _WRITE_S = 10.0, 20.0, 120.0, 600.0
_OLDEST, _SPARSE_SINCE = (2, 3), (2, 4)
_EXTRA_COMMAND = 'pip install "yinju[milvus]"'
_NOT_THERE = re.compile(r"not found|not exist|can't find", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"auth|permission|privilege", re.IGNORECASE)
_NOT_LOADED = re.compile(r"not (?:fully )?loaded", re.IGNORECASE)  # just after a restart
_SLOW = re.compile(r"deadline|time.?out|run out of", re.IGNORECASE)
# Written once and never changed: what was true seconds ago still is, and no question has to wait
# for the server's next tick (docs/performance.md). What may change is read strongly.
_SEALED = "Bounded"
_STRONG = "Strong"


class NotThereError(IndexServerError):
    """A collection or an alias is not there."""


class Field(NamedTuple):
    """A field of a collection: its name, and the name and options of its type."""

    name: str
    kind: str
    options: dict[str, Any]


class FieldIndex(NamedTuple):
    """How a field is searched."""

    field: str
    kind: str
    options: dict[str, Any]


class Server:
    """One Milvus; IndexServerError where it is down, slow, too old or refuses.

    ``has_sparse`` says whether it searches sparse vectors.
    """

    def __init__(self, address: Address) -> None:
        """Connect to it."""
        try:
            import grpc
            import pymilvus
        except ImportError as error:
            raise IndexServerError(
                f"索引设在 {address.uri}，要用 Milvus；请先运行 {_EXTRA_COMMAND}"
            ) from error
        # It logs what it raises, with a trace.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._pymilvus = pymilvus
        self._faults = (pymilvus.MilvusException, grpc.RpcError)
        self.address = address
        token = os.environ.get(INDEX_TOKEN_VARIABLE, "")
        try:
            if address.is_local:
                Path(address.uri).parent.mkdir(parents=True, exist_ok=True)
            self._client = pymilvus.MilvusClient(address.uri, token=token, timeout=_CONNECT_S)
        except (*self._faults, OSError) as error:
            raise self._cannot_connect(error) from error
        version = str(self._call("get_server_version"))
        self.version = version
        self.is_lite = "lite" in version and address.is_local
        number = _number_of(version)
        if not self.is_lite and number < _OLDEST:
            raise IndexServerError(
                f"{address.uri} 的 Milvus 是 {version}，太旧；要 2.3 或更新的，请升级服务器"
            )
        self.has_sparse = self.is_lite or number >= _SPARSE_SINCE

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def create(self, name: str, fields: list[Field], indexes: list[FieldIndex]) -> None:
        """Make an empty collection; its first field is the key."""
        types = self._pymilvus.DataType
        schema = self._pymilvus.MilvusClient.create_schema(
            auto_id=False, enable_dynamic_field=False
        )
        for place, (field, kind, options) in enumerate(fields):
            schema.add_field(field, types[kind], is_primary=place == 0, **options)
        params = self._client.prepare_index_params()
        for field, kind, options in indexes:
            params.add_index(field, index_type=kind, metric_type="IP", params=options)
        self._call(
            "create_collection",
            name,
            schema=schema,
            index_params=params,
            consistency_level=_STRONG,
            timeout=_WRITE_S,
        )

    def insert(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Add rows to a collection."""
        self._call("insert", name, rows, timeout=_WRITE_S)

    def seal(self, name: str) -> None:
        """Write out what a collection got, so that its indexes are made."""
        self._call("flush", name, timeout=_WRITE_S)
        self._call("load_collection", name, timeout=_WRITE_S)

    def load(self, name: str) -> None:
        """Have a collection ready to be searched; one that is, is left as it is."""
        self._call("load_collection", name, timeout=_LOAD_S)

    def count(self, name: str) -> int:
        """How many rows a collection has by now."""
        found = self._call(
            "query", name, filter="", output_fields=["count(*)"], consistency_level=_STRONG
        )
        return int(found[0]["count(*)"])

    def query(
        self, name: str, only: str, fields: list[str], *, most: int = 16384, is_sealed: bool = True
    ) -> list[dict[str, Any]]:
        """Fields of the rows that an expression admits, in no order."""
        level = _SEALED if is_sealed else _STRONG
        return list(
            self._call(
                "query",
                name,
                filter=only,
                output_fields=fields,
                limit=most,
                consistency_level=level,
            )
        )

    def search(
        self,
        name: str,
        field: str,
        sought: Any,
        most: int,
        only: str,
        fields: list[str],
        **how: int,
    ) -> list[tuple[float, dict[str, Any]]]:
        """The best rows by inner product, best first, each with its score and some fields."""
        (found,) = self._call(
            "search",
            name,
            data=[sought],
            anns_field=field,
            limit=most,
            filter=only,
            output_fields=fields,
            search_params={"metric_type": "IP", "params": how},
            consistency_level=_SEALED,
        )
        return [(float(hit["distance"]), dict(hit["entity"])) for hit in found]

    def collections(self) -> list[str]:
        """The names of all collections."""
        return list(self._call("list_collections"))

    def drop(self, name: str) -> None:
        """Remove a collection."""
        self._call("drop_collection", name, timeout=_WRITE_S)

    def meant_by(self, alias: str) -> str | None:
        """The collection that an alias stands for; None where there is no such alias."""
        try:
            return str(self._call("describe_alias", alias)["collection_name"])
        except NotThereError:
            return None

    def point(self, alias: str, name: str) -> None:
        """Make an alias stand for a collection, in one step."""
        is_new = self.meant_by(alias) is None
        self._call("create_alias" if is_new else "alter_alias", name, alias)

    def _call(
        self, name: str, *arguments: Any, timeout: float | None = None, **options: Any
    ) -> Any:
        limit = _READ_S if timeout is None else timeout
        try:
            return getattr(self._client, name)(*arguments, timeout=limit, **options)
        except self._faults as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> IndexServerError:
        said = _said(error)
        uri = self.address.uri
        if _NOT_THERE.search(said):
            return NotThereError(f"{uri} 上没有要找的索引（{said}）")
        if _NOT_ALLOWED.search(said):
            return IndexServerError(
                f"{uri} 的 Milvus 不让用（{said}）；请检查 {INDEX_TOKEN_VARIABLE}"
            )
        if _NOT_LOADED.search(said):
            return IndexServerError(f"{uri} 的 Milvus 还没有装好索引（{said}）；请过一会儿再试")
        if _SLOW.search(said):
            return IndexServerError(
                f"{uri} 的 Milvus 没有及时应答（{said}）；请看服务器是否正常，稍后再试"
            )
        return IndexServerError(f"{uri} 的 Milvus 出错（{said}）；请看服务器是否正常，稍后再试")

    def _cannot_connect(self, error: Exception) -> IndexServerError:
        said = _said(error)
        if self.address.is_local:
            return IndexServerError(
                f"打不开 {self.address.uri}（{said}）；它一次只能由一个程序用，请先关掉另一个，"
                "或换一个文件夹"
            )
        if _NOT_ALLOWED.search(said):
            return IndexServerError(
                f"{self.address.uri} 的 Milvus 不让用（{said}）；请检查 {INDEX_TOKEN_VARIABLE}"
            )
        return IndexServerError(
            f"连不上 {self.address.uri} 的 Milvus（{said}）；"
            "请启动服务器，或改正设置 index（YINJU_INDEX）"
        )


def _said(error: Exception) -> str:
    """What an error says, on one line and not too long."""
    text = getattr(error, "message", "") or str(error)
    return " ".join(str(text).split())[:160]


def _number_of(version: str) -> tuple[int, int]:
    found = re.search(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)
