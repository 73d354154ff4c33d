"""Questions for what a person is, and the sentences that say it."""

from __future__ import annotations

import pytest

import rag
from rag.evidence.offices import office_of
from rag.queries import analyse
from tests.stories import BUILTIN


@pytest.mark.parametrize(
    ("question", "person"),
    [
        ("田桂芳是谁？", "田桂芳"),
        ("田桂芳是什么职务？", "田桂芳"),
        ("田桂芳现在担任什么职务", "田桂芳"),
        ("田桂芳的职务是什么？", "田桂芳"),
        ("田桂芳是做什么工作的？", "田桂芳"),
        ("田桂芳是台长吗？", "田桂芳"),
        ("赵立新是什么职务？", "赵立新"),
        ("罗海生是做什么的？", "罗海生"),
        ("高志远是不是书记？", "高志远"),
        ("石桥村是做什么的？", ""),
        ("田桂芳是第几任台长？", ""),
        ("台长是谁？", ""),
        ("冠军是谁？", ""),
        ("白沙市是什么地方？", ""),
        ("田桂芳去年获了什么奖？", ""),
    ],
)
def test_the_person_is_the_one_whose_office_is_asked_for(question: str, person: str):
    assert analyse(question).person == person


@pytest.mark.parametrize(
    ("sentence", "office"),
    [
        ("市气象台台长田桂芳提醒，降雪将持续。", "市气象台台长"),
        ("白沙市气象台台长田桂芳提醒，降雪将持续。", "白沙市气象台台长"),
        ("市委副书记、市长田桂芳到场。", "市委副书记、市长"),
        ("田桂芳任气象台台长，今年退休。", "气象台台长"),
        ("白沙学院田桂芳院士领衔的团队获奖。", "院士"),
        ("气象台台长为田桂芳，今年上任。", "气象台台长"),
        ("球队出征，田桂芳随队。", None),
        ("由田桂芳领衔的团队获奖。", None),
        ("白沙学院田桂芳的团队获奖。", None),
    ],
)
def test_the_title_beside_a_name_is_the_office(sentence: str, office: str | None):
    found = office_of("田桂芳", sentence)
    assert (sentence[found.start : found.end] if found else None) == office


PAGE = (
    "寒潮来袭",
    (
        "寒潮来袭\n"
        "田桂芳连日守在值班室。白沙市气象台台长田桂芳提醒，降雪将持续到15日。\n"
        "供电局抢修队队长马建国说，抢修人员已到位。"
    ),
)


def test_an_office_is_answered_from_the_title_beside_the_name():
    chatbot = rag.Chatbot.from_articles([PAGE], BUILTIN)
    answer = chatbot.answer("田桂芳是什么职务？")
    assert answer.short == "白沙市气象台台长"
    assert [c.quote for c in answer.citations] == ["白沙市气象台台长田桂芳提醒，降雪将持续到15日。"]
    assert chatbot.answer("周启明是什么职务？").outcome == "no_evidence"
