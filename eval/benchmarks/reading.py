"""With the gold paragraph given, and its title: the sentence chosen, the short answer, the gate.

Knows nothing of searching among thousands; the two rivals of a paragraph are given, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import rag
from corpora.questions import QuestionRow
from eval.benchmarks.answer_match import exact_match, f1
from eval.benchmarks.retrieval import Say
from eval.benchmarks.settings import UNHURRIED
from eval.metrics import area_under_curve
from eval.report import Figure, share

_RIVALS = 2
_HITS = 12
_CONFIG = UNHURRIED.model_copy(update={"top_k": _HITS})
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*[”』」）)]*", re.DOTALL)


def measure_given(
    questions: Sequence[QuestionRow], pool: Mapping[str, str], say: Say = print
) -> dict[str, Figure]:
    """The figures of `measure_reading` and `measure_gate`, with the shipped reader and judge."""
    say("证据句、短答")
    figures = measure_reading(questions)
    say("是否答得出")
    return figures | measure_gate(questions, pool)


def measure_reading(questions: Sequence[QuestionRow]) -> dict[str, Figure]:
    """Evidence hit@1 and hit@2, exact match and F1 of the short answer that must be given.

    Questions without an answer are passed over, and for the evidence those whose answers all run
    over the end of a sentence.
    """
    values: defaultdict[str, list[float]] = defaultdict(list)
    for one in questions:
        if not one.is_answerable:
            continue
        judged = read_given(one.question, [(one.title, one.context)])
        held = [holds_answer(reading.text, one) for reading in judged.readings]
        if any(held):
            values["evidence hit@1"].append(held[0])
            values["evidence hit@2"].append(any(held[:2]))
        guess = judged.readings[0].fact if judged.readings else ""
        values["short EM"].append(exact_match(one.answers, guess))
        values["short F1"].append(f1(one.answers, guess))
    return {name: share(found) for name, found in values.items()}


def measure_gate(questions: Sequence[QuestionRow], pool: Mapping[str, str]) -> dict[str, Figure]:
    """AUC of the judge: a question with its paragraph and the two nearest of others by BM25,
    against the same with the sentences that hold an answer taken out of its paragraph.

    Where the set says itself that a question has no answer, its paragraph is left whole.
    """
    terms_alone = UNHURRIED.model_copy(update={"vector_weight": 0.0})
    bot = rag.Chatbot.from_articles((("", text) for text in pool), terms_alone)
    texts = {article.id: article.text for article in bot.articles}
    held: list[float] = []
    lacked: list[float] = []
    for one in questions:
        rivals = _rivals(bot.search(one.question, _HITS), texts, pool, one.context)
        if one.is_answerable:
            given = [(one.title, one.context), *rivals]
            held.append(read_given(one.question, given).probability)
        left = without_answer(one)
        given = [(one.title, left), *rivals] if left else rivals
        if given:
            lacked.append(read_given(one.question, given).probability)
    if not held or not lacked:
        return {}
    area = area_under_curve(held, lacked)
    return {"gate AUC": Figure(area, None, None, len(held) + len(lacked))}


def read_given(question: str, paragraphs: Sequence[tuple[str, str]]) -> rag.Judged:
    """What the program makes of paragraphs, each with its title, when it has no others."""
    bot = rag.Chatbot.from_articles(paragraphs, _CONFIG)
    return max(bot.read(question), key=lambda one: one.probability)


def _rivals(
    hits: Sequence[rag.Hit], texts: Mapping[str, str], pool: Mapping[str, str], own: str
) -> list[tuple[str, str]]:
    """The nearest paragraphs but a question's own, each with its title."""
    found = dict.fromkeys(texts[hit.passage.article_id] for hit in hits)
    return [(pool[text], text) for text in found if text != own][:_RIVALS]


def holds_answer(sentence: str, question: QuestionRow) -> bool:
    return any(answer in sentence for answer in question.answers)


def without_answer(question: QuestionRow) -> str:
    """The paragraph without the sentences that hold an answer, or run into one."""
    kept = [True] * len(question.context)
    for answer in question.answers:
        at = question.context.find(answer)
        while at >= 0:
            kept[at : at + len(answer)] = [False] * len(answer)
            at = question.context.find(answer, at + 1)
    sentences = _SENTENCE.finditer(question.context)
    return "".join(one.group() for one in sentences if all(kept[one.start() : one.end()]))
