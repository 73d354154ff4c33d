"""On what and in which number format a model runs: measured once, kept, and never guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from rag.errors import ModelError
from rag.models import compute
from rag.models.compute import Compute, choose_compute, convert, fastest


@pytest.fixture(autouse=True)
def a_fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compute._measured.cache_clear()
    return tmp_path / "yinju" / "compute.json"


def test_the_most_exact_format_is_left_only_for_a_clearly_faster_one() -> None:
    assert fastest({"float32": 100.0, "bfloat16": 90.0, "int8": 88.0}) == "float32"
    assert fastest({"float32": 100.0, "bfloat16": 50.0, "int8": 45.0}) == "bfloat16"
    assert fastest({"float32": 100.0, "bfloat16": 50.0, "int8": 15.0}) == "bfloat16"
    assert fastest({"float32": 100.0, "bfloat16": 80.0, "int8": 15.0}) == "int8"
    assert fastest({"bfloat16": 80.0, "int8": 79.0}) == "bfloat16"
    assert fastest({"float32": 100.0, "bfloat16": 500.0, "int8": 20.0}) == "int8"
    assert fastest({"float32": 100.0, "bfloat16": 70.0}) == "bfloat16"


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is not tried out")
def test_a_cpu_is_measured_once_and_the_outcome_kept(a_fresh_cache: Path) -> None:
    first = choose_compute()
    assert first.device == "cpu"
    assert {"float32", "bfloat16"} <= set(first.probe_ms)
    assert all(spent > 0 for spent in first.probe_ms.values())
    kept = json.loads(a_fresh_cache.read_bytes())
    kept["milliseconds"] = {"float32": 3.0, "bfloat16": 9.0, "int8": 9.0}
    a_fresh_cache.write_text(json.dumps(kept))
    compute._measured.cache_clear()
    assert choose_compute() == Compute("cpu", "float32", kept["milliseconds"])


@pytest.mark.parametrize("content", ["", "[]", '{"machine": []}', "{"])
@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is not tried out")
def test_a_kept_outcome_that_does_not_fit_is_measured_anew(
    content: str, a_fresh_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compute, "_measure", lambda: {"float32": 1.0, "bfloat16": 1.0})
    a_fresh_cache.parent.mkdir()
    a_fresh_cache.write_text(content)
    assert choose_compute().precision == "float32"
    assert json.loads(a_fresh_cache.read_bytes())["milliseconds"]["float32"] == 1.0


def test_what_is_set_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "_device", lambda: "cpu")
    monkeypatch.delattr(compute, "_measure")
    assert choose_compute("bfloat16") == Compute("cpu", "bfloat16", {})


def test_int8_is_for_a_cpu_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "_device", lambda: "cuda")
    with pytest.raises(ModelError, match="int8 只用于 CPU"):
        choose_compute("int8")


def test_a_torch_without_dynamic_quantisation_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "_has_int8", lambda: False)
    monkeypatch.setattr(compute, "_device", lambda: "cpu")
    assert choose_compute().precision in {"float32", "bfloat16"}
    with pytest.raises(ModelError, match="没有 int8"):
        choose_compute("int8")


def test_a_converted_model_counts_nearly_as_before() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = torch.nn.Sequential(
            torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Sequential(torch.nn.Linear(128, 8))
        )
        value = torch.randn(3, 64)
    before = model(value)
    after = convert(model, Compute("cpu", "int8", {}))(value)
    assert not any(type(part) is torch.nn.Linear for part in model.modules())
    assert torch.allclose(before, after, atol=0.05)
    assert not torch.equal(before, after)
