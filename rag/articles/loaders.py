"""Bytes of a file to text: the encoding is found, the text is not touched.

Knows nothing of articles. All source offsets of the program count in what ``read_text`` returns:
decoded, without a byte-order mark, newlines as in the file.
"""

from __future__ import annotations

import codecs
import contextlib
import math
import os
from pathlib import Path
from typing import NamedTuple

from rag.errors import ArticleError

SUFFIXES = (".txt", ".md")
DEFAULT_MAX_FILE_MB = 50.0
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_ENCODINGS = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_MIN_UTF16_SHARE = 0.75
_SAMPLE_BYTES = 200_000
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》—…·「」『』〈〉　\r\n\t")
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x1a")


class Decoded(NamedTuple):
    """A file's text and the encoding it was found in."""

    text: str
    encoding: str


def read_text(path: str | os.PathLike[str]) -> str:
    """The decoded text of a file of any size, the one that all source offsets count in."""
    return decode_file(Path(path), max_file_mb=math.inf).text


def decode_file(path: Path, max_file_mb: float = DEFAULT_MAX_FILE_MB) -> Decoded:
    """Read and decode one file; ArticleError when it is too large, unreadable, binary or empty."""
    try:
        size = path.stat().st_size
        if size > max_file_mb * 1_000_000:
            raise ArticleError(
                f"{path.name} 有 {size / 1e6:.0f} MB，超过上限 {max_file_mb:g} MB；"
                "请拆小，或调高设置 max_file_mb"
            )
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"读不了 {path.name}：{error.strerror}；请检查路径和权限") from error
    text, encoding = decode(data, path.name)
    if not text.strip():
        raise ArticleError(f"{path.name} 是空的；请放入有文字的文件")
    return Decoded(text, encoding)


def decode(data: bytes, name: str = "文件") -> tuple[str, str]:
    """Text and encoding of bytes: BOM, strict UTF-8, UTF-16 by its zeros, GB18030, Big5, UTF-16.

    The last three accept each other's bytes, so the one whose text holds more everyday characters
    (level 1 of GB 2312 or Big5) wins; ArticleError when what comes out is not text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _text_of(data[len(mark) :], encoding, name), encoding
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode("utf-8")
        if "\0" not in text:  # UTF-16 of Latin text is valid UTF-8 too
            _refuse_binary(text, name)
            return text, "utf-8"
    encoding = _utf16_by_zeros(data) or max(_WIDE_ENCODINGS, key=lambda wide: _share(data, wide))
    return _text_of(data, encoding, name), encoding


def _text_of(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{name} 不是文本，或在第 {error.start} 字节处损坏（按 {encoding} 解码）；"
            "请另存为 UTF-8"
        ) from error
    _refuse_binary(text, name)
    return text


def _refuse_binary(text: str, name: str) -> None:
    sample = text[:_SAMPLE_BYTES]
    controls = sum(character in _CONTROLS for character in sample)
    if "\0" in text or controls > len(sample) // 100:
        raise ArticleError(f"{name} 是二进制文件，不是文本；请换成 .txt 或 .md 文本")


def _utf16_by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark that is mostly ASCII, by the zeros of its high bytes."""
    sample = data[: _SAMPLE_BYTES & ~1]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _share(data: bytes, encoding: str) -> float:
    """Share of non-ASCII characters that are everyday ones under this encoding; -1 if not text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        sample = decoder.decode(data[:_SAMPLE_BYTES], final=len(data) <= _SAMPLE_BYTES)
    except UnicodeDecodeError:
        return -1.0
    wide = [character for character in sample if character > "\x7f"]
    if "\0" in sample:
        return -1.0
    share = sum(map(_is_everyday, wide)) / len(wide) if wide else 0.0
    return -1.0 if encoding.startswith("utf-16") and share < _MIN_UTF16_SHARE else share


def _is_everyday(character: str) -> bool:
    if character in _PUNCTUATION:
        return True
    for encoding, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if low <= character.encode(encoding)[0] <= high:
                return True
        except UnicodeEncodeError:
            continue
    return False
