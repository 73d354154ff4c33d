"""The built-in scorers over hand-made features, run with numpy: linear, or one hidden layer.

Knows nothing of what its features mean, beyond their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.models.weights import WEIGHTS, check_features, read_trained

Floats = NDArray[np.float32]


class Scorer:
    """``relu((x - mean) / scale @ hidden + bias) @ output + offset``; linear without ``hidden``.

    ``features`` names the columns it was trained on, in order.
    """

    def __init__(self, arrays: dict[str, Floats], features: Sequence[str]) -> None:
        self.arrays = arrays
        self.features = tuple(features)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a scorer from safetensors; ModelError when the file is missing or wrong."""
        arrays, features = read_trained(path)
        return cls({name: array.astype(np.float32) for name, array in arrays.items()}, features)

    def score(self, rows: Floats) -> Floats:
        """Scores of shape ``(rows,)`` for features of shape ``(rows, features)``."""
        part = self.arrays
        inputs: Floats = (rows - part["mean"]) / part["scale"]
        if "hidden" in part:
            inputs = np.maximum(inputs @ part["hidden"] + part["bias"], 0).astype(np.float32)
        scores: Floats = inputs @ part["output"] + part["offset"]
        return scores


@lru_cache(maxsize=4)
def builtin_scorer(name: str, features: tuple[str, ...]) -> Scorer:
    """A shipped scorer, loaded once a process and checked against the features it will get."""
    scorer = Scorer.load(WEIGHTS / name / "model.safetensors")
    check_features(name, scorer.features, features)
    return scorer
