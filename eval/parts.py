"""The parts of the bench of large corpora, each under an hour, each with a results file of its own.

Knows what each part is called, and nothing of how it is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from eval.bench import BenchError, Progress
from eval.large import measure_large, measure_passages
from eval.peers import measure_peers

PARTS: Mapping[str, Callable[[Path, Path, Progress], dict[str, Any]]] = {
    "peers": lambda data, work, say: measure_peers(data, work, say=say),
    "1000": lambda data, work, say: measure_large(data, 1_000, work, say),
    "10000": lambda data, work, say: measure_large(data, 10_000, work, say),
    "60000": lambda data, work, say: measure_large(data, 60_000, work, say),
    "million": lambda data, work, say: measure_passages(data, 1_000_000, work, say),
}


def measure_part(
    name: str, data: Path | None, work: Path | None, *, say: Progress = print
) -> dict[str, Any]:
    """The figures of a part; BenchError where there is none of the name, or no data for it."""
    if name not in PARTS:
        raise BenchError(f"没有叫 {name} 的部分；可用的是：{'、'.join(PARTS)}")
    if data is None or work is None:
        raise BenchError("量一部分要写明 --data 数据文件夹 和 --work 工作文件夹")
    return PARTS[name](data, work, say)
