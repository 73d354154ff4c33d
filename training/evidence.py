"""Train the evidence ranker and the gate: `python -m training.evidence --data DIR`.

Both score the features of ``rag.evidence``. The ranker, networks with one hidden layer, learns
over all sentences of a question's hits to put one that holds the answer first (softmax over the
list); the gate, a logistic regression, learns whether the ranker's first choice does hold it. A
tenth of the contexts is held out for the figures printed here; the dev splits are not touched.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from rag.evidence.features import FEATURES
from rag.evidence.gate import GATE_FEATURES, gate_row, is_about
from rag.models.scorer import Scorer
from rag.models.weights import WEIGHTS
from training.data import (
    QuestionRow,
    read_training_questions,
    simplified,
    split_by_context,
)
from training.evidence_data import (
    Example,
    Pool,
    answerable_examples,
    summary,
    unanswerable_examples,
)
from training.scorers import array, save, spread

Floats = NDArray[np.float32]
_HELD_OUT_PERCENT = 10
_BATCH = 64
_WEAKENED_SHARE = 0.4
_HIDDEN = 48
_NETWORKS = 4
_GATE_STEPS = 600


def train_ranker(examples: Sequence[Example], epochs: int, seed: int) -> Scorer:
    """A scorer trained with the softmax loss over each question's sentences.

    Its hidden layer holds several networks trained from different seeds, and its output is their
    mean: one network's choices on pages unlike its training vary with its seed.
    """
    mean, scale = spread(np.concatenate([e.rows for e in examples]))
    data = [
        (torch.from_numpy((e.rows - mean) / scale), torch.from_numpy(e.is_gold)) for e in examples
    ]
    nets = [_train_network(data, epochs, seed + number) for number in range(_NETWORKS)]
    arrays = {
        "mean": mean,
        "scale": scale,
        # Contiguous: safetensors writes an array as it lies in memory.
        "hidden": np.ascontiguousarray(
            np.concatenate([array(first.weight) for first, _ in nets]).T
        ),
        "bias": np.concatenate([array(first.bias) for first, _ in nets]),
        "output": np.concatenate([array(last.weight)[0] for _, last in nets]) / _NETWORKS,
        "offset": np.mean([array(last.bias) for _, last in nets], axis=0),
    }
    return Scorer(arrays, FEATURES)


def _train_network(
    data: Sequence[tuple[torch.Tensor, torch.Tensor]], epochs: int, seed: int
) -> tuple[nn.Linear, nn.Linear]:
    torch.manual_seed(seed)
    first, last = nn.Linear(len(FEATURES), _HIDDEN), nn.Linear(_HIDDEN, 1)
    net = nn.Sequential(first, nn.ReLU(), nn.Dropout(0.1), last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    order = np.random.default_rng(seed)
    for _ in range(epochs):
        for batch in np.array_split(order.permutation(len(data)), max(1, len(data) // _BATCH)):
            scores = net(torch.cat([data[i][0] for i in batch])).squeeze(1)
            parts = torch.split(scores, [len(data[i][0]) for i in batch])
            losses = [
                torch.logsumexp(part, 0) - torch.logsumexp(part[data[i][1]], 0)
                for part, i in zip(parts, batch, strict=True)
            ]
            _step(optimiser, torch.stack(losses).mean())
        schedule.step()
    return first, last


def train_gate(rows: Floats, holds: NDArray[np.bool_], seed: int) -> Scorer:
    """A logistic regression: does the chosen sentence hold the answer.

    Its weights are kept from going below zero, so that the score never falls when a feature rises.
    """
    torch.manual_seed(seed)
    mean, scale = spread(rows)
    net = nn.Linear(rows.shape[1], 1)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-2, weight_decay=1e-3)
    inputs = torch.from_numpy((rows - mean) / scale)
    targets = torch.from_numpy(holds.astype(np.float32))
    for _ in range(_GATE_STEPS):
        loss = nn.functional.binary_cross_entropy_with_logits(net(inputs).squeeze(1), targets)
        _step(optimiser, loss)
        with torch.no_grad():
            net.weight.clamp_(min=0)
    arrays = {
        "mean": mean,
        "scale": scale,
        "output": array(net.weight)[0],
        "offset": array(net.bias),
    }
    return Scorer(arrays, GATE_FEATURES)


def gate_rows(ranker: Scorer, examples: Iterable[Example]) -> tuple[Floats, NDArray[np.bool_]]:
    """The gate's input for each question, and whether the ranker's choice holds the answer.

    Questions that the gate shuts out by their subject or year do not reach its scorer.
    """
    rows, holds = [], []
    for example in examples:
        scores = ranker.score(example.rows)
        best = int(scores.argmax())
        choice = example.candidates[best]
        if not is_about(example.view, choice):
            continue
        rows.append(gate_row(example.view, choice, example.rows, scores, best))
        holds.append(bool(example.is_gold[best]))
    return np.stack(rows), np.asarray(holds)


def hit_at(ranker: Scorer, examples: Iterable[Example], count: int) -> float:
    """Share of questions with an answer among the ranker's first ``count`` sentences."""
    return float(
        np.mean([e.is_gold[np.argsort(-ranker.score(e.rows))[:count]].any() for e in examples])
    )


def area_under_curve(scores: Floats, holds: NDArray[np.bool_]) -> float:
    """Area under the ROC curve, by ranks."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores, kind="stable")] = np.arange(1, len(scores) + 1)
    positive, negative = int(holds.sum()), int((~holds).sum())
    return float((ranks[holds].sum() - positive * (positive + 1) / 2) / (positive * negative))


def _step(optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def train(rows: Sequence[QuestionRow], out: Path, epochs: int, seed: int) -> None:
    """Make the examples, train both networks, print held-out figures, save."""
    pool = Pool(rows)
    kept, held_out = split_by_context(rows, held_out_percent=_HELD_OUT_PERCENT)
    fit = list(answerable_examples(pool, kept, seed, _WEAKENED_SHARE))
    test = list(answerable_examples(pool, held_out, seed))
    ranker = train_ranker(fit, epochs, seed)
    save(ranker, out / "evidence_ranker")
    figures = {
        "questions": len(fit),
        "hit@1": hit_at(ranker, test, 1),
        "hit@2": hit_at(ranker, test, 2),
    }
    print(summary(figures), flush=True)
    negatives = list(unanswerable_examples(pool, kept, seed, _WEAKENED_SHARE))
    inputs, holds = gate_rows(ranker, [*fit, *negatives])
    gate = train_gate(inputs, holds, seed)
    save(gate, out / "gate")
    _print_gate(gate, ranker, [*test, *unanswerable_examples(pool, held_out, seed)])


def _print_gate(gate: Scorer, ranker: Scorer, examples: Sequence[Example]) -> None:
    """Risk and coverage of the gate on held-out questions, at several thresholds."""
    inputs, holds = gate_rows(ranker, examples)
    scores = gate.score(inputs)
    print(summary({"gate AUC": area_under_curve(scores, holds)}))
    for probability in (0.05, 0.1, 0.2, 0.3, 0.5):
        passed = scores >= np.log(probability / (1 - probability))
        figures = {
            "threshold": probability,
            "answers kept": float(passed[holds].mean()),
            "others refused": float((~passed[~holds]).mean()),
        }
        print(summary(figures))


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--limit", type=int, default=None, help="only so many questions")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    rows = simplified(read_training_questions(arguments.data))[: arguments.limit]
    train(rows, arguments.out, arguments.epochs, arguments.seed)


if __name__ == "__main__":
    main()
