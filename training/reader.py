"""Train the reader: `python -m training.reader --data DIR`.

First on questions made from texts (`training.cloze`, `training.restated`, `training.enumerated`),
then on the question sets: each question with sentences of its hits, as asked and with words
replaced or left out, some that no sentence answers, and a few of those made from texts. The latter
is done twice from one start, and the mean of the weights is kept. A tenth of the contexts is held
out for the gate; the dev splits are not touched.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from rag.evidence.characters import CHARACTER_FEATURES, SENTENCE_FEATURES
from rag.evidence.lexicon import Lexicon, builtin_lexicon
from rag.models.weights import WEIGHTS
from rag.queries import KINDS
from training.lessons import Lessons, Order, make_lessons, mixed_texts, read_rows
from training.reader_network import Batches, Network, ReadingExample, loss_of, save
from training.scorers import DEVICE, array
from training.side_by_side import side_by_side

Floats = NDArray[np.float32]
_CHARACTERS = 4500
_BATCH = 24
_RATE = 2e-3
_FEW_WEIGHT = 3  # of the set with short answers and few questions
_RESTATED, _ENUMERATED = 4000, 1000


class Fit(NamedTuple):
    """What is learned in one go: examples, how often each, and the highest rate."""

    examples: Sequence[ReadingExample]
    epochs: int
    rate: float


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
    parser.add_argument("--limit", type=int, help="only so many questions of each of the sets")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    lessons = make_lessons(Order(arguments.data, arguments.seed, limit=arguments.limit))
    torch.manual_seed(arguments.seed)
    texts = mixed_texts(arguments.data, read_rows(arguments.data).kept, arguments.seed)
    network = new_network([text for _, text in texts], builtin_lexicon())
    batches = Batches(network, [*lessons.asked, *lessons.asked_few])
    teach(network, batches, lessons, arguments.epochs, arguments.seed)
    save(network, batches, (*SENTENCE_FEATURES, *CHARACTER_FEATURES), arguments.out / "reader")


def teach(network: Network, batches: Batches, lessons: Lessons, epochs: int, seed: int) -> None:
    """All that the reader learns, in its order; most of the made questions are let go on the way.

    The second fit sees the set that has few questions more often, and some that were made.
    """
    train(network, batches, [*lessons.made, *lessons.restated, *lessons.enumerated], 1, _RATE, seed)
    lessons.made.clear()  # two gigabytes that the processes of the fits can use
    order = random.Random(seed)
    mixed_in = [
        *order.sample(lessons.restated, min(len(lessons.restated), _RESTATED)),
        *order.sample(lessons.enumerated, min(len(lessons.enumerated), _ENUMERATED)),
    ]
    asked, few = lessons.asked, lessons.asked_few
    fits = [
        Fit([*asked, *few], epochs, _RATE),
        Fit([*asked, *few * _FEW_WEIGHT, *mixed_in], epochs, _RATE),
    ]
    train_averaged(network, batches, fits, seed)


def train_averaged(network: Network, batches: Batches, fits: Sequence[Fit], seed: int) -> None:
    """Fit the network anew by each of the fits, and leave it with the mean of the weights.

    Networks that were fitted from one start average well (Wortsman et al. 2022, "Model soups").
    """
    jobs = [partial(_fitted, network, batches, fit, seed + n) for n, fit in enumerate(fits)]
    states = side_by_side(jobs)
    mean = {
        name: torch.from_numpy(np.mean([state[name] for state in states], axis=0))
        for name in states[0]
    }
    network.load_state_dict(mean)


def _fitted(network: Network, batches: Batches, fit: Fit, seed: int) -> dict[str, Floats]:
    """The weights of the network after a fit; the network itself may be another's, too."""
    own = deepcopy(network)
    torch.manual_seed(seed)
    train(own, batches, fit.examples, fit.epochs, fit.rate, seed)
    return {name: array(tensor) for name, tensor in own.state_dict().items()}


if __name__ == "__main__":
    main()
