"""Models fetched from a hub and from ModelScope, whole, resumed, or refused with nothing left."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.catalogue import Origin
from rag.models.chat_model import TransformersChatModel
from rag.models.model_folder import cache_folder, find_model_folder, is_available
from rag.models.pulling import pull
from tests.hubs import HubState, a_hub
from tests.tiny_models import make_tiny_chat_model

NAME = "Yinju/Tiny-Qwen3"
ORIGINS: tuple[Origin, ...] = ("hub", "modelscope")


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory) -> Path:
    folder = make_tiny_chat_model(tmp_path_factory.mktemp("hub") / "tiny")
    (folder / "modeling_tiny.py").write_text("raise SystemExit('code of a stranger')\n")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "config.json").write_text("{}")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{}")
    (folder / "LICENSE").write_text("Apache-2.0")
    return folder


@pytest.fixture
def state(tiny_folder: Path) -> HubState:
    return HubState({NAME: tiny_folder})


@pytest.fixture(autouse=True)
def hub(state: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    with a_hub(state) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setenv("MODELSCOPE_URL_SCHEME", "http://")
        monkeypatch.setenv("MODELSCOPE_DOMAIN", address.removeprefix("http://"))
        yield address


def fetch(origin: Origin = "hub", said: list[str] | None = None) -> Path:
    report = (said if said is not None else []).append
    return pull(NAME, origin, report=report, wait=lambda _: None)


def parts() -> list[Path]:
    return sorted((cache_folder(NAME) / "blobs").glob("*.part"))


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_pulled_model_is_found_by_its_name_and_runs(origin, state, hub):
    said: list[str] = []
    folder = fetch(origin, said)
    assert find_model_folder(NAME) == folder
    assert is_available(NAME)
    turns = [{"role": "user", "content": "你好"}]
    assert "".join(TransformersChatModel.load(NAME).stream(turns, max_new_tokens=4))
    assert len(said) == 1
    assert hub in said[0]
    assert "KB" in said[0]


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_what_is_read_is_fetched_and_no_code(origin, state, tiny_folder):
    folder = fetch(origin)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "chat_template.jinja",
        "1_Pooling/config.json",
        "LICENSE",
    }
    for name in names:
        assert (folder / name).read_bytes() == (tiny_folder / name).read_bytes()
    assert parts() == []


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_line_that_breaks_now_and_then_is_gone_on_with(origin, state):
    state.cut_after, state.cuts = 40_000, 8
    assert is_available(NAME) is False
    fetch(origin)
    assert is_available(NAME)
    begun = [int(r[6:-1]) for _, r, _ in state.asked if r]
    assert begun
    assert all(start > 0 for start in begun)


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_pull_that_was_cut_off_goes_on_where_it_was(origin, state, tiny_folder):
    state.cut_after, state.cuts = 0, 10**6
    with pytest.raises(ModelError, match="连不上") as caught:
        fetch(origin)
    assert "\n" not in str(caught.value)
    state.cut_after = 40_000
    state.cuts = 1
    state.statuses = {}
    seen: list[int] = []

    def dying(_: float) -> None:
        seen.append(parts()[-1].stat().st_size)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(NAME, origin, report=lambda _: None, wait=dying)
    assert not is_available(NAME)
    assert 0 < seen[0] == parts()[-1].stat().st_size
    state.asked.clear()
    said: list[str] = []
    fetch(origin, said)
    assert [r for _, r, _ in state.asked if r] == [f"bytes={seen[0]}-"] * (
        2 if origin == "hub" else 1
    )
    assert "还要下载" in said[0]
    assert is_available(NAME)


def test_a_server_that_knows_no_ranges_starts_anew(state):
    state.cut_after, state.cuts, state.no_ranges = 40_000, 1, True
    fetch()
    assert is_available(NAME)


def test_what_is_whole_is_not_fetched_again(state):
    fetch()
    state.asked.clear()
    fetch()
    assert [path for path in state.paths() if "resolve" in path] == []


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_wrong_checksum_is_refused_and_nothing_of_the_file_is_left(origin, name, state):
    state.changed = {name: {"lfs": {"sha256": "0" * 64}, "blobId": "0" * 40, "Sha256": "0" * 64}}
    with pytest.raises(ModelError, match=f"{name} 校验和不符"):
        fetch(origin)
    assert parts() == []
    assert find_model_folder(NAME) is None
    assert not list(cache_folder(NAME).glob(f"snapshots/*/{name}"))


def test_a_part_that_was_begun_with_other_bytes_is_mended(state):
    fetch()
    weights = next(cache_folder(NAME).rglob("model.safetensors"))
    shutil.rmtree(cache_folder(NAME) / "refs")
    import hashlib

    checksum = hashlib.sha256(weights.read_bytes()).hexdigest()
    weights.unlink()
    (cache_folder(NAME) / "blobs" / f"{checksum}.part").write_bytes(b"other bytes")
    fetch()
    assert is_available(NAME)


def test_a_file_that_is_longer_than_listed_is_refused(state):
    state.changed = {"model.safetensors": {"size": 10}}
    with pytest.raises(ModelError, match="比清单上的长"):
        fetch()
    assert not is_available(NAME)


def test_a_disk_without_room_is_told_before_the_first_byte(state):
    state.changed = {"model.safetensors": {"size": 10**18}}
    with pytest.raises(ModelError, match=r"磁盘只剩 .*请腾出地方"):
        fetch()
    assert [path for path in state.paths() if "resolve" in path] == []


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_disk_that_fills_up_on_the_way_is_told_in_one_line(state, tmp_path):
    import resource  # on Unix only

    # A process that may write 20,000 bytes to a file stands for a disk that is full then.
    done = subprocess.run(
        [sys.executable, "-m", "rag", "models", "pull", NAME],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert done.returncode == 1
    assert "写不下" in done.stderr
    assert "Traceback" not in done.stderr
    assert not is_available(NAME)


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_model_that_is_not_there_is_told_at_once(origin):
    with pytest.raises(ModelError, match="没有可公开下载的模型 Nobody/Nothing"):
        pull("Nobody/Nothing", origin, report=print)
    assert not cache_folder("Nobody/Nothing").exists()


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_is_missing_ends_the_pull(state, status):
    state.statuses = {"cdn.*tokenizer.json": status}
    with pytest.raises(ModelError, match=rf"没有给出 tokenizer.json（{status}）"):
        fetch()
    assert find_model_folder(NAME) is None


def test_a_busy_hub_is_asked_again_but_not_for_ever(state):
    state.statuses = {"cdn.*model.safetensors": 503}
    pauses: list[float] = []
    with pytest.raises(ModelError, match="连不上"):
        pull(NAME, report=lambda _: None, wait=pauses.append)
    assert pauses == sorted(pauses)
    assert 3 <= len(pauses) <= 6


@pytest.mark.parametrize(
    "row",
    [
        {"rfilename": "../evil.json", "size": 1, "blobId": "0" * 40},
        {"rfilename": "/etc/evil.json", "size": 1, "blobId": "0" * 40},
        {"rfilename": "1_Pooling/../../evil.json", "size": 1, "blobId": "0" * 40},
        {"rfilename": "..\\evil.json", "size": 1, "blobId": "0" * 40},
    ],
    ids=lambda row: row["rfilename"],
)
def test_a_path_that_leads_out_of_the_folder_is_not_fetched(row, state, tmp_path):
    state.extra = [row]
    folder = fetch()
    assert not list(tmp_path.rglob("*evil*"))
    assert not list(folder.rglob("*evil*"))


@pytest.mark.parametrize(
    "row",
    [
        {"rfilename": "evil.json", "size": 1, "blobId": "../../etc"},
        {"rfilename": "evil.json", "size": "x", "blobId": "0" * 40},
        {"rfilename": "evil.json", "size": -1, "blobId": "0" * 40},
        {"size": 1},
    ],
    ids=str,
)
def test_a_listing_without_sense_is_refused(row, state):
    state.extra = [row]
    with pytest.raises(ModelError, match="文件清单看不懂") as caught:
        fetch()
    assert "\n" not in str(caught.value)


def test_a_model_without_safetensors_is_refused(state, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "config.json").write_text("{}")
    (tmp_path / "old" / "pytorch_model.bin").write_bytes(b"pickle")
    state.models["Old/Model"] = tmp_path / "old"
    with pytest.raises(ModelError, match="没有 safetensors 权重"):
        pull("Old/Model", report=print)


@pytest.mark.parametrize("name", ["没有斜杠", "a/b/c", "../..", "a b/c", ""])
def test_what_is_no_model_name_is_refused_without_asking(name, state):
    with pytest.raises(ModelError, match="也不是模型名"):
        pull(name, report=print)
    assert state.asked == []


def test_a_hub_that_is_not_there_names_the_mirrors(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"连不上 http://127.0.0.1:9.*hf-mirror.*modelscope"):
        fetch()


def test_the_token_goes_to_the_hub_and_not_to_modelscope(state, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch("hub")
    assert {key for _, _, key in state.asked} == {"Bearer hf_secret"}
    state.asked.clear()
    fetch("modelscope")
    assert {key for _, _, key in state.asked} == {None}


def test_a_second_pull_of_the_same_model_is_refused(state):
    from filelock import FileLock

    cache_folder(NAME).mkdir(parents=True)
    with FileLock(cache_folder(NAME) / ".pulling.lock"), pytest.raises(ModelError, match="另一个"):
        fetch()
