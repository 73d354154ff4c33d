"""All built-in models made anew: every step in one lane, and a step that fails is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.__main__ import ANSWERS, PAGES, STEPS, run_lane


def test_every_step_is_run_once() -> None:
    assert sorted(["terms", *ANSWERS, *PAGES]) == sorted(STEPS)


def test_a_step_that_fails_ends_its_lane_and_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_lane(("terms", "claims"), str(tmp_path / "missing"), 1) == "terms"
    assert "== claims" not in capfd.readouterr().out
