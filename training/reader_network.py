"""The reader as torch trains it: `rag.models.reader`'s network, batches for it and its loss.

Knows nothing of where examples come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from rag.models.reader import DILATIONS, LOOKED_AGAIN, QUESTION_DILATIONS, ReaderInput
from training.scorers import DEVICE, array, in_bytes, save_arrays, spread

Floats = NDArray[np.float32]
_CHARACTER_WIDTH = 48
_PIECE_WIDTH = 64
_BASIS = 64  # directions of the embedder's vectors that are looked at
_BASIS_SCALE = 4  # so that pieces begin as large as characters
_WIDTH = 96
_HIDDEN = 96
_DROPPED = 0.2
_SPANS = 5  # occurrences of the answer in one sentence that count
_OUT = -1e4


@dataclass(frozen=True, slots=True)
class ReadingExample:
    """A question with some of its sentences, which hold the answer, and where.

    ``spans`` are ranges in each sentence; ``has_rows`` is false where the sentences' own features
    are not known, ``is_answerable`` where none of the sentences holds an answer.
    """

    given: ReaderInput
    is_gold: NDArray[np.bool_]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    has_rows: bool = True

    @property
    def is_answerable(self) -> bool:
        """Whether a sentence holds the answer."""
        return bool(self.is_gold.any())


class Block(nn.Module):
    """A gated convolution over three characters, added to what came in."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(_WIDTH)
        self.dilation = dilation
        # On a processor faster than ``Conv1d``, which this is.
        self.conv = nn.Linear(3 * _WIDTH, 2 * _WIDTH)

    def forward(self, states: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
        """States of shape (rows, characters, width); what lies outside is not read."""
        reach, count = self.dilation, states.shape[1]
        around = functional.pad(self.norm(states) * inside, (0, 0, reach, reach))
        near = [around[:, place : place + count] for place in (0, reach, 2 * reach)]
        value, gate = self.conv(torch.cat(near, -1)).chunk(2, -1)
        return states + _dropped(value * torch.sigmoid(gate), self.training)


class Network(nn.Module):
    """One row a question: its characters, and those of its sentences one after the other."""

    def __init__(
        self,
        codes: Sequence[int],
        piece_vectors: Floats,
        word_vectors: Floats,
        kinds: int,
        widths: tuple[int, int],
    ) -> None:
        super().__init__()
        self.codes = np.array(sorted(codes), dtype=np.int32)
        self.table = np.zeros(0x110000, dtype=np.int64)
        self.table[self.codes] = np.arange(1, len(self.codes) + 1)
        self.embedding = nn.Embedding(len(self.codes) + 1, _CHARACTER_WIDTH)
        nn.init.normal_(self.embedding.weight, std=0.3)
        parts = [_main_directions(piece_vectors), word_vectors]
        basis = _BASIS_SCALE * np.concatenate(parts, axis=1)
        none = np.zeros((1, basis.shape[1]), dtype=np.float32)
        self.register_buffer("basis", torch.from_numpy(np.concatenate([basis, none])))
        self.project = nn.Linear(basis.shape[1], _PIECE_WIDTH, bias=False)
        embedded = _CHARACTER_WIDTH + _PIECE_WIDTH
        self.read = nn.Linear(embedded, _WIDTH)
        self.key = nn.Linear(_WIDTH, _WIDTH)
        self.question = nn.ModuleList(Block(dilation) for dilation in QUESTION_DILATIONS)
        self.question_weight = nn.Linear(_WIDTH, 1)
        self.kind = nn.Embedding(kinds, _WIDTH)
        self.mixed = nn.Linear(embedded + _WIDTH + _PIECE_WIDTH + widths[1], _WIDTH)
        self.asked = nn.Linear(_WIDTH, _WIDTH)
        self.text = nn.ModuleList(Block(dilation) for dilation in DILATIONS)
        self.again_query = nn.Linear(_WIDTH, _WIDTH)
        self.again_key = nn.Linear(_WIDTH, _WIDTH)
        self.again = nn.Linear(2 * _WIDTH, _WIDTH)
        self.span = nn.Linear(_WIDTH, 2)
        self.span_asked = nn.Linear(_WIDTH, 2 * _WIDTH)
        self.sentence = nn.Linear(3 * _WIDTH + widths[0], _HIDDEN)
        self.scores = nn.Linear(_HIDDEN, 2)

    def pieces(self) -> torch.Tensor:
        """The table of pieces; its last row is for none."""
        projected: torch.Tensor = self.project(self.basis)
        return projected

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Both scores of each sentence, and begins and ends, (sentences, characters, 2)."""
        pieces = self.pieces()
        there = (batch.question >= 0).float()[..., None]
        seen = pieces[batch.question_tokens]
        embedded = torch.cat([self.embedding(batch.question.clamp(min=0)), seen], -1)
        question = self.read(_dropped(embedded, self.training))
        for block in self.question:
            question = block(question, there)
        weights = torch.softmax(self.question_weight(question) + (there - 1) * -_OUT, 1)
        asked = (weights * question).sum(1) + self.kind(batch.kinds)
        inside = (batch.text >= 0).float()[..., None]
        own = pieces[batch.text_tokens]
        embedded = torch.cat([self.embedding(batch.text.clamp(min=0)), own], -1)
        likeness = self.read(embedded) @ self.key(question).transpose(1, 2) / _WIDTH**0.5
        absent = (there.transpose(1, 2) - 1) * -_OUT
        attention = torch.softmax(likeness + absent, -1)
        parts = [embedded, attention @ question, own * (attention @ seen), batch.characters]
        states = self.mixed(_dropped(torch.cat(parts, -1), self.training))
        states = states + self.asked(asked)[:, None]
        for place, block in enumerate(self.text):
            if place == LOOKED_AGAIN:
                states = self._again(states, question, absent)
            states = block(states, inside)
        heads = self.span_asked(asked).view(-1, 2, _WIDTH).transpose(1, 2)
        logits = self.span(states) + states @ heads / _WIDTH**0.5
        return self._per_sentence(batch, states, logits, asked)

    def _again(
        self, states: torch.Tensor, question: torch.Tensor, absent: torch.Tensor
    ) -> torch.Tensor:
        keys = self.again_key(question).transpose(1, 2)
        likeness = self.again_query(states) @ keys / _WIDTH**0.5
        seen = torch.softmax(likeness + absent, -1) @ question
        looked = self.again(torch.cat([seen, states * seen], -1))
        return states + _dropped(looked, self.training)

    def _per_sentence(
        self, batch: Batch, states: torch.Tensor, logits: torch.Tensor, asked: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        inside = batch.inside[..., None]
        own = states.reshape(-1, _WIDTH)[batch.places]
        spans = logits.reshape(-1, 2)[batch.places] + (inside - 1) * -_OUT
        most = (own + (inside - 1) * -_OUT).max(1).values
        mean = (own * inside).sum(1) / inside.sum(1)
        joined = torch.cat([most, mean, asked[batch.owners], batch.rows], -1)
        hidden = functional.dropout(
            torch.relu(self.sentence(joined)), _DROPPED, training=self.training
        )
        return self.scores(hidden), spans


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions in rows, on ``DEVICE``.

    ``places`` and ``inside`` pick each sentence's characters out of them.
    """

    question: torch.Tensor
    question_tokens: torch.Tensor
    kinds: torch.Tensor
    text: torch.Tensor
    text_tokens: torch.Tensor
    characters: torch.Tensor
    places: torch.Tensor
    inside: torch.Tensor
    owners: torch.Tensor
    rows: torch.Tensor


class Batches:
    """Examples to tensors; ``mean`` and ``scale`` are those of the sentences' own features."""

    def __init__(self, network: Network, examples: Sequence[ReadingExample]) -> None:
        self._table = network.table
        self.mean, self.scale = spread(
            np.concatenate([e.given.sentences for e in examples if e.has_rows])
        )

    def of(self, examples: Sequence[ReadingExample]) -> Batch:
        """One batch; text and tokens that a table does not hold count as unknown."""
        given = [example.given for example in examples]
        text = _padded([self._inside_only(one) for one in given], -1)
        where = [
            (row, int(start), int(length))
            for row, one in enumerate(given)
            for start, length in zip(one.starts, one.lengths, strict=True)
        ]
        longest = max(length for _, _, length in where)
        places = np.zeros((len(where), longest), dtype=np.int64)
        inside = np.zeros((len(where), longest), dtype=np.float32)
        for number, (row, start, length) in enumerate(where):
            places[number, :length] = row * text.shape[1] + start + np.arange(length)
            inside[number, :length] = 1
        rows = [
            (e.given.sentences - self.mean) / self.scale * np.float32(e.has_rows) for e in examples
        ]
        arrays = {
            "question": _padded([self._table[one.question] for one in given], -1),
            "question_tokens": _padded([one.question_tokens for one in given], -1),
            "kinds": np.array([one.kind for one in given]),
            "text": text,
            "text_tokens": _padded([one.text_tokens for one in given], -1),
            "characters": _padded([one.characters for one in given], 0).astype(np.float32),
            "places": places,
            "inside": inside,
            "owners": np.array([row for row, _, _ in where]),
            "rows": np.concatenate(rows).astype(np.float32),
        }
        return Batch(**{name: torch.from_numpy(one).to(DEVICE) for name, one in arrays.items()})

    def _inside_only(self, given: ReaderInput) -> NDArray[np.int64]:
        """Character numbers, -1 between the sentences."""
        numbers = np.full(len(given.text), -1, dtype=np.int64)
        for start, length in zip(given.starts, given.lengths, strict=True):
            numbers[start : start + length] = self._table[given.text[start : start + length]]
        return numbers


def loss_of(network: Network, batch: Batch, examples: Sequence[ReadingExample]) -> torch.Tensor:
    """Which sentence, where in it, and whether it holds the answer at all; a mean of questions."""
    with torch.autocast(DEVICE.type, torch.bfloat16):  # half the time, with the same figures
        scores, spans = network(batch)
    scores, spans = scores.float(), spans.float()
    is_gold = np.concatenate([example.is_gold for example in examples]).astype(np.float32)
    total = functional.binary_cross_entropy_with_logits(
        scores[:, 1], torch.from_numpy(is_gold).to(DEVICE), reduction="sum"
    )
    first = 0
    for example in examples:
        own = scores[first : first + len(example.is_gold), 0]
        gold = np.flatnonzero(example.is_gold).tolist()
        if gold:
            total = total + torch.logsumexp(own, 0) - torch.logsumexp(own[gold], 0)
        for place in gold:
            if example.spans[place]:
                total = total + _span_loss(spans[first + place], example.spans[place])
        first += len(example.is_gold)
    return total / len(examples)


def _span_loss(logits: torch.Tensor, spans: Sequence[tuple[int, int]]) -> torch.Tensor:
    shares = torch.log_softmax(logits, 0)
    begins = [start for start, _ in spans[:_SPANS]]
    ends = [end - 1 for _, end in spans[:_SPANS]]
    return -torch.logsumexp(shares[begins, 0] + shares[ends, 1], 0)


def save(network: Network, batches: Batches, features: Sequence[str], folder: Path) -> None:
    """Write the network where the program looks for it, both tables in bytes."""
    arrays: dict[str, NDArray[np.generic]] = {
        "codes": network.codes,
        "mean": batches.mean,
        "scale": batches.scale,
        "kind": array(network.kind.weight).astype(np.float16),
    }
    tables = {"characters": network.embedding.weight, "pieces": network.pieces()}
    for name, table in tables.items():
        arrays[name], arrays[f"{name}_scale"] = in_bytes(array(table))
    for name, tensor in network.named_parameters():
        if not name.startswith(("embedding", "project", "kind")):
            # Contiguous: safetensors writes an array as it lies in memory.
            arrays[name] = np.ascontiguousarray(array(tensor).T, np.float16)
    save_arrays(arrays, folder, features)


def _main_directions(vectors: Floats) -> Floats:
    """The vectors in the directions in which they differ most."""
    scaled = vectors / np.linalg.norm(vectors, axis=1).mean()
    directions = np.linalg.eigh(scaled.T @ scaled)[1][:, ::-1][:, :_BASIS]
    main: Floats = (scaled @ directions).astype(np.float32)
    return main


def _dropped(values: torch.Tensor, is_training: bool) -> torch.Tensor:
    """Some columns of each row left out, the same ones for all of its characters."""
    if not is_training:
        return values
    kept = values.new_full((len(values), 1, values.shape[2]), 1 - _DROPPED)
    return values * torch.bernoulli(kept) / (1 - _DROPPED)


def _padded(arrays: Sequence[NDArray[Any]], fill: int) -> NDArray[Any]:
    longest = max(map(len, arrays))
    padded = np.full((len(arrays), longest, *arrays[0].shape[1:]), fill, dtype=arrays[0].dtype)
    for row, values in enumerate(arrays):
        padded[row, : len(values)] = values
    return padded
