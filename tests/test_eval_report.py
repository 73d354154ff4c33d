"""Figures of records, and what is saved, compared, checked and printed of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.check import check
from eval.compare import compare
from eval.environment import FLOORS
from eval.report import Report, ReportError, figures, load_records, load_results
from eval.tables import check_lines, comparison_tables, report_tables, wrong_table
from tests.eval_fakes import ABSENT, CASES, NEAR, records_of


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "results" / "run.json"
    report = Report({"commit": "abc1234"}, tuple(records_of(CASES).values()))
    report.save(path)
    return path


def test_figures_are_means_over_the_cases_that_they_are_about() -> None:
    counted = figures(tuple(records_of(CASES).values()))
    assert counted["answers_right"].value == pytest.approx(2 / 3)
    assert counted["answers_right"].count == 3
    assert counted["refusals_right"].value == pytest.approx(1 / 2)
    assert counted["refusal_precision"].value == 1
    assert counted["recall@5"].value == 1
    assert counted["citations_verified"].value == 1
    assert counted["citations_verified"].count == 4
    for figure in counted.values():
        assert figure.low is None or figure.high is None or figure.low <= figure.high


def test_what_was_not_measured_is_absent_from_the_figures() -> None:
    counted = figures(tuple(records_of([ABSENT]).values()))
    assert "answers_right" not in counted
    assert "recall@5" not in counted
    assert figures(()) == {}


def test_saved_results_hold_every_figure_but_no_answer(saved: Path) -> None:
    values = load_results(saved)
    assert values["commit"] == "abc1234"
    assert values["halves"]["report"]["overall"]["answers_right"]["value"] == 1
    assert values["halves"]["tune"]["kinds"]["number"]["answers_right"]["count"] == 1
    assert "院士工作站" not in saved.read_text(encoding="utf-8")
    assert load_records(saved) == tuple(
        replace(record, text="", latency_ms=kept.latency_ms)
        for record, kept in zip(records_of(CASES).values(), load_records(saved), strict=True)
    )


def test_a_file_that_holds_no_results_is_told_in_chinese(tmp_path: Path, saved: Path) -> None:
    other = tmp_path / "other.json"
    for text, told in (("{", "不是有效的 JSON"), ("[]", "不是 python -m eval run 存下的")):
        other.write_text(text, encoding="utf-8")
        with pytest.raises(ReportError, match=told):
            load_results(other)
    values = load_results(saved)
    del values["cases"][0]["ranks"]
    other.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(ReportError, match="缺字段"):
        load_records(other)
    with pytest.raises(ReportError, match="打不开"):
        load_results(tmp_path / "none.json")


def test_a_comparison_pairs_cases_and_lists_those_that_flipped() -> None:
    before = tuple(records_of(CASES[:4]).values())
    after = tuple(
        replace(record, right=True, ranks=(None,)) if record.id == "number-003" else record
        for record in records_of(CASES).values()
    )
    comparison = compare(before, after)
    changes = {one.name: one.change for one in comparison.differences}
    assert changes["answers_right"] == pytest.approx(1 / 3)
    assert changes["refusals_right"] == 0
    assert changes["recall@5"] == pytest.approx(-1 / 3)
    assert all(one.low <= one.change <= one.high for one in comparison.differences)
    assert [(flip.id, flip.became_right) for flip in comparison.flips] == [("number-003", True)]
    assert comparison.unpaired == ("near_zone-001",)
    assert list(comparison_tables(comparison))


def test_a_run_equals_itself() -> None:
    records = tuple(records_of(CASES).values())
    comparison = compare(records, records)
    assert all(one.low == one.change == one.high == 0 for one in comparison.differences)
    assert comparison.flips == comparison.unpaired == ()


def test_check_holds_at_its_floors_and_fails_below_them_and_unmeasured(
    saved: Path, tmp_path: Path
) -> None:
    assert all(one.holds for one in check(saved, FLOORS))
    higher = tmp_path / "floors.json"
    higher.write_text('{"recall@5": 1.0, "answers_right": 1.01, "bleu": 0}', encoding="utf-8")
    checked = check(saved, higher)
    assert [one.holds for one in checked] == [True, False, False]
    assert list(check_lines(checked))[2] == "✗ report bleu 未测 未达 0"


def test_check_wants_the_report_half(tmp_path: Path) -> None:
    path = tmp_path / "tune.json"
    Report({}, tuple(records_of([NEAR]).values())).save(path)
    with pytest.raises(ReportError, match="没有 report 一半"):
        check(path, FLOORS)


def test_the_check_command_exits_with_one_and_a_line_a_figure(saved: Path, tmp_path: Path) -> None:
    good = CliRunner().invoke(app, ["check", str(saved)])
    assert good.exit_code == 0
    assert len(good.output.splitlines()) == len(json.loads(FLOORS.read_text(encoding="utf-8")))
    values = load_results(saved)
    values["halves"]["report"]["overall"]["recall@5"]["value"] = 0.9499
    saved.write_text(json.dumps(values), encoding="utf-8")
    bad = CliRunner().invoke(app, ["check", str(saved)])
    assert bad.exit_code == 1
    assert "✗ report recall@5 0.9499 未达 0.95" in bad.output
    missing = CliRunner().invoke(app, ["check", str(tmp_path / "none.json")])
    assert missing.exit_code == 1
    assert "打不开结果文件" in missing.output


def test_the_compare_command_prints_both_runs(saved: Path) -> None:
    done = CliRunner().invoke(app, ["compare", str(saved), str(saved)])
    assert done.exit_code == 0
    assert "答对" in done.output


def test_tables_can_be_made_of_any_half_and_wrong_answers_are_told_apart() -> None:
    records = records_of(CASES)
    report = Report({"commit": "abc1234"}, tuple(records.values()))
    assert len(list(report_tables(report))) == 5
    assert wrong_table(report, CASES, "tune").row_count == 2
    assert wrong_table(report, CASES, "report").row_count == 0
