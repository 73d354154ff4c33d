"""What the doctor says of the models in use: where they are and how they run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import rag
from rag.doctor import Finding, examine
from tests.faulty_server import a_server, saying
from tests.tiny_models import (
    make_tiny_chat_model,
    make_tiny_entailment_model,
    make_tiny_gguf,
    make_tiny_reranker,
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_chat_model(tmp_path_factory.mktemp("models") / "tiny")


def findings(tmp_path: Path, **settings: object) -> dict[str, Finding]:
    config = rag.Config(index_dir=tmp_path / "index", **settings)
    return {finding.what: finding for finding in examine(config)}


def test_a_chat_model_is_shown_with_device_format_and_what_was_measured(tiny, tmp_path):
    found = findings(tmp_path, chat_model=str(tiny))
    assert found["对话模型"].is_well
    assert found["运行方式"].is_well
    assert any(kind in found["运行方式"].detail for kind in ("float32", "bfloat16", "int8"))
    set_one = findings(tmp_path, chat_model=str(tiny), precision="float32")["运行方式"]
    assert "float32" in set_one.detail


def test_a_gguf_file_is_looked_at_without_being_loaded(tmp_path):
    file = make_tiny_gguf(tmp_path / "tiny.gguf")
    found = findings(tmp_path, chat_model=str(file))
    assert found["对话模型"].is_well
    assert "运行方式" not in found
    file.write_bytes(file.read_bytes()[:5000])
    broken = findings(tmp_path, chat_model=str(file))["对话模型"]
    assert (broken.is_well, "文件不全" in broken.detail) == (False, True)


def test_without_a_chat_model_nothing_is_measured(tmp_path):
    found = findings(tmp_path, chat_model="builtin")
    assert "运行方式" not in found
    assert found["重排模型"].detail == "不用"


def test_what_a_profile_lacks_is_named_with_the_command(tmp_path):
    found = findings(tmp_path, profile="cpu")
    for what in ("向量模型", "重排模型", "对话模型"):
        assert not found[what].is_well
        assert "models pull" in found[what].detail


def test_a_reranker_in_a_folder_is_looked_at(tmp_path):
    folder = make_tiny_reranker(tmp_path / "reranker")
    assert findings(tmp_path, reranker=str(folder))["重排模型"].is_well
    (folder / "model.safetensors").unlink()
    assert "safetensors" in findings(tmp_path, reranker=str(folder))["重排模型"].detail


def test_a_model_of_inference_is_looked_at(tmp_path):
    assert findings(tmp_path)["蕴含模型"].detail == "不用"
    folder = make_tiny_entailment_model(tmp_path / "nli")
    assert findings(tmp_path, entailment_model=str(folder))["蕴含模型"].is_well
    as_reranker = findings(tmp_path, reranker=str(folder))["重排模型"]
    assert "不是重排模型" in as_reranker.detail


def test_every_package_that_the_program_needs_is_looked_at(root, tmp_path):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=]", line)[0] for line in project["dependencies"]}
    assert needed <= findings(tmp_path).keys()


def test_a_server_is_asked_whether_it_is_there(tmp_path):
    with a_server(saying("好。")) as (base, state):
        found = findings(tmp_path, chat_model=f"openai:{base}#tiny")
        assert found["对话模型"].is_well
        assert "应答了" in found["对话模型"].detail
        assert state.requests == []
    assert not findings(tmp_path, chat_model=f"openai:{base}#tiny")["对话模型"].is_well


def test_an_address_that_is_none_is_told(tmp_path):
    found = findings(tmp_path, chat_model="openai:nonsense")["对话模型"]
    assert not found.is_well
    assert "应当像" in found.detail
