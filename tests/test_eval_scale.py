"""The bench over very many passages, on a few; times are never judged."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
import rag
from eval.scale import STAGES, answer_times
from tests.stories import BUILTIN, STORIES


def news(folder: Path) -> None:
    with lzma.open(folder / "crud_news.tsv.xz", "wt", encoding="utf-8") as file:
        file.writelines(f"\t{text}\n".replace("\n", " ").strip(" ") + "\n" for _, text in STORIES)


def test_every_stage_of_an_answer_has_its_time() -> None:
    bot = rag.Chatbot.from_articles(STORIES, BUILTIN)
    times = answer_times(bot, ["云桥镇2019年新建了多少亩茶园？"])
    assert set(times) >= {"warm_answer_p50_ms", "warm_answer_p95_ms", "search_p50_ms"}
    assert {f"{stage}_p50_ms" for stage in STAGES} >= set(times) - {
        "warm_answer_p50_ms",
        "warm_answer_p95_ms",
    }
    assert min(times.values()) >= 0


@pytest.mark.slow
def test_the_command_saves_what_it_measured(tmp_path: Path) -> None:
    news(tmp_path)
    out = tmp_path / "out.json"
    done = CliRunner().invoke(
        command.app,
        ["bench", "--data", str(tmp_path), "--passages", "3", "--out", str(out)],
    )
    assert done.exit_code == 0, done.output
    assert "其中检索 p50" in done.output
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert (saved["passages"], saved["articles"] <= 3) == (3, True)


@pytest.mark.parametrize(("has_news", "told"), [(True, "不到 900000 个"), (False, "读不到")])
def test_too_little_news_is_told_in_one_line(tmp_path: Path, has_news: bool, told: str) -> None:
    if has_news:
        news(tmp_path)
    done = CliRunner().invoke(
        command.app, ["bench", "--data", str(tmp_path), "--passages", "900000"]
    )
    assert done.exit_code == 1
    assert told in done.output
