"""The case file: what it must hold, and what a bad row is answered with."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import rag
from eval.cases import Case, CasesError, GoldSpan, load_cases
from eval.metrics import contains_form

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "eval" / "cases.jsonl"
TEXT = "安康建成3家院士工作站。\n商洛建成3家研究院。\n"
ROW: dict[str, Any] = {
    "id": "number-001",
    "kind": "number",
    "split": "tune",
    "question": "安康建成几家院士工作站？",
    "history": [{"role": "user", "content": "说说安康"}],
    "answers": [["3家", "三家"]],
    "answerable": True,
    "evidence": [{"file": "a.txt", "quote": "3家院士工作站"}],
}
UNANSWERABLE = {"answerable": False, "answers": [], "evidence": []}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_bytes(TEXT.encode("utf-8-sig"))
    return folder


def load(corpus: Path, *rows: object) -> tuple[Case, ...]:
    path = corpus.parent / "cases.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_cases(path, corpus)


def test_a_row_becomes_a_case_with_its_evidence_found_in_the_decoded_file(corpus: Path) -> None:
    (case,) = load(corpus, ROW)
    assert case.answers == (("3家", "三家"),)
    assert case.history == (rag.Message("user", "说说安康"),)
    assert case.evidence == ((GoldSpan("a.txt", 4, 11),),)
    assert TEXT[4:11] == "3家院士工作站"


def test_every_place_of_a_quote_is_kept(corpus: Path) -> None:
    (case,) = load(corpus, ROW | {"evidence": [{"file": "a.txt", "quote": "建成3家"}]})
    starts = [place.start for place in case.evidence[0]]
    assert starts == [TEXT.index("建成3家"), TEXT.rindex("建成3家")]


def test_blank_lines_are_passed_over(corpus: Path) -> None:
    assert len(load(corpus, ROW, "", ROW | {"id": "number-002"})) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "riddle"}, "kind 的值 'riddle'"),
        ({"split": "test"}, "split 的值 'test'"),
        ({"difficulty": 3}, "没有叫 difficulty 的字段"),
        ({"history": [{"role": "system", "content": ""}]}, "history.0.role"),
        ({"answers": "3家"}, "字段 answers"),
        ({"question": "  "}, "问题是空的"),
        ({"answers": []}, "要有 answers"),
        ({"answers": [["3家"], []]}, "没有可接受的写法"),
        ({"answers": [["3家", " "]]}, "没有可接受的写法"),
        ({"evidence": []}, "要有 evidence"),
        ({"answerable": False}, "不能有 answers"),
        (UNANSWERABLE | {"evidence": ROW["evidence"]}, "不能有 evidence"),
        ({"evidence": [{"file": "a.txt", "quote": "4家院士工作站"}]}, "4家院士工作站"),
        ({"evidence": [{"file": "a.txt", "quote": "\n"}]}, "引文是空的"),
        ({"evidence": [{"file": "b.txt", "quote": "3家"}]}, "没有文件 b.txt"),
    ],
)
def test_a_faulty_row_is_named_in_one_line_with_its_fault(
    corpus: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(CasesError) as caught:
        load(corpus, ROW | {"id": "number-000"}, ROW | change)
    message = str(caught.value)
    assert "第 2 行" in message
    assert told in message
    assert "\n" not in message.rstrip("\n")


def test_a_missing_field_and_a_line_that_is_no_json_are_told(corpus: Path) -> None:
    with pytest.raises(CasesError, match="第 1 行：缺少字段 split"):
        load(corpus, {name: value for name, value in ROW.items() if name != "split"})
    with pytest.raises(CasesError, match="第 1 行：不是有效的 JSON"):
        load(corpus, "{")


def test_a_repeated_id_is_told_with_both_rows(corpus: Path) -> None:
    with pytest.raises(CasesError, match="第 2 行：编号 number-001 与第 1 行重复"):
        load(corpus, ROW, ROW)


def test_a_missing_an_empty_and_an_undecodable_case_file_are_told(corpus: Path) -> None:
    with pytest.raises(CasesError, match="找不到用例文件"):
        load_cases(corpus / "none.jsonl", corpus)
    with pytest.raises(CasesError, match="没有用例"):
        load(corpus, "")
    (corpus.parent / "gbk.jsonl").write_bytes("问题".encode("gbk"))
    with pytest.raises(CasesError, match="不是 UTF-8"):
        load_cases(corpus.parent / "gbk.jsonl", corpus)


def test_every_quote_of_the_shipped_cases_stands_in_the_seeds() -> None:
    cases = load_cases(SHIPPED, ROOT / "seeds")
    assert all(places for case in cases for places in case.evidence)
    for case in cases:
        for places in case.evidence:
            assert len({(one.source, one.end - one.start) for one in places}) == 1


def test_the_shipped_cases_are_many_enough_and_their_halves_balanced() -> None:
    cases = load_cases(SHIPPED, ROOT / "seeds")
    assert len(cases) >= 100
    assert sum(not case.answerable for case in cases) >= 40
    counts = Counter((case.kind, case.split) for case in cases)
    for kind in {case.kind for case in cases}:
        assert abs(counts[kind, "tune"] - counts[kind, "report"]) <= 1, kind
    answerable = Counter(case.split for case in cases if case.answerable)
    assert abs(answerable["tune"] - answerable["report"]) <= 2


def test_no_question_is_asked_twice_in_the_shipped_cases() -> None:
    cases = load_cases(SHIPPED, ROOT / "seeds")
    asked = Counter((case.history, case.question) for case in cases)
    assert [question for question, times in asked.items() if times > 1] == []


def test_every_item_of_a_shipped_case_stands_in_its_evidence() -> None:
    for case in load_cases(SHIPPED, ROOT / "seeds"):
        quotes = [
            rag.read_text(ROOT / "seeds" / places[0].source)[places[0].start : places[0].end]
            for places in case.evidence
        ]
        for forms in case.answers:
            found = [form for form in forms for quote in quotes if contains_form(quote, form)]
            assert found, (case.id, forms)
