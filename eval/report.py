"""A measured run: one record a case, and the figures counted from them.

Knows nothing of chatbots and prints nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval import metrics
from eval.risk import risk_curve

Figures = dict[str, "Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over ``count`` cases (citations, for ``citations_verified``) with its 95 % interval.

    ``low`` and ``high`` are None for times.
    """

    value: float
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Record:
    """What happened to one case.

    ``ranks``: for each gold quote the rank of the first hit that finds it. ``hits_recall``: the
    share of gold quotes among the hits that the answer was made from, None without gold.
    ``verified``: for each citation whether its spans give its quote back. ``probability``: the
    judge's, None where it was not asked. ``text`` is never saved,
    so that nobody reads answers of the report half while tuning.
    """

    id: str
    kind: str
    split: str
    answerable: bool
    outcome: str
    model: str
    right: bool
    refused: bool
    items_present: bool
    length_ok: bool
    ranks: tuple[int | None, ...]
    hits_recall: float | None
    citation_precision: float | None
    citation_recall: float | None
    verified: tuple[bool, ...]
    latency_ms: float
    error: str | None = None
    text: str = ""
    probability: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON, without the answer's text."""
        values = asdict(self)
        del values["text"]
        values["latency_ms"] = round(self.latency_ms, 2)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Record:
        """The record that ``to_dict`` wrote; TypeError or KeyError when it did not."""
        lists = {name: tuple(values[name]) for name in ("ranks", "verified")}
        return cls(**{**values, **lists})


@dataclass(frozen=True, slots=True)
class Report:
    """A run over cases: how it was made, and a record for each case."""

    header: Mapping[str, Any]
    records: tuple[Record, ...]

    @property
    def splits(self) -> tuple[str, ...]:
        """The halves measured, ``tune`` before ``report``."""
        return tuple(sorted({record.split for record in self.records}, reverse=True))

    def half(self, split: str) -> tuple[Record, ...]:
        """The records of one half."""
        return tuple(record for record in self.records if record.split == split)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON: header, figures of each half overall and by kind, records."""
        return {
            **self.header,
            "halves": {split: _half_to_dict(self.half(split)) for split in self.splits},
            "cases": [record.to_dict() for record in self.records],
        }

    def save(self, path: Path) -> None:
        """Write the report as JSON, making the folder."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


class ReportError(ValueError):
    """A results file cannot be used; the message is one Chinese line."""


def load_results(path: Path) -> dict[str, Any]:
    """The JSON of a saved report; ReportError when it is none."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"打不开结果文件 {path}：{error.strerror}") from error
    except ValueError as error:
        raise ReportError(f"{path} 不是有效的 JSON：{error}") from error
    if not isinstance(values, dict) or not {"halves", "cases"} <= values.keys():
        raise ReportError(f"{path} 不是 python -m eval run 存下的结果")
    return values


def load_records(path: Path) -> tuple[Record, ...]:
    """The records of a saved report; ReportError when it is none."""
    try:
        return tuple(Record.from_dict(case) for case in load_results(path)["cases"])
    except (TypeError, KeyError) as error:
        raise ReportError(f"{path} 里的用例记录缺字段或多字段：{error}") from error


def by_kind(records: Sequence[Record]) -> dict[str, tuple[Record, ...]]:
    """The records by kind, kinds in the order in which they first appear."""
    kinds = dict.fromkeys(record.kind for record in records)
    return {kind: tuple(one for one in records if one.kind == kind) for kind in kinds}


def figures(records: Sequence[Record]) -> Figures:
    """Every figure that the records allow, by name; the rest is absent, never zero."""
    values: dict[str, list[float]] = {
        **_retrieval_values(records),
        **_answer_values(records),
        **_refusal_values(records),
    }
    counted = {name: share(found) for name, found in values.items() if found}
    return counted | _times(records)


def _retrieval_values(records: Sequence[Record]) -> dict[str, list[float]]:
    ranked = [record.ranks for record in records if record.ranks]
    measures: dict[str, Callable[[metrics.Ranks, int], float]] = {
        "recall@1": metrics.recall_at,
        "recall@5": metrics.recall_at,
        "recall@10": metrics.recall_at,
        "all@5": metrics.all_at,
        "all@10": metrics.all_at,
        "mrr@10": metrics.reciprocal_rank_at,
        "ndcg@10": metrics.ndcg_at,
    }
    return {
        name: [measure(ranks, int(name.partition("@")[2])) for ranks in ranked]
        for name, measure in measures.items()
    }


def _answer_values(records: Sequence[Record]) -> dict[str, list[float]]:
    answerable = [record for record in records if record.answerable]
    answered = [record for record in records if record.outcome == "answered"]
    return {
        "answers_right": [float(record.right) for record in answerable],
        "items_present": [float(record.items_present) for record in answerable],
        "hits_recall": _known(record.hits_recall for record in answerable),
        "length_ok": [float(record.length_ok) for record in answered],
        "citation_precision": _known(record.citation_precision for record in answerable),
        "citation_recall": _known(record.citation_recall for record in answerable),
        "citations_verified": [float(flag) for record in records for flag in record.verified],
    }


def _refusal_values(records: Sequence[Record]) -> dict[str, list[float]]:
    answerable = [record.answerable for record in records]
    refused = [record.refused for record in records]
    return {
        "refusals_right": [float(record.right) for record in records if not record.answerable],
        "refusal_precision": [float(due) for due in metrics.refusals_due(answerable, refused)],
        "refusal_recall": [float(was) for was in metrics.due_refused(answerable, refused)],
    }


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def share(values: Sequence[float]) -> Figure:
    """The mean of some values, one a case, with its interval; ValueError without values."""
    low, high = metrics.bootstrap_interval(values)
    return Figure(sum(values) / len(values), low, high, len(values))


def _times(records: Sequence[Record]) -> Figures:
    times = [record.latency_ms for record in records]
    return {
        f"latency_p{percent}_ms": Figure(metrics.percentile(times, percent), None, None, len(times))
        for percent in (50, 95)
        if times
    }


def _half_to_dict(records: Sequence[Record]) -> dict[str, Any]:
    return {
        "cases": len(records),
        "overall": _figures_to_dict(figures(records)),
        "risk": [point.to_dict() for point in risk_curve(records)],
        "kinds": {kind: _figures_to_dict(figures(own)) for kind, own in by_kind(records).items()},
    }


def _figures_to_dict(counted: Figures) -> dict[str, Any]:
    return {
        name: {
            key: round(value, 6) if isinstance(value, float) else value
            for key, value in asdict(figure).items()
        }
        for name, figure in counted.items()
    }
