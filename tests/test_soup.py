"""The mean of weights: between all of them, and only of weights of one form."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from training import soup as module
from training.soup import soup

ONE = {"a": torch.tensor([1.0, 2.0]), "b": torch.tensor([[0.1]])}
TWO = {"a": torch.tensor([3.0, 6.0]), "b": torch.tensor([[0.1]])}


def test_each_weight_is_the_mean_of_its_likes() -> None:
    found = soup([ONE, TWO])
    assert found["a"].tolist() == [2.0, 4.0]
    assert found["a"].dtype == torch.float32


def test_the_mean_of_equal_weights_is_these_weights() -> None:
    torch.manual_seed(0)
    same = {"a": torch.randn(50)}
    assert torch.equal(soup([same] * 3)["a"], same["a"])


@pytest.mark.parametrize(
    ("other", "told"),
    [({"a": ONE["a"]}, "other names"), ({**ONE, "a": torch.zeros(3)}, "a has shapes")],
)
def test_weights_of_another_form_are_refused(other: dict[str, torch.Tensor], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        soup([ONE, other])


def test_the_command_writes_the_mean_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    for file, state in zip(files, (ONE, TWO), strict=True):
        save_file(state, file)
    out = tmp_path / "reader.safetensors"
    monkeypatch.setattr(sys, "argv", ["soup", *map(str, files), "--out", str(out)])
    module.main()
    assert load_file(out)["a"].tolist() == [2.0, 4.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.safetensors", "b.safetensors", "reader.safetensors",
    ]  # fmt: skip
