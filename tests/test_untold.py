"""What a question names and its evidence knows nothing of."""

from __future__ import annotations

import pytest

import rag
from rag.articles import article_from_text
from rag.datatypes import Hit, Passage
from rag.evidence.candidates import Candidate, gather
from rag.evidence.untold import untold_share
from rag.queries import analyse
from tests.stories import BUILTIN


def told_by(text: str, title: str = "") -> Candidate:
    article = article_from_text("memory/1#1", title, text, "memory/1")
    passage = Passage(article.id, title, "", article.text, 0, len(article.text))
    hit = Hit(passage, 1.0, ("terms",), article.source, ())
    return gather([hit], {article.id: article})[-1]


def share(question: str, text: str) -> float:
    return untold_share(analyse(question), told_by(text))


def test_nouns_of_which_no_character_is_told_count_as_foreign():
    text = "石桥纺织公司引进织机27台。"
    assert share("石桥纺织公司有托儿所多少间？", text) == 0.15
    assert share("石桥纺织公司的织机有多少台？", text) == 0.0
    assert 0 < share("石桥纺织公司的织机和托儿所有多少？", text) <= 0.15


def test_a_date_of_something_else_that_was_done_asks_more_of_the_gate():
    text = "石桥纺织公司2019年5月引进织机27台。"
    assert share("石桥纺织公司是什么时候搬迁的？", text) == 0.3
    assert share("石桥纺织公司是什么时候引进织机的？", text) == 0.0


def test_of_words_alone_each_counts():
    text = "石桥纺织公司引进织机27台。"
    assert share("石桥纺织公司 托儿所", text) > 0.3
    assert share("石桥纺织公司 织机", text) == 0.0


def test_a_number_beside_which_the_counted_noun_is_not_told_counts_others():
    assert share("石桥纺织公司有几间托儿所？", "石桥纺织公司引进织机27台。") == 0.9


@pytest.mark.parametrize(
    ("text", "is_counted"),
    [
        ("石桥镇建有院士工作站，全年引进项目27个。", True),
        ("石桥镇院士工作站增至3家。", True),
        ("石桥镇建有专家服务中心，全年引进项目27个。", False),
        ("石桥镇院士工作站揭牌，镇长到场，全年引进项目27个。", False),
    ],
)
def test_a_number_is_of_what_stands_in_its_clause_or_the_one_before(text: str, is_counted: bool):
    assert (share("石桥镇有几家院士工作站？", text) < 0.5) is is_counted


def test_a_noun_that_editors_put_another_word_for_is_no_foreign_one():
    assert share("石桥镇有多少家公司？", "石桥镇现有各类企业310家。") == 0.0


def test_a_reason_may_be_told_in_other_words():
    assert share("石桥镇为什么发洪水？", "连日暴雨，河水漫过堤岸。") == 0.0


@pytest.mark.parametrize(
    ("text", "is_part"),
    [
        ("其中最长的云岭隧道长14.6公里。", True),
        ("最长的一座桥梁全长3公里。", True),
        ("全长286公里，设站11座。", False),
        ("这条铁路长286公里。", False),
        ("铁路长286公里，其中云岭隧道长14.6公里。", False),
    ],
)
def test_the_length_of_a_part_is_not_that_of_the_whole(text: str, is_part: bool):
    assert (share("平川铁路有多长？", text) == 1.0) is is_part


@pytest.mark.parametrize(
    ("question", "text", "is_other"),
    [
        ("石桥镇最高气温多少？", "石桥镇最低气温零下8度。", True),
        ("石桥镇最高气温多少？", "石桥镇最低气温零下8度，最高气温2度。", False),
        ("石桥镇剧场最多能坐多少人？", "石桥镇最大的剧场能坐800人。", False),
        ("石桥镇修剧场花了多少钱？", "石桥镇的剧场有800个座位。", True),
        ("石桥镇修剧场花了多少钱？", "石桥镇的剧场耗资30万美元。", False),
        ("石桥镇剧场占地多少亩？", "石桥镇的剧场占地3公顷。", False),
        ("石桥镇剧场占地多少亩？", "石桥镇的剧场高30米。", True),
    ],
)
def test_the_opposite_extreme_and_another_measure_are_no_answer(
    question: str, text: str, is_other: bool
):
    assert (share(question, text) == 1.0) is is_other


def test_where_the_like_is_told_of_the_other_of_one_headline_the_refusal_says_so():
    answer = rag.Chatbot.from_articles([RIVALS], BUILTIN).answer("梅山经开区有多少从业人员？")
    assert answer.outcome == "no_evidence"
    assert "说的是松岭经开区，不是梅山经开区" in answer.text


RIVALS = (
    "梅山、松岭两个经开区你追我赶",
    (
        "梅山、松岭两个经开区你追我赶\n"
        "梅山经开区入驻企业260家，去年签约项目48个，财政收入12亿元。\n"
        "松岭经开区有孵化器5个，从业人员1.9万人，去年签约项目35个。"
    ),
)
COLLEGES = (
    "清源大学与北桥大学迎来毕业季",
    (
        "清源大学与北桥大学迎来毕业季\n"
        "清源大学现有院系56个，校长何文渊在典礼上讲话。\n"
        "北桥大学图书馆藏书800万册，今年毕业生6400人。"
    ),
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("松岭经开区有几个孵化器？", "5个"),
        ("梅山经开区有几个孵化器？", None),
        ("松岭经开区有多少家企业？", None),
        ("梅山经开区有多少家企业？", "260家"),
        ("清源大学有多少院系？", "56个"),
        ("北桥大学有多少院系？", None),
        ("清源大学的校长是谁？", "何文渊"),
        ("北桥大学的校长是谁？", None),
    ],
)
def test_of_two_that_share_a_headline_each_has_its_own_figures(question: str, answer: str | None):
    found = rag.Chatbot.from_articles([RIVALS, COLLEGES], BUILTIN).answer(question)
    assert (found.outcome == "answered") is (answer is not None)
    assert answer is None or answer in found.text


@pytest.mark.parametrize(
    ("text", "is_lacking"),
    [
        ("石桥镇剧场第一期工程已经完工。", True),
        ("石桥镇剧场2019年5月完工。", True),
        ("石桥镇剧场能坐800人。", False),
        ("石桥镇剧场能坐数百人。", False),
        ("石桥镇剧场坐了一半的人。", False),
    ],
)
def test_a_sentence_without_a_count_is_no_answer_to_how_many(text: str, is_lacking: bool):
    assert (share("石桥镇剧场坐了多少人？", text) == 1.0) is is_lacking
