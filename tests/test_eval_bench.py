"""The parts of the bench that need no running page; times are never judged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import rag
from eval import bench
from eval.run import select
from eval.tables import times_table
from tests.eval_fakes import CASES, TEXTS, QuotingBot


def test_every_question_is_timed_in_every_round(tmp_path: Path) -> None:
    for source, text in TEXTS.items():
        (tmp_path / source).write_text(text, encoding="utf-8")
    bot = QuotingBot(TEXTS)
    times = bench.warm_times(bot, CASES, tmp_path)
    assert times["warm_answers"] == bench.ROUNDS * len(CASES)
    assert len(bot.asked) == bench.ROUNDS * len(CASES) + 1  # the first one warms up
    assert 0 < times["warm_answer_p50_ms"] <= times["warm_answer_p95_ms"]
    assert times_table(times).row_count == 2


def test_a_command_that_fails_is_told_with_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_IMPORT_RAG", "raise SystemExit('一行\\n最后一行')")
    with pytest.raises(bench.BenchError, match="没有成功（1）：最后一行"):
        bench.import_ms(os.environ)


def test_a_bench_without_tune_questions_is_told() -> None:
    with pytest.raises(bench.BenchError, match="没有 tune"):
        bench.bench(rag.Config(), select(CASES, "report"))


def test_a_page_that_is_not_there_does_not_answer() -> None:
    assert not bench._answers(bench._free_port())
