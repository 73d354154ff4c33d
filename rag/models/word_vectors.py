"""What each piece of text commonly stands among, as shipped: 补贴 is near to 补助, 去世 to 逝世.

Vectors of the embedder's pieces from counts of their neighbours (Levy and Goldberg 2014, "Neural
Word Embedding as Implicit Matrix Factorization"). The embedder's own vectors tell topics apart and
hardly know that two words mean the same. Knows nothing of questions.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.models.embedder import unit
from rag.models.weights import WEIGHTS, damaged, read_arrays

Floats = NDArray[np.float32]
_FILE = WEIGHTS / "words" / "model.safetensors"


class WordVectors:
    """Unit vectors of shape ``(pieces, dimension)`` and how rare each piece is, in nats."""

    def __init__(self, vectors: Floats, rarity: Floats) -> None:
        self.vectors = unit(vectors.astype(np.float32))
        self.rarity = rarity.astype(np.float32)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the vectors from safetensors; ModelError when the file is missing or wrong."""
        arrays = read_arrays(path)
        try:
            return cls(arrays["vectors"].astype(np.float32), arrays["rarity"].astype(np.float32))
        except (KeyError, ValueError) as error:
            raise damaged(path) from error


@lru_cache(maxsize=1)
def builtin_word_vectors() -> WordVectors:
    """The shipped vectors, loaded once a process."""
    return WordVectors.load(_FILE)
