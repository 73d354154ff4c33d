"""Whether a model will fit into this machine's memory, said before it is loaded.

Knows sizes and no models. Where the system does not say what is free, nothing is refused.
"""

from __future__ import annotations

import os
from pathlib import Path

from rag.errors import ModelError
from rag.models.catalogue import format_bytes
from rag.models.compute import Precision

_MEMINFO = Path("/proc/meminfo")
# A 4-bit .gguf of a billion parameters, with what it needs beside its weights.
_FOUR_BIT_BYTES = 0.75
# At the peak of loading, by number format; docs/decisions/0019-chat-model.md.
_BYTES_A_PARAMETER: dict[Precision, float] = {
    "float32": 4.3, "bfloat16": 2.3, "float16": 2.3, "int8": 2.2,
}  # fmt: skip


def loading_bytes(parameters: int, precision: Precision) -> int:
    """What transformers needs at most while it loads so many parameters (measured: 0.6 B)."""
    return int(parameters * _BYTES_A_PARAMETER[precision])


def free_bytes() -> int | None:
    """What new programs can have, files that can be dropped counted as free; None if unknown."""
    try:
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return int(os.sysconf("SC_PHYS_PAGES")) * int(os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return None


def check_memory(name: str, needed: int, free: int | None = None) -> None:
    """ModelError where loading takes more than is free, with what would fit."""
    free = free_bytes() if free is None else free
    if free is None or needed <= free:
        return
    fits = free / _FOUR_BIT_BYTES / 1e9
    raise ModelError(
        f"装入对话模型 {name} 约要 {format_bytes(needed)} 内存，"
        f"现在可用的只有 {format_bytes(free)}；"
        f"放得下的是约 {fits:.2g} B 参数以下的 4 位 .gguf 模型，"
        '请换一个，或改用 chat_model = "builtin"'
    )
