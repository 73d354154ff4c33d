"""A page's blocks as numbers: rare words shared, nothing that runs from one block into another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import page_view
from rag.articles.blocks import split_blocks
from rag.articles.page_view import MAX_READ, PageView, bigram_hashes, builtin_rarity, normalised
from rag.errors import ModelError
from tests.pages import PAGES


def view_of(*texts: str) -> PageView:
    return PageView(split_blocks("\n\n".join(texts)))


def test_a_bigram_has_one_hash_whatever_its_width_and_case() -> None:
    assert bigram_hashes("水库水库").tolist()[0] == bigram_hashes("水库").tolist()[0] > 0
    assert np.array_equal(bigram_hashes("Ab12"), bigram_hashes("aB12"))
    assert np.array_equal(bigram_hashes("１２，３４"), bigram_hashes("12,34"))


def test_a_bigram_with_a_sign_in_it_counts_nothing() -> None:
    assert bigram_hashes("水，库").tolist() == [0, 0]
    assert builtin_rarity()[0] == 0


@pytest.mark.parametrize("text", ["", "字"])
def test_a_text_too_short_for_a_bigram_has_none(text: str) -> None:
    assert bigram_hashes(text).tolist() == []


@given(st.text())
def test_any_text_has_a_hash_for_each_two_neighbours(text: str) -> None:
    assert len(bigram_hashes(text)) == max(len(text) - 1, 0)


@given(PAGES)
def test_vectors_have_length_one_or_none(page: str) -> None:
    view = PageView(split_blocks("始\n" + page))
    lengths = np.linalg.norm(view.vectors, axis=1)
    assert len(lengths) == len(view.blocks)
    assert all(length == pytest.approx(1, abs=1e-4) or length == 0 for length in lengths)


def test_blocks_are_alike_by_the_words_they_share() -> None:
    view = view_of("双河水库大坝封顶。", "双河水库明年蓄水。", "柳湾小学搬进新校舍。")
    likeness = view.vectors @ view.vectors.T
    assert likeness[0, 1] > likeness[0, 2]
    assert likeness[0, 2] == 0


def test_no_word_runs_from_one_block_into_the_next() -> None:
    view = view_of("双", "河", "双河")
    assert view.vectors[0].sum() == view.vectors[1].sum() == 0
    assert view.vectors[2].sum() > 0


def test_a_long_block_is_read_at_both_ends() -> None:
    (text,) = view_of("始" + "中" * 10_000 + "末").texts
    assert len(text) <= MAX_READ + 1
    assert (text[0], text[-1]) == ("始", "末")


def test_a_row_of_zeros_stays_one() -> None:
    rows = np.array([[0.0, 0.0], [3.0, 4.0]], dtype=np.float32)
    assert normalised(rows).tolist() == [[0.0, 0.0], pytest.approx([0.6, 0.8])]


def test_missing_weights_are_a_model_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page_view, "_FILE", tmp_path / "没有.safetensors")
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        builtin_rarity.__wrapped__()


def test_blocks_on_one_subject_are_near_one_another_though_they_share_no_word() -> None:
    nurse = "医生为病人做了手术，护士守在病床旁。"
    ward = "医院里新添了三台仪器，患者看病不再排队。"
    match = "球队在客场赢下比赛，前锋踢进两粒进球。"
    view = view_of(nurse, ward, match)
    assert view.likeness[0, 1] == view.likeness[0, 2] == 0
    near = view.meanings @ view.meanings.T
    assert near[0, 1] > max(near[0, 2], near[1, 2]) + 0.1


@given(PAGES)
def test_meanings_are_of_length_one_and_of_whatever_text(page: str) -> None:
    meanings = PageView(split_blocks(page)).meanings
    lengths = np.linalg.norm(meanings, axis=1)
    assert ((np.abs(lengths - 1) < 1e-3) | (lengths == 0)).all()
