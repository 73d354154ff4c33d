"""Sentences that answer by how they are built: words alone, members, and causes."""

from __future__ import annotations

import pytest

import rag
from rag.queries import analyse
from tests.stories import BUILTIN

SCHOOL = (
    "阳光小学开办食育课",
    (
        "阳光小学开办食育课\n"
        "阳光小学有学生1380名、教师76名。学校食堂从9月起开设食育课，由营养师授课。\n"
        "校长唐文秀说，孩子们挑食、浪费粮食的现象比较突出。因此学校开设了食育课。\n"
        "课程开设以来，剩饭量减少了四成。"
    ),
)
CLUB = (
    "雄鹰足球俱乐部夺冠",
    (
        "雄鹰足球俱乐部夺冠\n"
        "昨晚，雄鹰足球俱乐部战胜海燕队。俱乐部青训营有学员320名。\n"
        "襄阳的三家企业赞助了比赛。"
    ),
)


@pytest.fixture(scope="module")
def chatbot() -> rag.Chatbot:
    return rag.Chatbot.from_articles([SCHOOL, CLUB], BUILTIN)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("襄阳", "襄阳的三家企业"),
        ("雄鹰俱乐部 学员", "学员320名"),
        ("阳光小学 教师 人数", "教师76名"),
        ("海燕队", "战胜海燕队"),
    ],
)
def test_words_alone_are_answered_by_a_sentence_that_has_them(
    chatbot: rag.Chatbot, words: str, told: str
):
    answer = chatbot.answer(words)
    assert answer.outcome == "answered"
    assert told in answer.citations[0].quote


@pytest.mark.parametrize("words", ["鄂州", "雄鹰俱乐部 门票", "阳光小学 医务室", "北桥大学 教师"])
def test_words_that_nothing_tells_are_declined(chatbot: rag.Chatbot, words: str):
    answer = chatbot.answer(words)
    assert (answer.outcome, answer.citations) == ("no_evidence", ())


def test_a_question_or_a_request_is_no_words_alone():
    assert analyse("云桥镇 茶园").is_words_alone
    assert not analyse("云桥镇有茶园吗").is_words_alone
    assert not analyse("请介绍云桥镇").is_words_alone
    assert not analyse("云桥镇的茶园有多大").is_words_alone


def test_the_cause_is_the_sentence_before_its_consequence(chatbot: rag.Chatbot):
    answer = chatbot.answer("阳光小学为什么开设食育课？")
    assert "挑食" in answer.citations[0].quote
    assert len(answer.citations) == 1


def test_the_reader_s_first_choice_stays_where_the_gate_is_sure_of_it():
    story = (
        "孙玉芳",
        (
            "孙玉芳\n"
            "2014年5月，孙玉芳任河湾市体育局党组书记。\n"
            "孙玉芳，籍贯河湾市，前女子排球队队长，现任网球运动管理中心主任。"
        ),
    )
    answer = rag.Chatbot.from_articles([story], BUILTIN).answer("孙玉芳现任什么职务？")
    assert answer.short == "网球运动管理中心主任"


TOWN = (
    "云桥镇的五年",
    (
        "云桥镇的五年\n"
        "五年里，云桥镇先后铺设管网28公里，改造厂房4.5万平方米，建成了听雨、枕河、望山三大社区，安置住户920家，"
        "绿化率提高到41%。\n"
        "云桥镇的三大社区居民过万。"
    ),
)


@pytest.mark.parametrize(
    "question",
    ["云桥镇三大社区分别叫什么？", "云桥镇建成的三大社区是哪几个", "云桥镇有哪三大社区？"],
)
def test_members_are_told_where_they_stand_before_what_they_are_counted_as(question: str):
    chatbot = rag.Chatbot.from_articles([TOWN], BUILTIN)
    found = chatbot.answer(question)
    assert all(name in found.text for name in ("听雨", "枕河", "望山"))


def test_members_of_another_number_or_another_town_are_not_told():
    chatbot = rag.Chatbot.from_articles([TOWN], BUILTIN)
    for question in ("云桥镇的四大公园分别叫什么？", "东江镇的三大社区分别叫什么？"):
        assert chatbot.answer(question).outcome == "no_evidence"
