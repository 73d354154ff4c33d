"""One contract for every reranker, and what the cross-encoder adapter refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.reranker import CrossEncoderReranker, Reranker
from tests.fakes import OverlapReranker
from tests.tiny_models import make_tiny_chat_model, make_tiny_reranker

TEXTS = [
    "安康高新区新开工项目19个",
    "咸阳高新区举行签约仪式",
    "",
    "\ud83c",
    "很长" * 3000,
    "毛绒玩具",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_reranker(tmp_path_factory.mktemp("模型") / "reranker")


@pytest.fixture(params=["overlap", "cross-encoder"])
def reranker(request: pytest.FixtureRequest) -> Reranker:
    if request.param == "overlap":
        return OverlapReranker()
    return CrossEncoderReranker.load(str(request.getfixturevalue("folder")))


def test_every_text_gets_a_probability_in_its_place(reranker: Reranker) -> None:
    scores = reranker.scores("安康高新区项目", TEXTS)
    assert len(scores) == len(TEXTS)
    assert all(0 <= score <= 1 for score in scores)
    assert scores == reranker.scores("安康高新区项目", TEXTS)
    turned = reranker.scores("安康高新区项目", TEXTS[::-1])
    assert turned[::-1] == pytest.approx(scores, abs=0.02)


def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    assert reranker.scores("安康", []) == []


def test_a_reranker_says_its_name(reranker: Reranker) -> None:
    assert reranker.name


def test_the_score_is_what_the_model_says_of_the_pair(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from rag.models import classifier as module
    from rag.models.compute import Compute

    monkeypatch.setattr(module, "choose_compute", lambda: Compute("cpu", "float32", {}))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        logit = model(**tokenizer("安康", TEXTS[0], return_tensors="pt")).logits
    expected = float(torch.sigmoid(logit))
    scores = CrossEncoderReranker.load(str(folder)).scores("安康", TEXTS)
    assert scores[0] == pytest.approx(expected, abs=1e-5)


def test_script_and_width_make_no_difference_to_the_score(folder: Path) -> None:
    reranker = CrossEncoderReranker.load(str(folder))
    plain = reranker.scores("安康高新区项目", ["安康高新区新开工项目19个"])
    assert reranker.scores("安康高新區項目", ["安康高新區新開工項目１９個"]) == plain
    assert reranker.scores("安康高新区项目", ["安康高新区新开工项目18个"]) != plain


def test_a_reranker_that_is_not_here_is_named_with_the_command(
    blocked_attempts: list[str],
) -> None:
    with pytest.raises(ModelError, match="models pull BAAI/bge-reranker-base"):
        CrossEncoderReranker.load("BAAI/bge-reranker-base")
    assert blocked_attempts == []


def edit(folder: Path, **values: object) -> None:
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps(config | values), encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("no weights", "safetensors"),
        ("broken weights", "没有能用的重排模型"),
        ("three scores", "没有能用的重排模型"),
        ("more layers", "个张量"),
        ("chat", "不是重排模型"),
    ],
)
def test_a_folder_that_is_no_reranker_is_told_in_one_line(
    fault: str, said: str, folder: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "坏"))
    if fault == "no weights":
        (broken / "model.safetensors").unlink()
    elif fault == "broken weights":
        (broken / "model.safetensors").write_bytes(b"none")
    elif fault == "three scores":
        edit(broken, num_labels=3, id2label={"0": "a", "1": "b", "2": "c"})
    elif fault == "more layers":
        edit(broken, num_hidden_layers=3)
    else:
        shutil.rmtree(broken)
        make_tiny_chat_model(broken)
    with pytest.raises(ModelError, match=said) as caught:
        CrossEncoderReranker.load(str(broken))
    assert "坏" in str(caught.value)
    assert "\n" not in str(caught.value)
