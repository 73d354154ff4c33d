"""What the built-in embedder is trained on, as text: news, laws and the allowed questions.

Chooses and samples; it does not know about pieces, pairs or vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpora.laws import read_laws
from corpora.news import read_news
from corpora.questions import QuestionRow, simplified
from corpora.training_questions import read_training_questions


@dataclass(frozen=True, slots=True)
class Corpora:
    """Everything that is trained on, as text."""

    news: list[str]
    laws: list[str]
    questions: list[QuestionRow]

    @classmethod
    def read(cls, folder: Path, questions: list[QuestionRow], *, law_chars: int) -> Corpora:
        """Read the trainable news and a fixed sample of the laws; the questions are given."""
        random = np.random.default_rng(0)
        laws = [law.text for law in read_laws(folder)]
        return cls(list(read_news(folder)), sample_texts(laws, law_chars, random), questions)

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
