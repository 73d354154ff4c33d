"""How many of the judged sentences the checks judge alike: caught, kept, and by kind of fault.

A false sentence is caught when it is not `supported`, a true one that answers kept when it is; one
beside the question is caught when it is marked. Knows nothing of where the sentences come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import rag
from eval.benchmarks.answer_presence import is_present
from eval.benchmarks.settings import UNHURRIED
from eval.benchmarks.yinju import as_messages
from eval.judged import JudgedSentence, JudgedSet
from eval.report import Figure, share

CAUGHT = "false, caught"
BESIDE = "beside the question, marked"
ALARMS = "true and an answer, marked"
NO_ANSWER = "没有回答所问"
Outcome = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class JudgedFigures:
    """The figures by group, and each sentence that was judged otherwise, with its verdict."""

    figures: dict[str, Figure]
    wrong: tuple[tuple[JudgedSentence, str, tuple[str, ...]], ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON: figures, and of the sentences judged otherwise the names alone."""
        return {
            "figures": {group: asdict(figure) for group, figure in self.figures.items()},
            "wrong": [[one.written.id, one.written.judgement, kind] for one, kind, _ in self.wrong],
        }


def measure_judged(judged: JudgedSet) -> JudgedFigures:
    """Hold each sentence against the words that it is cited from and against its question.

    Read for its question are all articles of the half, as if each sentence were a whole reply.
    """
    bot = rag.Chatbot.from_articles((("", text) for text in judged.texts.values()), UNHURRIED)
    names = {text: doc for doc, text in judged.texts.items()}
    ids = {names[article.text]: article.id for article in bot.articles}
    read: dict[str, tuple[rag.Judged, ...]] = {}

    def checked(one: JudgedSentence) -> Outcome:
        quotes = as_quotes(one, ids)
        if one.row.id not in read:
            read[one.row.id] = bot.read(one.row.question, as_messages(one.row.history))
        return _as_shown(one, quotes, read[one.row.id])

    return count_judged(judged.sentences, checked)


def _as_shown(
    one: JudgedSentence, quotes: Sequence[rag.Evidence], read: Sequence[rag.Judged]
) -> Outcome:
    """The verdict as the program shows it, by the words, the question and what was read for it."""
    may_answer = [
        part.is_believed
        for part in read
        if any(part.may_be_told_by(quote.article_id, quote.start, quote.end) for quote in quotes)
    ]
    asked = one.row.stand_alone if any(may_answer) else ""
    verdict, reasons = rag.verify(one.text, quotes, question=asked)
    facts = [part.readings[0].fact for part in read if part.readings]
    if verdict != "supported" or may_answer or any(is_present(f, one.text) for f in facts if f):
        return verdict, reasons
    return "partly", (*reasons, NO_ANSWER)


def count_judged(
    sentences: Sequence[JudgedSentence], checked: Callable[[JudgedSentence], Outcome]
) -> JudgedFigures:
    """The figures of verdicts given by ``checked``."""
    groups: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for one in sentences:
        verdict, reasons = checked(one)
        is_marked = verdict != "supported"
        for group in _groups(one):
            groups[group].append(is_marked)
        if is_marked == (one.written.judgement == "true"):
            wrong.append((one, verdict, reasons))
    return JudgedFigures({group: share(marked) for group, marked in groups.items()}, tuple(wrong))


def as_quotes(one: JudgedSentence, ids: dict[str, str]) -> list[rag.Evidence]:
    """The words that a sentence is cited from as evidence of their articles."""
    return [
        rag.Evidence(ids[doc], "", doc, text, start, end, ((start, end),), 1.0)
        for (doc, start, end), text in one.quotes
    ]


def _groups(one: JudgedSentence) -> list[str]:
    written = one.written
    if written.judgement == "false":
        return [CAUGHT, f"{CAUGHT}: {written.fault}", f"{CAUGHT}: {written.split}"]
    group = BESIDE if written.judgement == "beside" else ALARMS
    return [group, f"{group}: {written.split}"]
