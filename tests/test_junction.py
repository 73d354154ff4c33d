"""The junction model: what it reads, that it reads it the same way every time, what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from rag.errors import ModelError
from rag.models.junction import (
    CHARS,
    CROSSING_BITS,
    CROSSINGS,
    JunctionModel,
    builtin_junction_model,
    crossing_hashes,
)
from rag.models.weights import WEIGHTS

FILE = WEIGHTS / "junction" / "model.safetensors"
TEXTS = [
    "云桥镇新建茶园一万亩，引进制茶企业6家，带动农户",
    "水库开工。",
    "a",
    "",
    "\ud800",
    "😀" * 40,
    "\0",
]


@pytest.mark.parametrize("fault", ["missing", "empty", "noise", "cut", "other"])
def test_a_missing_or_damaged_model_is_a_model_error(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "x.safetensors"
    if fault == "other":
        save_file({"codes": np.zeros(3, dtype=np.int32)}, path)
    elif fault != "missing":
        path.write_bytes(
            {"empty": b"", "noise": b"\xff" * 64, "cut": FILE.read_bytes()[:5_000]}[fault]
        )
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        JunctionModel.load(path)


def test_the_shipped_model_is_loaded_once() -> None:
    assert builtin_junction_model() is builtin_junction_model()


@pytest.mark.parametrize("side", ["tails", "heads"])
def test_any_text_is_read_to_finite_numbers(side: str) -> None:
    read = getattr(builtin_junction_model(), f"read_{side}")
    for rows in read(TEXTS):
        assert len(rows) == len(TEXTS)
        assert np.isfinite(rows).all()


def test_a_tail_has_one_sign_and_a_head_two() -> None:
    model = builtin_junction_model()
    assert model.read_tails(["水库"]).logits.shape == (1, 1)
    assert model.read_heads(["水库"]).logits.shape == (1, 2)
    assert model.read_tails(["水库"]).vectors.shape == model.read_heads(["水库"]).vectors.shape


def test_no_texts_are_no_rows() -> None:
    model = builtin_junction_model()
    assert len(model.read_tails([]).vectors) == len(model.read_heads([]).logits) == 0
    before, after = model.read_crossings([], [])
    assert model.cross(before, after).shape == (0, CROSSINGS)


@given(st.text(), st.text())
def test_a_text_is_read_the_same_alone_and_among_others(text: str, other: str) -> None:
    model = builtin_junction_model()
    for read in (model.read_tails, model.read_heads):
        alone, among = read([text]), read([other, text, "水库开工。"])
        assert np.allclose(alone.vectors[0], among.vectors[1], atol=1e-4)
        assert np.array_equal(read([text]).logits, alone.logits)


def test_more_texts_than_one_batch_are_read_in_order() -> None:
    model = builtin_junction_model()
    many = model.read_tails([TEXTS[0], *["水库"] * 5_000, TEXTS[0]])
    assert len(many.vectors) == 5_002
    assert np.allclose(many.vectors[0], many.vectors[-1], atol=1e-4)


def test_a_half_that_goes_on_is_known_from_a_new_sentence_and_from_another_half() -> None:
    model = builtin_junction_model()
    tail = model.read_tails(["又请来专家制定了《云桥镇茶产业发展规"]).halves
    heads = model.read_heads(
        [
            "划》，提出五年之内把茶园面积扩大到两万亩，让茶农在家门口",
            "双河水库的大坝上周顺利封顶，施工人员连夜清理现场，",
            "员连夜清理现场，为下个月的蓄水验收做好了准备，",
        ]
    ).halves
    goes_on, rather = model.pair(np.repeat(tail, 3, axis=0), heads).T
    assert goes_on[0] > 0 > goes_on[1]
    assert rather[0] > rather[2]


def test_no_pairs_have_no_readings() -> None:
    model = builtin_junction_model()
    tails, heads = model.read_tails([]).halves, model.read_heads([]).halves
    assert model.pair(tails, heads).shape == (0, 2)


def test_only_the_edge_of_a_text_counts() -> None:
    model = builtin_junction_model()
    edge = "云桥镇新建茶园一万亩引进制茶企业六家带动农户"[:CHARS]
    assert len(edge) == CHARS
    tails = model.read_tails([edge, "水库开工。" * 99 + edge]).vectors
    heads = model.read_heads([edge, edge + "水库开工。" * 99]).vectors
    assert np.allclose(tails[0], tails[1], atol=1e-5)
    assert np.allclose(heads[0], heads[1], atol=1e-5)


def test_full_and_half_width_are_read_alike() -> None:
    model = builtin_junction_model()
    assert np.array_equal(
        model.read_tails(["水库１２ＡＢ"]).vectors, model.read_tails(["水库12ab"]).vectors
    )


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=5))
def test_crossings_of_any_texts_are_finite(pairs: list[tuple[str, str]]) -> None:
    model = builtin_junction_model()
    before, after = model.read_crossings([a for a, _ in pairs], [b for _, b in pairs])
    found = model.cross(before, after)
    assert found.shape == (len(pairs), CROSSINGS)
    assert np.isfinite(found).all()


def test_an_n_gram_over_a_cut_looks_at_its_own_characters_only() -> None:
    model = builtin_junction_model()
    before, after = model.read_crossings(["茶水", "村水"], ["库里", "库里"])
    first, second = model.cross(before, after)
    assert first[0] == second[0]  # one character on either side
    assert first[2] == second[2]  # one before, two after


def test_hashes_lie_within_the_table() -> None:
    codes = np.arange(0, 0x110000, 997, dtype=np.int64)
    for hashed in crossing_hashes(codes, codes[::-1], codes, codes[::-1]):
        assert ((hashed >= 0) & (hashed < 1 << CROSSING_BITS)).all()


def test_half_a_sentence_goes_better_with_its_other_half_than_with_another() -> None:
    model = builtin_junction_model()
    firsts = ["镇里今年的工作重点是加快推进农村道路建", "学校的老师和同学们都参加了这次志愿服务活"]
    seconds = ["设，方便群众出行。", "动，受到居民的欢迎。"]
    match = model.read_tails(firsts).vectors @ model.read_heads(seconds).vectors.T
    before, after = model.read_crossings([f for f in firsts for _ in seconds], seconds * 2)
    match += model.cross(before, after).sum(axis=1).reshape(2, 2)
    assert match[0, 0] + match[1, 1] > match[0, 1] + match[1, 0]
