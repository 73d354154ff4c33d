"""Logistic regressions for the program's scorers.

In go features and labels, out comes a fit that ``rag.models.scorer`` reads. Knows nothing of what
the features mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.scorers import save_arrays

Floats = NDArray[np.float64]
_ROUNDS = 50
_RIDGE = 1.0
_LEAST_SCALE = 1e-6


class Fit(NamedTuple):
    """A logistic regression over features of the given mean and scale, all of shape (features,)."""

    weights: Floats
    offset: float
    mean: Floats
    scale: Floats

    def log_odds(self, rows: Floats) -> Floats:
        """Of shape (rows,), for features of shape (rows, features)."""
        found: Floats = (rows - self.mean) / self.scale @ self.weights + self.offset
        return found

    def probabilities(self, rows: Floats) -> Floats:
        """Of shape (rows,), for features of shape (rows, features)."""
        return _logistic(self.log_odds(rows))

    def save(self, folder: Path, features: Sequence[str]) -> None:
        """Write it where the program looks for it, as a ``rag.models.scorer.Scorer``."""
        arrays = {
            "output": self.weights,
            "offset": np.asarray(self.offset),
            "mean": self.mean,
            "scale": self.scale,
        }
        rounded = {name: array.astype(np.float32) for name, array in arrays.items()}
        save_arrays(rounded, folder, features)


def fitted(rows: Floats, labels: Floats) -> Fit:
    """The ridge logistic regression of labels, 0 or 1, by Newton's method."""
    mean, scale = rows.mean(0), rows.std(0) + _LEAST_SCALE
    inputs = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag([_RIDGE] * rows.shape[1] + [0.0])
    for _ in range(_ROUNDS):
        share = _logistic(inputs @ weights)
        slope = inputs.T @ (share - labels) + ridge @ weights
        curve = (inputs * (share * (1 - share))[:, None]).T @ inputs + ridge
        weights -= np.linalg.solve(curve, slope)
    return Fit(weights[:-1], float(weights[-1]), mean, scale)


def _logistic(log_odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-log_odds))
    return found
