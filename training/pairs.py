"""Train the junction model's reading of two halves: `python -m training.pairs --data DIR`.

A small network over what both GRUs say and the characters next to the cut, held still: true halves
against beginnings of sentences (above all the next one of the same text, as it stands below a
sentence whose later half was carried away), and against later halves of other sentences. Rows kept
for measuring are not read.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from corpora.news import read_news
from corpora.newspaper_pages import is_mid_sentence, usable
from rag.models.junction import CHARS, NEAR, PAIR_LAYERS, JunctionModel, Reading
from rag.models.weights import WEIGHTS, read_arrays
from rag.text import fold
from training.scorers import array, save_arrays

Arrays = dict[str, NDArray[np.generic]]
_HIDDEN = 192
_MIDDLE = 64
_CUTS = 16  # of each text
_BATCH = 1024
_STEPS = 1000
_RATE = 3e-3
_SPREAD = 0.3  # of the characters' vectors
_EDGE = 9  # characters that must follow where a sentence begins


def untrained(arrays: Mapping[str, NDArray[np.generic]]) -> Arrays:
    """The part of a junction model that is trained here, as zeros that fit the rest of it."""
    near = NEAR * arrays["embedding"].shape[1]
    vector = arrays["tail.project"].shape[1]
    widths = {side: near + vector + arrays[f"{side}.signs"].shape[1] for side in ("tail", "head")}
    shapes: dict[str, tuple[int, ...]] = {
        f"{side}.half": (width, _HIDDEN) for side, width in widths.items()
    }
    shapes |= {f"{side}.half_bias": (_HIDDEN,) for side in ("tail", "head")}
    layers = ((_HIDDEN, _MIDDLE), (_MIDDLE,), (_MIDDLE, 2), (2,))
    named = zip(PAIR_LAYERS, layers, strict=True)
    shapes |= {f"pair.{name}": shape for name, shape in named}
    return {name: np.zeros(shape, np.float16) for name, shape in shapes.items()}


class Pairs(nn.Module):
    """The network: a part for either side, added up, and two layers over the sum."""

    def __init__(self, tail: int, head: int) -> None:
        super().__init__()
        self.tail, self.head = nn.Linear(tail, _HIDDEN), nn.Linear(head, _HIDDEN)
        self.middle, self.output = nn.Linear(_HIDDEN, _MIDDLE), nn.Linear(_MIDDLE, 2)
        self.drop = nn.Dropout(0.1)

    def forward(self, tails: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        """Two log-odds for each pair of halves, given their parts."""
        scores: torch.Tensor = self.output(
            self.drop(torch.relu(self.middle(torch.relu(tails + heads))))
        )
        return scores


def cut_texts(texts: Sequence[str], seed: int) -> tuple[list[str], list[str], list[str]]:
    """Cuts in mid-sentence: what stands before, what after, and where a later sentence begins."""
    rng = np.random.default_rng(seed)
    tails, heads, begins = [], [], []
    for text in texts:
        for cut in rng.integers(12, len(text) - 12, size=_CUTS).tolist():
            if not is_mid_sentence(text, cut):
                continue
            # Some tails are short, as after a cut near a paragraph's beginning.
            is_short = rng.random() < 0.15
            start = max(0, cut - (int(rng.integers(10, CHARS)) if is_short else CHARS))
            tails.append(text[start:cut])
            heads.append(text[cut : cut + CHARS])
            end = text.find("。", cut)
            if not 0 <= end < len(text) - _EDGE:
                end = text.find("。", int(rng.integers(len(text))))
            begin = end + 1 if 0 <= end < len(text) - _EDGE else 0
            begins.append(text[begin : begin + CHARS])
    return tails, heads, begins


def train(arrays: Arrays, texts: Sequence[str], seed: int) -> Arrays:
    """The arrays of a junction model with this part of it trained."""
    model = JunctionModel(arrays | untrained(arrays))
    tails, heads, begins = cut_texts(texts, seed)
    scale = arrays["embedding_scale"].astype(np.float32) / _SPREAD
    embedding = torch.from_numpy(arrays["embedding"].astype(np.float32) * scale)
    sides = [
        _Inputs(embedding, model.tail_ids(tails), model.read_tails(tails)),
        *(_Inputs(embedding, model.head_ids(of), model.read_heads(of)) for of in (heads, begins)),
    ]
    torch.manual_seed(seed)
    net = Pairs(sides[0].width, sides[1].width)
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=_STEPS)
    rng = np.random.default_rng(seed)
    for step in range(1, _STEPS + 1):
        loss = _loss(net, sides, rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            print(f"step {step} loss {loss.item():.3f}", flush=True)
    return arrays | _arrays_of(net, near=NEAR * embedding.shape[1])


class _Inputs:
    """What the network is given of many halves, in the order that ``Reading.halves`` is made of."""

    def __init__(self, embedding: torch.Tensor, ids: NDArray[np.int16], reading: Reading) -> None:
        self._embedding = embedding
        self._near = torch.from_numpy(ids[:, -NEAR:].astype(np.int64))
        self._read = torch.from_numpy(np.concatenate([reading.vectors, reading.logits], axis=1))
        self.width = NEAR * embedding.shape[1] + self._read.shape[1]

    def __len__(self) -> int:
        return len(self._near)

    def of(self, rows: NDArray[np.int64]) -> torch.Tensor:
        """The inputs of some halves, one row each."""
        return torch.cat([self._embedding[self._near[rows]].flatten(1), self._read[rows]], 1)


def _loss(net: Pairs, sides: Sequence[_Inputs], rng: np.random.Generator) -> torch.Tensor:
    """True halves against the sentence that begins next, another text's, and other later halves.

    The row after a cut's own is most often of the same text.
    """
    tails, heads, begins = sides
    rows = rng.integers(len(tails) - 1, size=_BATCH)
    others = torch.from_numpy(rng.permutation(_BATCH))
    before = net.tail(tails.of(rows))
    after, begun = net.head(heads.of(rows)), net.head(begins.of(rows))
    near = net.head(heads.of(rows + 1))
    true = net(before, after)
    wrong = (
        (0, 0.7, net(before, begun)),
        (0, 0.3, net(before, begun[others])),
        (1, 0.5, net(before, near)),
        (1, 0.5, net(before, after[others])),
    )
    loss = nn.functional.softplus(-true).mean(0).sum()
    for column, weight, scores in wrong:
        loss = loss + weight * nn.functional.softplus(scores[:, column]).mean()
    return loss


def _arrays_of(net: Pairs, *, near: int) -> Arrays:
    found: dict[str, NDArray[np.float32]] = {}
    for name in ("tail", "head"):
        layer: nn.Linear = getattr(net, name)
        half = array(layer.weight).T.copy()
        half[:near] /= _SPREAD
        found |= {f"{name}.half": half, f"{name}.half_bias": array(layer.bias)}
    layers = [array(net.middle.weight).T, array(net.middle.bias)]
    layers += [array(net.output.weight).T, array(net.output.bias)]
    found |= {f"pair.{name}": layer for name, layer in zip(PAIR_LAYERS, layers, strict=True)}
    # Contiguous: safetensors writes an array as it lies in memory.
    return {name: np.ascontiguousarray(layer, np.float16) for name, layer in found.items()}


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    texts = [fold(text) for text in read_news(arguments.data) if usable(text)]
    arrays = read_arrays(arguments.out / "junction" / "model.safetensors")
    save_arrays(train(arrays, texts, arguments.seed), arguments.out / "junction")


if __name__ == "__main__":
    main()
