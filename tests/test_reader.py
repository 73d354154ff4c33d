"""The reader: what numpy computes is what torch trained, and each sentence is read by itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from rag.errors import ModelError
from rag.evidence.characters import CHARACTER_FEATURES, SENTENCE_FEATURES, reader_input
from rag.evidence.features import FEATURES, QuestionView
from rag.evidence.lexicon import builtin_lexicon
from rag.models.reader import Reader, ReaderInput, builtin_reader
from rag.models.term_weights import builtin_term_weights
from rag.models.weights import WEIGHTS
from rag.queries import analyse
from training.reader import new_network
from training.reader_network import Batches, Network, ReadingExample, save

NAMES = (*SENTENCE_FEATURES, *CHARACTER_FEATURES)
QUESTION = "云桥镇2019年新建了多少亩茶园？"
SENTENCES = (
    "2019年，云桥镇新建茶园1.2万亩，引进制茶企业6家。",
    "镇党委书记林晓峰说，茶叶是第一产业。",
    "水库。",
)


def given(*sentences: str, seed: int = 0) -> ReaderInput:
    view = QuestionView.of(analyse(QUESTION), builtin_term_weights())
    rows = np.random.default_rng(seed).normal(size=(3, len(FEATURES))).astype(np.float32)
    places = [SENTENCES.index(sentence) for sentence in sentences]
    return reader_input(view, sentences, rows[places], builtin_lexicon())


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, Batches, Reader]:
    """An untrained network and the same as the program reads it."""
    torch.manual_seed(0)
    network = new_network([*SENTENCES, QUESTION], builtin_lexicon()).eval()
    example = ReadingExample(given(*SENTENCES), np.array([True, False, False]), ((), (), ()))
    batches = Batches(network, [example])
    folder = tmp_path_factory.mktemp("reader")
    save(network, batches, NAMES, folder)
    return network, batches, Reader.load(folder / "model.safetensors")


def test_numpy_computes_what_torch_trained(networks: tuple[Network, Batches, Reader]) -> None:
    network, batches, reader = networks
    one = given(*SENTENCES)
    example = ReadingExample(one, np.array([True, False, False]), ((), (), ()))
    other = ReadingExample(given(SENTENCES[1]), np.array([False]), ((),))
    with torch.no_grad():
        scores, spans = (one.cpu() for one in network(batches.of([example, other])))
    read = reader.read(one)
    # Weights are rounded to 16 bits, tables to 8.
    assert np.allclose(read.ranks, scores[:3, 0].numpy(), atol=0.03)
    assert np.allclose(read.holds, scores[:3, 1].numpy(), atol=0.03)
    for number, (start, length) in enumerate(zip(one.starts, one.lengths, strict=True)):
        logits = spans[number, :length].numpy()
        assert np.allclose(read.begins[start : start + length], logits[:, 0], atol=0.05)
        assert np.allclose(read.ends[start : start + length], logits[:, 1], atol=0.05)


def test_a_sentence_is_read_the_same_whatever_stands_beside_it() -> None:
    reader = builtin_reader(NAMES)
    together, alone = given(*SENTENCES), given(SENTENCES[1])
    both, one = reader.read(together), reader.read(alone)
    assert both.ranks[1] == pytest.approx(one.ranks[0], abs=1e-3)
    start, length = together.starts[1], together.lengths[1]
    assert np.allclose(both.begins[start : start + length], one.begins[:length], atol=1e-3)


@pytest.mark.parametrize("fault", ["missing", "empty", "noise", "no names", "other"])
def test_a_missing_or_damaged_reader_is_a_model_error(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "x.safetensors"
    if fault in {"no names", "other"}:
        names = {"features": json.dumps(["甲"])} if fault == "other" else None
        save_file({"mean": np.zeros(3, dtype=np.float32)}, path, metadata=names)
    elif fault != "missing":
        path.write_bytes({"empty": b"", "noise": b"\xff" * 64}[fault])
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        Reader.load(path)


def test_the_shipped_reader_is_loaded_once_and_refuses_other_features() -> None:
    assert builtin_reader(NAMES) is builtin_reader(NAMES)
    assert builtin_reader(NAMES).features == NAMES
    with pytest.raises(ModelError, match="reader 与程序版本不符"):
        builtin_reader(("别的",))


def test_the_shipped_reader_is_small() -> None:
    assert (WEIGHTS / "reader" / "model.safetensors").stat().st_size < 4_000_000
