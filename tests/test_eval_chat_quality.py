"""A chat model held against known answers: what is counted, and that a run can go on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import chat_quality
from eval.chat_quality import choose_rows, measure_chat_quality, summarize
from eval.report import ReportError
from rag import assembly
from tests.data_folder import qa_row, write_rows
from tests.fakes import ScriptedChatModel

ROADS = "云桥镇去年新修公路36公里。镇里今年还要修12公里公路。"
TEA = "滨江市有茶园1.2万亩。茶农去年多种了800亩。"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    write_rows(
        folder / "yinju_qa.docs.jsonl.gz",
        [{"doc": "r", "text": ROADS}, {"doc": "t", "text": TEA}],
    )
    at, tea = ROADS.index("36公里"), TEA.index("1.2万亩")
    rows = [
        qa_row(
            "q1", "r", ROADS, question="云桥镇去年新修公路多少公里？", answers=["36公里"],
            evidence=[[0, 14]], short=[[at, at + 4]], stand_alone="云桥镇去年新修公路多少公里？",
        ),
        qa_row(
            "q2", "t", TEA, question="滨江市有多少茶园？", answers=["1.2万亩"],
            evidence=[[0, 11]], short=[[tea, tea + 5]], stand_alone="滨江市有多少茶园？",
        ),
        qa_row(
            "q3", "r", ROADS, kind="near", question="云桥镇去年修路花了多少钱？", answerable=False,
            answers=[], evidence=[], short=[], nearest=[0, 14], why="没有说钱",
            stand_alone="云桥镇去年修路花了多少钱？",
        ),
    ]  # fmt: skip
    write_rows(folder / "yinju_qa.dev.jsonl.gz", rows)
    return folder


def says(turns) -> str:
    asked = turns[-1]["content"]
    if "花了多少钱" in asked:
        return "材料中没有找到答案。"
    return "滨江市有茶园1.8万亩。[1]" if "茶园？" in asked else "云桥镇去年新修公路36公里。[1]"


@pytest.fixture
def model(monkeypatch) -> ScriptedChatModel:
    scripted = ScriptedChatModel(says)
    monkeypatch.setattr(assembly, "load_chat_model", lambda *_: scripted)
    return scripted


def test_right_wrong_marked_and_declined_are_told_apart(data: Path, model, tmp_path: Path):
    asked = choose_rows(data, questions=3, others=0, seed=0)
    out, texts = tmp_path / "lines.jsonl", tmp_path / "texts.jsonl"
    lines = measure_chat_quality(asked, "some.gguf", out, texts=texts, say=lambda _: None)
    by_id = {line["id"]: line for line in lines}
    assert (by_id["q1"]["right"], by_id["q1"]["own_right"], by_id["q1"]["cited"]) == (
        True, True, [True],
    )  # fmt: skip
    assert by_id["q1"]["verdicts"] == ["supported"]
    assert by_id["q2"]["own_right"] is False
    figures = summarize(lines)
    assert figures["questions"] == 3
    assert figures["wrong and unmarked"] == 0.0
    assert ROADS[:10] not in out.read_text(encoding="utf-8")
    kept = [json.loads(line) for line in texts.read_text(encoding="utf-8").splitlines()]
    assert {one["id"] for one in kept} == {"q1", "q2", "q3"}


def test_a_run_goes_on_where_it_ended_and_with_no_other_model(data: Path, model, tmp_path: Path):
    asked = choose_rows(data, questions=3, others=0, seed=0)
    out = tmp_path / "lines.jsonl"
    first = measure_chat_quality(asked, "some.gguf", out, say=lambda _: None)
    out.write_text("".join(out.read_text(encoding="utf-8").splitlines(True)[:2]), encoding="utf-8")
    model.asked.clear()
    again = measure_chat_quality(asked, "some.gguf", out, say=lambda _: None)
    assert [line["id"] for line in again] == [line["id"] for line in first]
    assert len(model.asked) <= 1
    with pytest.raises(ReportError, match="别的模型"):
        measure_chat_quality(asked, "other.gguf", out, say=lambda _: None)


def test_a_fifth_of_the_rows_is_not_answerable(data: Path):
    asked = choose_rows(data, questions=3, others=0, seed=0)
    assert [row.is_answerable for row in asked.rows].count(False) == 1
    assert chat_quality.NEAR_SHARE == 0.2
