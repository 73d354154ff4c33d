"""Where the shipped weights lie, and how their files are read.

Knows nothing of what the arrays mean.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from rag.errors import ModelError

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays of a shipped safetensors file; ModelError when it is missing or damaged."""
    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, ValueError, SafetensorError) as error:
        raise damaged(path) from error


def read_trained(path: Path) -> tuple[dict[str, NDArray[np.generic]], tuple[str, ...]]:
    """The arrays of a model over named features, and these names; ModelError as above."""
    arrays = read_arrays(path)
    try:
        with safe_open(path, framework="numpy") as file:
            return arrays, tuple(json.loads(file.metadata()["features"]))
    except (KeyError, ValueError, TypeError) as error:
        raise damaged(path) from error


def check_features(name: str, trained: Sequence[str], given: Sequence[str]) -> None:
    """ModelError where a shipped model was trained on other features than it will get."""
    if tuple(trained) != tuple(given):
        raise ModelError(f"内置模型 {name} 与程序版本不符；请重新安装，或重新训练")


def damaged(path: Path) -> ModelError:
    """The error of a shipped file that is missing, damaged or lacks an array."""
    return ModelError(f"内置模型 {path} 缺失或损坏；请重新安装")
