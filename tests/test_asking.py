"""What is left of a question without the words that only ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask import content_of


@pytest.mark.parametrize(
    ("question", "kept", "gone"),
    [
        ("请问云桥镇一共有多少亩茶园？", ("云桥镇", "茶园"), ("请问", "一共", "多少", "亩")),
        ("柳湾小学什么时候搬的家？", ("柳湾小学", "搬"), ("什么时候", "的")),
        ("GPT-4花了多少钱？", ("gpt-4", "花"), ("多少钱",)),
        ("乌云公司为什么搬到滨江市？", ("乌云公司", "搬到滨江市"), ("为什么",)),
        ("水库多大？", ("水库",), ("多大",)),
    ],
)
def test_what_only_asks_is_left_out_and_what_is_asked_about_stays(
    question: str, kept: tuple[str, ...], gone: tuple[str, ...]
):
    content = content_of(question)
    assert all(word in content for word in kept)
    assert not any(word in content for word in gone)


@given(st.text(max_size=60))
def test_any_question_has_a_content(question: str):
    content_of(question).encode("utf-8", "replace")
