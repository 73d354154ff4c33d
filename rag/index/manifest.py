"""What an index was made from, and the checksums of its files.

Knows nothing of what is in the files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import IndexDamagedError, IndexForeignError, IndexStaleError

FORMAT = "yinju-index/6"
_OLDER_FORMATS = frozenset({f"yinju-index/{number}" for number in range(1, 6)})
FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """The make-up of an index, by which ``Index.check`` knows whether it has to be rebuilt.

    ``recall`` is that of its vectors (``rag.index.vectors.Recall``); ``sizes`` and ``checksums``
    are of its files.
    """

    format: str
    embedder: str
    embedder_name: str
    dimension: int
    tokenizer: str
    passage_chars: int
    copies: str
    corpus_digest: str
    articles: int
    passages: int
    recall: tuple[float, int]
    sizes: Mapping[str, int]
    checksums: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """Readable JSON, with a checksum of its own on the last key."""
        fields = asdict(self)
        return json.dumps(
            fields | {"checksum": _checksum(fields)}, ensure_ascii=False, indent=1
        ).encode()

    @classmethod
    def read(cls, path: Path) -> IndexManifest:
        """Read a manifest; a RagIndexError says why it is not a whole one of this format."""
        try:
            fields: dict[str, Any] = json.loads(path.read_bytes())
            checksum = fields.pop("checksum")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(f"索引清单 {path} 损坏或缺失") from error
        if fields.get("format") in _OLDER_FORMATS:
            raise IndexStaleError("索引是旧版本建的")
        if fields.get("format") != FORMAT:
            raise IndexForeignError(
                f"{path.parent} 里的索引格式是 {fields.get('format')!r}，本版本只认 {FORMAT!r}；"
                "请换一个 --index-dir，或删掉那个文件夹后重建"
            )
        if checksum != _checksum(fields):
            raise IndexDamagedError(f"索引清单 {path} 的校验和不符")
        return cls(**fields | {"recall": tuple(fields["recall"])})


def _checksum(fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
