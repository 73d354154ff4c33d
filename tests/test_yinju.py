"""The hand-written questions as typed rows, and what is told of files that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpora.files import DataError
from corpora.held_out import HeldOut
from corpora.yinju import CrossPart, CrossRow, CrossSet, QaRow, QaSet, read_cross, read_qa
from tests.data_folder import HELD_OUT, TRAINED, cross_row, part, qa_row, write_rows, write_yinju

TEXT = HELD_OUT["a"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_yinju(tmp_path)
    return tmp_path


def test_a_question_over_one_article_is_read_with_its_places(folder: Path) -> None:
    near = qa_row(
        "n", "a", TEXT, kind="near", answerable=False, answers=[], evidence=[], short=[],
        history=["问？", "答。"], nearest=[3, 9], why="没有说。",
    )  # fmt: skip
    write_rows(folder / "yinju_qa.dev.jsonl.gz", [qa_row("d1", "a", TEXT), near])
    read = read_qa(folder, "dev")
    plain = QaRow(
        "d1", "plain", "怎么样？", (), "怎么样？", "a", True, (TEXT[:4],), ((0, len(TEXT)),), ((0, 4),)
    )  # fmt: skip
    tempting = QaRow(
        "n", "near", "怎么样？", ("问？", "答。"), "怎么样？", "a", False, (), (), (), (3, 9), "没有说。"
    )  # fmt: skip
    assert read == QaSet((plain, tempting), {"a": TEXT})


def test_a_question_over_several_articles_is_read_with_its_parts(folder: Path) -> None:
    read = read_cross(folder, "train", held_out=HeldOut.from_texts(()))
    first, second = read.rows[:2]
    words = TRAINED["t"]
    mine = CrossPart("t", (words[:4],), ((0, len(words)),), ((0, 4),), 0)
    assert (first.parts[0], first.parts[1].part, first.missing) == (mine, 1, "价钱")
    assert (second.docs, second.also[0].part, second.missing) == (("t", "x"), 0, "")
    assert set(read.texts) == {"t", "u", "x"}


def test_a_row_that_no_article_answers_names_the_sentence_that_tempts(folder: Path) -> None:
    read = read_cross(folder, "dev")
    row = CrossRow(
        "d1", "near", "g", "各怎么样？", False, (), nearest=("b", 0, 9), why="没有说。"
    )  # fmt: skip
    assert (read.rows[0], row.docs) == (row, ("b",))
    assert isinstance(read, CrossSet)


def test_of_the_articles_only_those_of_the_split_are_given(folder: Path) -> None:
    assert set(read_qa(folder, "train").texts) == {"t", "u"}
    assert set(read_qa(folder, "dev").texts) == {"a"}
    assert set(read_cross(folder, "dev").texts) == {"b", "c"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"doc": "none"}, "第 1 行不是题目（docs 里没有文章 none）"),
        ({"doc": 3}, "doc 不是文字"),
        ({"question": None}, "question 不是文字"),
        ({"history": "问？"}, "history 不是一列文字"),
        ({"answerable": 1}, "answerable 不是真假值"),
        ({"evidence": [[0, 9999]]}, "evidence 的 .* 不在文章里"),
        ({"evidence": [[5, 5]]}, "evidence 的 .* 不在文章里"),
        ({"short": [[1, 5]]}, "answers 不是 short 处的原文"),
        ({"short": 3}, "不是题目"),
        ({"nearest": [-1, 3]}, "nearest 的 .* 不在文章里"),
    ],
)
def test_what_is_no_row_is_told_with_its_place(
    folder: Path, change: dict[str, Any], told: str
) -> None:
    write_rows(folder / "yinju_qa.dev.jsonl.gz", [qa_row("d1", "a", TEXT) | change])
    with pytest.raises(DataError, match=told) as error:
        read_qa(folder, "dev")
    assert "yinju_qa.dev.jsonl.gz" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (cross_row("d", [part("b", HELD_OUT["b"])], also=[part("c", HELD_OUT["c"])]), "缺 part"),
        (cross_row("d", [], also=[part("c", HELD_OUT["c"], part=0)]), "不是题目"),
        (cross_row("d", [part("b", HELD_OUT["b"], short=[[2, 6]])]), "answers 不是 short 处的原文"),
        (cross_row("d", [], nearest=["none", 0, 2]), "docs 里没有文章 none"),
        ({"id": "d"}, "缺 parts"),
        ([1], "不是题目"),
    ],
)
def test_what_is_no_row_over_several_articles_is_told(folder: Path, row: Any, told: str) -> None:
    write_rows(folder / "yinju_cross.dev.jsonl.gz", [row])
    with pytest.raises(DataError, match=told):
        read_cross(folder, "dev")


@pytest.mark.parametrize("read", [read_qa, read_cross])
def test_files_that_are_missing_or_empty_or_hold_no_articles_are_told(
    folder: Path, read: Callable[[Path, str], object]
) -> None:
    name = {read_qa: "yinju_qa", read_cross: "yinju_cross"}[read]
    dev, docs = (folder / f"{name}.{part}.jsonl.gz" for part in ("dev", "docs"))
    write_rows(dev, [])
    with pytest.raises(DataError, match="没有题目"):
        read(folder, "dev")
    dev.unlink()
    with pytest.raises(DataError, match="读不了"):
        read(folder, "dev")
    for row, told in (
        ({"doc": "a"}, "第 1 行不是文章（缺 text）"),
        ({"doc": 1, "text": ""}, "要是文字"),
        (7, "不是文章"),
    ):
        write_rows(docs, [row])
        with pytest.raises(DataError, match=told):
            read(folder, "dev")
