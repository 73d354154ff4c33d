"""Whether the words on both sides of a cut go together: counts over words and word classes.

The text around a cut is segmented in one go (rjieba). A word of the dictionary that runs through
the cut, two words that often follow one another, word classes in an order that sentences have:
each is held against text put together at random. Knows nothing of pages or blocks.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import rjieba
from numpy.typing import NDArray

from rag.models.weights import WEIGHTS, damaged, read_arrays
from rag.text import encodable, fold

CHARS = 12  # read on either side of a cut
Floats = NDArray[np.float32]
WORD_BITS = 20
CLASS_BITS = 16
_FILE = WEIGHTS / "seams" / "model.safetensors"
_TABLES = ("words", "classes_cut", "classes_begin")
_LONGEST = 4  # a longer word through the cut counts as one of this length


class Seam(NamedTuple):
    """What stands at a cut: the length of the word that runs through it, and two hashes."""

    through: int
    words: int
    classes: int


class SeamModel:
    """Log-odds of natural text: words against chance, classes against other cuts and beginnings."""

    def __init__(self, tables: dict[str, NDArray[np.int8]], scale: float) -> None:
        self._tables = tables
        self._scale = scale

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the model from safetensors; ModelError when the file is missing or wrong."""
        arrays = read_arrays(path)
        try:
            scale = float(arrays.pop("scale").astype(np.float32)[0])
            return cls({name: arrays[name].astype(np.int8) for name in _TABLES}, scale)
        except (KeyError, ValueError, IndexError) as error:
            raise damaged(path) from error

    def read(self, before: str, after: str) -> tuple[float, float, float, float]:
        """Length of the word through the cut; log-odds of words, classes, and no new sentence."""
        through, words, cut, begin = self.read_pairs([before, after], [(0, 1)])[0].tolist()
        return through, words, cut, begin

    def read_pairs(self, texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Floats:
        """What ``read`` says of each pair of texts, by their numbers; shape ``(pairs, 4)``."""
        tails = _folded_each([text[-CHARS:] for text in texts])
        heads = _folded_each([text[:CHARS] for text in texts])
        seams = [_seam(tails[first], heads[second]) for first, second in pairs]
        through, words, classes = np.array(seams, dtype=np.int64).reshape(-1, 3).T
        odds = [
            self._tables[name][hashed].astype(np.float32) * np.float32(self._scale)
            for name, hashed in zip(_TABLES, (words, classes, classes), strict=True)
        ]
        return np.stack([through.astype(np.float32), *odds], axis=1)


def seam_of(before: str, after: str) -> Seam:
    """What stands between the end of one text and the beginning of another."""
    return _seam(_folded(before[-CHARS:]), _folded(after[:CHARS]))


def _seam(tail: str, head: str) -> Seam:
    """The same for folded texts that are cut to what is read."""
    left, through, right = _parted(rjieba.tag(tail + head), len(tail))
    (_, class_2), (word_1, class_1) = [("", "^"), ("", "^"), *left][-2:]
    (next_1, then_1), (_, then_2) = [*right, ("", "$"), ("", "$")][:2]
    if through:
        word, kind = through
        length = min(len(word), _LONGEST)
        return Seam(
            length,
            _hashed(WORD_BITS, "+", word),
            _hashed(CLASS_BITS, class_1, f"+{kind}{length}", then_1),
        )
    return Seam(
        0,
        _hashed(WORD_BITS, word_1, next_1),
        _hashed(CLASS_BITS, class_2, class_1, then_1, then_2),
    )


_Word = tuple[str, str]


def _parted(words: list[_Word], cut: int) -> tuple[list[_Word], _Word | None, list[_Word]]:
    """The words before the cut, the one that runs through it, and those after it."""
    left: list[_Word] = []
    through: _Word | None = None
    right: list[_Word] = []
    end = 0
    for word in words:
        start, end = end, end + len(word[0])
        if end <= cut:
            left.append(word)
        elif start < cut:
            through = word
        else:
            right.append(word)
    return left, through, right


def _folded_each(texts: Sequence[str]) -> list[str]:
    """Many texts folded in one go; no character's form depends on what stands around it."""
    folded = _folded("".join(texts))
    ends = accumulate(map(len, texts))
    return [folded[end - len(text) : end] for text, end in zip(texts, ends, strict=True)]


def _folded(text: str) -> str:
    return encodable(fold(text))


def _hashed(bits: int, *parts: str) -> int:
    return zlib.crc32("\x1f".join(parts).encode()) & ((1 << bits) - 1)


@lru_cache(maxsize=1)
def builtin_seam_model() -> SeamModel:
    """The shipped model, loaded once a process."""
    return SeamModel.load(_FILE)
