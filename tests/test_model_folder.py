"""Finding models on this machine, and refusing what is none, at once and in one line."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.chat_model import TransformersChatModel
from rag.models.model_folder import find_model_folder, hub_cache, is_available
from tests.tiny_models import make_tiny_chat_model


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory) -> Path:
    return make_tiny_chat_model(tmp_path_factory.mktemp("tiny") / "tiny-qwen3")


def put_in_cache(folder: Path, cache: Path, name: str) -> None:
    cached = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(folder, cached / "snapshots" / "abc123")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc123", encoding="utf-8")


def test_a_model_in_the_hub_cache_is_found_by_its_name(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert not is_available("Yinju/Tiny-Qwen3")
    put_in_cache(tiny_folder, tmp_path, "Yinju/Tiny-Qwen3")
    assert is_available("Yinju/Tiny-Qwen3")
    assert TransformersChatModel.load("Yinju/Tiny-Qwen3").name == "Yinju/Tiny-Qwen3"


def test_the_cache_is_where_the_hub_library_has_it(tmp_path, monkeypatch):
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert hub_cache() == Path("~/.cache/huggingface/hub").expanduser()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert hub_cache() == tmp_path / "x" / "huggingface" / "hub"
    monkeypatch.setenv("HF_HOME", str(tmp_path / "h"))
    assert hub_cache() == tmp_path / "h" / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "c"))
    assert hub_cache() == tmp_path / "c"


def test_a_name_that_is_not_in_the_cache_is_an_error_at_once(tmp_path, monkeypatch):
    def no_network(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    with pytest.raises(ModelError) as caught:
        TransformersChatModel.load("Qwen/Qwen3-1.7B")
    message = str(caught.value)
    assert "\n" not in message
    assert "-m rag models pull Qwen/Qwen3-1.7B" in message
    assert "HF_ENDPOINT=https://hf-mirror.com" in message


@pytest.mark.parametrize("name", ["./no-such-folder", "/no/such/folder", "../../etc", "~/no-such"])
def test_a_folder_that_is_not_there_is_named(name):
    assert find_model_folder(name) is None
    with pytest.raises(ModelError, match="没有文件夹"):
        TransformersChatModel.load(name)


def remove(*names: str):
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def edit_config(**values: object):
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_bytes())
        (folder / "config.json").write_text(json.dumps(config | values), encoding="utf-8")

    return change


def write(name: str, content: bytes):
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


SHARDS = b'{"weight_map": {"a": "model-1.safetensors"}}'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (remove("config.json"), "config.json"),
        (write("config.json", b"[]"), "config.json"),
        (edit_config(architectures=["BertModel"]), "BertModel"),
        (remove("model.safetensors"), "safetensors"),
        (write("model.safetensors.index.json", SHARDS), "权重不全"),
        (remove("tokenizer.json"), "分词器"),
        (remove("chat_template.jinja"), "对话模板"),
    ],
)
def test_a_folder_without_a_model_says_what_it_lacks(tiny_folder, tmp_path, change, said):
    folder = tmp_path / "broken"
    shutil.copytree(tiny_folder, folder)
    change(folder)
    assert not is_available(folder)
    with pytest.raises(ModelError, match=said) as caught:
        TransformersChatModel.load(folder)
    assert "broken" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (write("model.safetensors", b"no safetensors"), "没有可用的对话模型"),
        (write("tokenizer.json", b"{}"), "没有可用的对话模型"),
        (edit_config(model_type="no_such_type"), "没有可用的对话模型"),
        (edit_config(num_hidden_layers=3, layer_types=None), "个张量"),
    ],
)
def test_files_that_do_not_load_are_a_model_error(tiny_folder, tmp_path, change, said):
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_folder, folder)
    change(folder)
    with pytest.raises(ModelError, match=said) as caught:
        TransformersChatModel.load(folder)
    assert "\n" not in str(caught.value)


def test_an_empty_folder_is_no_model(tmp_path):
    assert not is_available(tmp_path)
    with pytest.raises(ModelError, match=r"config\.json"):
        TransformersChatModel.load(tmp_path)


def test_looking_for_a_model_imports_no_torch():
    code = (
        "import sys; from rag.models.model_folder import is_available; is_available('Qwen/Qwen3-1.7B');"
        "print([m for m in ('torch', 'transformers', 'huggingface_hub') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
