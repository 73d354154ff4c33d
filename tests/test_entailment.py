"""One contract for every model of inference, and what the adapter refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.entailment import CrossEncoderEntailment, EntailmentModel
from tests.fakes import DenialEntailment
from tests.tiny_models import make_tiny_entailment_model, make_tiny_reranker

TEXT = "安康高新区新开工项目19个"
SENTENCES = ["安康高新区没有新开工项目", "", "\ud83c", "很长" * 3000, TEXT]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_entailment_model(tmp_path_factory.mktemp("模型") / "nli")


@pytest.fixture(params=["denial", "cross-encoder"])
def model(request: pytest.FixtureRequest) -> EntailmentModel:
    if request.param == "denial":
        return DenialEntailment()
    return CrossEncoderEntailment.load(str(request.getfixturevalue("folder")))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_pair_gets_one_probability_each_time(model: EntailmentModel, sentence: str) -> None:
    said = model.contradiction(TEXT, sentence)
    assert 0 <= said <= 1
    assert model.contradiction(TEXT, sentence) == said
    assert model.name


@pytest.mark.parametrize(
    ("labels", "row"),
    [
        (("entailment", "neutral", "contradiction"), 2),
        (("CONTRADICTION", "NEUTRAL", "ENTAILMENT"), 0),
        (("entailment", "not_entailment"), 1),
    ],
)
def test_the_probability_is_that_of_the_label_that_denies(
    labels: tuple[str, ...], row: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from rag.models import classifier as module
    from rag.models.compute import Compute

    monkeypatch.setattr(module, "choose_compute", lambda: Compute("cpu", "float32", {}))
    folder = make_tiny_entailment_model(tmp_path / "nli", labels)
    read = AutoTokenizer.from_pretrained(folder)(TEXT, SENTENCES[0], return_tensors="pt")
    with torch.no_grad():
        logits = AutoModelForSequenceClassification.from_pretrained(folder)(**read).logits
    expected = float(torch.softmax(logits[0], dim=-1)[row])
    model = CrossEncoderEntailment.load(str(folder))
    assert model.contradiction(TEXT, SENTENCES[0]) == pytest.approx(expected, abs=1e-5)


def test_script_and_width_make_no_difference(folder: Path) -> None:
    model = CrossEncoderEntailment.load(str(folder))
    plain = model.contradiction(TEXT, "安康高新区项目19个")
    assert model.contradiction("安康高新區新開工項目１９個", "安康高新區項目19個") == plain


def test_a_model_that_is_not_here_is_named_with_the_command(blocked_attempts: list[str]) -> None:
    with pytest.raises(ModelError, match="models pull someone/nli"):
        CrossEncoderEntailment.load("someone/nli")
    assert blocked_attempts == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("no weights", "safetensors"),
        ("broken weights", "没有能用的蕴含模型"),
        ("reranker", "不是蕴含模型"),
        ("other labels", "没有 contradiction"),
    ],
)
def test_a_folder_that_holds_none_is_told_in_one_line(
    fault: str, said: str, folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "坏"
    if fault == "reranker":
        make_tiny_reranker(broken)
    elif fault == "other labels":
        make_tiny_entailment_model(broken, ("entailment", "neutral", "other"))
    else:
        shutil.copytree(folder, broken)
        (broken / "model.safetensors").unlink()
    if fault == "broken weights":
        (broken / "model.safetensors").write_bytes(b"none")
    with pytest.raises(ModelError, match=said) as caught:
        CrossEncoderEntailment.load(str(broken))
    assert "坏" in str(caught.value)
    assert "\n" not in str(caught.value)
