"""Which generations of an index stand on Milvus, and which of them is current.

Knows nothing of what is in one, but of which files its articles are.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import IndexForeignError
from rag.index.milvus.expressions import among
from rag.index.milvus.layout import Names, alias_of
from rag.index.milvus.server import Server

_ASKED_FOR = 500  # files that tell whether two indexes are of one corpus


def sweep(server: Server) -> Names | None:
    """Remove all generations of the index of the address but the current one, which it gives."""
    current = current_of(server)
    for collection in server.collections():
        other = Names.meant(server.address.name, collection)
        if other is not None and other != current:
            server.drop(collection)
    return current


def current_of(server: Server) -> Names | None:
    """The current generation of the index of the address; None where there is none.

    IndexForeignError where the alias is another program's.
    """
    alias = alias_of(server.address.name)
    meant = server.meant_by(alias)
    if meant is None:
        return None
    if (current := Names.meant(server.address.name, meant)) is not None:
        return current
    raise IndexForeignError(
        f"{server.address.uri} 上的 {alias} 指着别的程序的 {meant}；"
        "请换一个名字：YINJU_INDEX=网址#名字"
    )


def refuse_other_corpus(server: Server, names: Names, sources: Sequence[str]) -> None:
    """Raise IndexForeignError where none of a corpus's files is in an index."""
    step = max(1, len(sources) // _ASKED_FOR)
    asked = sources[::step]
    if asked and not server.query(names.passages, among("file", asked), ["source"], most=1):
        (one, *_) = server.query(names.passages, "row >= 0", ["source"], most=1) or [{}]
        raise IndexForeignError(
            f"{server.address} 上是别的文章的索引（如 {one.get('source', '')}），"
            "文章夹里的一篇也没有；"
            "请换一个名字（YINJU_INDEX=网址#名字），"
            "确要用这些文章替换它，请运行 python -m rag index --replace"
        )
