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
from eval.metrics import area_under_curve
from eval.report import Figure, share
from training.reading import Paragraph, ParagraphReader

_RIVALS = 2
_HITS = 12
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*[”』」）)]*", re.DOTALL)


def measure_given(
    questions: Sequence[QuestionRow], pool: Mapping[str, str], say: Say = print
) -> dict[str, Figure]:
    """The figures of `measure_reading` and `measure_gate`, with the shipped evidence stage."""
    reader = ParagraphReader()
    say("证据句、短答")
    figures = measure_reading(questions, reader)
    say("拒答闸门")
    return figures | measure_gate(questions, pool, reader)


def measure_reading(questions: Sequence[QuestionRow], reader: ParagraphReader) -> dict[str, Figure]:
    """Evidence hit@1 and hit@2, exact match and F1 of the short answer that must be given.

    Questions without an answer are passed over, and for the evidence those whose answers all run
    over the end of a sentence.
    """
    values: defaultdict[str, list[float]] = defaultdict(list)
    for one in questions:
        if not one.is_answerable:
            continue
        reading = reader.read(one.question, [Paragraph(one.title, one.context)])
        held = [holds_answer(sentence, one) for sentence in reading.sentences]
        if any(held):
            values["evidence hit@1"].append(held[0])
            values["evidence hit@2"].append(any(held[:2]))
        values["short EM"].append(exact_match(one.answers, reading.guess))
        values["short F1"].append(f1(one.answers, reading.guess))
    return {name: share(found) for name, found in values.items()}


def measure_gate(
    questions: Sequence[QuestionRow], pool: Mapping[str, str], reader: ParagraphReader
) -> dict[str, Figure]:
    """AUC of the gate: a question with its paragraph and the two nearest of others by BM25, against
    the same with the sentences that hold an answer taken out of its paragraph.

    Where the set says itself that a question has no answer, its paragraph is left whole.
    """
    terms_alone = rag.Config(profile="builtin", vector_weight=0.0)
    bot = rag.Chatbot.from_articles((("", text) for text in pool), terms_alone)
    texts = {article.id: article.text for article in bot.articles}
    held: list[float] = []
    lacked: list[float] = []
    for one in questions:
        rivals = _rivals(bot.search(one.question, _HITS), texts, pool, one.context)
        if one.is_answerable:
            held.append(
                reader.read(one.question, [Paragraph(one.title, one.context), *rivals]).answerable
            )
        left = without_answer(one)
        given = [Paragraph(one.title, left), *rivals] if left else rivals
        if given:
            lacked.append(reader.read(one.question, given).answerable)
    if not held or not lacked:
        return {}
    area = area_under_curve(held, lacked)
    return {"gate AUC": Figure(area, None, None, len(held) + len(lacked))}


def _rivals(
    hits: Sequence[rag.Hit], texts: Mapping[str, str], pool: Mapping[str, str], own: str
) -> list[Paragraph]:
    """The nearest paragraphs but a question's own, with their scores against the best."""
    found: dict[str, Paragraph] = {}
    for hit in hits:
        text = texts[hit.passage.article_id]
        if text != own:
            found.setdefault(text, Paragraph(pool[text], text, hit.score))
    return list(found.values())[:_RIVALS]


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
