"""The few values that are far out kept apart, so that all the others can be rounded finely.

In every layer of the encoder one value in 1,536 before the narrowing matrix is up to ten times as
large as any other. Rounded with one scale, it leaves the others a tenth of the steps. In goes a
network, out comes one that works out the same with these values in small matrices of their own,
which are not rounded (after LLM.int8(), Dettmers et al. 2022, the places chosen once and not for
each input). Knows nothing of files.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.reader_network import Layer, ReaderNetwork

KEPT_WHOLE = "few"  # in the names of the matrices that are not rounded
_FEW = 4  # values of each layer


class ApartLayer(Layer):
    """A layer of an encoder whose widest values have matrices of their own."""

    def __init__(self, layer: Layer, few: Tensor) -> None:
        nn.Module.__init__(self)
        self.heads = layer.heads
        self.attended, self.joined = layer.attended, layer.joined
        self.attention_norm, self.norm = layer.attention_norm, layer.norm
        many = torch.ones(layer.widened.out_features, dtype=torch.bool)
        many[few] = False
        self.widened, self.narrowed = _part(layer, many)
        self.few_widened, self.few_narrowed = _part(layer, ~many, has_bias=False)

    def thought(self, states: Tensor) -> Tensor:
        """See ``Layer.thought``."""
        few: Tensor = self.few_narrowed(functional.gelu(self.few_widened(states)))
        return super().thought(states) + few


def _part(layer: Layer, which: Tensor, *, has_bias: bool = True) -> tuple[nn.Linear, nn.Linear]:
    """The part of both matrices that goes by way of these values."""
    hidden, inner = layer.widened.in_features, int(which.sum())
    widened, narrowed = nn.Linear(hidden, inner), nn.Linear(inner, hidden, bias=has_bias)
    with torch.no_grad():
        widened.weight.copy_(layer.widened.weight[which])
        widened.bias.copy_(layer.widened.bias[which])
        narrowed.weight.copy_(layer.narrowed.weight[:, which])
        if has_bias:
            narrowed.bias.copy_(layer.narrowed.bias)
    return widened, narrowed


def apart(network: ReaderNetwork, rows: Iterable[Tensor]) -> ReaderNetwork:
    """The same network with the values apart that are largest over some rows of pieces."""
    largest = _largest(network, rows)
    made = copy.deepcopy(network)
    for number, layer in enumerate(network.encoder.layers):
        few = largest[number].topk(_FEW).indices
        made.encoder.layers[number] = ApartLayer(copy.deepcopy(layer), few)  # type: ignore[arg-type]
    return made.eval()


@torch.inference_mode()
def _largest(network: ReaderNetwork, rows: Iterable[Tensor]) -> list[Tensor]:
    """For each layer the largest size that each value before its narrowing matrix has."""
    layers = network.encoder.layers
    found = [torch.zeros(network.encoder.sizes.intermediate_size) for _ in layers]

    def watch(number: int) -> torch.utils.hooks.RemovableHandle:
        def seen(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            torch.maximum(found[number], given[0].abs().amax((0, 1)), out=found[number])

        return layers[number].narrowed.register_forward_pre_hook(seen)  # type: ignore[union-attr]

    watched = [watch(number) for number in range(len(layers))]
    network.eval()
    for row in rows:
        network(row[None])
    for one in watched:
        one.remove()
    return found
