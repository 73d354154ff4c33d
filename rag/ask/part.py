"""The facts that a question asks for, each as a question of its own.

Knows nothing of how a question is taken apart.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One fact that is asked for."""

    question: str  # in the words of the whole
    label: str  # tells it from the other parts; empty where a few words do not
    before: int | None = None  # the number of the part that it leans on for its subject


@dataclass(frozen=True, slots=True)
class Parts:
    """The facts that a question asks for, and whether it holds them together."""

    parts: tuple[Part, ...]
    compares: bool = False  # which is more or earlier, or by how much
    sums: bool = False  # their total
    left_out: int = 0  # how many there are behind the sixth
    by_how_much: bool = False  # their difference is asked for
