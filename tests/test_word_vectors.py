"""Word vectors: what stands among the same words is near; as shipped, and as they are counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from rag.errors import ModelError
from rag.evidence import lexicon
from rag.models.embedder import builtin_embedder
from rag.models.word_vectors import WordVectors, builtin_word_vectors
from training.word_vectors import count_neighbours, vectors_of


def likeness(one: str, other: str) -> float:
    first, second = (int(builtin_embedder().pieces_in([word])[0][0]) for word in (one, other))
    vectors = builtin_word_vectors().vectors
    return float(vectors[first] @ vectors[second])


@pytest.mark.parametrize(
    ("word", "same", "other"),
    [("补贴", "补助", "医院"), ("去世", "逝世", "面积"), ("员工", "职工", "地震")],
)
def test_words_for_the_same_are_near_as_shipped(word: str, same: str, other: str) -> None:
    assert likeness(word, same) > 0.6
    assert likeness(word, other) < 0.4


def test_every_piece_of_the_embedder_has_a_vector_and_a_rarity() -> None:
    words = builtin_word_vectors()
    assert len(words.vectors) == len(words.rarity) == len(builtin_embedder().piece_vectors)
    assert np.isfinite(words.vectors).all()
    common, rare = (int(builtin_embedder().pieces_in([w])[0][0]) for w in ("的", "茶园"))
    assert 0 < words.rarity[common] < words.rarity[rare]


def test_neighbours_are_counted_within_a_text_and_the_nearer_ones_more() -> None:
    embedder = builtin_embedder()
    texts = ["茶园面积", "水库"]
    first, second = embedder.pieces_in(texts)
    counts, seen = count_neighbours(embedder, texts)
    left, right = first.tolist()[:2]
    assert counts[left, right] == 1
    assert counts[right, left] == 0
    assert counts[int(first[-1]), int(second[0])] == 0
    assert seen.sum() == len(first) + len(second)


def test_pieces_with_the_same_neighbours_get_the_same_direction() -> None:
    embedder = builtin_embedder()
    around = ["他们发放{}给居民", "去年{}有很多", "领取{}的人", "政府的{}很高"]
    other = ["小学{}放假", "医生{}门诊"]
    texts = [one.format(word) for one in around for word in ("补贴", "补助")] * 3
    texts += [one.format("水库") for one in other] * 3
    counts, _ = count_neighbours(embedder, texts)
    vectors = WordVectors(vectors_of(counts, 8), np.zeros(counts.shape[0], np.float32)).vectors
    one, same, unlike = (int(embedder.pieces_in([word])[0][0]) for word in ("补贴", "补助", "水库"))
    assert vectors[one] @ vectors[same] > 0.99
    assert vectors[one] @ vectors[unlike] < 0.5


@pytest.mark.parametrize("fault", ["missing", "noise", "other"])
def test_missing_or_damaged_vectors_are_a_model_error(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "x.safetensors"
    if fault == "noise":
        path.write_bytes(b"\xff" * 64)
    elif fault == "other":
        save_file({"mean": np.zeros(3, dtype=np.float32)}, path)
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        WordVectors.load(path)


def test_vectors_of_another_embedder_are_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    other = WordVectors(np.ones((3, 2), np.float32), np.ones(3, np.float32))
    monkeypatch.setattr(lexicon, "builtin_word_vectors", lambda: other)
    with pytest.raises(ModelError, match="不是一起做的；请重新安装"):
        lexicon.builtin_lexicon.__wrapped__()
