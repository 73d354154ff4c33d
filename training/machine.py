"""What this process may compute with: its cores, and a GPU where there is one.

Knows nothing of what is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.models.compute import cores

if TYPE_CHECKING:
    import torch

__all__ = ["cores", "device"]


def device(name: str | None = None) -> torch.device:
    """The device of that name; the GPU, else the CPU, where none is named."""
    import torch

    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
