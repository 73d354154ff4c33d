"""Any benchmark by its name: measured, as tables, and under which name its results are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from corpora.files import DataError
from corpora.yinju import Split
from eval import tables
from eval.benchmarks.retrieval import Say
from eval.benchmarks.sets import NAMES, Limits, measure_benchmark
from eval.benchmarks.yinju import OTHERS, YINJU_NAMES, YinjuName, measure_yinju
from eval.yardstick_tables import yinju_tables

ALL_NAMES: tuple[str, ...] = (*NAMES, *YINJU_NAMES)
_ALL = Limits()


@dataclass(frozen=True, slots=True)
class Measured:
    """What is shown, what is saved, and what the file is called before the commit's name."""

    tables: Sequence[Table]
    values: dict[str, Any]
    file_name: str


def measure_by_name(
    name: str,
    data: Path,
    *,
    file: str | None = None,
    split: Split = "dev",
    others: int | None = None,
    limits: Limits = _ALL,
    say: Say = print,
) -> Measured:
    """What the set of that name gives; DataError when there is none, or not of that kind.

    ``others`` stands for the distractors of ``limits``: where it is None, the project's own sets
    are asked among a thousand, the public ones alone.
    """
    for known in YINJU_NAMES:
        if name == known:
            if file:
                raise DataError(f"{name} 的文件名是定好的，不能用 --file")
            own = replace(limits, distractors=OTHERS if others is None else others)
            return _own(known, data, split, own, say)
    if split != "dev" or limits.kinds:
        raise DataError(f"--split、--kinds 只用于 {'、'.join(YINJU_NAMES)}")
    for public in NAMES:
        if name == public:
            among = replace(limits, distractors=others or 0)
            measured = measure_benchmark(public, data, file=file, limits=among, say=say)
            suffix = f"-{others}" if others else ""
            shown = [tables.benchmark_table(measured)]
            return Measured(shown, measured.to_dict(), f"benchmark-{name}{suffix}")
    raise DataError(f"没有叫 {name} 的题库；可用的是：{'、'.join(ALL_NAMES)}")


def _own(name: YinjuName, data: Path, split: Split, limits: Limits, say: Say) -> Measured:
    measured = measure_yinju(name, data, split=split, limits=limits, say=say)
    parts = ["benchmark", name]
    parts += [split] if split != "dev" else []
    parts += limits.kinds
    parts += [str(limits.distractors)] if limits.distractors != OTHERS else []
    return Measured(list(yinju_tables(measured)), measured.to_dict(), "-".join(parts))
