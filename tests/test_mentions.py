"""All of a kind that articles name at all."""

from __future__ import annotations

import pytest

import rag
from rag.ask import roll_of
from rag.citations.places import PLACES
from rag.read import mentioned
from rag.text import tagged_words
from tests.readings import article_of

ZONES = (
    article_of("大连高新区和青岛高新区签了约。国家级高新区都来了。", source="a.txt"),
    article_of("王明代表青岛高新区致辞，陕西省内国家高新区到场。", source="b.txt"),
    article_of("白沙镇修路36公里。", source="c.txt"),
)


@pytest.mark.parametrize("question", ["都提到了哪些高新区", "文章里一共提到了几个高新区？"])
def test_what_asks_only_which_are_named_is_told_from_the_rest(question: str):
    roll = roll_of(question)
    assert roll is not None
    assert (roll.kind, roll.names_alone) == ("高新区", True)


@pytest.mark.parametrize("question", ["哪些高新区提到了增长？", "王明提到了哪些高新区？"])
def test_what_says_more_asks_the_articles(question: str):
    roll = roll_of(question)
    assert roll is None or not roll.names_alone


def test_names_of_the_kind_are_told_once_each_with_the_sentence_that_names_them_first():
    called = mentioned("高新区", ZONES)
    assert [one.name for one in called.members] == ["大连高新区", "青岛高新区"]
    assert {one.reading.article.source for one in called.members} == {"a.txt"}
    assert called.is_whole
    assert [one.reading.fact for one in called.members] == ["大连高新区", "青岛高新区"]


def test_nothing_is_named_where_no_name_has_the_kind():
    assert mentioned("开发区", ZONES).members == ()


def test_more_than_thirty_are_said_to_be_at_least_so_many():
    places = sorted(one for one in PLACES if len(tagged_words(one)) == 1)[:40]
    many = [article_of(f"{one}高新区。", source=f"{one}.txt") for one in places]
    called = mentioned("高新区", many)
    assert (len(called.members), called.is_whole) == (30, False)


def test_the_answer_counts_and_cites_them():
    bot = rag.Chatbot.from_articles(ZONES, rag.Config(profile="builtin"))
    answer = bot.answer("都提到了哪些高新区？")
    assert answer.outcome == "answered"
    assert answer.short == "大连高新区、青岛高新区"
    assert answer.text.startswith("共2个：大连高新区[1]、青岛高新区[1]")
    for one in answer.citations:
        assert one.quote in ZONES[0].text
