"""The index on a Milvus server or cluster, or in a folder of milvus-lite: written there, searched.

The same contract as the index in a folder (``rag.index.candidates.PassageIndex``). Everything that
a question needs stands on the server; a reader keeps nothing. Knows nothing of how an index is
made.
"""

from rag.index.milvus.address import Address
from rag.index.milvus.generations import current_of, refuse_other_corpus, sweep
from rag.index.milvus.opened import MilvusIndex
from rag.index.milvus.publish import publish
from rag.index.milvus.server import Server

__all__ = [
    "Address",
    "MilvusIndex",
    "Server",
    "current_of",
    "publish",
    "refuse_other_corpus",
    "sweep",
]
