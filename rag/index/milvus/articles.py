"""The articles of an index on Milvus, fetched when they are asked for.

Those asked for lately are kept. Knows nothing of passages or searching.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, ValuesView

from rag.datatypes import Article
from rag.index.milvus.expressions import among
from rag.index.milvus.layout import Names, owner_of, put_together
from rag.index.milvus.server import Server
from rag.index.records import article_of

_KEPT = 1024
_AT_ONCE = 64
_FIELDS = ["owner", "number", "data"]


class StoredArticles(Mapping[str, Article]):
    """Articles by their ids, in the order of the corpus; safe on several threads."""

    def __init__(self, server: Server, names: Names, count: int) -> None:
        self._server = server
        self._names = names
        self._count = count
        self._kept: OrderedDict[str, Article] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return (id_ for id_, _ in self.counted())

    def __getitem__(self, id_: str) -> Article:
        return self.several([id_])[id_]

    def several(self, ids: Iterable[str]) -> dict[str, Article]:
        """Articles by their ids, many a call; KeyError for one that is not there."""
        wanted = list(dict.fromkeys(ids))
        with self._lock:
            found = {id_: self._kept[id_] for id_ in wanted if id_ in self._kept}
        missing = [id_ for id_ in wanted if id_ not in found]
        for start in range(0, len(missing), _AT_ONCE):
            found |= self._fetched(missing[start : start + _AT_ONCE])
        with self._lock:
            for id_ in wanted:
                self._kept[id_] = found[id_]
                self._kept.move_to_end(id_)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def passage_counts(self) -> Mapping[str, int]:
        """Into how many passages each article was cut, fetched when they are asked for."""
        return _PassageCounts(self)

    def counted(self) -> Iterator[tuple[str, int]]:
        """The ids of all articles in their order, and into how many passages each was cut."""
        for start in range(0, self._count, _AT_ONCE):
            only = f"place >= {start} and place < {start + _AT_ONCE} and number == 0"
            found = self._server.query(self._names.records, only, ["place", "passages", "name"])
            for one in sorted(found, key=lambda one: int(one["place"])):
                yield json.loads(one["name"]), int(one["passages"])

    def values(self) -> ValuesView[Article]:
        """All articles in their order, many a call; they are not kept."""
        return _Articles(self)

    def in_order(self) -> Iterator[Article]:
        """All articles in their order."""
        for start in range(0, self._count, _AT_ONCE):
            only = f"place >= {start} and place < {start + _AT_ONCE}"
            found = self._server.query(self._names.records, only, ["place", *_FIELDS])
            texts = put_together(found)
            places = {str(one["owner"]): int(one["place"]) for one in found}
            for owner in sorted(places, key=places.__getitem__):
                yield article_of(json.loads(texts[owner]))

    def _fetched(self, ids: list[str]) -> dict[str, Article]:
        owners = {owner_of(id_): id_ for id_ in ids}
        texts = put_together(
            self._server.query(self._names.records, among("owner", owners), _FIELDS)
        )
        found = {}
        for owner, id_ in owners.items():
            if owner not in texts:
                raise KeyError(id_)
            found[id_] = article_of(json.loads(texts[owner]))
        return found


class _Articles(ValuesView[Article]):
    """All articles, fetched as they are gone through."""

    def __init__(self, articles: StoredArticles) -> None:
        super().__init__(articles)
        self._articles = articles

    def __iter__(self) -> Iterator[Article]:
        return self._articles.in_order()


class _PassageCounts(Mapping[str, int]):
    """Passages by the ids of their articles."""

    def __init__(self, articles: StoredArticles) -> None:
        self._articles = articles
        self._counts: dict[str, int] | None = None

    def _all(self) -> dict[str, int]:
        if self._counts is None:
            self._counts = dict(self._articles.counted())
        return self._counts

    def __len__(self) -> int:
        return len(self._articles)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __getitem__(self, id_: str) -> int:
        return self._all()[id_]
