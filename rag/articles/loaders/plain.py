"""Bytes of a text file to text: the encoding is found, the text is not touched.

Knows nothing of articles or of other formats.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from rag.errors import ArticleError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_ENCODINGS = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_MIN_EVERYDAY_SHARE = 0.75
_SAMPLE_BYTES = 200_000
_GAP = "\ufffd"
_GAPS = re.compile(f"{_GAP}+")
_FEW_GAPS = 4
_LONGEST_GAP = 4  # damaged bytes of a place, on average
_FEW_CONTROLS = 4
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》—…·「」『』〈〉　\r\n\t")
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x1a")


def decode(data: bytes, name: str = "文件") -> tuple[str, str]:
    """Text and encoding of bytes: BOM, strict UTF-8, UTF-16 by its zeros, GB18030, Big5, UTF-16.

    The last three accept each other's bytes, so the one whose text holds more everyday characters
    (level 1 of GB 2312 or Big5) wins. A few bytes that are damaged become U+FFFD, as many as
    ``damage_in`` counts; ArticleError when what comes out is not text.
    """
    mark, encoding = marked_encoding(data)
    if mark:
        return _text_of(data[len(mark) :], encoding, name), encoding
    zeros = _utf16_by_zeros(data)
    if zeros is None and (text := _with_gaps(data, "utf-8")) is not None and _is_utf8(data, text):
        _refuse_binary(text, name)
        return text, "utf-8"
    encoding = zeros or max(_WIDE_ENCODINGS, key=lambda wide: _share(data, wide))
    return _text_of(data, encoding, name), encoding


def _is_utf8(data: bytes, text: str) -> bool:
    """Whether bytes that are UTF-8 but for a few are no other encoding's."""
    if _GAP not in text:  # nearly all files: nobody has to look at every character
        return _beginning(data, "utf-8") is not None
    return max(_share(data, wide) for wide in _WIDE_ENCODINGS) < _share(data, "utf-8")


def damage_in(text: str) -> tuple[str, ...]:
    """A remark on the damaged bytes of a decoded text, none where there are none."""
    count = len(_GAPS.findall(text))
    return (f"有 {count} 处字节损坏，那里显示为 {_GAP}，其余照读",) if count else ()


def _with_gaps(data: bytes, encoding: str) -> str | None:
    """The text with its few damaged bytes replaced; None where so many are that it is another's."""
    text = data.decode(encoding, "replace")
    gaps = len(_GAPS.findall(text))
    if not gaps:
        return text
    lost = text.count(_GAP)
    wide = sum(character > "\x7f" for character in text) - lost
    few = max(_FEW_GAPS, wide // 50)
    return text if gaps <= few and lost <= few * _LONGEST_GAP and gaps * 3 <= wide else None


def marked_encoding(data: bytes) -> tuple[bytes, str]:
    """The byte-order mark that the data begin with and its encoding; empty without one."""
    return next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", ""))


def _text_of(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        damaged = _with_gaps(data, encoding)
        if damaged is None or _share(data, encoding) < _MIN_EVERYDAY_SHARE:
            raise ArticleError(
                f"{name} 不是文本，或在第 {error.start} 字节处损坏（按 {encoding} 解码）；"
                "请另存为 UTF-8"
            ) from error
        text = damaged
    _refuse_binary(text, name)
    return text


def _refuse_binary(text: str, name: str) -> None:
    sample = text[:_SAMPLE_BYTES]
    controls = sum(map(sample.count, _CONTROLS))
    if controls > max(_FEW_CONTROLS, len(sample) // 100):
        raise ArticleError(f"{name} 是二进制文件，不是文本；请换成 .txt 或 .md 文本")


def _utf16_by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark that is mostly ASCII, by the zeros of its high bytes."""
    sample = data[: _SAMPLE_BYTES & ~1]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _beginning(data: bytes, encoding: str) -> str | None:
    """The beginning of the text under this encoding; None where it is no text."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    sample = decoder.decode(data[:_SAMPLE_BYTES], final=len(data) <= _SAMPLE_BYTES)
    few = _FEW_CONTROLS if encoding == "utf-8" else 0
    if sample.count("\0") > max(few, len(sample) // 100):
        return None
    gaps = len(_GAPS.findall(sample))
    is_whole = gaps <= _FEW_GAPS or gaps <= len(_wide_in(sample)) // 50
    return sample if is_whole else None


def _wide_in(sample: str) -> list[str]:
    return [character for character in sample if character > "\x7f"]


def _share(data: bytes, encoding: str) -> float:
    """Share of non-ASCII characters that are everyday ones under this encoding; -1 if not text."""
    sample = _beginning(data, encoding)
    if sample is None:
        return -1.0
    wide = _wide_in(sample)
    share = sum(map(_is_everyday, wide)) / len(wide) if wide else 0.0
    return -1.0 if encoding.startswith("utf-16") and share < _MIN_EVERYDAY_SHARE else share


@lru_cache(maxsize=1 << 16)
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
