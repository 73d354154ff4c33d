"""Train the model of cut text: `python -m training.junction --data DIR`.

From news texts alone: cuts in mid-sentence, several of each text in a batch, so that a cut's right
half must be told from those of other texts and of its own, and from beginnings of sentences
(softmax over the batch, both ways); paragraphs as `corpora.newspaper_pages` makes them, for what a
block's end and beginning look like; and counts of n-grams over a cut, against cuts put together at
random. Rows kept for measuring are not read.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from corpora.news import read_news
from corpora.newspaper_pages import (
    NOT_AFTER_A_CUT,
    NOT_BEFORE_A_CUT,
    is_mid_sentence,
    paragraphs,
    usable,
)
from rag.models.junction import CHARS, CROSSING_BITS, crossing_hashes
from rag.models.weights import WEIGHTS
from rag.text import code_points, fold
from training.pairs import untrained
from training.scorers import DEVICE, save_arrays

_ROWS = 6000
_EMBEDDED = 48
_WIDTH = 128
_VECTOR = 96
_TEXTS = 192  # a batch
_CUTS = 3  # of each text
_RATE = 4e-3
_SMOOTHING = 0.3
_STEP = 0.1
_SAVED = {
    "gru.weight_ih_l0": "input",
    "gru.bias_ih_l0": "input_bias",
    "gru.weight_hh_l0": "recurrent",
    "gru.bias_hh_l0": "recurrent_bias",
    "project.weight": "project",
    "signs.weight": "signs",
    "signs.bias": "signs_bias",
}


class Side(nn.Module):
    """One network: characters towards the cut, a vector, and logits of what the block is."""

    def __init__(self, signs: int) -> None:
        super().__init__()
        self.gru = nn.GRU(_EMBEDDED, _WIDTH, batch_first=True)
        self.project = nn.Linear(_WIDTH, _VECTOR, bias=False)
        self.signs = nn.Linear(_WIDTH, signs)

    def forward(self, embedded: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Vectors and logits for embedded characters of shape (blocks, CHARS, _EMBEDDED)."""
        state = self.gru(embedded)[1][0]
        return self.project(state), self.signs(state)


class Networks(nn.Module):
    """Both sides over one character table; row 0 is whatever is not in it."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(rows, _EMBEDDED)
        nn.init.normal_(self.embedding.weight, std=0.3)
        self.tail = Side(1)
        self.head = Side(2)


class Cuts:
    """Batches of cuts and paragraph edges, drawn from texts."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self.texts = texts
        self.rng = np.random.default_rng(seed)
        counts = Counter("".join(texts[:20_000]))
        frequent = [character for character, _ in counts.most_common(_ROWS)]
        self.codes = np.array(sorted(map(ord, frequent)), dtype=np.int32)
        self._table = np.zeros(0x110000, dtype=np.int64)
        self._table[self.codes] = np.arange(1, len(self.codes) + 1)

    def draw(self) -> dict[str, torch.Tensor]:
        """Numbers of both sides; the first ``_TEXTS * _CUTS`` rows of each belong together.

        Behind them stand ends and beginnings of whole paragraphs, with their signs.
        """
        tails, heads, begins, ends, signs = [], [], [], [], []
        chosen = self.rng.integers(len(self.texts), size=_TEXTS)
        for number in chosen:
            text = self.texts[int(number)]
            for _ in range(_CUTS):
                cut = self._cut(text)
                start = max(0, cut - int(self.rng.integers(10, 60)))
                tails.append(text[start:cut])
                heads.append(text[cut : cut + CHARS])
                begin = self._begin(text)
                begins.append(text[begin : begin + CHARS])
        ends = [0.0] * len(tails)
        signs = [[1.0, 0.0]] * len(heads)
        for number in chosen:
            whole = paragraphs(self.texts[int(number)], self.rng)
            place = int(self.rng.integers(len(whole)))
            for at in {0, place}:
                heads.append(whole[at])
                signs.append([0.0, float(at == 0)])
            for at in {len(whole) - 1, place}:
                tails.append(whole[at])
                ends.append(float(at == len(whole) - 1))
        return {
            "tails": self._ids([text[-CHARS:] for text in tails]),
            "heads": self._ids([text[:CHARS][::-1] for text in heads]),
            "begins": self._ids([text[::-1] for text in begins]),
            "ends": torch.tensor(ends, device=DEVICE)[:, None],
            "signs": torch.tensor(signs, device=DEVICE),
        }

    def _cut(self, text: str) -> int:
        while True:
            cut = int(self.rng.integers(10, len(text) - 10))
            if is_mid_sentence(text, cut):
                return cut

    def _begin(self, text: str) -> int:
        """Where some sentence of the text begins."""
        end = text.find("。", int(self.rng.integers(len(text))))
        return end + 1 if 0 <= end < len(text) - 8 else 0

    def _ids(self, texts: Sequence[str]) -> torch.Tensor:
        padded = "".join(text.rjust(CHARS, "\0") for text in texts)
        codes = code_points(padded)
        return torch.from_numpy(self._table[codes].reshape(len(texts), CHARS)).to(DEVICE)


def loss_of(net: Networks, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, float]:
    """The loss of a batch, and the share of cuts whose own right half scored highest."""
    pairs = _TEXTS * _CUTS
    tails, ends = net.tail(net.embedding(batch["tails"]))
    heads, signs = net.head(net.embedding(batch["heads"]))
    begins, _ = net.head(net.embedding(batch["begins"]))
    scores = tails[:pairs] @ torch.cat([heads[:pairs], begins]).T
    own = torch.arange(pairs, device=DEVICE)
    match = nn.functional.cross_entropy(scores, own)
    match = match + nn.functional.cross_entropy(scores[:, :pairs].T, own)
    marks = nn.functional.binary_cross_entropy_with_logits(
        ends, batch["ends"]
    ) + nn.functional.binary_cross_entropy_with_logits(signs, batch["signs"])
    hits = float((scores.detach().argmax(1) == own).float().mean())
    return match + marks, hits


def train(texts: Sequence[str], steps: int, seed: int) -> tuple[Networks, NDArray[np.int32]]:
    """The networks after so many steps, and the code points of the table's rows."""
    torch.manual_seed(seed)
    cuts = Cuts(texts, seed)
    net = Networks(len(cuts.codes) + 1).to(DEVICE)
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    started, hits = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        loss, hit = loss_of(net, cuts.draw())
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        hits += (hit - hits) * 0.05
        if step % 100 == 0:
            spent = time.monotonic() - started
            print(f"step {step} loss {loss.item():.3f} hit {hits:.3f} {spent:.0f} s", flush=True)
    return net.cpu(), cuts.codes


def count_crossings(texts: Sequence[str], seed: int) -> tuple[NDArray[np.int8], float]:
    """Log-odds of each hashed n-gram over a cut in text, against cuts put together at random.

    Shape (CROSSINGS, 2 ** CROSSING_BITS), in steps of the scale that is returned with it.
    """
    codes = code_points("\n".join(texts))
    windows = [codes[place : len(codes) - 3 + place] for place in range(4)]
    is_cut = ~np.isin(windows[1], [ord(sign) for sign in NOT_BEFORE_A_CUT])
    is_cut &= ~np.isin(windows[2], [ord(sign) for sign in NOT_AFTER_A_CUT])
    for window in windows:
        is_cut &= window != ord("\n")
    windows = [window[is_cut] for window in windows]
    order = np.random.default_rng(seed).permutation(len(windows[0]))
    mixed = [*windows[:2], *(window[order] for window in windows[2:])]
    rows = []
    for seen, chance in zip(crossing_hashes(*windows), crossing_hashes(*mixed), strict=True):
        counts = [np.bincount(hashes, minlength=1 << CROSSING_BITS) for hashes in (seen, chance)]
        rows.append(np.log((counts[0] + _SMOOTHING) / (counts[1] + _SMOOTHING)))
    return np.clip(np.round(np.stack(rows) / _STEP), -127, 127).astype(np.int8), _STEP


def save(
    net: Networks,
    codes: NDArray[np.int32],
    crossings: tuple[NDArray[np.int8], float],
    folder: Path,
) -> None:
    """Write the model where the program looks for it, the character table in bytes.

    What `training.pairs` trains on top of it is written as zeros.
    """
    weight = net.embedding.weight.detach().numpy().copy()
    weight[0] = 0
    scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-6) / 127
    arrays: dict[str, NDArray[np.generic]] = {
        "codes": codes,
        "embedding": np.round(weight / scale).astype(np.int8),
        "embedding_scale": scale.astype(np.float32),
        "crossings": crossings[0],
        "crossing_scale": np.array([crossings[1]], dtype=np.float32),
    }
    for name, side in (("tail", net.tail), ("head", net.head)):
        for key, tensor in side.named_parameters():
            matrix = tensor.detach().numpy()
            # Contiguous: safetensors writes an array as it lies in memory.
            arrays[f"{name}.{_SAVED[key]}"] = np.ascontiguousarray(matrix.T, np.float16)
    save_arrays(arrays | untrained(arrays), folder)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    texts = [fold(text) for text in read_news(arguments.data) if usable(text)]
    crossings = count_crossings(texts, arguments.seed)
    net, codes = train(texts, arguments.steps, arguments.seed)
    save(net, codes, crossings, arguments.out / "junction")


if __name__ == "__main__":
    main()
