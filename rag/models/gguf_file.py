"""What a ``.gguf`` file says of itself: kind, context, chat template, whether all of it is there.

Reads the head of the file by the published layout (version 2 and 3) and the sizes of its tensors;
no weights, no library. Knows nothing of how such a model is run.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rag.models.catalogue import format_bytes

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_ALIGNMENT = 32
_STRING, _ARRAY = 8, 9
_FORMATS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
# Elements and bytes of a block, by the number of the tensor's type.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
    22: (256, 82), 23: (256, 136), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66),
    39: (32, 17),
}  # fmt: skip
# Tokens of these types are marks of the template, not words.
_CONTROL, _USER_DEFINED = 3, 4
# Kinds that are known to write no text; of any other, who runs it has to say whether it can.
_NO_WRITERS = ("clip", "bert", "nomic-bert", "jina-bert-v2", "t5encoder", "wavtokenizer-dec")


class GgufError(Exception):
    """The file is no chat model that can be read; the message says why, on one Chinese line."""


@dataclass(frozen=True, slots=True)
class GgufFile:
    """The head of a file: its path, size in bytes, number of parameters, and its settings."""

    path: Path
    size: int
    parameters: int
    settings: Mapping[str, Any]

    @property
    def architecture(self) -> str:
        """The kind of model, ``qwen2`` or ``llama``."""
        return str(self.settings["general.architecture"])

    @property
    def name(self) -> str:
        """What the answer says it was written by: the file's own name."""
        return self.path.stem

    @property
    def context_tokens(self) -> int | None:
        """Tokens that it can read, where it says so."""
        said = self.settings.get(f"{self.architecture}.context_length")
        return int(said) if said else None

    @property
    def chat_template(self) -> str:
        """The template, as a Jinja program."""
        return str(self.settings["tokenizer.chat_template"])

    @property
    def marks(self) -> list[str]:
        """The tokens that are marks of the template."""
        tokens = self.settings.get("tokenizer.ggml.tokens") or []
        kinds = self.settings.get("tokenizer.ggml.token_type") or []
        return [
            token
            for token, kind in zip(tokens, kinds, strict=False)
            if kind in (_CONTROL, _USER_DEFINED)
        ]

    def token(self, name: str) -> str:
        """The token of that role, ``bos`` or ``eos``; empty where there is none."""
        number = self.settings.get(f"tokenizer.ggml.{name}_token_id")
        tokens = self.settings.get("tokenizer.ggml.tokens") or []
        return str(tokens[number]) if number is not None and number < len(tokens) else ""


def read_gguf(path: Path) -> GgufFile:
    """The head of a file that holds a whole chat model; GgufError says what is wrong with it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise GgufError("它不是 GGUF 文件，或开头已经损坏")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                read = _read(path, size, data)
    except OSError as error:
        raise GgufError(f"读不了这个文件（{error.strerror}）") from error
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise GgufError("文件不全或已损坏，开头的说明就读不通") from error
    if read.architecture in _NO_WRITERS:
        raise GgufError(f"{read.architecture} 不是写文字的模型")
    if not read.settings.get("tokenizer.chat_template"):
        raise GgufError("没有对话模板（chat_template），它多半是未经对话训练的基座模型")
    return read


def gguf_fault(path: Path) -> str | None:
    """Why a file is no chat model that can be read, in Chinese; None when it may."""
    try:
        read_gguf(path)
    except GgufError as error:
        return str(error)
    return None


def is_gguf(name_or_path: str | Path) -> bool:
    """Whether a chat model's name is that of a ``.gguf`` file, there or not."""
    return str(name_or_path).lower().endswith(".gguf")


def _read(path: Path, size: int, data: mmap.mmap) -> GgufFile:
    cursor = _Cursor(data)
    version, tensors, count = cursor.take("IQQ")
    if version not in _VERSIONS:
        raise GgufError(f"GGUF 的版本 {version} 读不了，只认 2 和 3")
    settings = {cursor.string(): cursor.value(*cursor.take("I")) for _ in range(count)}
    if "general.architecture" not in settings:
        raise GgufError("没有写明是哪种模型（general.architecture）")
    ends, parameters = [0], 0
    for _ in range(tensors):
        cursor.string()
        shape = cursor.take("Q" * cursor.take("I")[0])
        kind, offset = cursor.take("IQ")
        elements = prod(shape)
        block, length = _BLOCKS.get(kind, (1, 0))
        ends.append(offset + elements // block * length)
        parameters += elements
    alignment = int(settings.get("general.alignment") or _ALIGNMENT)
    start = -(-cursor.place // alignment) * alignment
    if start + max(ends) > size:
        whole = format_bytes(start + max(ends))
        raise GgufError(f"文件不全：应当有 {whole}，只有 {format_bytes(size)}，多半是没下载完")
    return GgufFile(path, size, parameters, MappingProxyType(settings))


class _Cursor:
    """Values of a file one after another; struct.error or IndexError where it breaks off."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.place = len(_MAGIC)

    def take(self, layout: str) -> tuple[Any, ...]:
        """The next numbers, little-endian."""
        found = struct.unpack_from(f"<{layout}", self._data, self.place)
        self.place += struct.calcsize(f"<{layout}")
        return found

    def string(self) -> str:
        """The next string."""
        (length,) = self.take("Q")
        end = self.place + length
        if end > len(self._data):
            raise IndexError(end)
        found = self._data[self.place : end].decode("utf-8", "replace")
        self.place = end
        return found

    def value(self, kind: int) -> Any:
        """The next value of a type."""
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.take(_FORMATS.get(kind, "?!"))[0]
        inner, length = self.take("IQ")
        if length > len(self._data):
            raise IndexError(length)
        if inner in (_STRING, _ARRAY):
            return [self.value(inner) for _ in range(length)]
        return list(self.take(_FORMATS.get(inner, "?!") * length))
