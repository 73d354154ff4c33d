"""The exported reader: onnxruntime finds what torch does, as nearly as 8 bits allow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from rag.models.reader import MODEL_FILE, TOKENIZER_FILE, OnnxReader, Shown, Turn
from tests.lessons import QUESTION, ROAD, SCHOOL, pairing, tiny_network, tokenizer, write_start
from training.reader_export import export, load_trained
from training.reader_import import weights_of
from training.reader_network import ReaderNetwork


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReaderNetwork, Path]:
    folder = tmp_path_factory.mktemp("reader")
    network = tiny_network().eval()
    with torch.no_grad():
        for values in network.parameters():  # what is equal would be written once
            values.add_(0.02 * torch.randn_like(values))
    export(
        network, folder / MODEL_FILE, [torch.tensor(pairing().row(QUESTION, (), "", ROAD).pieces)]
    )
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


def test_matrices_and_tables_are_kept_in_eight_bits_but_for_a_few_values(
    exported: tuple[ReaderNetwork, Path],
) -> None:
    import onnx

    network, folder = exported
    sizes = network.encoder.sizes
    graph = onnx.load(folder / MODEL_FILE).graph
    floats = [a for a in graph.initializer if a.data_type == onnx.TensorProto.FLOAT]
    matrices = [tuple(a.dims) for a in floats if len(a.dims) > 1 and a.dims[0] > 1]
    few = [(sizes.hidden_size, 4), (4, sizes.hidden_size)]
    assert sorted(matrices) == sorted(few * sizes.num_hidden_layers)


def test_the_weights_of_an_exported_reader_can_be_trained_on(
    exported: tuple[ReaderNetwork, Path],
) -> None:
    network, folder = exported
    again = tiny_network(seed=1).eval()
    again.load_state_dict(weights_of(folder / MODEL_FILE))
    row = torch.tensor([pairing().row(QUESTION, (), "柳湾", SCHOOL).pieces])
    with torch.inference_mode():
        for own, other in zip(network(row), again(row), strict=True):
            assert torch.allclose(own, other, atol=0.1)


def test_without_trained_weights_the_start_is_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_start(tmp_path / "start")
    load_trained(tmp_path)
    assert "exported untrained" in capsys.readouterr().out
