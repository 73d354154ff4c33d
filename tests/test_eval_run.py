"""Runs over a small chatbot that really searches and quotes, and over the real one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rag
from eval.__main__ import app
from eval.cases import Case
from eval.environment import describe_config
from eval.report import figures, load_results
from eval.run import measure, select
from tests.eval_fakes import (
    ABSENT,
    CASES,
    FUND,
    HOMES,
    NEAR,
    STATION,
    TEXTS,
    QuotingBot,
    records_of,
)


def test_an_answer_with_its_item_is_right_and_its_evidence_ranked_and_cited() -> None:
    record = records_of([STATION])["number-001"]
    assert record.right
    assert record.ranks == (1,)
    assert record.hits_recall == 1.0
    assert record.citation_precision == record.citation_recall == 1.0
    assert record.verified == (True,)
    assert record.latency_ms > 0


def test_a_quote_without_the_item_asked_for_is_wrong_though_its_evidence_was_found() -> None:
    record = records_of([FUND])["number-003"]
    assert not record.right
    assert not record.items_present
    assert record.ranks == (1,)


def test_an_answer_longer_than_allowed_is_wrong() -> None:
    wordy = {**TEXTS, "ankang.txt": TEXTS["ankang.txt"].replace("\n", "等" * 150 + "\n")}
    record = records_of([STATION], QuotingBot(wordy))
    assert not record["number-001"].right  # its spans are not those of TEXTS, but its items are
    assert record["number-001"].items_present
    assert not record["number-001"].length_ok


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    bot = QuotingBot(TEXTS)
    hidden = replace(STATION, question="什么时候开的？")
    records = records_of([ABSENT, NEAR, hidden], bot)
    assert records["absent-001"].right
    assert not records["near_zone-001"].right
    assert records["number-001"].refused
    assert not records["number-001"].right


def test_a_refusal_that_cites_is_wrong() -> None:
    class CitingBot(QuotingBot):
        def answer(self, question: str, history: Sequence[rag.Message] = ()) -> rag.Answer:
            cited = self._cite(self.search(question, top_k=1)[0])
            return replace(super().answer(question, history), citations=(cited,))

    assert not records_of([ABSENT], CitingBot(TEXTS))["absent-001"].right


def test_the_history_of_a_case_reaches_the_chatbot_and_its_query_is_searched() -> None:
    turns = (rag.Message("user", "安康高新区的保障性住房"), rag.Message("assistant", "好的。"))
    followed = replace(HOMES, question="完成多少套？", history=turns)
    alone = replace(followed, id="alone", history=())
    records = records_of([followed, alone])
    assert records["number-002"].right
    assert records["number-002"].ranks == (1,)
    assert not records["alone"].right


def test_a_question_that_rag_refuses_counts_as_failed_and_the_run_goes_on() -> None:
    records = records_of([replace(ABSENT, question="？？"), STATION])
    assert records["absent-001"].outcome == "failed"
    assert records["absent-001"].error == "问题里没有可以检索的字"
    assert not records["absent-001"].right
    assert records["number-001"].right


def test_spans_that_do_not_give_the_quote_back_are_counted() -> None:
    records = tuple(records_of([STATION, HOMES], QuotingBot(TEXTS, shift=1)).values())
    assert [record.verified for record in records] == [(False,), (False,)]
    assert figures(records)["citations_verified"].value == 0


def test_the_warm_up_question_leaves_no_record() -> None:
    bot = QuotingBot(TEXTS)
    records = measure(bot, [STATION], TEXTS.__getitem__, warm_up=[HOMES])
    assert bot.asked == [HOMES.question, STATION.question]
    assert [record.id for record in records] == ["number-001"]


def test_a_half_is_selected_by_its_name() -> None:
    assert {case.id for case in select(CASES, "tune")} == {"number-003", "near_zone-001"}
    assert select(CASES, "all") == CASES


def test_settings_are_recorded_without_the_folders_of_this_machine(tmp_path: Path) -> None:
    described = describe_config(
        rag.Config(corpus=tmp_path / "articles", embedder=str(tmp_path / "model"))
    )
    assert described["embedder"] == "model"
    assert described["chat_model"] == "auto"
    assert described["corpus"] == "articles"
    assert str(tmp_path) not in json.dumps(described)


@pytest.fixture
def small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Arguments that point the run command at a corpus of two files and three cases."""
    monkeypatch.setenv("YINJU_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("YINJU_CHAT_MODEL", "builtin")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for source, text in TEXTS.items():
        (corpus / source).write_text(text.replace("\n", "。\n") + "。\n", encoding="utf-8")
    path = tmp_path / "cases.jsonl"
    lines = [json.dumps(_row(case), ensure_ascii=False) for case in (STATION, FUND, ABSENT)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return ["--corpus", str(corpus), "--cases", str(path)]


def _row(case: Case) -> dict[str, Any]:
    quotes = [
        {"file": one.source, "quote": TEXTS[one.source][one.start : one.end]}
        for (one,) in case.evidence
    ]
    return {
        "id": case.id, "kind": case.kind, "split": case.split, "question": case.question,
        "history": [], "answers": [list(forms) for forms in case.answers],
        "answerable": case.answerable, "evidence": quotes,
    }  # fmt: skip


def test_the_run_command_measures_the_real_chatbot_on_a_folder(
    small_set: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["run", *small_set, "--out", str(out)])
    assert done.exit_code == 0, done.output
    values = load_results(out)
    assert list(values["halves"]) == ["tune", "report"]
    assert [case["id"] for case in values["cases"]] == ["number-001", "number-003", "absent-001"]
    assert all(flag for case in values["cases"] for flag in case["verified"])
    assert values["halves"]["report"]["overall"]["recall@5"]["value"] == 1
    assert {"commit", "date", "python", "machine", "config", "models"} <= values.keys()


def test_wrong_answers_of_the_report_half_are_shown_only_when_it_is_named(
    small_set: list[str], tmp_path: Path
) -> None:
    wanted = ["run", *small_set, "--out", str(tmp_path / "out.json"), "--show-wrong"]
    both = CliRunner().invoke(app, wanted)
    assert "tune（调参用）里答错的题" in both.output
    assert "report（发布用）里答错的题" not in both.output
    named = CliRunner().invoke(app, [*wanted, "--split", "report"])
    assert "report（发布用）里答错的题" in named.output


def test_the_run_command_tells_a_bad_case_file_in_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["run", "--cases", str(tmp_path / "none.jsonl")])
    assert done.exit_code == 1
    assert "找不到用例文件" in done.output
