"""Values far out in matrices of their own: nothing else is another than it was."""

from __future__ import annotations

import torch

from tests.lessons import tiny_network
from training.outliers import apart

ROWS = [torch.tensor([0, 7, 9, 2, 2, 11, 12, 2]), torch.tensor([0, 8, 2, 2, 13, 2])]


def test_the_network_works_out_the_same() -> None:
    network = tiny_network().eval()
    made = apart(network, ROWS)
    with torch.inference_mode():
        for row in ROWS:
            for own, other in zip(network(row[None]), made(row[None]), strict=True):
                assert torch.allclose(own, other, atol=1e-5)


def test_the_value_that_is_far_out_is_the_one_kept_apart() -> None:
    network = tiny_network().eval()
    with torch.no_grad():
        network.encoder.layers[1].widened.bias[17] = 60.0
    layer = apart(network, ROWS).encoder.layers[1]
    assert layer.few_widened.bias.max().item() == 60.0
    assert layer.widened.bias.max().item() < 60.0
    sizes = network.encoder.sizes
    assert layer.widened.out_features + layer.few_widened.out_features == sizes.intermediate_size


def test_the_network_given_stays_as_it_was() -> None:
    network = tiny_network()
    apart(network, ROWS)
    assert not hasattr(network.encoder.layers[0], "few_widened")
