"""Question sets in all the shapes they are published in, with our own words in them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpora.files import DataError
from corpora.questions import distinct_contexts, read_questions, simplified

CONTEXT = "青溪茶场建于1987年。场长是周远。"
SQUAD = {
    "version": "1.1",
    "data": [
        {
            "title": "青溪茶场",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "茶场建于哪一年？",
                            "answers": [
                                {"text": "1987年", "answer_start": 5},
                                {"text": "1987年", "answer_start": 5},
                                {"text": "1987", "answer_start": 5},
                            ],
                        },
                        {
                            "id": "q2",
                            "question": "茶场有多少亩？",
                            "answers": [],
                            "is_impossible": True,
                            "plausible_answers": [{"text": "周远", "answer_start": 14}],
                        },
                    ],
                }
            ],
        }
    ],
}
CMRC = [
    {
        "context_id": "A_1",
        "context_text": CONTEXT,
        "title": "青溪茶场",
        "qas": [
            {"query_id": "A_1_Q", "query_text": "场长是谁？", "answers": ["周远", "周远", "周远。"]}
        ],
    }
]
ROW = {
    "id": "r1",
    "question": "场长是谁？",
    "answers": ["周远"],
    "context": CONTEXT,
    "title": "青溪茶场",
    "answerable": True,
}


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_squad_file_gives_each_question_with_its_paragraph_and_distinct_answers(
    tmp_path: Path,
) -> None:
    first, second = read_questions(written(tmp_path / "any.json", SQUAD))
    assert (first.id, first.question, first.title) == ("q1", "茶场建于哪一年？", "青溪茶场")
    assert first.answers == ("1987年", "1987")
    assert first.context == second.context == CONTEXT
    assert first.is_answerable


def test_an_impossible_question_has_no_answers(tmp_path: Path) -> None:
    _, second = read_questions(written(tmp_path / "any.json", SQUAD))
    assert second.answers == ()
    assert not second.is_answerable


def test_the_first_shape_of_cmrc_is_read(tmp_path: Path) -> None:
    (one,) = read_questions(written(tmp_path / "cmrc2018_dev.json", CMRC))
    assert (one.id, one.question, one.answers) == ("A_1_Q", "场长是谁？", ("周远", "周远。"))
    assert (one.context, one.title) == (CONTEXT, "青溪茶场")


@pytest.mark.parametrize("is_packed", [False, True])
def test_rows_of_json_are_read_packed_or_not(tmp_path: Path, is_packed: bool) -> None:
    lines = json.dumps(ROW, ensure_ascii=False) + "\n\n"
    lines += json.dumps(ROW | {"id": "r2", "answerable": False}, ensure_ascii=False) + "\n"
    path = tmp_path / ("set.jsonl.gz" if is_packed else "set.jsonl")
    data = lines.encode()
    path.write_bytes(gzip.compress(data) if is_packed else data)
    assert [(one.id, one.answers) for one in read_questions(path)] == [
        ("r1", ("周远",)),
        ("r2", ()),
    ]


def test_a_row_without_words_is_kept_for_its_paragraph(tmp_path: Path) -> None:
    (one,) = read_questions(written(tmp_path / "set.jsonl", ROW | {"question": ""}))
    assert (one.question, one.context) == ("", CONTEXT)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", "{", "a.jsonl 第 1 行不是 JSON"),
        ("a.jsonl", '{"id": 1}\n', "a.jsonl 第 1 行不是题目（缺 question）"),
        ("a.jsonl", "[1]\n", "a.jsonl 第 1 行不是题目"),
        ("a.jsonl", json.dumps(ROW) + "\n" + json.dumps(ROW | {"context": " "}), "第 2 行.*context 是空的"),
        ("a.jsonl", json.dumps(ROW | {"answers": []}), "没有答案，又没有标明无解"),
        ("a.jsonl", json.dumps(ROW | {"question": 3}), "question 不是文字"),
        ("a.jsonl", "\n", "没有题目"),
        ("a.json", "不是", "a.json 不是 JSON"),
        ("a.json", '{"rows": []}', "不是 SQuAD 式的题库（缺 data）"),
        ("a.json", '{"data": [{"paragraphs": [{"qas": [{"id": "q7"}]}]}]}', "题目 q7 不是题目"),
        ("a.json", '{"data": [3]}', "不是 SQuAD 式的题库"),
        ("a.json", "[3]", "不是 SQuAD 式的题库"),
        ("a.json", "7", "不是 SQuAD 式的题库"),
        ("a.json", '{"data": []}', "没有题目"),
    ],
)  # fmt: skip
def test_what_is_no_question_set_is_told_with_its_place(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_questions(path)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="读不了"):
        read_questions(tmp_path / "absent.json")
    (tmp_path / "a.json.gz").write_bytes(b"no gzip")
    with pytest.raises(DataError, match="读不了"):
        read_questions(tmp_path / "a.json.gz")
    (tmp_path / "b.json").write_bytes("题库".encode("gb18030"))
    with pytest.raises(DataError, match="不是 UTF-8"):
        read_questions(tmp_path / "b.json")


def test_simplified_turns_every_part(tmp_path: Path) -> None:
    row = {
        "id": "t",
        "question": "場長是誰？",
        "answers": ["周遠"],
        "context": "場長是周遠。",
        "title": "茶場",
    }
    (one,) = simplified(read_questions(written(tmp_path / "set.jsonl", row)))
    assert (one.question, one.answers, one.context, one.title) == (
        "场长是谁？", ("周远",), "场长是周远。", "茶场",
    )  # fmt: skip


def test_paragraphs_are_counted_once_over_all_sets(tmp_path: Path) -> None:
    squad = read_questions(written(tmp_path / "a.json", SQUAD))
    row = read_questions(
        written(tmp_path / "b.jsonl", ROW | {"context": "另一段。", "title": "别的"})
    )
    assert distinct_contexts(squad, row, squad) == {CONTEXT: "青溪茶场", "另一段。": "别的"}
