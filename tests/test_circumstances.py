"""What a question tells before it asks, and what it asks without it."""

from __future__ import annotations

import pytest

import rag
from rag.queries import circumstances_of
from tests.stories import BUILTIN

STOPPED = (
    "镇口查车\n"
    "6月2日晚，交警在石桥镇口拦下一辆没有尾灯的白色货车。司机神色慌张。\n"
    "经过清点，车上装有树苗430棵。"
)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("在石桥镇口被拦下的那辆货车，装有多少棵树苗？", "装有多少棵树苗？"),
        ("石桥镇办了灯会，又修了桥，桥有多长？", "桥有多长？"),
        ("石桥镇有多少亩茶园？", None),
        ("石桥镇有几座桥，多少亩茶园？", None),  # two questions
        ("你好，茶园有多少亩？", None),  # tells nothing
        ("石桥镇修的那座桥，多少？", None),  # asks for nothing
    ],
)
def test_the_last_clause_is_taken_apart_where_it_alone_asks(question: str, asked: str | None):
    found = circumstances_of(question)
    assert (found.question if found else None) == asked


def test_what_is_told_before_may_stand_elsewhere_in_the_article():
    chatbot = rag.Chatbot.from_articles([("镇口查车", STOPPED)], BUILTIN)
    question = "在石桥镇口被拦下的那辆没有尾灯的货车，装有多少棵树苗？"
    assert "430棵" in chatbot.answer(question).text


def test_what_another_article_tells_is_no_answer():
    other = "植树节\n植树节那天，学生们栽种的小树苗一共有430棵，大家都很开心。"
    chatbot = rag.Chatbot.from_articles([("植树节", other)], BUILTIN)
    question = "在石桥镇口被拦下的那辆没有尾灯的货车，装有多少棵树苗？"
    assert chatbot.answer(question).outcome == "no_evidence"
