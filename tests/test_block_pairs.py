"""Pairs of blocks: neighbours, halves and rivals of a page, with the truth; then batches of them."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
import torch

from corpora.newspaper_pages import NewspaperPage, PageBlock
from tests.data_folder import write_folder
from tests.lessons import QUESTION, ROAD, SCHOOL, WATER, pairing
from training import block_pairs
from training.block_batches import BlockBatch, block_batches
from training.block_pairs import BlockPair, pairs_of, read_pairs

PAGE = NewspaperPage(
    (
        PageBlock("云桥镇修了", 0, 0),
        PageBlock(SCHOOL, 1, 0),
        PageBlock("第3版", -1, 0, "furniture"),
        PageBlock("36公里公路。", 0, 1, continues=True),
    )
)


def test_halves_of_a_sentence_are_paired_wherever_they_stand() -> None:
    found = pairs_of(PAGE, random.Random(0))
    assert BlockPair("云桥镇修了", "36公里公路。", True, True) in found
    assert BlockPair("云桥镇修了", SCHOOL, False, False) in found


def test_page_furniture_is_in_no_pair() -> None:
    for seed in range(20):
        told = [words for pair in pairs_of(PAGE, random.Random(seed)) for words in pair[:2]]
        assert "第3版" not in told


def test_one_block_makes_no_pair() -> None:
    assert pairs_of(NewspaperPage((PageBlock(ROAD, 0, 0),)), random.Random(0)) == []


def test_the_file_gives_back_the_pairs_of_all_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path)
    monkeypatch.setattr(block_pairs, "mixed_pages", lambda texts, count, seed: [PAGE] * count)
    options = ["--data", str(tmp_path), "--work", str(tmp_path), "--pages", "3"]
    monkeypatch.setattr(sys, "argv", ["block_pairs", *options])
    block_pairs.main()
    draw = random.Random(5)
    expected = [pair for _ in range(3) for pair in pairs_of(PAGE, draw)]
    assert read_pairs(tmp_path / block_pairs.FILE) == expected


def test_a_batch_holds_both_blocks_and_the_truth() -> None:
    pairs = [
        BlockPair("云桥镇修了", "36公里公路。", True, True),
        BlockPair(SCHOOL, WATER, False, False),
    ]
    given = next(block_batches(pairs, pairing(), pieces=400, seed=1))
    assert given.pieces.shape[0] == given.truths.shape[0] > 1
    for row, truth in zip(given.pieces, given.truths, strict=True):
        own = pairs[0] if truth.tolist() == [1, 1] else pairs[1]
        expected = list(pairing().blocks(own.upper, own.lower))
        assert row[: len(expected)].tolist() == expected
        assert set(row[len(expected) :].tolist()) <= {1}


def test_batches_are_no_larger_than_asked() -> None:
    pairs = [BlockPair(QUESTION * n, ROAD, True, False) for n in range(1, 4)]
    source = block_batches(pairs, pairing(), pieces=300, seed=2)
    assert all(next(source).pieces.numel() <= 300 for _ in range(20))


def test_a_pair_takes_the_end_of_the_upper_block_and_the_beginning_of_the_lower() -> None:
    both = pairing()
    long = both.blocks("云" * 100 + ROAD, SCHOOL + "水" * 100)
    assert long[-2] == both.blocks("云", "水")[-2]
    assert len(long) == len(both.blocks("云" * 60, "水" * 60))


def test_a_batch_goes_to_a_device_whole() -> None:
    given = BlockBatch(torch.ones(2, 3, dtype=torch.long), torch.zeros(2, 2))
    moved = given.to(torch.device("cpu"))
    assert torch.equal(moved.pieces, given.pieces)
    assert torch.equal(moved.truths, given.truths)
