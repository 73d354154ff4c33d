from __future__ import annotations
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    question: str
    label: str
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    parts: tuple[Part, ...]
    compares: bool
    sums: bool
    left_out: int = 0


def parts_of(question: str) -> Parts:
    return Parts((Part(question, ""),), False, False)
