"""RGB's rows in all their shapes, and how answers and refusals are counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import rag
from corpora.files import DataError
from eval.benchmarks.rgb import RgbCase, is_right, measure_rgb, mixed, read_rgb

ROW: dict[str, Any] = {
    "id": 3,
    "query": "茶场何时建成，场长是谁？",
    "answer": [["1987年", "一九八七年"], "周远"],
    "positive": [["茶场建于1987年。"], ["场长是周远。"]],
    "negative": ["果园种桃。", "果园种梨。"],
}


def rows(tmp_path: Path, *changes: dict[str, Any]) -> Path:
    path = tmp_path / "zh.json"
    lines = [json.dumps(ROW | change, ensure_ascii=False) for change in changes]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def answer(text: str, outcome: str = "answered") -> rag.Answer:
    return rag.Answer("问", "问", outcome, text, "测")  # type: ignore[arg-type]


def test_every_part_of_an_answer_keeps_its_forms(tmp_path: Path) -> None:
    (case,) = read_rgb(rows(tmp_path, {}))
    assert case == RgbCase(
        "3",
        "茶场何时建成，场长是谁？",
        (("1987年", "一九八七年"), ("周远",)),
        ("茶场建于1987年。", "场长是周远。"),
        ("果园种桃。", "果园种梨。"),
    )


def test_a_bare_answer_is_one_part(tmp_path: Path) -> None:
    (case,) = read_rgb(rows(tmp_path, {"answer": "周远"}))
    assert case.parts == (("周远",),)


def test_right_is_every_part_in_any_of_its_forms(tmp_path: Path) -> None:
    (case,) = read_rgb(rows(tmp_path, {}))
    assert is_right(answer("建于一九八七年，场长周远。"), case)
    assert is_right(answer("建于 １９８７年，场长周远。"), case)
    assert not is_right(answer("建于一九八七年。"), case)
    assert not is_right(answer("没有找到周远和1987年。", "no_evidence"), case)


def test_noise_takes_its_share_of_five_passages() -> None:
    case = RgbCase("1", "问", (("答",),), tuple("abcdef"), tuple("uvwxyz"))
    assert mixed(case, 0.0) == list("abcde")
    assert mixed(case, 0.4) == list("uvabc")
    assert mixed(case, 0.8) == list("uvwxa")


class Reader:
    """Says what it was given, or declines when the words it looks for are not there."""

    def __init__(self, passages: Sequence[str], wanted: str = "周远") -> None:
        self.text = "".join(passages)
        self.wanted = wanted

    def answer(self, question: str) -> rag.Answer:
        found = self.wanted in self.text
        return answer(self.text if found else "没有", "answered" if found else "no_evidence")


def test_right_answers_and_refusals_are_shares_of_the_cases(tmp_path: Path) -> None:
    only_noise = {"positive": [], "negative": ["果园的周远。"]}
    figures = measure_rgb(read_rgb(rows(tmp_path, {}, only_noise)), Reader)
    assert {name: (one.value, one.count) for name, one in figures.items()} == {
        "right at noise 0": (1.0, 1),
        "right at noise 0.4": (1.0, 1),
        "right at noise 0.8": (
            0.0,
            1,
        ),  # one of five passages holds an answer, the first: half of it
        "refused on noise": (0.5, 2),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"id": 1, "query": "问"}', "第 1 行缺 answer、positive、negative"),
        ("[]", "第 1 行缺 id、query"),
        ("x", "第 1 行不是 JSON"),
        (json.dumps(ROW | {"answer": [[]]}), "第 1 行的 answer 是空的"),
        ("", "没有题目"),
    ],
)
def test_what_is_no_row_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "zh.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_rgb(path)
