"""The encoder and the reader's heads as a torch module.

In go piece numbers, out come for each piece the scores to begin, to end and to stand inside the
words that answer, and one score for the whole passage. Knows nothing of texts or lessons. The
encoder is a BERT (Devlin et al. 2019) with queries, keys and values in one matrix; its weights come
from a folder in transformers' form.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

PADDING = 1
_NOWHERE = -1e4  # a score so low that its share is nothing, and that bfloat16 can hold
_NAMES = {
    "joined": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "widened": "intermediate.dense",
    "narrowed": "output.dense",
    "norm": "output.LayerNorm",
}


class Sizes(NamedTuple):
    """What a BERT's config.json says of its form."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    layer_norm_eps: float

    @classmethod
    def read(cls, folder: Path) -> Sizes:
        """The sizes of the model in a folder."""
        config = json.loads((folder / "config.json").read_text("utf-8"))
        return cls(**{name: config[name] for name in cls._fields})


class Layer(nn.Module):
    """Attention and a network of two matrices, each added to what came in and normed."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        hidden, inner = sizes.hidden_size, sizes.intermediate_size
        self.heads = sizes.num_attention_heads
        self.attended = nn.Linear(hidden, 3 * hidden)
        self.joined = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=sizes.layer_norm_eps)
        self.widened = nn.Linear(hidden, inner)
        self.narrowed = nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=sizes.layer_norm_eps)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """States of shape (texts, pieces, hidden); ``bias`` is very low where there is no piece."""
        texts, pieces, hidden = states.shape
        width = hidden // self.heads
        split = self.attended(states).view(texts, pieces, 3, self.heads, width)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        scores = torch.matmul(query * (1 / math.sqrt(width)), key.transpose(2, 3)) + bias
        mixed = torch.matmul(torch.softmax(scores, -1), value)
        mixed = mixed.transpose(1, 2).reshape(texts, pieces, hidden)
        states = self.attention_norm(states + self.joined(mixed))
        found: Tensor = self.norm(states + self.thought(states))
        return found

    def thought(self, states: Tensor) -> Tensor:
        """What the second network adds to the states: widened, bent, narrowed."""
        found: Tensor = self.narrowed(functional.gelu(self.widened(states)))
        return found


class Encoder(nn.Module):
    """Piece numbers to states."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.words = nn.Embedding(sizes.vocab_size, sizes.hidden_size)
        self.places = nn.Embedding(sizes.max_position_embeddings, sizes.hidden_size)
        self.norm = nn.LayerNorm(sizes.hidden_size, eps=sizes.layer_norm_eps)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.num_hidden_layers))

    def forward(self, pieces: Tensor) -> Tensor:
        """Pieces of shape (texts, pieces), ``PADDING`` where there is none; states likewise."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        states: Tensor = self.norm(self.words(pieces) + self.places(places))
        bias = (pieces == PADDING)[:, None, None, :].to(states.dtype) * _NOWHERE
        for layer in self.layers:
            states = layer(states, bias)
        return states

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """The encoder of a folder in transformers' form, type embeddings added to the places."""
        from safetensors.torch import load_file

        made = cls(Sizes.read(folder))
        made.load_state_dict(_renamed(load_file(folder / "model.safetensors"), made.sizes))
        return made


class ReaderNetwork(nn.Module):
    """The encoder with its heads: three numbers a piece, one a passage."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        hidden = encoder.sizes.hidden_size
        self.encoder = encoder
        self.pieces = nn.Linear(hidden, 3)
        self.whole = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Linear(hidden, 1))

    def forward(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of shape (texts, pieces, 3) and (texts,), both float32."""
        states = self.encoder(pieces)
        is_piece = (pieces != PADDING)[:, :, None]
        most = states.masked_fill(~is_piece, _NOWHERE).amax(1)
        both = torch.cat([states[:, 0], most], -1)
        return self.pieces(states).float(), self.whole(both).float()[:, 0]


def _renamed(state: dict[str, Tensor], sizes: Sizes) -> dict[str, Tensor]:
    """The weights of a BERT by the names of this module."""
    found = {
        "words.weight": state["embeddings.word_embeddings.weight"],
        "places.weight": state["embeddings.position_embeddings.weight"]
        + state["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": state["embeddings.LayerNorm.weight"],
        "norm.bias": state["embeddings.LayerNorm.bias"],
    }
    for number in range(sizes.num_hidden_layers):
        own, theirs = f"layers.{number}", f"encoder.layer.{number}"
        for kind in ("weight", "bias"):
            parts = [
                state[f"{theirs}.attention.self.{n}.{kind}"] for n in ("query", "key", "value")
            ]
            found[f"{own}.attended.{kind}"] = torch.cat(parts)
            for name, name_there in _NAMES.items():
                found[f"{own}.{name}.{kind}"] = state[f"{theirs}.{name_there}.{kind}"]
    return found
