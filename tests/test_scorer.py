"""The built-in scorers and term weights: what they compute, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from rag.errors import ModelError
from rag.models.scorer import Scorer, builtin_scorer
from rag.models.term_weights import TermWeights, builtin_term_weights
from rag.models.weights import WEIGHTS

LINEAR = {"mean": [1.0, 2.0], "scale": [2.0, 4.0], "output": [3.0, 5.0], "offset": [0.5]}
HIDDEN = {"hidden": [[1.0, -1.0], [0.0, 2.0]], "bias": [0.0, 1.0]}
ROWS = np.array([[3.0, 6.0], [-1.0, 2.0]], dtype=np.float32)


def arrays(values: dict[str, list[float]]) -> dict[str, np.ndarray]:
    return {name: np.array(value, dtype=np.float32) for name, value in values.items()}


def test_a_linear_scorer_is_a_weighted_sum_of_standardised_features() -> None:
    assert Scorer(arrays(LINEAR), ("a", "b")).score(ROWS).tolist() == [8.5, -2.5]


def test_a_hidden_layer_cuts_off_below_zero() -> None:
    scorer = Scorer(arrays(LINEAR | HIDDEN), ("a", "b"))
    # rows stand at (1, 1) and (-1, 0); hidden: (1, -1 + 2 + 1) and (max(-1, 0), 1 + 1)
    assert scorer.score(ROWS).tolist() == [3 * 1 + 5 * 2 + 0.5, 5 * 2 + 0.5]


def test_no_rows_have_no_scores() -> None:
    assert Scorer(arrays(LINEAR), ("a", "b")).score(ROWS[:0]).shape == (0,)


def test_a_saved_scorer_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "打分.safetensors"
    features = json.dumps(["甲", "乙"])
    save_file(arrays(LINEAR | HIDDEN), path, metadata={"features": features})
    loaded = Scorer.load(path)
    assert loaded.features == ("甲", "乙")
    expected = Scorer(arrays(LINEAR | HIDDEN), ()).score(ROWS)
    assert np.array_equal(loaded.score(ROWS), expected)


@pytest.mark.parametrize("fault", ["missing", "empty", "noise", "no names", "broken names"])
def test_a_damaged_scorer_is_a_model_error(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "x.safetensors"
    if fault == "empty":
        path.write_bytes(b"")
    elif fault == "noise":
        path.write_bytes(b"\xff" * 64)
    elif fault != "missing":
        metadata = {"features": "["} if fault == "broken names" else None
        save_file(arrays(LINEAR), path, metadata=metadata)
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        Scorer.load(path)


@pytest.mark.parametrize("name", ["joins", "stories"])
def test_a_shipped_scorer_is_loaded_once_and_scores(name: str) -> None:
    features = Scorer.load(WEIGHTS / name / "model.safetensors").features
    scorer = builtin_scorer(name, features)
    assert builtin_scorer(name, features) is scorer
    scores = scorer.score(np.zeros((3, len(features)), dtype=np.float32))
    assert scores.shape == (3,)
    assert np.isfinite(scores).all()


def test_a_scorer_trained_on_other_features_is_refused() -> None:
    with pytest.raises(ModelError, match="joins 与程序版本不符"):
        builtin_scorer("joins", ("别的",))


def test_term_weights_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "idf.tsv"
    path.write_text("\t7.5\n的\t0.5\n院士\t6.0\n", encoding="utf-8")
    weights = TermWeights.load(path)
    assert (weights.of("的"), weights.of("院士"), weights.of("没见过")) == (0.5, 6.0, 7.5)
    assert weights.total(["的", "院士", "没见过"]) == 14.0
    assert weights.total([]) == 0


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff\xfe", "的\t0.5\n".encode(), b"\tx\n", b"a b\n"]
)
def test_damaged_term_weights_are_a_model_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "idf.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="缺失或损坏"):
        TermWeights.load(path)


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    weights = builtin_term_weights()
    assert weights.of("的") < weights.of("院士") <= weights.of("没有人写过的一个词")
