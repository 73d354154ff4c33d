"""Running the cases through a chatbot, one record each.

The chatbot is anything that answers and searches as ``rag.Chatbot`` does.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import rag
from eval import metrics
from eval.cases import Case
from eval.environment import describe_config, describe_run, shortened
from eval.judging import judge
from eval.report import Record, Report

SEARCH_DEPTH = 10
ReadSource = Callable[[str], str]


class Answering(Protocol):
    """The part of a chatbot that a run needs."""

    def answer(self, question: str, history: Sequence[rag.Message] = ()) -> rag.Answer: ...

    def search(self, question: str, top_k: int = SEARCH_DEPTH) -> list[rag.Hit]: ...


def run(
    config: rag.Config,
    cases: Sequence[Case],
    split: str = "all",
    watch: Callable[[Sequence[Case]], Iterable[Case]] = iter,
) -> Report:
    """Answer every case of ``split`` (``tune``, ``report`` or ``all``) and report what came of it.

    The first question is asked once before, unmeasured, so that times are warm. ``watch`` passes
    the cases through, for a progress bar. Raises RagError when the chatbot does not load.
    """
    chosen = select(cases, split)
    bot = rag.load(config)
    records = measure(bot, watch(chosen), source_reader(config.corpus), warm_up=chosen[:1])
    header = {
        **describe_run(),
        "split": split,
        "cases_digest": cases_digest(chosen),
        "config": describe_config(config),
        "models": sorted({shortened(record.model) for record in records if record.model}),
    }
    return Report(header, records)


def select(cases: Sequence[Case], split: str) -> tuple[Case, ...]:
    """The cases of one half, or all of them."""
    return tuple(case for case in cases if split in ("all", case.split))


def source_reader(corpus: Path) -> ReadSource:
    """A function from a source's path within ``corpus`` to its decoded text, each read once."""

    @cache
    def read(source: str) -> str:
        return rag.read_text(corpus / source)

    return read


def cases_digest(cases: Sequence[Case]) -> str:
    """Twelve hex digits that change with any case."""
    return hashlib.sha256(repr(list(cases)).encode()).hexdigest()[:12]


def measure(
    bot: Answering, cases: Iterable[Case], read_source: ReadSource, warm_up: Sequence[Case] = ()
) -> tuple[Record, ...]:
    """One record for each case, in order, after the ``warm_up`` cases, which leave none."""
    for case in warm_up:
        _timed_answer(bot, case)
    return tuple(measure_case(bot, case, read_source) for case in cases)


def measure_case(bot: Answering, case: Case, read_source: ReadSource) -> Record:
    """Ask one case and judge the answer.

    ``judging`` says what is right. Retrieval is judged on ten hits for the stand-alone query
    that the chatbot itself made of question and history.
    """
    answer, latency_ms = _timed_answer(bot, case)
    judged = judge(case, answer)
    return Record(
        id=case.id,
        kind=case.kind,
        split=case.split,
        answerable=case.answerable,
        outcome=answer.outcome,
        model=answer.model,
        right=judged.right,
        refused=answer.outcome == "no_evidence",
        items_present=judged.items_present,
        length_ok=judged.length_ok,
        ranks=_ranks(bot, case, answer),
        hits_recall=_hits_recall(case, answer),
        citation_precision=metrics.citation_precision(answer.citations, case.evidence),
        citation_recall=metrics.citation_recall(answer.citations, case.evidence),
        verified=tuple(is_verbatim(one, read_source(one.source)) for one in answer.citations),
        latency_ms=latency_ms,
        error=answer.error,
        text=answer.text,
        probability=answer.probability,
    )


def is_verbatim(citation: rag.Citation, text: str) -> bool:
    """Whether joining ``text[start:end]`` over the citation's spans gives its quote, not empty."""
    joined = "".join(text[start:end] for start, end in citation.source_spans)
    return bool(joined) and joined == citation.quote


def _timed_answer(bot: Answering, case: Case) -> tuple[rag.Answer, float]:
    """The answer and its wall time in ms; a question that rag refuses counts as failed."""
    start = time.perf_counter()
    try:
        answer = bot.answer(case.question, case.history)
    except rag.RagError as error:
        answer = rag.Answer(
            question=case.question,
            query=case.question,
            outcome="failed",
            text="",
            model="",
            error=str(error),
        )
    return answer, (time.perf_counter() - start) * 1000


def _ranks(bot: Answering, case: Case, answer: rag.Answer) -> tuple[int | None, ...]:
    if not case.evidence:
        return ()
    hits = bot.search(answer.query or case.question, top_k=SEARCH_DEPTH)
    return metrics.gold_ranks(hits, case.evidence)


def _hits_recall(case: Case, answer: rag.Answer) -> float | None:
    if not case.evidence:
        return None
    return metrics.recall_at(metrics.gold_ranks(answer.hits, case.evidence), len(answer.hits))
