"""Where the shipped weights lie, and how their files are read.

Knows nothing of what the arrays mean.
"""

from __future__ import annotations

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


def damaged(path: Path) -> ModelError:
    """The error of a shipped file that is missing, damaged or lacks an array."""
    return ModelError(f"内置模型 {path} 缺失或损坏；请重新安装")
