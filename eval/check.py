"""Floors: whether the report half of a saved run holds the figures that were promised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.report import ReportError, load_results

PUBLISHED = "report"


@dataclass(frozen=True, slots=True)
class Checked:
    """A figure beside its floor; ``value`` is None when the run did not measure it."""

    name: str
    value: float | None
    floor: float

    @property
    def holds(self) -> bool:
        """Whether the figure was measured and reaches its floor."""
        return self.value is not None and self.value >= self.floor


def check(results: Path, floors: Path) -> tuple[Checked, ...]:
    """Every floor with the figure of the report half; ReportError when that half is not there."""
    halves = load_results(results)["halves"]
    if PUBLISHED not in halves:
        raise ReportError(f"{results} 里没有 report 一半；请运行 python -m eval run")
    overall: Mapping[str, Mapping[str, Any]] = halves[PUBLISHED]["overall"]
    wanted: Mapping[str, float] = json.loads(floors.read_text(encoding="utf-8"))
    return tuple(
        Checked(name, overall[name]["value"] if name in overall else None, floor)
        for name, floor in wanted.items()
    )
