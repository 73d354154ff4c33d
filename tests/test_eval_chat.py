"""The figures of a chat model are taken on the real way; times are never judged."""

from __future__ import annotations

from pathlib import Path

import pytest

import rag
from eval import chat
from eval.cases import load_cases
from eval.environment import CASES
from tests.tiny_models import make_tiny_chat_model


@pytest.mark.slow
def test_stops_leftovers_and_overheads_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("STOPS", 4),
        ("CYCLES", 6),
        ("WARM_UP_CYCLES", 2),
        ("OVERHEAD_ROUNDS", 2),
        ("SHORT_REPLY_TOKENS", 20),
        ("STOP_WITHIN_S", 0.1),
    ):
        monkeypatch.setattr(chat, name, value)
    config = rag.Config(
        chat_model=str(make_tiny_chat_model(tmp_path / "tiny")), index_dir=tmp_path / "index"
    )
    said: list[str] = []
    measured = chat.measure_chat(config, load_cases(CASES, config.corpus), said.append)
    times = measured["times"]
    assert 0 < times["stop_p50_ms"] <= times["stop_p95_ms"] <= times["stop_max_ms"]
    assert (times["stops"], times["cycles"], len(said)) == (4, 6, 3)
    assert times["threads_after"] <= times["threads_before"]
    assert times["overhead_first_ms"] > 0
    assert times["overhead_token_ms"] > 0
    assert measured["config"]["chat_model"] == "tiny"


@pytest.mark.slow
def test_without_a_chat_model_there_is_nothing_to_measure(tmp_path: Path) -> None:
    config = rag.Config(chat_model="builtin", index_dir=tmp_path / "index")
    with pytest.raises(chat.ChatBenchError, match="没有一个 tune 问题问到了对话模型"):
        chat.measure_chat(config, load_cases(CASES, config.corpus), lambda _: None)
