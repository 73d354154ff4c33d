"""The built-in model of where printed text was cut: does this begin where that broke off.

Two small recurrent networks (GRU, Cho et al. 2014) read the characters around a cut towards it:
one the last characters before it, one the first after it, from right to left. The dot product of
what they make of them says how well the two go together; each also says what its block looks
like by itself. A table of counts knows the common words that a cut may run through. Run with
numpy. Knows nothing of pages, blocks or stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rag.models.weights import WEIGHTS, damaged, read_arrays
from rag.text import code_points, fold

Floats = NDArray[np.float32]
CHARS = 22  # what each network reads of a block
CROSSINGS = 4  # n-grams over a cut: 1 + 1, 2 + 1, 1 + 2 and 2 + 2 characters
CROSSING_BITS = 20
_BATCH = 4096  # blocks read at a time, for the memory's sake
_FILE = WEIGHTS / "junction" / "model.safetensors"
_SIDES = ("tail", "head")
NEAR = 8  # characters next to the cut that ``pair`` sees one by one
PAIR_LAYERS = ("middle", "middle_bias", "output", "output_bias")
_FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)


class Reading(NamedTuple):
    """What a network made of some blocks: vectors ``(blocks, width)``, logits ``(blocks, signs)``.

    ``halves``, shape ``(blocks, hidden)``, is each block's part in ``JunctionModel.pair``.
    The signs of a tail: the story ends here. Of a head: the middle of a sentence; the first
    paragraph of a story.
    """

    vectors: Floats
    logits: Floats
    halves: Floats


class JunctionModel:
    """Both networks and the character table they share."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        codes = arrays["codes"].astype(np.int64)
        self._table = np.zeros(0x110000, dtype=np.int16)
        self._table[codes] = np.arange(1, len(codes) + 1)
        embedding = arrays["embedding"].astype(np.float32)
        embedding *= arrays["embedding_scale"].astype(np.float32)
        self._crossings = arrays["crossings"]
        self._crossing_scale = np.float32(arrays["crossing_scale"][0])
        self._sides = {side: _Side.of(side, arrays, embedding) for side in _SIDES}
        self._pair = [arrays[f"pair.{name}"].astype(np.float32) for name in PAIR_LAYERS]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the model from safetensors; ModelError when the file is missing or wrong."""
        try:
            return cls(read_arrays(path))
        except (KeyError, ValueError, IndexError) as error:
            raise damaged(path) from error

    def read_tails(self, texts: Sequence[str]) -> Reading:
        """Read the ends of blocks, left to right."""
        return self._read("tail", self.tail_ids(texts))

    def read_heads(self, texts: Sequence[str]) -> Reading:
        """Read the beginnings of blocks, right to left."""
        return self._read("head", self.head_ids(texts))

    def tail_ids(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """The last characters of texts as numbers of the table, shape ``(texts, CHARS)``."""
        return self._ids([text[-CHARS:] for text in texts])

    def head_ids(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """The first characters of texts, the very first last."""
        return self._ids([text[:CHARS][::-1] for text in texts])

    def read_crossings(
        self, firsts: Sequence[str], seconds: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The two characters before each cut and the two after it, as ``cross`` takes them."""
        before = code_points(fold("".join(text[-2:].rjust(2, "\0") for text in firsts)))
        after = code_points(fold("".join(text[:2].ljust(2, "\0") for text in seconds)))
        return before.reshape(-1, 2), after.reshape(-1, 2)

    def cross(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
        """Log-odds of text against chance for each n-gram over the cuts, shape ``(cuts, 4)``."""
        hashes = crossing_hashes(before[:, 0], before[:, 1], after[:, 0], after[:, 1])
        found = [self._crossings[row][hashed] for row, hashed in enumerate(hashes)]
        return np.stack(found, axis=1).astype(np.float32) * self._crossing_scale

    def pair(self, tails: Floats, heads: Floats) -> Floats:
        """Whether heads go on with tails, shape ``(pairs, 2)``, from the ``halves`` of both.

        Log-odds against a head that begins a sentence, and against the later half of another one.
        """
        middle, middle_bias, output, output_bias = self._pair
        hidden = np.maximum(tails + heads, 0) @ middle + middle_bias
        found: Floats = np.maximum(hidden, 0) @ output + output_bias
        return found

    def _read(self, side: str, ids: NDArray[np.int16]) -> Reading:
        network = self._sides[side]
        parts = [
            network.read(ids[start : start + _BATCH])
            for start in range(0, max(len(ids), 1), _BATCH)
        ]
        return Reading(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _ids(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """Character numbers, shape ``(texts, CHARS)``, set to the right, 0 for the unknown."""
        codes = code_points(fold("".join(text.rjust(CHARS, "\0") for text in texts)))
        return self._table[codes].reshape(len(texts), CHARS)


def crossing_hashes(
    second_last: NDArray[np.int64],
    last: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> list[NDArray[np.int64]]:
    """The place in its table of each n-gram over a cut, from the characters' code points."""
    grams = ((last, first), (second_last, last, first), (last, first, second))
    return [_mixed(gram) for gram in (*grams, (second_last, last, first, second))]


def _mixed(gram: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """A hash of several numbers: multiplied by odd constants, then stirred."""
    hashed = np.zeros_like(gram[0])
    for part, factor in zip(gram, _FACTORS, strict=False):
        hashed = (hashed + part * factor) & 0xFFFFFFFF
    hashed ^= hashed >> 15
    hashed = (hashed * 0x2C1B3C6D) & 0xFFFFFFFF
    return (hashed ^ (hashed >> 12)) & ((1 << CROSSING_BITS) - 1)


class _Side(NamedTuple):
    """One network; ``inputs`` holds what each character adds to the gates, their bias with it.

    Inputs and recurrent weights of the reset and update gates are halved, as ``read`` wants them.
    """

    inputs: Floats
    recurrent: Floats
    fresh_bias: Floats
    project: Floats
    signs: Floats
    offset: Floats
    embedding: Floats
    half: Floats
    half_bias: Floats

    @classmethod
    def of(cls, side: str, arrays: dict[str, NDArray[np.generic]], embedding: Floats) -> Self:
        part = {
            name.partition(".")[2]: array.astype(np.float32)
            for name, array in arrays.items()
            if name.startswith(f"{side}.")
        }
        inputs = embedding @ part["input"] + part["input_bias"]
        recurrent, bias = part["recurrent"], part["recurrent_bias"]
        gates = 2 * len(recurrent)
        inputs[:, :gates] = (inputs[:, :gates] + bias[:gates]) / 2
        recurrent[:, :gates] /= 2
        fresh_bias = bias[gates:]
        return cls(
            inputs,
            recurrent,
            fresh_bias,
            part["project"],
            part["signs"],
            part["signs_bias"],
            embedding,
            part["half"],
            part["half_bias"],
        )

    def read(self, ids: NDArray[np.int16]) -> Reading:
        """The state after the last character, in place: sigmoid(x) is ``tanh(x / 2) / 2 + .5``."""
        width = len(self.recurrent)
        state = np.zeros((len(ids), width), dtype=np.float32)
        past = np.empty((len(ids), 3 * width), dtype=np.float32)
        gates, fresh = past[:, : 2 * width], past[:, 2 * width :]
        for place, given in enumerate(self.inputs[ids.T]):
            if place:
                np.matmul(state, self.recurrent, out=past)
            else:
                past[:] = 0  # nothing has been read
            gates += given[:, : 2 * width]
            np.tanh(gates, out=gates)
            gates *= 0.5
            gates += 0.5
            fresh += self.fresh_bias
            fresh *= gates[:, :width]
            fresh += given[:, 2 * width :]
            np.tanh(fresh, out=fresh)
            state -= fresh
            state *= gates[:, width:]
            state += fresh
        vectors, logits = state @ self.project, state @ self.signs + self.offset
        near = self.embedding[ids[:, -NEAR:]].reshape(len(ids), NEAR * self.embedding.shape[1])
        seen = np.concatenate([near, vectors, logits], axis=1)
        return Reading(vectors, logits, seen @ self.half + self.half_bias)


@lru_cache(maxsize=1)
def builtin_junction_model() -> JunctionModel:
    """The shipped model, loaded once a process."""
    return JunctionModel.load(_FILE)
