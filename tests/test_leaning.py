"""Which questions lean on the turn before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.follow_up import leans_on_turn_before


@pytest.mark.parametrize(
    "question",
    [
        "它引进了几家企业？",
        "该镇的书记是谁？",
        "这家公司有多少人？",
        "那里有多少家企业？",
        "同年引进了几家企业？",
        "那西坪村呢？",
        "西坪村呢？",
        "入驻企业呢？",
        "其中研发人员有多少？",
        "另外还建了什么？",
        "还有吗？",
        "为什么？",
        "前者的总部在哪里？",
        "书记是谁？",
        "花了多少钱？",
        "比上一年涨了多少？",
        "第二个有多大？",
    ],
)
def test_a_question_that_points_back_or_names_nobody_leans(question: str):
    assert leans_on_turn_before(question)


@pytest.mark.parametrize(
    "question",
    [
        "西安市有多少亩茶园？",
        "恒口2017年的GDP？",
        "青禾集团2018年销售收入多少？",
        "软件园一共有多少名正式的党员职工？",
        "GPT-4花了多少钱？",
        "北京的地铁有多长？",
        "云桥镇引进的制茶企业为什么选在河边建厂房？",
    ],
)
def test_a_question_with_a_subject_of_its_own_does_not(question: str):
    assert not leans_on_turn_before(question)


@given(st.text(max_size=60))
def test_any_question_leans_or_does_not(question: str):
    assert leans_on_turn_before(question) in (True, False)
