"""What the reader learns from: questions of the sets, and questions made from texts.

Each becomes sentences with the features that the program itself would give them. Knows nothing of
networks or losses.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpora.news import read_news
from corpora.questions import QuestionRow, simplified
from corpora.training_questions import read_training_questions, split_by_context
from rag.evidence.characters import MAX_SENTENCE, reader_input
from rag.evidence.features import FEATURES, QuestionView
from rag.evidence.lexicon import builtin_lexicon
from rag.queries import analyse
from training.cloze import Cloze, clozes
from training.enumerated import enumerated
from training.evidence_data import Example, Pool, answerable_examples, unanswerable_examples
from training.reader_network import ReadingExample
from training.restated import restated
from training.side_by_side import side_by_side

_HELD_OUT_PERCENT = 10
_SENTENCES = 12  # of a question's hits
_GOLD = 2
# What makes a sentence without the answer a rival, beside its likeness to the question.
_OWN_SHARE = 0.3
_LUCK_SHARE = 0.6
_CLOZE_NEWS = 30_000
_PARAGRAPH_WEIGHT = 4  # an encyclopaedia's paragraphs are few beside the news
_NEWS_LENGTHS = range(200, 1500)
_UNANSWERABLE_SHARE = 0.25
_FEW = "drcd"  # the set with short answers and few questions
_PARTS = 2  # of the sets' questions, each made by a process of its own


class Lessons(NamedTuple):
    """Examples of each sort; ``asked_few`` are those of the set that has few."""

    asked: list[ReadingExample]
    asked_few: list[ReadingExample]
    made: list[ReadingExample]
    restated: list[ReadingExample]
    enumerated: list[ReadingExample]


class Order(NamedTuple):
    """What to make: from which folder, and how many of each sort made from texts.

    ``limit``: only so many questions of each of the sets, for a trial.
    """

    data: Path
    seed: int = 0
    clozes: int = 44_000
    restated: int = 30_000
    enumerated: int = 6_000
    limit: int | None = None


def make_lessons(order: Order) -> Lessons:
    """All examples, made in several processes."""
    jobs: list[Callable[[], list[ReadingExample]]] = [
        *(partial(_asked, order, part) for part in range(_PARTS)),
        partial(_asked_few, order),
        partial(_cloze_lessons, order),
        partial(_restated_lessons, order),
        partial(_enumerated_lessons, order),
    ]
    *asked, few, made, again, several = side_by_side(jobs)
    return Lessons([example for part in asked for example in part], few, made, again, several)


class Rows(NamedTuple):
    """Every training question, those the reader learns from, and those held out for the gate."""

    every: list[QuestionRow]
    kept: list[QuestionRow]
    held_out: list[QuestionRow]


def read_rows(data: Path) -> Rows:
    """The training questions in simplified characters."""
    every = simplified(read_training_questions(data))
    return Rows(every, *split_by_context(every, held_out_percent=_HELD_OUT_PERCENT))


def mixed_texts(data: Path, rows: Sequence[QuestionRow], seed: int) -> list[tuple[str, str]]:
    """News and the paragraphs of the rows, as ``(title, text)``."""
    titles = {row.context: row.title for row in rows}
    paragraphs = [(title, text) for text, title in titles.items()]
    mixed = [*paragraphs * _PARAGRAPH_WEIGHT, *_news(data, seed)[:_CLOZE_NEWS]]
    random.Random(seed).shuffle(mixed)
    return mixed


def _news(data: Path, seed: int) -> list[tuple[str, str]]:
    news = [("", text) for text in read_news(data) if len(text) in _NEWS_LENGTHS]
    random.Random(seed).shuffle(news)
    return news


def _asked(order: Order, part: int) -> list[ReadingExample]:
    """Examples of a part of the questions of the sets with many."""
    rows = read_rows(order.data)
    many = [row for row in rows.kept if not row.id.startswith(_FEW)][: order.limit]
    return list(examples_of(Pool(rows.every), many[part::_PARTS], order.seed + part))


def _asked_few(order: Order) -> list[ReadingExample]:
    rows = read_rows(order.data)
    few = [row for row in rows.kept if row.id.startswith(_FEW)][: order.limit]
    return list(examples_of(Pool(rows.every), few, order.seed))


def _cloze_lessons(order: Order) -> list[ReadingExample]:
    texts = mixed_texts(order.data, read_rows(order.data).kept, order.seed)
    return _first(clozes(texts, random.Random(order.seed)), order.clozes)


def _restated_lessons(order: Order) -> list[ReadingExample]:
    texts = _news(order.data, order.seed)
    return _first(restated(texts, random.Random(order.seed)), order.restated)


def _enumerated_lessons(order: Order) -> list[ReadingExample]:
    texts = _news(order.data, order.seed)
    return _first(enumerated(texts, random.Random(order.seed)), order.enumerated)


def _first(made: Iterator[Cloze], count: int) -> list[ReadingExample]:
    return list(cloze_examples(islice(made, count)))


def examples_of(pool: Pool, rows: Sequence[QuestionRow], seed: int) -> Iterator[ReadingExample]:
    """Each row as asked and weakened, and for some of them a question without an answer."""
    order = random.Random(seed)
    for weakened_share in (0.0, 1.0):
        for row in rows:
            for example in answerable_examples(pool, [row], seed, weakened_share):
                yield _reading(pool, example, row, order)
    some = order.sample(list(rows), int(len(rows) * _UNANSWERABLE_SHARE))
    for row in some:
        for example in unanswerable_examples(pool, [row], order.randrange(10**6)):
            yield _reading(pool, example, row, order)


def _reading(
    pool: Pool, example: Example, row: QuestionRow, order: random.Random
) -> ReadingExample:
    """Sentences that hold the answer and rivals: its neighbours and the most alike first."""
    gold = np.flatnonzero(example.is_gold)[:_GOLD]
    others = np.flatnonzero(~example.is_gold)
    alike = example.rows[others, FEATURES.index("sentence")]
    own = [float(example.candidates[i].article.text == row.context) for i in others.tolist()]
    luck = [order.random() for _ in own]
    worth = alike + _OWN_SHARE * np.array(own) + _LUCK_SHARE * np.array(luck)
    chosen = [*gold.tolist(), *others[np.argsort(-worth)].tolist()][:_SENTENCES]
    sentences = [example.candidates[i].standard for i in chosen]
    given = reader_input(example.view, sentences, example.rows[chosen], pool.lexicon)
    spans = tuple(
        _spans(sentence, row.answers) if example.is_gold[i] else ()
        for i, sentence in zip(chosen, sentences, strict=True)
    )
    return _compact(ReadingExample(given, example.is_gold[chosen], spans))


def _spans(text: str, answers: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the answers stand in a sentence, as far as it is read."""
    found = []
    for answer in dict.fromkeys(answers):
        start = text.find(answer) if answer else -1
        while start >= 0:
            found.append((start, start + len(answer)))
            start = text.find(answer, start + 1)
    return tuple(span for span in found if span[1] <= MAX_SENTENCE)


def _compact(example: ReadingExample) -> ReadingExample:
    """The same in half the memory."""
    characters: NDArray[Any] = example.given.characters.astype(np.float16)
    return replace(example, given=example.given._replace(characters=characters))


def cloze_examples(made: Iterable[Cloze]) -> Iterator[ReadingExample]:
    """Questions made from texts as the reader takes them."""
    lexicon = builtin_lexicon()
    for cloze in made:
        view = QuestionView.of(analyse(cloze.question), lexicon.weights)
        rows = np.zeros((len(cloze.sentences), len(FEATURES)), dtype=np.float32)
        given = reader_input(view, cloze.sentences, rows, lexicon)
        is_gold = np.arange(len(cloze.sentences)) == cloze.gold
        spans = tuple(((tuple(cloze.answer),) if gold else ()) for gold in is_gold)
        yield _compact(ReadingExample(given, is_gold, spans, has_rows=False))  # type: ignore[arg-type]
