"""Questions to be told at some length: how it was done, what was done, which measures."""

from __future__ import annotations

import pytest

import rag
from rag.answer.runners_up import around
from rag.ask import SummaryRequest, purpose_of
from tests.readings import article_of, reading_of

BUILTIN = rag.Config(chat_model="builtin")
TOLD = (
    "六年前，竹溪乡还是全县最穷的乡。如今，竹溪乡最后41户也脱贫了，人均收入1.6万元。\n"
    "路修通了。乡里筹资900万元，修了24公里产业路，山货当天能到县城。\n"
    "地里也换了样。乡政府请来农科院专家5名，教大家种菌菇，亩产值涨到8000元。\n"
    "卖得出去，靠的是年轻党员。全乡46名党员每人联系两户，帮着开网店，去年卖出菌菇1300万元。"
)
VILLAGE = ("竹溪乡的好日子", TOLD)
FLOOD = ("竹溪乡防汛", "竹溪乡昨天召开防汛会，排查隐患18处，储备沙袋两万条。")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("竹溪乡是怎么脱贫的？", SummaryRequest("竹溪乡脱贫", how="脱贫", yields=True)),
        ("新村如何致富的", SummaryRequest("新村致富", how="致富", yields=True)),
        ("竹溪乡的党员做了什么？", SummaryRequest("竹溪乡的党员", is_open=True, yields=True)),
        ("竹溪乡采取了哪些措施", SummaryRequest("竹溪乡", is_open=True, yields=True)),
        ("工会有什么建议？", SummaryRequest("工会", is_open=True, yields=True)),
        ("竹溪乡的人均收入是怎么从6000元涨上来的？", None),
        ("谁做了什么？", None),
        ("竹溪乡有什么特产？", None),
        ("他是做什么工作的？", None),
    ],
)
def test_an_open_question_is_told_by_its_form(typed: str, expected: SummaryRequest | None):
    assert purpose_of(typed) == expected


def test_the_sentences_around_one_come_in_their_order_as_far_as_they_fit():
    article = article_of("标题\n甲村修了路。乙村挖了渠。丙村栽了树。丁村办了厂。\n戊村通了电。")
    best = reading_of(article, "挖了渠")
    told = ["".join(article.text[a:b] for a, b in around(best, room, 4)) for room in (10, 20, 99)]
    assert told == [
        "乙村挖了渠。",
        "乙村挖了渠。丙村栽了树。",
        "甲村修了路。乙村挖了渠。丙村栽了树。丁村办了厂。",
    ]


@pytest.fixture(scope="module")
def bot() -> rag.Chatbot:
    return rag.Chatbot.from_articles([VILLAGE, FLOOD], BUILTIN)


def test_how_something_was_done_is_summed_up_from_the_article_on_it(bot: rag.Chatbot):
    answer = bot.answer("竹溪乡是怎么脱贫的？")

    assert answer.outcome == "answered"
    assert all(words in answer.text for words in ("24公里产业路", "专家5名", "46名党员"))
    assert all(claim.citations for claim in answer.claims)
    assert len(answer.text) <= 400


def test_what_somebody_did_is_told_with_the_sentences_around_it(bot: rag.Chatbot):
    answer = bot.answer("竹溪乡的党员做了什么？")

    assert "帮着开网店" in answer.text
    assert len(answer.text) <= 150


@pytest.mark.parametrize(
    "typed",
    ["柳湾乡是怎么脱贫的？", "竹溪乡的医生做了什么？", "竹溪乡采取了哪些防火措施？"],
)
def test_what_is_told_of_nobody_stays_refused(bot: rag.Chatbot, typed: str):
    answer = bot.answer(typed)

    assert answer.outcome == "no_evidence"
    assert not answer.citations
