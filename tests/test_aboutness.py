"""Of whom a sentence tells, where an article tells of several."""

from __future__ import annotations

import pytest

import rag
from rag.evidence.aboutness import begins_with_other_name
from rag.evidence.beside import names_beside
from tests.stories import BUILTIN

FIRMS = (
    "康宁制药与百川生物半年报",
    (
        "康宁制药与百川生物半年报\n"
        "康宁制药上半年营业收入23.4亿元，研发人员520人。公司董事长为蒋一鸣，总部位于临泉市。\n"
        "百川生物上半年营业收入17.8亿元。百川生物成立于2004年。"
    ),
)
SCHOOLS = (
    "两所高中招生",
    (
        "两所高中招生\n"
        "第一高中今年计划招生1200人，设24个班；第二高中计划招生960人。\n"
        "第一高中的宿舍楼可住学生1800人。第二高中新建的体育馆面积4500平方米。"
    ),
)


@pytest.fixture(scope="module")
def chatbot() -> rag.Chatbot:
    return rag.Chatbot.from_articles([FIRMS, SCHOOLS], BUILTIN)


def test_names_beside_a_subject_are_those_joined_to_it_that_begin_a_clause():
    text = FIRMS[1]
    assert names_beside("百川", text) == {"康宁制药"}
    assert names_beside("康宁", text) == {"百川生物"}
    assert names_beside("临泉", text) == frozenset()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("康宁制药有多少研发人员？", "520人"),
        ("百川生物有多少研发人员？", None),
        ("康宁制药的董事长是谁？", "蒋一鸣"),
        ("百川生物的董事长是谁？", None),
        ("百川生物是哪年成立的？", "2004年"),
        ("康宁制药是哪年成立的？", None),
        ("第一高中招生多少人？", "1200人"),
        ("第二高中的宿舍可住多少学生？", None),
        ("第三高中招生多少人？", None),
        ("第一高中的体育馆面积多大？", None),
    ],
)
def test_what_is_told_of_one_is_no_answer_about_the_other(
    chatbot: rag.Chatbot, question: str, answer: str | None
):
    found = chatbot.answer(question)
    assert (found.outcome == "answered") is (answer is not None)
    assert answer is None or answer in found.text


def test_a_follow_up_takes_a_name_with_its_trade_for_another_subject(chatbot: rag.Chatbot):
    history = [rag.Message("user", "康宁制药上半年营业收入多少？")]
    assert chatbot.answer("百川生物呢？", history).query == "百川生物上半年营业收入多少？"


def test_of_two_numbered_lines_each_has_its_own_length():
    text = "地铁开通\n城北5号线昨天开通，全长31公里。\n6号线预计明年建成，全长26公里。"
    chatbot = rag.Chatbot.from_articles([("地铁开通", text)], BUILTIN)
    assert "31公里" in chatbot.answer("5号线全长多少公里？").text
    assert "26公里" in chatbot.answer("6号线全长多少公里？").text
    assert chatbot.answer("7号线全长多少公里？").outcome == "no_evidence"


def test_of_two_films_each_has_its_own_director():
    text = (
        "票房报告\n《山海谣》票房9亿元，由导演许卓执导。\n同期的《归巢》票房1亿元，由陆一帆执导。"
    )
    chatbot = rag.Chatbot.from_articles([("票房报告", text)], BUILTIN)
    assert "许卓" in chatbot.answer("《山海谣》的导演是谁？").text
    assert "许卓" not in chatbot.answer("《归巢》的导演是谁？").text


def test_of_money_asked_for_nothing_is_told_by_a_sentence_without_any(chatbot: rag.Chatbot):
    assert chatbot.answer("第一高中的宿舍楼花了多少钱？").outcome == "no_evidence"


FACTORIES = (
    "榆林巷里的两家老厂。8月3日，丰泽机械厂搬进新厂房。该厂现有职工640人。\n"
    "今年以来，厂里接到的订单比往年多。车间主任说，全年产值预计达到2.4亿元。\n"
    "瑞祥印染厂成立于1996年。工人大多来自附近的村子，有320人。去年用水18万吨。"
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("丰泽机械厂有多少职工？", "640人"),
        ("丰泽机械厂的全年产值预计多少？", "2.4亿元"),  # named four sentences before
        ("瑞祥印染厂去年用水多少吨？", "18万吨"),
        ("丰泽机械厂去年用水多少吨？", None),  # another factory was named since
        ("榆林巷去年用水多少吨？", None),
    ],
)
def test_what_is_told_goes_on_about_the_name_that_was_named_last(question: str, answer: str | None):
    chatbot = rag.Chatbot.from_articles([("", FACTORIES)], BUILTIN)
    found = chatbot.answer(question)
    assert (found.outcome == "answered") is (answer is not None)
    assert answer is None or answer in found.text


@pytest.mark.parametrize(
    ("subject", "text", "is_other"),
    [
        ("云桥镇", "当天，东江镇举行了签约仪式。", True),
        ("云桥镇", "山南云桥镇举行了签约仪式。", False),
        ("云桥镇", "镇里举行了签约仪式，东江镇派人参加。", True),
        ("云桥镇", "仪式由赵立新主持。", False),
        ("云桥镇", "赵立新主持了仪式。", False),  # a person is no place
        ("赵立新", "李建国主持了仪式。", True),
        ("赵立新", "东江镇举行了仪式。", True),
    ],
)
def test_a_clause_may_begin_with_another_name(subject: str, text: str, is_other: bool):
    assert begins_with_other_name(subject, text) is is_other


def test_a_firm_may_be_told_by_its_foreign_name_alone():
    text = "破产\n连年亏损之后，Brandix在当地法院申请破产。"
    chatbot = rag.Chatbot.from_articles([("破产", text)], BUILTIN)
    assert chatbot.answer("美国货运公司Brandix在哪里申请破产？").outcome == "answered"
    assert chatbot.answer("美国货运公司Colmar在哪里申请破产？").outcome == "no_evidence"


def test_of_two_trains_each_has_its_own_passengers():
    text = "大雪封路\n大雪封路，两趟列车停在途中。K2716次列车上有旅客840人。T93次列车已经返回。"
    chatbot = rag.Chatbot.from_articles([("大雪封路", text)], BUILTIN)
    assert "840人" in chatbot.answer("K2716次列车上有多少旅客？").text
    assert chatbot.answer("T93次列车上有多少旅客？").outcome == "no_evidence"
