"""The number that is said of what is asked, among others in its sentence: the whole way."""

from __future__ import annotations

import pytest

import rag
from tests.stories import BUILTIN

GRANTS = (
    "河湾市发布人才新政",
    "河湾市发布人才新政\n按照新政，博士每人补贴30万元，硕士每人补贴12万元，本科生每人补贴3万元。",
)
CLINIC = (
    "河湾市医院门诊楼启用",
    (
        "河湾市医院门诊楼启用\n"
        "一楼大厅今年增设挂号窗口10个，挂号窗口总数达到26个。\n"
        "河湾市医院现有职工1860人，其中医生612人、护士903人。"
    ),
)
WARDS = (
    "柳城两家医院扩建",
    "柳城两家医院扩建\n柳城中医院设有病区21个，床位650张。\n柳城妇幼医院引进专家16名，病区改造投入350万元。",
)


@pytest.fixture(scope="module")
def chatbot() -> rag.Chatbot:
    return rag.Chatbot.from_articles([GRANTS, CLINIC, WARDS], BUILTIN)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("博士补贴多少钱？", "30万元"),
        ("硕士每人补贴多少？", "12万元"),
        ("本科生补贴多少？", "3万元"),
        ("河湾市医院有多少名护士？", "903人"),
        ("河湾市医院有多少名医生？", "612人"),
        ("河湾市医院有多少个挂号窗口？", "26个"),
        ("河湾市医院增设了多少个挂号窗口？", "10个"),
    ],
)
def test_each_of_parallel_clauses_answers_its_own_question(
    chatbot: rag.Chatbot, question: str, short: str
):
    assert chatbot.answer(question).short == short


def test_two_things_of_one_sentence_are_compared_by_their_own_figures(chatbot: rag.Chatbot):
    answer = chatbot.answer("河湾市医院的医生和护士哪个多？")
    assert answer.text.endswith("护士（903人）多于医生（612人）。[1]")


def test_unlike_figures_are_not_held_against_each_other(chatbot: rag.Chatbot):
    answer = chatbot.answer("柳城中医院和柳城妇幼医院的病区哪个多？")
    assert "21个" in answer.text
    assert "多于" not in answer.text


HOME = (
    "南溪镇养老院扩容",
    (
        "南溪镇养老院扩容\n"
        "南溪镇养老院今年完成扩建，床位从80张增加到210张，护理员由12人增至35人。\n"
        "暴雨中，柳林村和石门村分别转移群众2100人和1500人。\n"
        "扩建资金860万元，其中镇财政出资500万元。"
    ),
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("南溪镇养老院有多少名护理员？", "35人：南溪镇"),
        ("柳林村转移了多少群众？", "2100人：暴雨中"),
        ("石门村转移了多少群众？", "1500人：暴雨中"),
        ("扩建花了多少钱，镇财政出资多少？", "500万元：扩建资金"),
    ],
)
def test_what_it_rose_to_and_the_number_in_the_place_of_the_name_are_taken(
    question: str, told: str
):
    assert told in rag.Chatbot.from_articles([HOME], BUILTIN).answer(question).text
