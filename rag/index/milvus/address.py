"""Where an index on Milvus stands, read off one setting: ``http://host:19530#name`` or a folder.

Knows nothing of what is there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from rag.errors import ConfigError

_SERVER = re.compile(r"(?:https?|tcp)://[^/\s#]+/?")
_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")
_LITE_FILE = "milvus.db"


class Address(NamedTuple):
    """``uri`` is what ``MilvusClient`` takes, ``name`` tells the indexes of one server apart."""

    uri: str
    name: str

    @classmethod
    def of(cls, setting: str, name: str) -> Address:
        """Where the setting points; ``name`` where it names none. ConfigError for no such place.

        A server is ``http://``, ``https://`` or ``tcp://``; all else is a path of milvus-lite: a
        file that ends in ``.db``, or a folder that gets one.
        """
        uri, _, named = setting.partition("#")
        if named and not _NAME.fullmatch(named):
            raise ConfigError(
                f"设置 index 的 # 之后是 {named!r:.80}；要 1 到 64 个英文字母、数字或下划线"
            )
        if _SERVER.fullmatch(uri):
            return cls(uri, named or name)
        if "://" in uri or not uri:
            raise ConfigError(
                f"设置 index 的值 {setting!r:.80} 不行："
                "要 Milvus 的网址（http://主机:19530）或本机的一个文件夹"
            )
        path = Path(uri).expanduser()
        return cls(str(path if path.suffix == ".db" else path / _LITE_FILE), named or name)

    @property
    def is_local(self) -> bool:
        """Whether it is a path of milvus-lite."""
        return "://" not in self.uri

    def __str__(self) -> str:
        return f"{self.uri}#{self.name}"
