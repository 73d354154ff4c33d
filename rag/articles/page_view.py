"""A page's blocks as numbers: the words they share, what they tell of, how they read at the edges.

Words are character bigrams, hashed; two blocks are alike when they share rare ones. They are near
one another when the built-in embedder says so. Knows nothing
of what is decided from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.articles.blocks import Block, usual_gap
from rag.articles.brackets import Unmatched, unmatched
from rag.models.embedder import page_embedder
from rag.models.junction import Reading, builtin_junction_model
from rag.models.weights import WEIGHTS, damaged, read_arrays
from rag.text import as_read, code_points, fold

Floats = NDArray[np.float32]
HASH_BITS = 18
MAX_READ = 1500  # characters of a block that are looked at; a longer one is read at both ends
_MAX_COLUMNS = 4096  # distinct bigrams of a page; beyond that they share columns
_FILE = WEIGHTS / "page_terms" / "model.safetensors"


def bigram_hashes(text: str) -> NDArray[np.int64]:
    """The hashes of a text's character bigrams, 0 for those that hold anything but letters."""
    codes = code_points(fold(text))
    is_letter = (codes >= 0x3400) & (codes <= 0x9FFF) | (codes >= 48) & (codes <= 57)
    is_letter |= (codes >= 97) & (codes <= 122)
    hashed = (codes[:-1] * 0x9E3779B1 + codes[1:] * 0x85EBCA77) & 0xFFFFFFFF
    hashed = (hashed ^ (hashed >> 15)) & ((1 << HASH_BITS) - 1)
    return np.where(is_letter[:-1] & is_letter[1:], hashed, 0)


@lru_cache(maxsize=1)
def builtin_rarity() -> Floats:
    """The shipped weight of each hashed bigram, 0 for hash 0."""
    try:
        rarity: Floats = read_arrays(_FILE)["rarity"].astype(np.float32)
    except KeyError as error:
        raise damaged(_FILE) from error
    rarity[0] = 0
    return rarity


class PageView:
    """The blocks of a page; everything else is worked out when it is first asked for."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.texts = [_seen(as_read(block.text).text) for block in blocks]

    @cached_property
    def usual_gap(self) -> int:
        """The commonest number of line breaks between two blocks."""
        return usual_gap(self.blocks)

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Whether each block may break off in mid-sentence."""
        return np.array([block.is_open for block in self.blocks], dtype=bool)

    @cached_property
    def brackets(self) -> list[Unmatched]:
        """The brackets of each block that have no other half in it."""
        return [unmatched(block.text) for block in self.blocks]

    @cached_property
    def weights(self) -> Floats:
        """Weighted bigrams of each block, shape ``(blocks, columns)``, 0 for those it lacks."""
        lengths = np.array([len(text) for text in self.texts])
        # One sign between blocks, so that no bigram spans two.
        hashes = bigram_hashes("\n".join(self.texts) + "\n")
        rows = np.repeat(np.arange(len(lengths)), lengths + 1)[: len(hashes)]
        seen = hashes > 0
        hashes, rows = hashes[seen], rows[seen]
        distinct, columns = np.unique(hashes, return_inverse=True)
        width = max(1, min(len(distinct), _MAX_COLUMNS))
        table = np.zeros((len(lengths), width), dtype=np.float32)
        table[rows, columns % width] = builtin_rarity()[hashes]
        return table

    @cached_property
    def vectors(self) -> Floats:
        """``weights`` with every row of length 1, or 0 where a block has no words."""
        return normalised(self.weights)

    @cached_property
    def likeness(self) -> Floats:
        """How alike every two blocks are, shape ``(blocks, blocks)``."""
        found: Floats = self.vectors @ self.vectors.T
        return found

    @cached_property
    def meanings(self) -> Floats:
        """The vector of each block as page repair has them, shape ``(blocks, dimension)``.

        Of length 1; blocks on one subject are near one another, whatever their words.
        """
        return page_embedder().embed_passages(self.texts)

    @cached_property
    def tails(self) -> Reading:
        """The blocks' ends as the junction model reads them."""
        return builtin_junction_model().read_tails(self.texts)

    @cached_property
    def heads(self) -> Reading:
        """The blocks' beginnings as it reads them."""
        return builtin_junction_model().read_heads(self.texts)


def normalised(rows: Floats) -> Floats:
    """Rows divided by their lengths; a row of zeros stays."""
    lengths = np.sqrt((rows * rows).sum(axis=-1, keepdims=True))
    scaled: Floats = rows / np.maximum(lengths, 1e-6)
    return scaled


def table_of(names: Sequence[str], columns: Mapping[str, NDArray[np.generic]]) -> Floats:
    """The named columns side by side, shape ``(rows, names)``."""
    table = np.empty((len(columns[names[0]]), len(names)), dtype=np.float32)
    for place, name in enumerate(names):
        table[:, place] = columns[name]
    return table


def _seen(text: str) -> str:
    if len(text) <= MAX_READ:
        return text
    return f"{text[: MAX_READ // 2]}\n{text[-MAX_READ // 2 :]}"
