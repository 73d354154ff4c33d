"""Train the claim scorer: `python -m training.claims --data DIR`.

It scores the features of ``rag.citations.features``: whether words that a sentence has and its
evidence lacks change what is said. A tenth of the news rows is held out for the figures printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from corpora.news import read_news
from rag.citations.features import FEATURES, feature_rows
from rag.models.scorer import Scorer
from rag.models.term_weights import builtin_term_weights
from rag.models.weights import WEIGHTS
from rag.models.word_pairs import WordPairs
from training.claims_data import (
    Example,
    false_examples,
    pairs_for,
    paraphrases,
    read_sentences,
    true_examples,
    word_pairs,
)
from training.scorers import save as save_scorer

Floats = NDArray[np.float32]
_HIDDEN = 32
_EPOCHS = 12
_BATCH = 256
_FALSE_A_PAIR = 2
_MOST_COUPLES = 8000


def rows_of(examples: Sequence[Example], pairs: WordPairs) -> tuple[Floats, Floats]:
    """Features and targets; word pairs must come from other couples than the examples."""
    weights = builtin_term_weights()
    rows = [feature_rows([e.difference], e.words, weights, pairs)[0] for e in examples]
    return np.stack(rows), np.asarray([e.is_change for e in examples], dtype=np.float32)


def examples_of(
    couples: Sequence[tuple[str, str]], pool: Sequence[str], seed: int
) -> list[Example]:
    """True and false examples of the same couples."""
    random = Random(seed)
    found = list(true_examples(couples))
    for _ in range(_FALSE_A_PAIR):
        found.extend(false_examples(couples, pool, random))
    # The same sentence beside itself: all that differs is what was put in.
    same = [(one, one) for one, _ in couples]
    found.extend(false_examples(same, pool, random))
    return found


def train_scorer(rows: Floats, targets: Floats, seed: int) -> Scorer:
    """One hidden layer, trained with the logistic loss, both classes weighing the same."""
    torch.manual_seed(seed)
    mean = rows.mean(axis=0).astype(np.float32)
    scale = np.maximum(rows.std(axis=0), 0.05).astype(np.float32)
    first, last = nn.Linear(len(FEATURES), _HIDDEN), nn.Linear(_HIDDEN, 1)
    net = nn.Sequential(first, nn.ReLU(), nn.Dropout(0.1), last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, _EPOCHS)
    inputs, wanted = torch.from_numpy((rows - mean) / scale), torch.from_numpy(targets)
    balance = torch.tensor(float((targets == 0).sum() / max(1, (targets == 1).sum())))
    order = np.random.default_rng(seed)
    for _ in range(_EPOCHS):
        for batch in np.array_split(order.permutation(len(rows)), max(1, len(rows) // _BATCH)):
            loss = nn.functional.binary_cross_entropy_with_logits(
                net(inputs[batch]).squeeze(1), wanted[batch], pos_weight=balance
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        schedule.step()
    return Scorer(
        {
            "mean": mean,
            "scale": scale,
            "hidden": np.ascontiguousarray(first.weight.detach().numpy().T),
            "bias": first.bias.detach().numpy(),
            "output": np.ascontiguousarray(last.weight.detach().numpy()[0]),
            "offset": last.bias.detach().numpy(),
        },
        FEATURES,
    )


def train(data: Path, out: Path, seed: int) -> None:
    """Mine, make examples, train, print held-out figures, save."""
    numbered = read_sentences(read_news(data))
    couples = paraphrases(numbered)
    Random(seed).shuffle(couples)
    pool = [text for _, text in Random(seed).sample(numbered, min(10000, len(numbered)))]
    print(f"sentences {len(numbered)}, paraphrases {len(couples)}", flush=True)
    tenth = len(couples) // 10
    held_out, kept = couples[:tenth][:_MOST_COUPLES], couples[tenth:]
    half = len(kept) // 2
    # The words of a couple are known from the other half: else every true example would be.
    parts = [
        rows_of(examples_of(mine[:_MOST_COUPLES], pool, seed + n), pairs_for(others))
        for n, (mine, others) in enumerate(((kept[:half], kept[half:]), (kept[half:], kept[:half])))
    ]
    rows, targets = (np.concatenate(part) for part in zip(*parts, strict=True))
    scorer = train_scorer(rows, targets, seed)
    test, labels = rows_of(examples_of(held_out, pool, seed + 2), pairs_for(couples[tenth:]))
    scores = scorer.score(test)
    for threshold in (-1.0, 0.0, 1.0, 2.0, 3.0):
        caught = float((scores[labels == 1] > threshold).mean())
        kept_share = float((scores[labels == 0] <= threshold).mean())
        print(f"threshold {threshold}: changes caught {caught:.3f}, kept {kept_share:.3f}")
    save(scorer, word_pairs(couples), out / "claims")


def save(scorer: Scorer, pairs: Sequence[tuple[str, str]], folder: Path) -> None:
    """Write the scorer and the word pairs where the program looks for them."""
    save_scorer(scorer, folder)
    lines = [f"{one}\t{other}\n" for one, other in pairs]
    (folder / "word_pairs.tsv").write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    train(arguments.data, arguments.out, arguments.seed)


if __name__ == "__main__":
    main()
