"""The seam model: words and word classes at a cut, the same every time, whatever the text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from rag.errors import ModelError
from rag.models.seams import CHARS, CLASS_BITS, WORD_BITS, SeamModel, builtin_seam_model, seam_of
from rag.models.weights import WEIGHTS

FILE = WEIGHTS / "seams" / "model.safetensors"
ANY_TEXT = st.text(max_size=30) | st.sampled_from(["", "\ud800", "\udfff\ud800", "\0", " ", "😀"])


@pytest.mark.parametrize("fault", ["missing", "empty", "noise", "cut", "other", "no scale"])
def test_a_missing_or_damaged_model_is_a_model_error(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "x.safetensors"
    tables = {
        name: np.zeros(3, dtype=np.int8) for name in ("words", "classes_cut", "classes_begin")
    }
    if fault == "other":
        save_file({"words": tables["words"]}, path)
    elif fault == "no scale":
        save_file(tables | {"scale": np.zeros(0, dtype=np.float32)}, path)
    elif fault != "missing":
        path.write_bytes(
            {"empty": b"", "noise": b"\xff" * 64, "cut": FILE.read_bytes()[:5_000]}[fault]
        )
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        SeamModel.load(path)


def test_the_shipped_model_is_loaded_once() -> None:
    assert builtin_seam_model() is builtin_seam_model()


def test_a_word_that_runs_through_the_cut_is_seen() -> None:
    assert seam_of("他们去了图书", "馆看书").through == len("图书馆")
    assert seam_of("他们去了", "图书馆看书").through == 0


def test_a_long_word_counts_as_one_of_four_characters() -> None:
    assert seam_of("会议在中华人民", "共和国的首都举行").through == 4


def test_two_cuts_of_one_word_are_the_same_seam() -> None:
    assert seam_of("他们去了图书", "馆看书") == seam_of("他们去了图", "书馆看书")


def test_only_the_characters_near_the_cut_count() -> None:
    near = ("镇里新修了一条通往山外的", "公路方便了群众出行很多")
    assert len(near[0]) >= CHARS - 1
    first, second = near[0].rjust(CHARS, "，"), near[1].ljust(CHARS, "，")
    assert seam_of("水库开工。" * 50 + first, second + "水库" * 50) == seam_of(first, second)


def test_full_and_half_width_are_the_same_seam() -> None:
    assert seam_of("新建１２", "ＡＢ茶园") == seam_of("新建12", "ab茶园")


@given(ANY_TEXT, ANY_TEXT)
def test_any_texts_are_read_to_finite_numbers_the_same_every_time(before: str, after: str) -> None:
    seam = seam_of(before, after)
    assert 0 <= seam.through <= 4
    assert 0 <= seam.words < 1 << WORD_BITS
    assert 0 <= seam.classes < 1 << CLASS_BITS
    read = builtin_seam_model().read(before, after)
    assert len(read) == 4
    assert np.isfinite(read).all()
    assert builtin_seam_model().read(before, after) == read
    assert read[0] == seam.through


@pytest.mark.parametrize("texts", [("", ""), ("水库", ""), ("", "水库")])
def test_a_side_without_words_has_no_word_through_the_cut(texts: tuple[str, str]) -> None:
    assert seam_of(*texts).through == 0
