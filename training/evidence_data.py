"""Questions with candidate sentences, as the program itself would find them.

Contexts of the question sets become articles of one index; each question is searched there with
the program's own retriever and its hits' sentences get the program's own features. Knows nothing
of networks or losses.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.questions import QuestionRow
from rag.articles import article_from_text, corpus_in_memory
from rag.datatypes import Hit
from rag.evidence.candidates import Candidate, gather
from rag.evidence.features import QuestionView, feature_rows
from rag.evidence.lexicon import Lexicon, builtin_lexicon
from rag.index import Index, IndexSettings
from rag.queries import analyse, content_of, find_subject
from rag.retriever import Retriever

Floats = NDArray[np.float32]
_PASSAGE_CHARS = 240
_HITS = 8
_CANDIDATES = 50
_VECTOR_WEIGHT = 0.15
_LEFT_OUT = 0.25
_REPLACED = 0.35
_NEAREST = 5
_LIKE = 0.75  # cosine of word vectors from which words commonly mean something alike
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
_YEAR = re.compile(r"(?:1[89]|20)\d{2}(?=年)")


@dataclass(frozen=True, slots=True)
class Example:
    """One question's candidates: features, and which of them hold the answer."""

    view: QuestionView
    candidates: Sequence[Candidate]
    rows: Floats
    is_gold: NDArray[np.bool_]


class Pool:
    """An index over the contexts of question rows, searched as the program searches."""

    def __init__(self, rows: Sequence[QuestionRow]) -> None:
        contexts = {row.context: row.title for row in rows}
        articles = [
            article_from_text(f"{n}#1", title, text, str(n))
            for n, (text, title) in enumerate(contexts.items())
        ]
        self._ids = {article.text: article.id for article in articles}
        self.lexicon = builtin_lexicon()
        self.index = Index.build(
            corpus_in_memory(articles), self.lexicon.embedder, IndexSettings(_PASSAGE_CHARS)
        )
        self._retriever = Retriever(
            self.index, self.lexicon.embedder, candidates=_CANDIDATES, vector_weight=_VECTOR_WEIGHT
        )

    def search(self, question: str) -> list[Hit]:
        """The hits of a question."""
        return self._retriever.search(question, _HITS)

    def gold_hits(self, row: QuestionRow) -> list[Hit]:
        """The gold context's own passages as hits, in order."""
        article_id = self._ids[row.context]
        article = self.index.articles[article_id]
        return [
            Hit(passage, 1.0, ("terms",), article.source, ())
            for passage in self.index.passages
            if passage.article_id == article_id
        ]

    def example(self, question: str, row: QuestionRow, candidates: Sequence[Candidate]) -> Example:
        """Features of the candidates; gold are sentences of the row's context with an answer."""
        view = QuestionView.of(analyse(question), self.lexicon.weights)
        gold_id = self._ids[row.context]
        is_gold = [c.article.id == gold_id and holds_answer(c.text, row) for c in candidates]
        rows = feature_rows(view, candidates, self.lexicon.embedder, self.lexicon.weights)
        return Example(view, candidates, rows, np.asarray(is_gold))

    def sentences(self, hits: Sequence[Hit]) -> list[Candidate]:
        """The candidate sentences of hits."""
        return gather(hits, self.index.articles)


def holds_answer(text: str, row: QuestionRow) -> bool:
    """Whether an answer of the row stands in the text."""
    return any(answer in text for answer in row.answers if answer)


def answerable_examples(
    pool: Pool, rows: Iterable[QuestionRow], seed: int, weakened_share: float = 0.0
) -> Iterator[Example]:
    """Each question with the sentences of its hits, where those hold the answer.

    A share of the questions is weakened first.
    """
    random_ = random.Random(seed)
    for row in rows:
        is_weak = random_.random() < weakened_share
        question = weakened(row.question, random_, pool.lexicon) if is_weak else row.question
        candidates = pool.sentences(pool.search(question))
        example = pool.example(question, row, candidates)
        if example.is_gold.any():
            yield example


def unanswerable_examples(
    pool: Pool, rows: Sequence[QuestionRow], seed: int, weakened_share: float = 0.0
) -> Iterator[Example]:
    """Questions whose hits hold no answer: made so in four ways, drawn in turn.

    The answer's sentences are taken out, or the whole article is; the subject is changed to
    another row's, or the year to another year.
    """
    random_ = random.Random(seed)
    for row in rows:
        way = random_.choice(("sentence", "article", "subject", "year"))
        question = _changed(row, way, rows, random_)
        if question is None:
            way, question = random_.choice(("sentence", "article")), row.question
        if random_.random() < weakened_share:
            question = weakened(question, random_, pool.lexicon)
        candidates = pool.sentences(pool.search(question))
        kept = [c for c in candidates if not _taken_out(c, row, way)]
        if kept:
            example = pool.example(question, row, kept)
            yield replace(example, is_gold=np.zeros(len(kept), dtype=bool))


def weakened(question: str, random_: random.Random, lexicon: Lexicon) -> str:
    """The question as one who words it differently: it shares fewer words with the text.

    Some words give way to others that commonly stand in their place, then some of two characters
    are left out. Asking words, digits and the subject stay.
    """
    subject = find_subject(question)
    question = _replaced(question, subject, random_, lexicon)
    for run in content_of(question).split():
        for word in _WORD.findall(run):
            if word not in subject and random_.random() < _LEFT_OUT:
                question = question.replace(word, " ", 1)
    return question


def _replaced(question: str, subject: str, random_: random.Random, lexicon: Lexicon) -> str:
    content = content_of(question)
    for piece in dict.fromkeys(lexicon.embedder.pieces_in([question])[0].tolist()):
        word = lexicon.embedder.piece_text(piece)
        if _HAN.fullmatch(word) and word in content and word not in subject:
            others = _like(piece, lexicon) if random_.random() < _REPLACED else ()
            if others:
                question = question.replace(word, random_.choice(others), 1)
    return question


@lru_cache(maxsize=20_000)
def _like(piece: int, lexicon: Lexicon) -> tuple[str, ...]:
    """Words of two characters or more that stand among the same words as a piece does."""
    vectors = lexicon.words.vectors
    likeness = vectors @ vectors[piece]
    likeness[piece] = 0
    nearest = np.argpartition(-likeness, _NEAREST)[:_NEAREST]
    words = [lexicon.embedder.piece_text(n) for n in nearest.tolist() if likeness[n] > _LIKE]
    return tuple(word for word in words if _HAN.fullmatch(word))


def _taken_out(candidate: Candidate, row: QuestionRow, way: str) -> bool:
    if way == "article":
        return candidate.article.text == row.context
    return way == "sentence" and holds_answer(candidate.text, row)


def _changed(
    row: QuestionRow, way: str, rows: Sequence[QuestionRow], random_: random.Random
) -> str | None:
    question = row.question
    if way == "subject":
        subject = row.title if row.title in question else find_subject(question)
        other = random_.choice(rows).title
        if subject and other and other not in row.context:
            return question.replace(subject, other)
    if way == "year":
        match = _YEAR.search(question)
        if match:
            year = str(int(match.group()) + random_.choice((-3, -2, -1, 1, 2, 3)))
            if year not in row.context:
                return question.replace(match.group(), year)
    return None


def summary(values: dict[str, Any]) -> str:
    """Figures in one line."""
    return "  ".join(
        f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in values.items()
    )
