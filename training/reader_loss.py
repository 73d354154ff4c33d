"""What the reader's scores cost on a batch: the lessons it is taught.

In go the network and a batch, out comes one number to make smaller, and its parts by name. A
passage is learned against the other hits of its question and "none of these" (Clark & Gardner 2018,
"Simple and Effective Multi-Paragraph Reading Comprehension"), and by itself. Knows nothing of how
batches are drawn or weights are moved.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.reader_batches import Batch
from training.reader_network import ReaderNetwork

_NOWHERE = -1e4  # the score of a piece that cannot be it
_INSIDE_WEIGHT = 2  # by how much more a piece of an answer counts than another
_SHARES = {"choice": 1.0, "alone": 0.5, "words": 0.5, "inside": 0.5}


def in_half(network: ReaderNetwork, pieces: Tensor) -> tuple[Tensor, Tensor]:
    """The network's scores, worked out in bfloat16; its own weights stay float32."""
    halved = {name: value.bfloat16() for name, value in network.named_parameters()}
    found: tuple[Tensor, Tensor] = torch.func.functional_call(network, halved, (pieces,))
    return found


def loss_of(network: ReaderNetwork, given: Batch) -> tuple[Tensor, dict[str, float]]:
    """What a batch costs: the choice among hits, each hit by itself, and the words that answer."""
    pieces, whole = in_half(network, given.pieces)
    parts = {
        "choice": choice_cost(whole, given.answers, given.groups),
        "alone": functional.binary_cross_entropy_with_logits(whole, given.answers.float()),
    }
    if given.answers.any():
        parts |= {"words": words_cost(pieces, given), "inside": inside_cost(pieces, given)}
    costs = (_SHARES[name] * value for name, value in parts.items())
    total = sum(costs, start=whole.new_zeros(()))
    nothing = dict.fromkeys(_SHARES, 0.0)
    return total, nothing | {name: float(value.detach()) for name, value in parts.items()}


def choice_cost(whole: Tensor, answers: Tensor, groups: Tensor) -> Tensor:
    """Cross entropy over the hits of each question and none of them, whose score is 0.

    Where several answer, any of them will do. All three are of shape (rows,).
    """
    costs = []
    for number in range(int(groups[-1]) + 1):
        mine = groups == number
        scores = torch.cat([whole.new_zeros(1), whole[mine]])
        right = torch.cat([~answers[mine].any()[None], answers[mine]])
        costs.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
    return torch.stack(costs).mean()


def words_cost(pieces: Tensor, given: Batch) -> Tensor:
    """Cross entropy of where the answers begin, and where they end, over the pieces of each row."""
    rows = given.answers
    logits = within(pieces[rows], given.is_piece[rows])
    costs = [
        -(functional.log_softmax(logits[:, :, n], 1) * edges[rows]).sum() / edges[rows].sum()
        for n, edges in enumerate((given.begins, given.ends))
    ]
    return costs[0] + costs[1]


def inside_cost(pieces: Tensor, given: Batch) -> Tensor:
    """Cross entropy of each piece of the rows that answer: is it part of an answer?"""
    rows = given.answers
    inside = given.inside[rows]
    weights = given.is_piece[rows] * (1 + _INSIDE_WEIGHT * inside)
    cost = functional.binary_cross_entropy_with_logits(
        pieces[rows][:, :, 2], inside, weights, reduction="sum"
    )
    return cost / weights.sum()


def within(pieces: Tensor, is_piece: Tensor) -> Tensor:
    """The pieces' scores with those outside the passage so low that none is ever chosen."""
    return pieces.masked_fill(is_piece[:, :, None] == 0, _NOWHERE)
