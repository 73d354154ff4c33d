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


HALLS = [
    ("松岭村建起乡史馆", "历时一年，松岭村乡史馆昨天落成，展出旧物三百件。"),
    ("旧仓库的新生", "柳湾村把旧仓库改成了乡史馆，上周向村民开放，参观不收门票。"),
    ("石桥村乡史馆还要等", "石桥村的乡史馆前年动工，至今没有建成，还缺资金20万元。"),
    ("镇上的集市", "镇上每逢初五赶集，最热闹的是竹编摊子，从早上五点开到中午。"),
]
PRIZES = [
    ("合唱夺冠", "在全市合唱比赛中，云岭实验小学合唱团获得一等奖，48名学生登台。"),
    ("机器人获奖", "云岭职校学生设计的采茶机器人在全国大赛上获得一等奖。"),
    ("修路", "云岭大道昨天完工，全长3公里，投资2000万元。"),
    ("栖霞路通车", "栖霞路改造昨天完工，全长1.2公里，投资900万元。"),
]


@pytest.fixture(scope="module")
def halls() -> rag.Chatbot:
    return rag.Chatbot.from_articles(HALLS, BUILTIN)


@pytest.fixture(scope="module")
def prizes() -> rag.Chatbot:
    return rag.Chatbot.from_articles(PRIZES, BUILTIN)


def test_a_verb_that_is_denied_in_another_clause_makes_no_member(halls: rag.Chatbot):
    answer = halls.answer("哪些村建成了乡史馆？")

    assert set((answer.short or "").split("、")) == {"松岭村", "柳湾村"}
    assert all("没有建成" not in one.quote for one in answer.citations)


def test_a_member_that_the_headline_tells_is_quoted_from_the_text(halls: rag.Chatbot):
    quotes = [one.quote for one in halls.answer("哪些村建成了乡史馆？").citations]

    assert any("昨天落成" in one for one in quotes)
    assert "松岭村建起乡史馆" not in quotes


def test_a_school_is_one_whatever_schools_are_called(prizes: rag.Chatbot):
    answer = prizes.answer("哪些学校得了一等奖？")

    assert set((answer.short or "").split("、")) == {"云岭实验小学", "云岭职校"}


def test_a_road_is_one_whatever_roads_are_called(prizes: rag.Chatbot):
    answer = prizes.answer("哪些路完工了？")

    assert set((answer.short or "").split("、")) == {"云岭大道", "栖霞路"}


def test_how_much_of_each_is_told_beside_its_title(prizes: rag.Chatbot):
    answer = prizes.answer("各条路的投资有多少？")

    assert "《修路》2000万元[" in answer.text
    assert "《栖霞路通车》900万元[" in answer.text
    assert len(answer.citations) == 2
