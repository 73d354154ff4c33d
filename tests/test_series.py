"""The most, the sum and the gap of figures that one sentence tells of things of one kind."""

from __future__ import annotations

import pytest

from rag.answer.reply import Reply
from rag.answer.series import computed_in_sentence
from rag.text import standard_form
from tests.readings import article_of, judged_of, reading_of

WHARVES = "去年，东码头装卸货物310万吨，西码头装卸货物275万吨，北码头装卸货物402万吨。三座码头全年无事故。"


def reply_to(question: str, text: str, words: str) -> Reply | None:
    judged = judged_of(reading_of(article_of(text), words))
    said = computed_in_sentence(standard_form(question), [judged])
    if said is None:
        return None
    while True:
        try:
            next(said)
        except StopIteration as end:
            reply = end.value
            assert isinstance(reply, Reply)
            assert all(claim.citations for claim in reply.claims)
            return reply


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("哪座码头的货物最多？", "北码头（402万吨）"),
        ("装卸货物最少的是哪座码头？", "西码头（275万吨）"),
        ("三座码头一共装卸了多少货物？", "987万吨"),
        ("东码头比西码头多装卸多少货物？", None),
        ("东码头的货物比西码头多多少？", "35万吨"),
    ],
)
def test_what_the_clauses_of_a_sentence_come_to_is_computed(question: str, short: str | None):
    reply = reply_to(question, WHARVES, "310万吨")
    assert (reply.short if reply else None) == short


def test_what_is_computed_is_said_to_be_so_and_cites_its_sentence():
    reply = reply_to("哪座码头的货物最多？", WHARVES, "310万吨")
    assert reply is not None
    assert "比较了引文里的3个数" in reply.text
    assert reply.claims[0].reasons == ("由引文里的数字算出",)
    assert [one.quote for one in reply.citations] == [WHARVES[: WHARVES.index("。") + 1]]


def test_the_other_way_round_is_said_to_be_so():
    reply = reply_to("西码头的货物比东码头多多少？", WHARVES, "310万吨")
    assert reply is not None
    assert "东码头反而更多，相差35万吨" in reply.text


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("哪座码头的货物最贵？", WHARVES, "310万吨"),  # tons are no prices
        ("哪座码头的职工最多？", WHARVES, "310万吨"),  # of another matter
        ("四座码头一共装卸多少货物？", WHARVES, "310万吨"),  # one of them is not told
        ("平均每座码头装卸多少货物？", WHARVES, "310万吨"),
        ("东码头装卸了多少货物？", WHARVES, "310万吨"),
        ("哪座码头的货物最多？", "东码头装卸货物310万吨，西码头停泊船只88艘。", "310万吨"),
        ("哪座码头的货物最多？", "东码头装卸货物310万吨，比上年增加12万吨。", "310万吨"),
    ],
)
def test_where_the_clauses_do_not_say_the_same_nothing_is_computed(
    question: str, text: str, words: str
):
    assert reply_to(question, text, words) is None
