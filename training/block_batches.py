"""Pairs of blocks to batches of piece numbers, with what is true of each pair.

In go ``BlockPair``s, out come tensors. How a pair becomes one row of pieces is
``rag.models.pairing``'s; this module knows nothing of pages or networks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rag.models.pairing import Pairing
from training.block_pairs import BlockPair

_TOGETHER = 1500  # pairs that are sorted by length before they are parted into batches


@dataclass(frozen=True, slots=True)
class BlockBatch:
    """``pieces`` of shape (pairs, pieces); ``truths`` (pairs, 2), float: one story, goes on."""

    pieces: Tensor
    truths: Tensor

    def to(self, device: torch.device) -> BlockBatch:
        """The same on a device."""
        return BlockBatch(self.pieces.to(device), self.truths.to(device))


def block_batches(
    pairs: Sequence[BlockPair], pairing: Pairing, *, pieces: int, seed: int
) -> Iterator[BlockBatch]:
    """Batches without end, in an order of chance, of about ``pieces`` pieces each."""
    draw = random.Random(seed)
    while True:
        some = [pairs[draw.randrange(len(pairs))] for _ in range(_TOGETHER)]
        rows = sorted(
            ((pairing.blocks(one.upper, one.lower), one) for one in some),
            key=lambda row: len(row[0]),
        )
        parts, start = [], 0
        for end in range(1, len(rows) + 1):
            if end == len(rows) or len(rows[end][0]) * (end + 1 - start) > pieces:
                parts.append(rows[start:end])
                start = end
        draw.shuffle(parts)
        yield from map(_batch, parts)


def _batch(rows: Sequence[tuple[tuple[int, ...], BlockPair]]) -> BlockBatch:
    width = max(len(row) for row, _ in rows)
    pieces = np.ones((len(rows), width), np.int64)  # 1 is padding
    for place, (row, _) in enumerate(rows):
        pieces[place, : len(row)] = row
    truths = [[pair.is_one_story, pair.goes_on] for _, pair in rows]
    return BlockBatch(torch.from_numpy(pieces), torch.tensor(truths, dtype=torch.float32))
