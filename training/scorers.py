"""Training of the small scorers over hand-made features that `rag.models.scorer` runs.

Knows nothing of what the features mean.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import nn

from rag.articles.joins import MAX_SCORE
from rag.models.scorer import Scorer

Floats = NDArray[np.float32]
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
_BATCH = 512
_PAGES = 32  # a batch of pairs that compete
_KEY = 10**6
_ROUNDS = 8  # fewer than the program makes, for speed


def train_classifier(
    features: Sequence[str],
    rows: Floats,
    labels: NDArray[np.bool_],
    *,
    hidden: int,
    epochs: int,
    seed: int,
    networks: int = 3,
) -> Scorer:
    """A scorer whose output is the log-odds of the label: the mean of several networks.

    ``rows`` has the shape (examples, features); each network has one hidden layer.
    """
    mean, scale = spread(rows)
    inputs = torch.from_numpy((rows - mean) / scale)
    targets = torch.from_numpy(labels.astype(np.float32))
    nets = [_train(inputs, targets, hidden, epochs, seed + number) for number in range(networks)]
    return _mean_of(nets, features, mean, scale)


def _mean_of(
    nets: Sequence[tuple[nn.Linear, nn.Linear]],
    features: Sequence[str],
    mean: Floats,
    scale: Floats,
) -> Scorer:
    """Several networks with one hidden layer as a single one whose output is their mean."""
    arrays = {
        "mean": mean,
        "scale": scale,
        # Contiguous: safetensors writes an array as it lies in memory.
        "hidden": np.ascontiguousarray(np.concatenate([array(net[0].weight) for net in nets]).T),
        "bias": np.concatenate([array(net[0].bias) for net in nets]),
        "output": np.concatenate([array(net[1].weight)[0] for net in nets]) / len(nets),
        "offset": np.mean([array(net[1].bias) for net in nets], axis=0),
    }
    return Scorer(arrays, features)


def _train(
    inputs: torch.Tensor, targets: torch.Tensor, hidden: int, epochs: int, seed: int
) -> tuple[nn.Linear, nn.Linear]:
    def draw(order: np.random.Generator) -> NDArray[np.int64]:
        return order.integers(len(inputs), size=_BATCH)

    def loss_of(scores: torch.Tensor, batch: NDArray[np.int64]) -> torch.Tensor:
        return nn.functional.binary_cross_entropy_with_logits(scores, targets[batch])

    steps = epochs * (1 + len(inputs) // _BATCH)
    return _descend(inputs, hidden, draw, loss_of, rate=6e-3, steps=steps, seed=seed)


def _descend(
    inputs: torch.Tensor,
    hidden: int,
    draw: Callable[[np.random.Generator], NDArray[np.int64]],
    loss_of: Callable[[torch.Tensor, NDArray[np.int64]], torch.Tensor],
    *,
    rate: float,
    steps: int,
    seed: int,
) -> tuple[nn.Linear, nn.Linear]:
    """A network with one hidden layer, trained on the loss of its scores for drawn rows."""
    torch.manual_seed(seed)
    first, last = nn.Linear(inputs.shape[1], hidden), nn.Linear(hidden, 1)
    net = nn.Sequential(first, nn.ReLU(), nn.Dropout(0.1), last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    order = np.random.default_rng(seed)
    for _ in range(steps):
        batch = draw(order)
        loss = loss_of(net(inputs[batch]).squeeze(1), batch)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return first, last


def spread(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column; 1 where it hardly varies."""
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    return mean.astype(np.float32), np.where(deviation < 1e-3, 1, deviation).astype(np.float32)


def in_bytes(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A table in bytes, and the scale of each row, of shape ``(rows, 1)``."""
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-6) / 127
    # Contiguous: safetensors writes an array as it lies in memory.
    return np.ascontiguousarray(np.round(table / scale), np.int8), scale.astype(np.float32)


def array(tensor: torch.Tensor) -> Floats:
    """A tensor's numbers, laid out as safetensors writes them."""
    return np.ascontiguousarray(tensor.detach().cpu().numpy())


def save(scorer: Scorer, folder: Path) -> None:
    """Write a scorer where the program looks for it."""
    save_arrays(scorer.arrays, folder, scorer.features)


def save_arrays(
    arrays: Mapping[str, NDArray[np.generic]], folder: Path, features: Sequence[str] | None = None
) -> None:
    """Write arrays, and the names of the features they are for, as the folder's safetensors file.

    It is readable for everyone.
    """
    metadata = None if features is None else {"features": json.dumps(list(features))}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.safetensors"
    save_file(dict(arrays), path, metadata=metadata)
    path.chmod(0o644)  # safetensors writes it for its owner alone


def train_matching(
    features: Sequence[str],
    rows: Floats,
    labels: NDArray[np.bool_],
    groups: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    *,
    seed: int,
    hidden: int = 64,
    steps: int = 4500,
    networks: int = 3,
) -> Scorer:
    """A scorer of pairs that compete for their firsts and seconds, none of which is taken twice.

    ``groups`` holds each row's first, second and page; rows of a page stand together. What is
    learned is the probability of each pair by `rag.articles.joins.join_probabilities`.
    """
    *ends, page = groups
    mean, scale = spread(rows)
    inputs = torch.from_numpy((rows - mean) / scale)
    targets = torch.from_numpy(labels.astype(np.float32))
    edges = np.flatnonzero(np.r_[True, page[1:] != page[:-1], True])

    def draw(order: np.random.Generator) -> NDArray[np.int64]:
        """The rows of some pages."""
        chosen = order.choice(len(edges) - 1, _PAGES, replace=False)
        return np.concatenate([np.arange(edges[p], edges[p + 1]) for p in chosen])

    def loss_of(scores: torch.Tensor, batch: NDArray[np.int64]) -> torch.Tensor:
        sides = [torch.from_numpy(_numbered(page[batch] * _KEY + of[batch])) for of in ends]
        return nn.functional.binary_cross_entropy_with_logits(
            match_logits(scores, sides), targets[batch], reduction="sum"
        )

    layers = [
        _descend(inputs, hidden, draw, loss_of, rate=8e-3, steps=steps, seed=seed + number)
        for number in range(networks)
    ]
    return _mean_of(layers, features, mean, scale)


def match_logits(scores: torch.Tensor, sides: Sequence[torch.Tensor]) -> torch.Tensor:
    """Log-odds of each pair; the rounds of ``join_probabilities``, which gradients run through."""
    bounded = scores.clamp(-MAX_SCORE, MAX_SCORE)
    weights = bounded.exp()
    free = [torch.full_like(weights, 0.5)] * 2
    for _ in range(_ROUNDS):
        offers = [weights * other for other in reversed(free)]
        totals = [
            torch.zeros(int(side.max()) + 1).index_add(0, side, offer)[side]
            for side, offer in zip(sides, offers, strict=True)
        ]
        free = [
            (own + 1 / (1 + (total - offer).clamp(min=0))) / 2
            for own, total, offer in zip(free, totals, offers, strict=True)
        ]
    return bounded + free[0].log() + free[1].log()


def _numbered(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each key's number among the different ones."""
    return np.unique(keys, return_inverse=True)[1]
