"""Members that several articles tell: each once, each cited, counted."""

from __future__ import annotations

from dataclasses import replace

from rag.answer.bounds import bound_in
from rag.answer.quote import QuoteAnswerer
from rag.answer.reply import Reply
from rag.models.reader import Turn
from rag.read import Judged, Reading
from tests.readings import article_of, question_of, reading_of

TEA = article_of("云桥镇引进了青禾公司、乌云公司等企业。", "云桥", source="a.txt")
MORE = article_of("今年，乌云公司和海恩公司落户云桥镇。", "云桥", source="b.txt")


def listed(question: str, *readings: Reading) -> Reply:
    judged = Judged(Turn(question), readings, 0.9, True, believed=readings)
    stream = QuoteAnswerer().stream(question_of(question, aim="list"), [judged])
    while True:
        try:
            next(stream)
        except StopIteration as end:
            reply: Reply = end.value
            return reply


def test_members_are_named_once_each_with_its_citation_and_the_count():
    reply = listed(
        "云桥镇引进了哪些企业？",
        reading_of(TEA, "青禾公司", "乌云公司"),
        reading_of(MORE, "乌云公司", "海恩公司"),
    )
    first, *_ = reply.text.split("\n")
    assert first == "青禾公司[1]、乌云公司[1]、海恩公司[2]，共3项（见2篇文章）。"
    assert reply.short == "青禾公司、乌云公司、海恩公司"
    assert [citation.source for citation in reply.citations] == ["a.txt", "b.txt"]
    assert len(reply.text) <= 230


def test_a_place_and_its_short_name_in_its_own_story_are_one():
    long = article_of("名单上有东江高新区。", source="a.txt")
    short = article_of("东江的高新区和东江的港区都在名单上。", source="b.txt")
    reply = listed(
        "哪些区在名单上？", reading_of(long, "东江高新区"), reading_of(short, "高新区", "港区")
    )
    assert reply.short == "东江高新区、港区"


def test_what_one_article_alone_tells_is_quoted_as_before():
    reply = listed("云桥镇引进了哪些企业？", reading_of(TEA, "青禾公司", "乌云公司"))
    assert reply.short == "青禾公司、乌云公司"
    assert "共" not in reply.text


def test_words_of_the_question_are_no_members():
    reply = listed(
        "云桥镇引进了哪些企业？",
        reading_of(TEA, "云桥镇", "青禾公司"),
        reading_of(MORE, "海恩公司"),
    )
    assert reply.short == "青禾公司、海恩公司"


def test_a_bound_keeps_those_whose_figure_is_within_it():
    rich = article_of("青禾公司出口120亿元。", source="a.txt")
    poor = article_of("乌云公司出口80亿元。", source="b.txt")
    third = article_of("海恩公司出口200亿元。", source="c.txt")
    reply = listed(
        "出口超过100亿元的有哪些公司？",
        reading_of(rich, "青禾公司"), reading_of(poor, "乌云公司"), reading_of(third, "海恩公司"),
    )  # fmt: skip
    assert reply.short == "青禾公司、海恩公司"


def test_a_bound_is_read_with_its_side_and_whether_it_is_in():
    over, least = bound_in("超过100亿元的有哪些？"), bound_in("100亿元以上的有哪些？")
    under = bound_in("哪几家不到5%？")
    assert over
    assert least
    assert under
    assert (over.is_over, over.is_open, least.is_open) == (True, True, False)
    assert not under.is_over
    assert bound_in("2019年引进的有哪些？") is None


def test_what_is_enumerated_between_two_members_is_one_and_members_end_at_whole_words():
    countries = article_of("名单上有马里、苏丹、肯尼亚三国。", source="a.txt")
    more = article_of("名单上也有埃及。", source="b.txt")
    reply = listed(
        "名单上有哪些国家？", reading_of(countries, "马", "肯尼亚"), reading_of(more, "埃及")
    )
    assert reply.short == "马里、苏丹、肯尼亚、埃及"


def test_an_article_counts_by_whether_it_answers_and_not_by_where_it_was_found():
    late = reading_of(MORE, "海恩公司", answers=4.0)
    found = [reading_of(TEA, "青禾公司", "乌云公司", answers=5.0), replace(late, odds=-3.0)]
    assert listed("云桥镇引进了哪些企业？", *found).short == "青禾公司、乌云公司、海恩公司"
    unlikely = replace(late, answers=2.5)
    assert "海恩公司" not in (listed("云桥镇引进了哪些企业？", found[0], unlikely).short or "")


def test_two_copies_of_an_article_are_counted_once():
    copy = article_of(TEA.text, "云桥", source="b.txt")
    members = ("青禾公司", "乌云公司")
    reply = listed("云桥镇引进了哪些企业？", reading_of(TEA, *members), reading_of(copy, *members))
    assert reply.short == "青禾公司、乌云公司"
    assert len(reply.citations) == 1
