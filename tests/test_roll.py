"""All of a kind over many articles: asked one by one, counted, each with its citation."""

from __future__ import annotations

import pytest

import rag
from rag.ask import roll_of
from rag.datatypes import TextSpan

BYLINE = "云山县报 2023年4月12日 记者 王若楠"
BUILTIN = rag.Config(chat_model="builtin")
VILLAGES = [
    ("云雾村通了自来水", "云雾村昨天通了自来水，全村320户告别挑水吃的日子。"),
    ("高台村也通水了", "高台村上周接通自来水，水费每吨2.4元。"),
    ("桃花坪村饮水难何时解决", "桃花坪村尚未通自来水，村民仍靠水窖。镇里说，工程年底前完成。"),
    ("又一批餐馆受罚", "聚福楼使用过期食材，被罚款2万元。同一天，悦来小馆通过了检查。"),
]
SKILLS = [
    ("李小茹获全国金奖", "县职教中心学生李小茹在全国职业技能大赛茶艺项目中获得金奖。"),
    ("职教中心再传喜讯", "职教中心学生赵一川、孟凡在全国技能大赛数控项目中获得金奖。"),
    ("搬迁", "继东湖化工之后，瑞和印染厂也搬到临港园区。"),
    ("东湖公司搬迁", "东湖化工公司昨天从城区搬到临港园区，搬迁费用3亿元。"),
]


@pytest.fixture(scope="module")
def villages() -> rag.Chatbot:
    return rag.Chatbot.from_articles(VILLAGES, BUILTIN)


@pytest.fixture(scope="module")
def skills() -> rag.Chatbot:
    return rag.Chatbot.from_articles(SKILLS, BUILTIN)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("哪些村通了自来水？", ("哪个村通了自来水？",)),
        ("一共有几家餐馆被罚？", ("哪个餐馆被罚？",)),
        ("通了自来水的村有哪些？", ("通了自来水的是哪个村？",)),
        ("哪些乡镇建了菜园？", ("哪个乡建了菜园？", "哪个镇建了菜园？")),
    ],
)
def test_each_article_is_asked_for_one(question: str, asked: tuple[str, ...]):
    roll = roll_of(question)

    assert roll is not None
    assert roll.questions == asked


@pytest.mark.parametrize(
    "question", ["云雾村有多少户？", "谁修的桥？", "有哪些？", "什么时候开工？"]
)
def test_what_asks_for_one_thing_calls_no_roll(question: str):
    assert roll_of(question) is None


def test_all_members_are_told_with_their_count_and_a_citation_each(villages: rag.Chatbot):
    answer = villages.answer("哪些村通了自来水？")

    assert answer.short == "云雾村、高台村"
    assert answer.text.startswith("共2个：云雾村[1]、高台村[2]")
    assert {one.title for one in answer.citations} == {"云雾村通了自来水", "高台村也通水了"}


def test_a_count_names_what_it_counts(villages: rag.Chatbot):
    assert villages.answer("一共有多少个村通了自来水？").short == "2个：云雾村、高台村"


def test_what_is_denied_is_a_member_only_where_the_question_denies(villages: rag.Chatbot):
    assert villages.answer("哪些村还没有通自来水？").short == "桃花坪村"


def test_a_roll_that_no_article_answers_is_refused(villages: rag.Chatbot):
    answer = villages.answer("哪些村通了高铁？")

    assert answer.outcome == "no_evidence"
    assert not answer.citations


def test_where_people_are_asked_for_the_name_behind_the_post_is_the_member(skills: rag.Chatbot):
    assert skills.answer("哪些学生获得了金奖？").short == "李小茹、赵一川、孟凡"


def test_a_short_and_a_full_name_are_one_and_a_name_with_and_in_it_is_whole(skills: rag.Chatbot):
    answer = skills.answer("哪些企业搬到了临港园区？")

    assert sorted((answer.short or "").split("、")) == ["东湖化工公司", "瑞和印染厂"]


def test_a_byline_is_no_answer():
    text = f"{BYLINE}\n柳坪镇的菜园日前开园，占地36亩。"
    answer = rag.Chatbot.from_articles(
        [rag.Article("a#1", "菜园开园", "a", text, (TextSpan(0, 0, len(text)),), byline=BYLINE)],
        BUILTIN,
    ).answer("哪个镇的菜园开园了？")

    assert "王若楠" not in answer.text
