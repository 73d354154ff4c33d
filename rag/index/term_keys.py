"""The terms of texts as numbers, many texts at a time.

The same terms as ``rag.text.terms`` and ``rag.text.number_terms`` give, which a test holds it to,
without a Python string for each: characters and bigrams are read off an array of code points.
Knows nothing of scores or indexes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

import numpy as np
import rjieba
from numpy.typing import NDArray

from rag.text import as_read as without_print_signs
from rag.text import code_points, encodable, fold, number_terms

Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]

_SHORT = 3  # so many code points of 21 bits fit in a key as they are
_BITS = 21
_SHIFT = np.uint64(_BITS)
_HASHED = 1 << 63
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-_][a-z0-9]+)*")
_JOINTS = re.compile(r"[.\-_]")
_IDEOGRAPHS = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD))
# A row without a term is as long as one with a single term that no query has.
NO_TERM = 0


@lru_cache(maxsize=1 << 18)
def key_of(term: str) -> int:
    """The number of a term: its code points where they fit, else 63 bits of BLAKE2b.

    Of ten million long terms two are taken for one with a chance of five in a million.
    """
    if len(term) <= _SHORT:
        key = 0
        for character in term:
            key = key << _BITS | ord(character)
        return key
    digest = blake2b(term.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") | _HASHED


def keys_of(texts: Sequence[str], written: Sequence[str | None]) -> tuple[Keys, Rows]:
    """The keys of all terms of the texts, in no order, and for each of them the text it is from.

    ``written`` are the dates of their articles. A text without a term has the one key ``NO_TERM``.
    """
    folded = [encodable(fold(without_print_signs(text).text)) for text in texts]
    numbers = [number_terms(text, date) for text, date in zip(texts, written, strict=True)]
    found = [
        *_characters(folded),
        *_words([rjieba.cut_for_search(text) for text in folded]),
        _listed([_latin(text) for text in folded]),
        _listed(numbers),
    ]
    keys = np.concatenate([keys for keys, _ in found])
    rows = np.concatenate([rows for _, rows in found])
    bare = np.flatnonzero(np.bincount(rows, minlength=len(texts)) == 0)
    no_terms = np.full(bare.size, NO_TERM, dtype=np.uint64)
    return np.concatenate([keys, no_terms]), np.concatenate([rows, bare])


def ideographs_of(text: str) -> Keys:
    """The keys of the ideographs of a text, each once, in the order of the keys."""
    (keys, _), _ = _characters([encodable(fold(text))])
    return np.unique(keys)


def _characters(texts: Sequence[str]) -> Iterator[tuple[Keys, Rows]]:
    """Every ideograph, and every two side by side."""
    codes = code_points("\n".join(texts)).astype(np.uint64)
    rows = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])[: codes.size]
    is_ideograph = _are_ideographs(codes)
    yield codes[is_ideograph], rows[is_ideograph]
    pairs = np.flatnonzero(is_ideograph[:-1] & is_ideograph[1:])
    yield codes[pairs] << _SHIFT | codes[pairs + 1], rows[pairs]


def _are_ideographs(codes: Keys) -> NDArray[np.bool_]:
    (a, b), (c, d), (e, f) = _IDEOGRAPHS
    common = (codes >= a) & (codes <= b)
    rare: NDArray[np.bool_] = (codes >= c) & (codes <= d) | (codes >= e) & (codes <= f)
    return common | rare


def _words(cut: Sequence[Sequence[str]]) -> Iterator[tuple[Keys, Rows]]:
    """The dictionary's words of two characters, of three, and of more."""
    words = list(chain.from_iterable(cut))
    rows = np.repeat(np.arange(len(cut)), [*map(len, cut)])
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    starts = np.cumsum(lengths) - lengths
    codes = code_points("".join(words)).astype(np.uint64)
    ideographs = np.concatenate([[0], np.cumsum(_are_ideographs(codes))])
    is_word = ideographs[starts + lengths] - ideographs[starts] == lengths
    for length in (2, _SHORT):
        places = np.flatnonzero(is_word & (lengths == length))
        keys = np.zeros(places.size, dtype=np.uint64)
        for offset in range(length):
            keys = keys << _SHIFT | codes[starts[places] + offset]
        yield keys, rows[places]
    places = np.flatnonzero(is_word & (lengths > _SHORT))
    yield _keys(words[place] for place in places.tolist()), rows[places]


def _listed(terms: Sequence[Sequence[str]]) -> tuple[Keys, Rows]:
    rows = np.repeat(np.arange(len(terms)), [*map(len, terms)])
    return _keys(chain.from_iterable(terms)), rows


def _keys(terms: Iterable[str]) -> Keys:
    return np.fromiter(map(key_of, terms), dtype=np.uint64)


def _latin(folded: str) -> list[str]:
    found: list[str] = []
    for run in _LATIN.findall(folded):
        found.append(run)
        parts = _JOINTS.split(run)
        if len(parts) > 1:
            found.extend(parts)
    return found
