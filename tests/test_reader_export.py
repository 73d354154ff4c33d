"""The exported reader: onnxruntime finds what torch does, as nearly as 8 bits allow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from rag.models.reader import MODEL_FILE, TOKENIZER_FILE, OnnxReader, Shown, Turn
from tests.lessons import QUESTION, ROAD, SCHOOL, pairing, tiny_network, tokenizer, write_start
from training.reader_export import export, load_trained
from training.reader_network import ReaderNetwork


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReaderNetwork, Path]:
    folder = tmp_path_factory.mktemp("reader")
    network = tiny_network()
    export(network, folder / MODEL_FILE)
    tokenizer().save(str(folder / TOKENIZER_FILE))
    return network, folder


def test_the_program_reads_what_was_trained(exported: tuple[ReaderNetwork, Path]) -> None:
    network, folder = exported
    shown = [Shown("", ROAD), Shown("柳湾", SCHOOL)]
    found = OnnxReader.load(folder).read(Turn(QUESTION), shown)
    for one, scores in zip(shown, found, strict=True):
        row = pairing().row(QUESTION, (), one.context, one.text)
        with torch.inference_mode():
            pieces, whole = network(torch.tensor([row.pieces]))
        own = pieces[0, row.first : row.first + len(row.starts)].numpy()
        assert scores.answers == pytest.approx(float(whole[0]), abs=0.05)
        for n, kind in enumerate((scores.begins, scores.ends, scores.inside)):
            assert np.allclose(kind, own[:, n], atol=0.1)
            assert np.corrcoef(kind, own[:, n])[0, 1] > 0.99
        assert (scores.starts, scores.stops) == (row.starts, row.ends)


def test_matrices_and_tables_are_kept_in_eight_bits_but_for_the_narrowing_ones(
    exported: tuple[ReaderNetwork, Path],
) -> None:
    import onnx

    network, folder = exported
    sizes = network.encoder.sizes
    graph = onnx.load(folder / MODEL_FILE).graph
    floats = [a for a in graph.initializer if a.data_type == onnx.TensorProto.FLOAT]
    matrices = [tuple(a.dims) for a in floats if len(a.dims) > 1 and a.dims[0] > 1]
    narrowing = (sizes.intermediate_size, sizes.hidden_size)
    assert matrices == [narrowing] * sizes.num_hidden_layers


def test_without_trained_weights_the_start_is_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_start(tmp_path / "start")
    load_trained(tmp_path)
    assert "exported untrained" in capsys.readouterr().out
