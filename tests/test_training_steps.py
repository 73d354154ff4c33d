"""All built-in models made anew: every step in one lane, told what it needs, and named if it fails."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from training import __main__ as steps
from training.__main__ import (
    FIRST,
    LESSONS,
    MADE_PAGES,
    PAGES,
    READING,
    STEPS,
    Options,
    command_of,
    run_lane,
)
from training.arguments import step_parser

OPTIONS = Options(Path("data"), Path("work"), Path("e5"), resume=True)


def test_every_step_is_a_module_and_is_run_once() -> None:
    assert sorted([*FIRST, *LESSONS, *PAGES, *MADE_PAGES, *READING]) == sorted(STEPS)
    assert all(find_spec(module) for module in STEPS.values())


def test_a_step_that_fails_ends_its_lane_and_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = Options(tmp_path / "missing", tmp_path)
    assert run_lane(("terms", "claims"), options, 1) == "terms"
    assert "== claims" not in capfd.readouterr().out


def test_a_lane_that_fails_keeps_the_reader_from_being_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []

    def lane(names: tuple[str, ...], options: Options, threads: int) -> str:
        ran.extend(names)
        return "lists" if "lists" in names else ""

    monkeypatch.setattr(steps, "run_lane", lane)
    assert steps.run_all(OPTIONS) == "lists"
    assert sorted(ran) == sorted([*FIRST, *LESSONS, *PAGES])


def test_a_step_is_told_what_it_reads() -> None:
    assert command_of("terms", OPTIONS)[2:] == ["training.term_weights", "--data", "data"]
    work = ["--data", "data", "--work", "work"]
    assert command_of("lists", OPTIONS)[3:] == work
    assert command_of("start", OPTIONS)[3:] == [*work, "--start", "e5"]
    assert command_of("reader", OPTIONS)[3:] == [*work, "--resume"]
    assert command_of("reader", Options(Path("data"), Path("work")))[3:] == work


def test_the_work_folder_is_made_and_stands_outside_the_tree_by_default(tmp_path: Path) -> None:
    given = step_parser("A step.").parse_args(["--work", str(tmp_path / "a" / "b")])
    assert given.work.is_dir()
    default = step_parser("A step.").parse_args([]).work
    assert default == Path.home() / ".cache" / "yinju" / "training"
    assert default.is_dir()


def test_the_data_has_to_be_given_where_it_is_read() -> None:
    with pytest.raises(SystemExit):
        step_parser("A step.", reads_data=True).parse_args([])
