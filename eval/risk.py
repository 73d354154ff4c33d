"""Risk against coverage: at a stricter threshold how much is answered, and how much of that wrong.

Counted on what a run answered, so it begins at the threshold that the run had. Knows nothing of
chatbots and prints nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a report holds this curve of its records
    from eval.report import Record

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """At one threshold the share of cases answered, and the share of these not right.

    ``risk`` is None where nothing is answered; an answer to what has none is not right.
    """

    threshold: float
    coverage: float
    risk: float | None

    def to_dict(self) -> dict[str, Any]:
        """The point as JSON."""
        return asdict(self)


def risk_curve(records: Sequence[Record]) -> tuple[RiskPoint, ...]:
    """A point for each of ``THRESHOLDS``; none without records.

    What has no probability (small talk, the library) is left out.
    """
    judged = [record for record in records if record.probability is not None or record.refused]
    return tuple(_point(judged, threshold) for threshold in THRESHOLDS) if judged else ()


def _point(records: Sequence[Record], threshold: float) -> RiskPoint:
    answered = [
        record
        for record in records
        if record.outcome == "answered" and (record.probability or 0.0) >= threshold
    ]
    wrong = sum(not record.right for record in answered)
    risk = wrong / len(answered) if answered else None
    return RiskPoint(threshold, len(answered) / len(records), risk)
