"""Train the reader: `python -m training.reader --data DIR`.

First on questions made from texts (`training.cloze`, `training.restated`), then on the question
sets: each question with sentences of its hits, as asked and with words replaced or left out, and
some that no sentence answers. Last, gently, on which of a sentence's numbers is asked for
(`training.enumerated`), too. The latter two are done twice from one start, and the mean of the
weights is kept. A tenth of the contexts is held out for the gate; the dev splits are not touched.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from rag.evidence.characters import (
    CHARACTER_FEATURES,
    MAX_SENTENCE,
    SENTENCE_FEATURES,
    reader_input,
)
from rag.evidence.features import FEATURES, QuestionView
from rag.evidence.lexicon import Lexicon, builtin_lexicon
from rag.models.weights import WEIGHTS
from rag.queries import KINDS, analyse
from training.cloze import Cloze, clozes
from training.data import (
    QuestionRow,
    read_news,
    read_training_questions,
    simplified,
    split_by_context,
)
from training.enumerated import enumerated
from training.evidence_data import Example, Pool, answerable_examples, unanswerable_examples
from training.reader_network import Batches, Network, ReadingExample, loss_of, save
from training.restated import restated
from training.scorers import DEVICE

HELD_OUT_PERCENT = 10
_CHARACTERS = 4500
_BATCH = 24
_SENTENCES = 12  # of a question's hits
_GOLD = 2
# What makes a sentence without the answer a rival, beside its likeness to the question.
_OWN_SHARE = 0.3
_LUCK_SHARE = 0.6
_CLOZES = 48_000  # and half as many on facts that are told twice
_CLOZE_NEWS = 30_000
_PARAGRAPH_WEIGHT = 4  # an encyclopaedia's paragraphs are few beside the news
_NEWS_LENGTHS = range(200, 1500)
_UNANSWERABLE_SHARE = 0.25
_RATE = 2e-3
_FEW, _FEW_WEIGHT = "drcd", 3  # the set with short answers and few questions
_MIXED_IN = 4000
_LAST_ROUNDS = ((0.4, 5e-4), (0.7, 1e-3))  # shares of the questions, and rates


class Lessons(NamedTuple):
    """What the reader learns from: the questions of the sets, and those made from texts."""

    asked: Sequence[ReadingExample]
    asked_few: Sequence[ReadingExample]
    made: Sequence[ReadingExample]
    restated: Sequence[ReadingExample]
    enumerated: Sequence[ReadingExample]


class Fit(NamedTuple):
    """What is learned in one go: examples, how often each, and the highest rate."""

    examples: Sequence[ReadingExample]
    epochs: int
    rate: float


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


def train(
    network: Network,
    batches: Batches,
    examples: Sequence[ReadingExample],
    epochs: int,
    rate: float,
    seed: int,
) -> None:
    """Fit the network to the examples, those of like length together; not at all to none."""
    if not examples:
        return
    order = np.random.default_rng(seed)
    sizes = np.array([len(example.given.text) for example in examples])
    steps = epochs * sum(1 for _ in _groups(sizes, np.random.default_rng(seed)))
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rate, total_steps=steps + epochs, pct_start=0.1
    )
    network.train()
    started, step, mean = time.monotonic(), 0, 0.0
    for _ in range(epochs):
        for group in _groups(sizes, order):
            chosen = [examples[place] for place in group]
            loss = loss_of(network, batches.of(chosen), chosen)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            step += 1
            mean += (loss.item() - mean) * max(0.02, 1 / step)
            if step % 100 == 0:
                spent = time.monotonic() - started
                print(f"step {step} of {steps} loss {mean:.3f} {spent:.0f} s", flush=True)
    network.eval()


def _groups(sizes: NDArray[np.int64], order: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Batches of numbers: drawn at random, then sorted by size within some forty batches."""
    places = order.permutation(len(sizes))
    groups = []
    for part in np.array_split(places, max(1, len(places) // (_BATCH * 40))):
        part = part[np.argsort(sizes[part], kind="stable")]
        groups += np.array_split(part, max(1, len(part) // _BATCH))
    yield from (groups[place] for place in order.permutation(len(groups)))


def new_network(texts: Sequence[str], lexicon: Lexicon) -> Network:
    """An untrained network that knows the commonest characters of the texts."""
    counts = Counter(ord(character) for text in texts for character in text.lower())
    codes = [code for code, _ in counts.most_common(_CHARACTERS)]
    vectors = (lexicon.embedder.piece_vectors, lexicon.words.vectors)
    widths = (len(SENTENCE_FEATURES), len(CHARACTER_FEATURES))
    return Network(codes, *vectors, len(KINDS), widths).to(DEVICE)


def main() -> None:
    """Read the arguments, train, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--clozes", type=int, default=_CLOZES)
    parser.add_argument("--limit", type=int, default=None, help="only so many questions")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    rows = simplified(read_training_questions(arguments.data))
    pool = Pool(rows)
    kept, _ = split_by_context(rows, held_out_percent=HELD_OUT_PERCENT)
    few = [row for row in kept if row.id.startswith(_FEW)][: arguments.limit]
    many = [row for row in kept if not row.id.startswith(_FEW)][: arguments.limit]
    news, mixed = _texts(arguments.data, kept, arguments.seed)
    order, clozes_ = random.Random(arguments.seed), arguments.clozes
    lessons = Lessons(
        asked=list(examples_of(pool, many, arguments.seed)),
        asked_few=list(examples_of(pool, few, arguments.seed)),
        made=list(cloze_examples(islice(clozes(mixed, order), clozes_))),
        restated=list(cloze_examples(islice(restated(news, order), clozes_ // 2))),
        enumerated=list(cloze_examples(islice(enumerated(news, order), clozes_ // 6))),
    )
    network = new_network([text for _, text in mixed], pool.lexicon)
    batches = Batches(network, [*lessons.asked, *lessons.asked_few])
    teach(network, batches, lessons, arguments.epochs, arguments.seed)
    save(network, batches, (*SENTENCE_FEATURES, *CHARACTER_FEATURES), arguments.out / "reader")


def teach(network: Network, batches: Batches, lessons: Lessons, epochs: int, seed: int) -> None:
    """All that the reader learns, in its order."""
    order = random.Random(seed)
    train(network, batches, [*lessons.made, *lessons.restated], 1, _RATE, seed)
    every = [*lessons.asked, *lessons.asked_few]
    some = order.sample(lessons.restated, min(len(lessons.restated), _MIXED_IN))
    weighted = [*lessons.asked, *[*lessons.asked_few] * _FEW_WEIGHT, *some]
    fits = [Fit(every, epochs, _RATE), Fit(weighted, epochs, _RATE)]
    train_averaged(network, batches, fits, seed)
    beside = [*some[: _MIXED_IN // 2], *lessons.enumerated]
    rounds = [
        Fit([*order.sample(every, int(len(every) * share)), *beside], 1, rate)
        for share, rate in _LAST_ROUNDS
    ]
    train_averaged(network, batches, rounds, seed, with_start=True)


def train_averaged(
    network: Network, batches: Batches, fits: Sequence[Fit], seed: int, *, with_start: bool = False
) -> None:
    """Fit the network anew by each of the fits, and leave it with the mean of the weights.

    ``with_start``: what it was before counts as one of them. Networks that were fitted from one
    start average well (Wortsman et al. 2022, "Model soups").
    """
    start = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    states = [start] if with_start else []
    for number, fit in enumerate(fits):
        network.load_state_dict(start)
        train(network, batches, fit.examples, fit.epochs, fit.rate, seed + number)
        states.append({name: tensor.clone() for name, tensor in network.state_dict().items()})
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in start}
    network.load_state_dict(mean)


def _texts(
    data: Path, rows: Sequence[QuestionRow], seed: int
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """News as ``(title, text)``, and some of them mixed with the paragraphs of the rows."""
    order = random.Random(seed)
    news = [("", text) for text in read_news(data) if len(text) in _NEWS_LENGTHS]
    order.shuffle(news)
    titles = {row.context: row.title for row in rows}
    paragraphs = [(title, text) for text, title in titles.items()]
    mixed = [*paragraphs * _PARAGRAPH_WEIGHT, *news[:_CLOZE_NEWS]]
    order.shuffle(mixed)
    return news, mixed


if __name__ == "__main__":
    main()
