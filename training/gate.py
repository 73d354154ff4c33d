"""Train the gate: `python -m training.gate --data DIR`, after the reader.

A logistic regression over the features of ``rag.evidence.gate``: does the reader's first choice
hold the answer. It learns on the contexts that the reader was not trained on, whose scores are as
unsure as those of questions to come, and on questions made from news; the figures printed are
those of a fifth that it has not seen, five times over. The dev splits are not touched.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu
from torch import nn

from corpora.news import read_news
from corpora.questions import QuestionRow
from rag.evidence.gate import GATE_FEATURES, gate_row, is_about
from rag.evidence.reading import builtin_sentence_reader
from rag.models.scorer import Scorer
from rag.models.weights import WEIGHTS
from training.cloze import clozes
from training.evidence_data import (
    Example,
    Pool,
    answerable_examples,
    summary,
    unanswerable_examples,
)
from training.lessons import read_rows
from training.restated import restated
from training.scorers import array, save, spread
from training.side_by_side import side_by_side

Floats = NDArray[np.float32]
_STEPS = 600
_NEWS = 800
_RESTATED_TEXTS = 10_000
_PARTS = 5
_PROCESSES = 2
_FEW = range(2, 9)  # sentences
_ROUNDS = 3  # of the unanswerable questions, each time made in another way
_WEAKENED_SHARE = 0.4
_THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.5)


def gate_rows(examples: Iterable[Example], seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The gate's input for each question, and whether the reader's choice holds the answer.

    Each is taken with all of its sentences and with a few, as a folder of two short articles has.
    Questions that the gate shuts out by their subject or year do not reach its scorer.
    """
    reader, order = builtin_sentence_reader(), np.random.default_rng(seed)
    rows, holds = [], []
    for example in examples:
        read = reader.read(example.view, example.candidates)
        few = order.permutation(len(read.ranks))[: order.choice(_FEW)]
        for places in (
            np.arange(len(read.ranks)),
            np.union1d(few, np.flatnonzero(example.is_gold)),
        ):
            among = read.among(places.tolist())
            best = int(among.ranks.argmax())
            choice = example.candidates[places[best]]
            if is_about(example.view, choice):
                rows.append(gate_row(example.view, choice, among, best))
                holds.append(bool(example.is_gold[places[best]]))
    return np.stack(rows), np.asarray(holds)


def train_gate(rows: Floats, holds: NDArray[np.bool_], seed: int) -> Scorer:
    """A logistic regression whose weights are kept from going below zero.

    So the score never falls when a feature rises.
    """
    torch.manual_seed(seed)
    mean, scale = spread(rows)
    net = nn.Linear(rows.shape[1], 1)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-2, weight_decay=1e-3)
    inputs = torch.from_numpy((rows - mean) / scale)
    targets = torch.from_numpy(holds.astype(np.float32))
    for _ in range(_STEPS):
        loss = nn.functional.binary_cross_entropy_with_logits(net(inputs).squeeze(1), targets)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        with torch.no_grad():
            net.weight.clamp_(min=0)
    arrays = {
        "mean": mean,
        "scale": scale,
        "output": array(net.weight)[0],
        "offset": array(net.bias),
    }
    return Scorer(arrays, GATE_FEATURES)


def examples_of(pool: Pool, rows: Sequence[QuestionRow], seed: int) -> Iterator[Example]:
    """Each question with its hits, as asked and weakened, and as often without its answer."""
    yield from answerable_examples(pool, rows, seed)
    yield from answerable_examples(pool, rows, seed, _WEAKENED_SHARE)
    for part in range(_ROUNDS):
        yield from unanswerable_examples(pool, rows, seed + part, _WEAKENED_SHARE)


def news_rows(texts: Sequence[str], count: int, seed: int) -> list[QuestionRow]:
    """So many questions made from news texts, in the shape of the question sets.

    Half of them ask in the words of the answer's sentence, half in those of another.
    """
    told = [("", text) for text in texts]
    made = [
        *islice(clozes(told, random.Random(seed)), count // 2),
        *islice(restated(told[:_RESTATED_TEXTS], random.Random(seed)), count // 2),
    ]
    return [
        QuestionRow(
            id=f"news-{number}",
            question=cloze.question,
            answers=(cloze.sentences[cloze.gold][cloze.answer.start : cloze.answer.end],),
            context=cloze.text,
            title="",
        )
        for number, cloze in enumerate(made)
    ]


def _part(data: Path, seed: int, part: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The gate's input on a part of the questions that are held out or made from news."""
    rows = read_rows(data)
    news = list(read_news(data))
    random.Random(seed).shuffle(news)
    held_out = [*rows.held_out, *news_rows(news, _NEWS, seed)]
    pool = Pool([*rows.every, *held_out])
    examples = examples_of(pool, held_out[part::_PROCESSES], seed + part * _ROUNDS)
    return gate_rows(examples, seed + part)


def _unseen_scores(rows: Floats, holds: NDArray[np.bool_], seed: int) -> Floats:
    """Scores of each part by a gate that was trained on the others."""
    part = np.random.default_rng(seed).permutation(len(rows)) % _PARTS
    scores = np.empty(len(rows), dtype=np.float32)
    for number in range(_PARTS):
        gate = train_gate(rows[part != number], holds[part != number], seed)
        scores[part == number] = gate.score(rows[part == number])
    return scores


def main() -> None:
    """Read the arguments, train, print risk and coverage at several thresholds, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    jobs = [partial(_part, arguments.data, arguments.seed, part) for part in range(_PROCESSES)]
    parts = side_by_side(jobs)
    rows = np.concatenate([rows for rows, _ in parts])
    holds = np.concatenate([holds for _, holds in parts])
    scores = _unseen_scores(rows, holds, arguments.seed)
    # Pairs in order, a tie counting half: U of Mann and Whitney over all pairs is that area.
    pairs = float(mannwhitneyu(scores[holds], scores[~holds]).statistic)
    area = pairs / (holds.sum() * (~holds).sum())
    print(summary({"choices": len(rows), "gate AUC": float(area)}))
    for threshold in _THRESHOLDS:
        passed = scores >= np.log(threshold / (1 - threshold))
        kept, refused = float(passed[holds].mean()), float((~passed[~holds]).mean())
        print(summary({"threshold": threshold, "answers kept": kept, "others refused": refused}))
    gate = train_gate(rows, holds, arguments.seed)
    for name, weight in zip(GATE_FEATURES, gate.arrays["output"], strict=True):
        print(f"{name} {weight:.3f}")
    save(gate, arguments.out / "gate")


if __name__ == "__main__":
    main()
