"""`python -m rag models`: what is listed, pulled and kept in yinju.toml."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag.cli import app
from rag.config import Config
from rag.errors import ConfigError, ModelError
from rag.models.catalogue import CARDS, KIND_NAMES, PROFILES, Profile, card_of, chosen_models
from rag.models.local_servers import local_servers
from rag.models.model_folder import cache_folder
from tests.faulty_server import a_server, saying
from tests.hubs import HubState, a_hub
from tests.tiny_models import (
    make_tiny_chat_model,
    make_tiny_embedder,
    make_tiny_entailment_model,
    make_tiny_gguf,
    make_tiny_reranker,
)

CPU = PROFILES["cpu"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    """Tiny models under the names of the cpu profile."""
    home = tmp_path_factory.mktemp("models")
    return {
        CPU.embedder: make_tiny_embedder(home / "embedder"),
        CPU.reranker: make_tiny_reranker(home / "reranker"),
        CPU.chat_model: make_tiny_chat_model(home / "chat"),
    }


@pytest.fixture
def hub(folders, tmp_path, monkeypatch) -> Iterator[HubState]:
    state = HubState(dict(folders))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    with a_hub(state) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setenv("MODELSCOPE_URL_SCHEME", "http://")
        monkeypatch.setenv("MODELSCOPE_DOMAIN", address.removeprefix("http://"))
        yield state


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["models", *arguments])


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, ModelError | ConfigError)
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_the_list_tells_size_licence_and_what_is_here(hub):
    before = run("list").stdout
    for card in CARDS:
        assert card.name in before
        assert card.licence in before
    assert "4.06 GB" in before
    assert hub.asked == []
    run("pull", CPU.chat_model)
    row = next(line for line in run("list").stdout.splitlines() if CPU.chat_model in line)
    assert "  已有  " in row
    assert run("list").stdout.count("  本机没有  ") == len(CARDS) - 1


def test_a_profile_is_pulled_size_first_and_then_used(hub, tmp_path):
    result = run("pull", "cpu")
    assert result.exit_code == 0, result.output
    lines = result.stderr.splitlines()
    for name in CPU.to_pull:
        told = [line for line in lines if line.startswith(name)]
        assert "还要下载" in told[0]
        assert "校验和都对" in told[1]
    run("use", "cpu")
    config = Config.from_environment()
    assert config.profile == "cpu"
    assert chosen_models(config.profile, embedder="auto", reranker="auto", chat_model="auto") == CPU


def test_a_profile_that_is_here_is_not_asked_for_again(hub):
    run("pull", "cpu")
    hub.asked.clear()
    result = run("pull", "cpu")
    assert result.exit_code == 0
    assert result.stderr.count("已在本机") == 3
    assert hub.asked == []
    run("pull", CPU.chat_model, "--again")
    assert hub.asked


def test_the_builtin_profile_needs_no_pull(hub):
    assert run("pull", "builtin").exit_code == 0
    assert hub.asked == []


def test_modelscope_is_asked_when_told_to(hub):
    run("pull", CPU.embedder, "--from", "modelscope")
    assert hub.asked
    assert all(path.startswith("/api/v1/") for path in hub.paths())


def test_a_model_of_no_use_is_told_after_the_pull(hub, tmp_path, folders):
    bare = Path(shutil.copytree(folders[CPU.chat_model], tmp_path / "bare"))
    (bare / "chat_template.jinja").unlink()
    hub.models["Some/Base"] = bare
    assert "没有对话模板" in refusal("pull", "Some/Base")


@pytest.mark.parametrize(
    ("kind", "setting"),
    [("embedder", "embedder"), ("reranker", "reranker"), ("chat_model", "chat_model")],
)
def test_a_model_is_kept_under_the_setting_of_its_kind(kind, setting, hub):
    name = getattr(CPU, kind)
    assert "models pull" in refusal("use", name)
    run("pull", name)
    assert run("use", name).exit_code == 0
    assert getattr(Config.from_environment(), setting) == name


def test_a_folder_is_kept_by_its_whole_path_and_told_apart_by_its_files(folders, tmp_path):
    shutil.copytree(folders[CPU.reranker], tmp_path / "mine")
    run("use", "mine")
    assert Config.from_environment().reranker == str((tmp_path / "mine").resolve())


def test_a_classifier_with_labels_of_inference_is_told_from_a_reranker(tmp_path):
    folder = make_tiny_entailment_model(tmp_path / "nli")
    run("use", str(folder))
    config = Config.from_environment()
    assert (config.entailment_model, config.reranker) == (str(folder.resolve()), "auto")
    assert f"蕴含模型 {folder}" in run("list").stdout
    run("use", "builtin")
    assert Config.from_environment().entailment_model == "auto"


def test_an_endpoint_needs_nothing_on_this_machine():
    run("use", "openai:http://127.0.0.1:8000/v1#qwen")
    assert Config.from_environment().chat_model == "openai:http://127.0.0.1:8000/v1#qwen"


def test_a_gguf_file_is_kept_by_its_whole_path_and_a_broken_one_is_not(tmp_path):
    file = make_tiny_gguf(tmp_path / "tiny.gguf")
    run("use", str(file))
    assert Config.from_environment().chat_model == str(file.resolve())
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(file.read_bytes()[:5000])
    assert "还不能用：文件不全" in refusal("use", str(cut))
    assert "读不了" in refusal("use", str(tmp_path / "none.gguf"))


def test_a_server_that_answers_on_this_machine_is_offered(monkeypatch):
    with a_server(saying("好。")) as (address, _):
        port = int(address.rpartition(":")[2].split("/")[0])
        found = local_servers([("Ollama", port), ("LM Studio", 1)])
        monkeypatch.setattr("rag.model_commands.local_servers", lambda: found)
        assert f"models use openai:http://127.0.0.1:{port}/v1#tiny" in run("list").stdout
    assert local_servers([("Ollama", port)]) == []


def test_other_keys_and_comments_of_the_settings_file_stay(tmp_path, hub):
    path = tmp_path / "yinju.toml"
    path.write_text('# 我的设置\ntop_k = 5  # 五个\nchat_model = "builtin"\n', encoding="utf-8")
    run("pull", CPU.embedder)
    run("use", CPU.embedder)
    text = path.read_text(encoding="utf-8")
    assert text == (
        f'# 我的设置\ntop_k = 5  # 五个\nchat_model = "builtin"\nembedder = "{CPU.embedder}"\n'
    )
    run("use", "builtin")
    text = path.read_text(encoding="utf-8")
    assert text == '# 我的设置\ntop_k = 5  # 五个\nprofile = "builtin"\n'
    assert [entry.name for entry in tmp_path.iterdir() if "yinju" in entry.name] == ["yinju.toml"]


def test_a_settings_file_that_is_broken_is_not_overwritten(tmp_path):
    (tmp_path / "yinju.toml").write_text("top_k = \n", encoding="utf-8")
    assert "读不懂" in refusal("use", "builtin")
    assert (tmp_path / "yinju.toml").read_text(encoding="utf-8") == "top_k = \n"


def test_a_profile_whose_models_are_missing_is_not_kept(hub, tmp_path):
    assert "models pull cpu" in refusal("use", "cpu")
    assert not (tmp_path / "yinju.toml").exists()


def test_a_half_model_is_not_kept(hub):
    run("pull", CPU.chat_model)
    next(cache_folder(CPU.chat_model).rglob("model.safetensors")).unlink()
    assert "safetensors" in refusal("use", CPU.chat_model)


def test_naming_a_profile_undoes_the_models_of_weaker_places(tmp_path, monkeypatch):
    (tmp_path / "yinju.toml").write_text('embedder = "甲"\nchat_model = "乙"\n', encoding="utf-8")
    monkeypatch.setenv("YINJU_PROFILE", "gpu")
    config = Config.from_environment({"chat_model": "丙"})
    assert (config.profile, config.embedder, config.chat_model) == ("gpu", "auto", "丙")


def test_what_is_set_wins_over_the_profile():
    assert chosen_models("cpu", embedder="auto", reranker="none", chat_model="x") == Profile(
        CPU.embedder, "none", "x"
    )


def test_the_names_of_profiles_are_those_of_the_setting():
    for name in PROFILES:
        assert Config(profile=name).profile == name
    with pytest.raises(ConfigError, match="profile"):
        Config(profile="tpu")


def test_every_model_of_a_profile_has_a_card_of_its_kind():
    for profile in PROFILES.values():
        for name, kind in zip(profile, KIND_NAMES, strict=True):
            if "/" in name:
                card = card_of(name)
                assert card is not None
                assert (card.name, card.kind) == (name, kind)


def test_a_key_in_the_environment_is_no_setting(monkeypatch):
    monkeypatch.setenv("YINJU_API_KEY", "secret")
    assert "secret" not in repr(Config.from_environment())
