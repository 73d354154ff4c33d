"""The built-in reader: which sentence answers a question, and which of its words.

A small network of gated convolutions over characters (Dauphin et al. 2017, "Language Modeling with
Gated Convolutional Networks"), the question's characters attended to from each character of the
sentences (as in Chen et al. 2017, "Reading Wikipedia to Answer Open-Domain Questions") and once
more from what was read around it. It scores
where the answer begins and ends and, with the sentences' own features, each sentence. Run with
numpy. Knows nothing of hits, question kinds or what its features mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rag.models.weights import WEIGHTS, check_features, damaged, read_trained

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
GAP = 4  # characters between two sentences: as far as one convolution reaches
QUESTION_DILATIONS = (1, 2)
DILATIONS = (1, 2, 4, 1, 2)
LOOKED_AGAIN = 2  # blocks of the text before the question is attended to once more
_FILE = WEIGHTS / "reader" / "model.safetensors"


class ReaderInput(NamedTuple):
    """One question and its sentences.

    ``question`` and ``text`` are code points; ``question_tokens`` and ``text_tokens`` the number
    of the embedder's piece that each stands in, -1 for none; ``characters`` has the shape
    ``(len(text), features)``. The sentences stand in ``text`` at ``starts`` with their
    ``lengths``, ``GAP`` characters behind each; ``sentences`` has the shape
    ``(sentences, features)``.
    """

    question: Ints
    question_tokens: Ints
    kind: int
    text: Ints
    text_tokens: Ints
    characters: Floats
    starts: Ints
    lengths: Ints
    sentences: Floats


class Reading(NamedTuple):
    """What the reader makes of it.

    ``ranks`` are log-odds of the sentences against one another, ``holds`` those of each to hold
    the answer, both of shape ``(sentences,)``; ``begins`` and ``ends`` are the log-odds of each
    character of the input's text to be the answer's first and last.
    """

    ranks: Floats
    holds: Floats
    begins: Floats
    ends: Floats


class Reader:
    """The network; ``features`` names the sentences' columns and then the characters'."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]], features: Sequence[str]) -> None:
        self.features = tuple(features)
        self._table = np.zeros(0x110000, dtype=np.int64)
        codes = arrays["codes"].astype(np.int64)
        self._table[codes] = np.arange(1, len(codes) + 1)
        self._characters = _scaled(arrays, "characters")
        self._pieces = _scaled(arrays, "pieces")  # the last row is for no piece
        self._part: dict[str, Floats] = {
            name: array.astype(np.float32)
            for name, array in arrays.items()
            if not name.startswith(("codes", "characters", "pieces"))
        }

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the model from safetensors; ModelError when the file is missing or wrong."""
        arrays, features = read_trained(path)
        try:
            return cls(arrays, features)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise damaged(path) from error

    def read(self, given: ReaderInput) -> Reading:
        """Scores of every sentence and every character."""
        question, asked = self._question(given)
        states = self._states(given, question, asked)
        logits = self._linear("span", states) + states @ (
            self._linear("span_asked", asked).reshape(2, -1).T / np.sqrt(len(asked))
        )
        scores = self._sentences(given, states, asked)
        return Reading(scores[:, 0], scores[:, 1], logits[:, 0], logits[:, 1])

    def _question(self, given: ReaderInput) -> tuple[Floats, Floats]:
        """States of the question's characters, and one vector for the whole question."""
        embedded = self._embedded(given.question, given.question_tokens)
        states = self._linear("read", embedded)
        inside = np.ones((len(states), 1), dtype=np.float32)
        for place, dilation in enumerate(QUESTION_DILATIONS):
            states = self._block(f"question.{place}", states, inside, dilation)
        weights = _softmax(self._linear("question_weight", states)[:, 0])
        return states, weights @ states + self._part["kind"][given.kind]

    def _states(self, given: ReaderInput, question: Floats, asked: Floats) -> Floats:
        embedded = self._embedded(given.text, given.text_tokens)
        keys = self._linear("key", question)
        likeness = self._linear("read", embedded) @ keys.T / np.sqrt(np.float32(len(asked)))
        attention = _softmax(likeness)
        own, seen = self._pieces[given.text_tokens], self._pieces[given.question_tokens]
        parts = (embedded, attention @ question, own * (attention @ seen), given.characters)
        states = self._linear("mixed", np.concatenate(parts, axis=1))
        states += self._linear("asked", asked)
        inside = _inside(given)[:, None]
        for place, dilation in enumerate(DILATIONS):
            if place == LOOKED_AGAIN:
                states = self._again(states, question)
            states = self._block(f"text.{place}", states, inside, dilation)
        return states

    def _again(self, states: Floats, question: Floats) -> Floats:
        """The question attended to from what was read so far."""
        keys = self._linear("again_key", question)
        likeness = self._linear("again_query", states) @ keys.T / np.sqrt(np.float32(keys.shape[1]))
        seen = _softmax(likeness) @ question
        return states + self._linear("again", np.concatenate([seen, states * seen], axis=1))

    def _sentences(self, given: ReaderInput, states: Floats, asked: Floats) -> Floats:
        """Both scores of each sentence, from the most and the mean of its states."""
        edges = np.stack([given.starts, given.starts + given.lengths], axis=1).ravel()
        # A last row of nothing, so that the last sentence's end may be an edge.
        padded = np.concatenate([states, np.zeros_like(states[:1])])
        most = np.maximum.reduceat(padded, edges, axis=0)[::2]
        mean = np.add.reduceat(padded, edges, axis=0)[::2] / given.lengths[:, None]
        rows = (given.sentences - self._part["mean"]) / self._part["scale"]
        whole = np.broadcast_to(asked, most.shape)
        joined = np.concatenate([most, mean, whole, rows], axis=1).astype(np.float32)
        hidden = np.maximum(self._linear("sentence", joined), 0)
        return self._linear("scores", hidden)

    def _embedded(self, codes: Ints, tokens: Ints) -> Floats:
        characters = self._characters[self._table[codes]]
        return np.concatenate([characters, self._pieces[tokens]], axis=1)

    def _linear(self, name: str, values: Floats) -> Floats:
        found: Floats = values @ self._part[f"{name}.weight"] + self._part[f"{name}.bias"]
        return found

    def _block(self, name: str, states: Floats, inside: Floats, dilation: int) -> Floats:
        """A gated convolution over three characters, added to what came in."""
        part = self._part
        mean = states.mean(axis=1, keepdims=True)
        spread = np.sqrt(states.var(axis=1, keepdims=True) + np.float32(1e-5))
        scaled = (states - mean) / spread * part[f"{name}.norm.weight"] + part[f"{name}.norm.bias"]
        around = np.zeros((len(states) + 2 * dilation, states.shape[1]), dtype=np.float32)
        around[dilation : dilation + len(states)] = scaled * inside
        near = [around[place : place + len(states)] for place in (0, dilation, 2 * dilation)]
        value, gate = np.split(self._linear(f"{name}.conv", np.concatenate(near, axis=1)), 2, 1)
        found: Floats = states + value * (0.5 + 0.5 * np.tanh(0.5 * gate))
        return found


def _scaled(arrays: dict[str, NDArray[np.generic]], name: str) -> Floats:
    """A table kept in bytes with one scale a row."""
    scaled: Floats = arrays[name].astype(np.float32) * arrays[f"{name}_scale"].astype(np.float32)
    return scaled


def _inside(given: ReaderInput) -> Floats:
    inside = np.zeros(len(given.text), dtype=np.float32)
    for start, length in zip(given.starts, given.lengths, strict=True):
        inside[start : start + length] = 1
    return inside


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


@lru_cache(maxsize=1)
def builtin_reader(features: tuple[str, ...]) -> Reader:
    """The shipped reader, loaded once a process and checked against the features it will get."""
    reader = Reader.load(_FILE)
    check_features("reader", reader.features, features)
    return reader
