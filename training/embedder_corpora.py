"""What the built-in embedder is trained on, as text: news, laws and the allowed questions.

The questions are of two kinds: published ones, near to their paragraphs' words, and those written
over news, most of them in other words, with the passage that answers as the program cuts it.
Chooses and samples; it does not know about pieces, pairs or vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpora.held_out import HeldOut
from corpora.laws import read_laws
from corpora.news import read_news
from corpora.questions import QuestionRow, simplified
from corpora.training_questions import read_training_questions
from corpora.yinju import QaRow, read_qa
from rag.articles import article_from_text
from rag.passages import split_article
from rag.text import standard_form
from training.question_lists import is_held_out

AMONG = 4_000  # news whose passages the written questions are told apart from, too


@dataclass(frozen=True, slots=True)
class Corpora:
    """Everything that is trained on, as text."""

    news: list[str]
    laws: list[str]
    questions: list[QuestionRow]
    written: list[QuestionRow]
    among: list[str]  # passages that the written questions are told apart from

    @classmethod
    def read(cls, folder: Path, questions: list[QuestionRow], *, law_chars: int) -> Corpora:
        """Read the trainable news and a fixed sample of the laws; the questions are given."""
        random = np.random.default_rng(0)
        held_out = HeldOut.of(folder)
        laws = [law.text for law in read_laws(folder, held_out=held_out)]
        news = list(read_news(folder, held_out=held_out))
        written, around = written_questions(folder, held_out=held_out)
        passages = (one for text in news[:AMONG] for one, _, _ in cut("", text))
        return cls(
            news, sample_texts(laws, law_chars, random), questions, written, [*around, *passages]
        )

    @property
    def contexts(self) -> list[str]:
        """The distinct passages of the questions, in order."""
        return list(dict.fromkeys(row.context for row in self.questions))

    def sample_for_tokenizer(self, chars: int, random: np.random.Generator) -> list[str]:
        """Take all questions and contexts, and news and laws (six to one), `chars` in all."""
        asked = [row.question for row in self.questions] + self.contexts
        rest = max(0, chars - sum(map(len, asked)))
        news = sample_texts(self.news, rest * 6 // 7, random)
        return news + sample_texts(self.laws, rest // 7, random) + asked


def read_simplified_questions(folder: Path) -> list[QuestionRow]:
    """Read the question rows that may be trained on, DRCD in simplified characters."""
    rows = read_training_questions(folder)
    traditional = [row for row in rows if row.id.startswith("drcd")]
    return [row for row in rows if not row.id.startswith("drcd")] + simplified(traditional)


def written_questions(
    folder: Path, *, held_out: HeldOut | None = None
) -> tuple[list[QuestionRow], list[str]]:
    """The hand-written questions with the passages that answer them, and all their passages.

    Articles that the judge is fitted on are left out; of each question its form that stands alone.
    """
    read = read_qa(folder, "train", held_out=held_out)
    passages = {
        name: cut(name, text)
        for name, text in read.texts.items()
        if not is_held_out(f"yinju/{name}")
    }
    rows = [
        QuestionRow(row.id, row.stand_alone, row.answers, passage, "")
        for row in read.rows
        if row.answerable and row.doc in passages
        for passage in _answering(row, passages[row.doc])
    ]
    return rows, [text for some in passages.values() for text, _, _ in some]


def cut(name: str, text: str) -> list[tuple[str, int, int]]:
    """An article's passages with their ranges, in standard form."""
    article = article_from_text(name, "", text, name)
    return [(standard_form(one.text), one.start, one.end) for one in split_article(article)]


def _answering(row: QaRow, passages: Sequence[tuple[str, int, int]]) -> list[str]:
    """The passage with most of the first evidence; none where there is no evidence."""
    if not row.evidence:
        return []
    start, end = row.evidence[0]
    return [max(passages, key=lambda one: min(one[2], end) - max(one[1], start))[0]]


def sample_texts(texts: Sequence[str], chars: int, random: np.random.Generator) -> list[str]:
    """Take texts in random order until they hold `chars` characters."""
    chosen: list[str] = []
    total = 0
    for index in random.permutation(len(texts)).tolist():
        if total >= chars:
            break
        chosen.append(texts[index])
        total += len(texts[index])
    return chosen
