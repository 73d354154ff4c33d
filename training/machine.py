"""What this process may compute with: its cores, and a GPU where there is one.

Knows nothing of what is computed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def device(name: str | None = None) -> torch.device:
    """The device of that name; the GPU, else the CPU, where none is named."""
    import torch

    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
