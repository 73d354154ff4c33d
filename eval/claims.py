"""Measuring the checks of written answers: verdicts on pairs, and citing after the fact.

Both use news rows that are kept for measuring; the verdict on a false sentence is right when it is
not `supported`, on a true one when it is.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rag
from corpora.news import NEWS_FILE, read_news
from eval.citing import CitingTask
from eval.claim_pairs import Pair
from eval.report import ReportError


def measuring_rows(data: Path) -> list[str]:
    """The news rows that are kept for measuring; ReportError when they are not there."""
    try:
        return list(read_news(data, measuring=True))
    except OSError as error:
        raise ReportError(f"读不到 {data / NEWS_FILE}（{type(error).__name__}）") from error


KEPT = ("verbatim", "reworded")


def as_evidence(
    text: str, number: int = 1, date: str | None = None, title: str = ""
) -> rag.Evidence:
    """A sentence as evidence that is a source of its own."""
    source = f"{number}.txt"
    span = ((0, len(text)),)
    return rag.Evidence(f"{source}#1", "", source, text, 0, len(text), span, 1.0, date)


@dataclass(frozen=True, slots=True)
class VerdictFigures:
    """Share of right verdicts by kind of pair, how many there were, and milliseconds a sentence."""

    right: dict[str, float]
    counts: dict[str, int]
    ms_per_sentence: float
    wrong: tuple[tuple[Pair, str, tuple[str, ...]], ...]

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON, without the wrong pairs: their words are other people's."""
        return {
            "right": self.right,
            "counts": self.counts,
            "ms_per_sentence": self.ms_per_sentence,
        }


def measure_verdicts(pairs: Sequence[Pair]) -> VerdictFigures:
    """Hold every sentence against its evidence; `kept` is over all true pairs."""
    rag.verify("第一句只为装载模型。", [as_evidence("第一句只为装载模型。")])
    judged: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    start = time.perf_counter()
    for pair in pairs:
        quotes = [as_evidence(text, n, pair.date) for n, text in enumerate(pair.evidence, 1)]
        verdict, reasons = rag.verify(pair.claim, quotes)
        is_right = (verdict == "supported") == pair.is_true
        judged[pair.kind].append(is_right)
        if not is_right:
            wrong.append((pair, verdict, reasons))
    spent = (time.perf_counter() - start) * 1000
    judged["kept"] = [one for kind in KEPT for one in judged[kind]]
    return VerdictFigures(
        {kind: round(sum(found) / len(found), 4) for kind, found in judged.items() if found},
        {kind: len(found) for kind, found in judged.items()},
        round(spent / max(1, len(pairs)), 2),
        tuple(wrong),
    )


@dataclass(frozen=True, slots=True)
class CitingFigures:
    """Cited against gold sentences over all claims, and milliseconds a claim."""

    precision: float
    recall: float
    f1: float
    claims: int
    sentences_a_task: float
    ms_per_claim: float

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "claims": self.claims,
            "sentences_a_task": self.sentences_a_task,
            "ms_per_claim": self.ms_per_claim,
        }


def measure_citing(tasks: Sequence[CitingTask]) -> CitingFigures:
    """Cite each claim, which has no marker, from all sentences of its ten hits.

    A sentence that reads like a gold one, as reprints do, counts as that gold one.
    """
    hits = cited_count = gold_count = 0
    start = time.perf_counter()
    for task in tasks:
        evidence = [as_evidence(text, n) for n, text in enumerate(task.sentences, 1)]
        cited = rag.cite(rag.split_reply(task.claim), evidence)
        quotes = {citation.quote for citation in cited.citations}
        gold = set(task.gold)
        hits += len(quotes & gold)
        cited_count += len(quotes)
        gold_count += len(gold)
    spent = (time.perf_counter() - start) * 1000
    precision, recall = hits / max(1, cited_count), hits / max(1, gold_count)
    return CitingFigures(
        round(precision, 4),
        round(recall, 4),
        round(2 * precision * recall / max(1e-9, precision + recall), 4),
        len(tasks),
        round(sum(len(task.sentences) for task in tasks) / max(1, len(tasks)), 1),
        round(spent / max(1, len(tasks)), 2),
    )
