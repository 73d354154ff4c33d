"""Two runs side by side: paired differences with their uncertainty, and the cases that flipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval import metrics
from eval.report import Record


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure before and after over the same ``count`` cases.

    ``change`` is after less before, with its 95 % interval.
    """

    name: str
    before: float
    after: float
    change: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that became right or wrong."""

    id: str
    kind: str
    split: str
    became_right: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two runs; ``unpaired`` are ids that only one of them holds."""

    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    unpaired: tuple[str, ...]


Pair = tuple[Record, Record]


def compare(before: Sequence[Record], after: Sequence[Record]) -> Comparison:
    """The paired comparison of two runs over the cases that both hold."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    pairs = [(old[key], new[key]) for key in old if key in new]
    measured: dict[str, tuple[list[Pair], Callable[[Record], float]]] = {
        "answers_right": ([pair for pair in pairs if pair[0].answerable], _right),
        "refusals_right": ([pair for pair in pairs if not pair[0].answerable], _right),
        "recall@5": ([pair for pair in pairs if pair[0].ranks and pair[1].ranks], _recall),
    }
    return Comparison(
        differences=tuple(
            _difference(name, chosen, value) for name, (chosen, value) in measured.items() if chosen
        ),
        flips=tuple(
            Flip(then.id, then.kind, then.split, now.right)
            for then, now in pairs
            if then.right != now.right
        ),
        unpaired=tuple(sorted(old.keys() ^ new.keys())),
    )


def _right(record: Record) -> float:
    return float(record.right)


def _recall(record: Record) -> float:
    return metrics.recall_at(record.ranks, 5)


def _difference(name: str, pairs: Sequence[Pair], value: Callable[[Record], float]) -> Difference:
    old = [value(then) for then, _ in pairs]
    new = [value(now) for _, now in pairs]
    changes = [b - a for a, b in zip(old, new, strict=True)]
    low, high = metrics.bootstrap_interval(changes, resamples=10_000)
    count = len(pairs)
    return Difference(
        name, sum(old) / count, sum(new) / count, sum(changes) / count, low, high, count
    )
