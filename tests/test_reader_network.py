"""The network: its encoder is a BERT to the last bit that counts, and padding changes nothing."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.lessons import SIZES, tiny_network, write_start
from training.reader_network import PADDING, Encoder

PIECES = torch.tensor([[0, 7, 9, 11, 2, 5, 2], [0, 8, 2, PADDING, PADDING, PADDING, PADDING]])


def test_the_encoder_computes_what_transformers_does(tmp_path: Path) -> None:
    theirs = write_start(tmp_path)
    ours = Encoder.load(tmp_path).eval()
    there = PIECES != PADDING
    with torch.inference_mode():
        expected = theirs(input_ids=PIECES, attention_mask=there.long()).last_hidden_state
        found = ours(PIECES)
    assert torch.allclose(found[there], expected[there], atol=1e-5)


def test_scores_are_three_a_piece_and_one_a_passage() -> None:
    pieces, whole = tiny_network()(PIECES)
    assert pieces.shape == (2, 7, 3)
    assert whole.shape == (2,)
    assert pieces.dtype == whole.dtype == torch.float32


def test_padding_changes_no_score() -> None:
    network = tiny_network().eval()
    with torch.inference_mode():
        pieces, whole = network(PIECES)
        alone, whole_alone = network(PIECES[1:, :3])
    assert torch.allclose(pieces[1, :3], alone[0], atol=1e-6)
    assert torch.allclose(whole[1], whole_alone[0], atol=1e-6)


def test_the_sizes_are_those_of_the_folder(tmp_path: Path) -> None:
    write_start(tmp_path)
    assert Encoder.load(tmp_path).sizes == SIZES
