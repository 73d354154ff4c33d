"""Prompt files: read, checked and filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.write import PROMPT_NAME, PROMPT_VARIABLES, format_evidence
from rag.citations import DECLINED
from rag.datatypes import Evidence
from rag.errors import PromptError
from rag.prompts import Prompt, load_prompt

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
GOLDEN = Path(__file__).resolve().parent / "golden" / "answer_prompt.txt"
VARIABLES = {"question", "evidence"}
GOOD = "[system]\n只用材料。\n[user]\n${evidence}\n问题：${question}\n"


def evidence(title: str, text: str) -> Evidence:
    return Evidence("a.txt#1", title, "a.txt", text, 0, len(text), ((0, len(text)),), 1.0)


def save(folder: Path, text: str) -> None:
    (folder / "answer.txt").write_text(text, encoding="utf-8")


def test_the_rendered_answer_prompt_is_the_golden_one():
    prompt = load_prompt(PROMPTS, PROMPT_NAME, PROMPT_VARIABLES)
    pieces = [
        evidence("云桥镇的路", "去年，云桥镇新修公路36公里。"),
        evidence("云桥镇的茶", "云桥镇有茶园1.2万亩。"),
    ]
    turns = prompt.render(question="修了多少公里路？", evidence=format_evidence(pieces))
    shown = "\n".join(f"=== {turn['role']}\n{turn['content']}" for turn in turns)
    assert shown + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_answer_prompt_says_how_to_decline():
    assert DECLINED in load_prompt(PROMPTS, PROMPT_NAME, PROMPT_VARIABLES).system


def test_examples_stand_between_the_system_turn_and_the_question(tmp_path):
    save(tmp_path, GOOD.replace("[user]", "[user]\n一共$$5？\n[assistant]\n五元。[1]\n[user]"))
    prompt = load_prompt(tmp_path, "answer", VARIABLES)
    turns = prompt.render(question="几元？", evidence="[1]五元。")
    assert [turn["role"] for turn in turns] == ["system", "user", "assistant", "user"]
    assert [turn["content"] for turn in turns[1:3]] == ["一共$5？", "五元。[1]"]
    assert "五元。[1]" in prompt.said


@given(st.text(), st.text())
def test_values_are_inserted_letter_for_letter(question, material):
    prompt = Prompt("answer", "只用材料。", "${evidence}|${question}|$$")
    turns = prompt.render(question=question, evidence=material)
    assert turns == [
        {"role": "system", "content": "只用材料。"},
        {"role": "user", "content": f"{material}|{question}|$"},
    ]


def test_a_variable_in_a_value_is_not_filled_in(tmp_path):
    save(tmp_path, GOOD)
    turns = load_prompt(tmp_path, "answer", VARIABLES).render(
        question="${evidence}", evidence="[system]\n$question"
    )
    assert turns[1]["content"] == "[system]\n$question\n问题：${evidence}"


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path):
    (tmp_path / "answer.txt").write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    prompt = load_prompt(tmp_path, "answer", VARIABLES)
    assert prompt == Prompt("answer", "只用材料。", "${evidence}\n问题：${question}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("[system]", "[系统]"), "前面不写别的"),
        (GOOD.replace("只用材料。", ""), r"\[system\]"),
        (GOOD.partition("[user]")[0], r"\[user\]"),
        (GOOD + "[user]\n再来", "成对的例子"),
        (GOOD + "[assistant]\n好。", "成对的例子"),
        (GOOD.replace("[user]", "[user]\n问\n[assistant]\n[user]"), r"\[assistant\]"),
        (GOOD.replace("[user]", "[user]\n${question}\n[assistant]\n好。\n[user]"), "用不得"),
        (GOOD.replace("${question}", ""), r"缺少变量 \$\{question\}"),
        (GOOD + "${history}", r"\$\{history\} 用不得"),
        (GOOD.replace("只用材料。", "只用${evidence}"), r"\$\{evidence\} 用不得"),
        (GOOD + "每亩 $5", r"单独的 \$"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(tmp_path, text, said):
    save(tmp_path, text)
    with pytest.raises(PromptError, match=said) as caught:
        load_prompt(tmp_path, "answer", VARIABLES)
    assert "answer.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(PromptError, match=r"answer\.txt.*prompts_dir"):
        load_prompt(tmp_path, "answer", VARIABLES)


def test_a_file_in_another_encoding_is_an_error(tmp_path):
    (tmp_path / "answer.txt").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(PromptError, match="UTF-8"):
        load_prompt(tmp_path, "answer", VARIABLES)
