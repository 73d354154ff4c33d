"""How a thing stands now, or stood over time: the newest state first, each with its day."""

from __future__ import annotations

from rag.answer.quote import QuoteAnswerer
from rag.answer.reply import Reply
from rag.datatypes import Article
from rag.models.reader import Turn
from rag.read import Judged, Reading
from tests.readings import article_of, question_of, reading_of

FIFTH = article_of("3月5日，双河水库水位11.8米。", "水库", source="a.txt")
NINTH = article_of("3月9日，双河水库水位12.5米。", "水库", source="b.txt")
COPY = article_of("据悉，3月9日双河水库水位12.5米。", "水库", source="c.txt")


def judged(*readings: Reading) -> Judged:
    return Judged(Turn("问"), readings, 0.9, True, believed=readings)


def latest(*readings: Reading) -> Reply:
    stream = QuoteAnswerer().stream(
        question_of("双河水库最新水位是多少？", aim="latest"), [judged(*readings)]
    )
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            reply: Reply = end.value
            assert "".join(pieces) == reply.text
            return reply


def level(article: Article, words: str, answers: float = 3.0) -> Reading:
    return reading_of(article, words, answers=answers)


def test_the_newest_state_comes_first_with_its_day_whichever_was_read_more_surely():
    reply = latest(level(FIFTH, "11.8米", 4.0), level(NINTH, "12.5米", 3.0))
    first, second = reply.text.split("\n")
    assert first == "12.5米：3月9日，双河水库水位12.5米。[1]"
    assert "11.8米" in second
    assert reply.short == "12.5米"
    assert len(reply.claims) == 2


def test_a_state_that_two_articles_tell_is_told_once():
    assert len(latest(level(NINTH, "12.5米"), level(COPY, "12.5米")).claims) == 1


def test_two_values_of_one_day_are_both_told_and_that_is_said():
    other = article_of("3月9日，双河水库水位13.1米。", "水库", source="d.txt")
    reply = latest(level(NINTH, "12.5米"), level(other, "13.1米"))
    assert "12.5米" in reply.text
    assert "13.1米" in reply.text
    assert reply.text.endswith("同一天的说法不一，都列在上面。")


def test_where_a_day_is_not_told_that_is_said_and_not_guessed():
    undated = article_of("双河水库水位11.0米。", "水库", source="e.txt")
    assert "没有写明日期" in latest(level(NINTH, "12.5米"), level(undated, "11.0米")).text


def test_the_dateline_and_the_date_of_an_article_are_its_day():
    by_line = article_of("云桥社3月12日电 雨停了。双河水库水位12.9米。", "水库", source="f.txt")
    dated = article_of("双河水库水位13.3米。", "水库", source="g.txt", date="2021-03-15")
    assert latest(level(NINTH, "12.5米"), level(by_line, "12.9米")).short == "12.9米"
    before = article_of("昨日，双河水库水位13.0米。", "水库", source="h.txt", date="2021-03-15")
    first, second = latest(level(before, "13.0米"), level(dated, "13.3米")).text.split("\n")
    assert first.startswith("2021年3月15日（13.3米）")
    assert second.startswith("2021年3月14日（13.0米）")


def test_what_is_no_state_of_the_kind_or_far_less_sure_is_left_out():
    acres = article_of("3月9日，双河水库淹地30亩。", "水库", source="i.txt")
    far = article_of("3月20日，双河水库水位14.0米。", "水库", source="j.txt")
    reply = latest(level(NINTH, "12.5米"), level(acres, "30亩"), level(far, "14.0米", -3.0))
    assert len(reply.claims) == 1


def asked_without_time(question: str, *readings: Reading) -> Reply:
    stream = QuoteAnswerer().stream(question_of(question), [judged(*readings)])
    while True:
        try:
            next(stream)
        except StopIteration as end:
            reply: Reply = end.value
            return reply


def test_without_a_time_the_newest_of_several_figures_is_told_first_and_that_is_said():
    both = (level(FIFTH, "11.8米"), level(NINTH, "12.5米", 2.8))
    reply = asked_without_time("双河水库水位是多少？", *both)
    assert reply.short == "12.5米"
    assert reply.text.endswith("最新的列在前面。")
    assert len(reply.text) <= 150
    timed = asked_without_time("3月5日双河水库水位是多少？", *both)
    assert timed.short == "11.8米"
    assert "最新的" not in timed.text


def test_where_another_day_is_far_less_sure_nothing_is_said_of_it():
    reply = asked_without_time(
        "双河水库水位是多少？", level(FIFTH, "11.8米"), level(NINTH, "12.5米", 0.5)
    )
    assert reply.short == "11.8米"
    assert len(reply.claims) == 1


def test_a_question_for_a_date_is_not_taken_for_one_about_states():
    opened = article_of("双河水库3月5日放水。", "水库", source="k.txt")
    again = article_of("双河水库3月9日放水。", "水库", source="l.txt")
    reply = asked_without_time(
        "双河水库是什么时候放水的？", level(opened, "3月5日"), level(again, "3月9日", 2.8)
    )
    assert "最新的" not in reply.text


def test_where_one_state_has_no_year_the_days_are_of_one_year_and_that_is_said():
    dated = article_of("双河水库水位13.3米。", "水库", source="m.txt", date="2021-03-04")
    reply = latest(level(dated, "13.3米"), level(NINTH, "12.5米"))
    assert reply.short == "12.5米"
    assert reply.text.endswith("按同一年排列。")


def test_one_state_beside_which_its_article_tells_another_is_quoted_with_that():
    lost = article_of("箱子3月9日丢在北门。民警在东库房找到了箱子。", "箱子", source="n.txt")
    first, second = reading_of(lost, "北门"), reading_of(lost, "东库房", answers=2.9)
    reply = latest(first, second)
    assert "北门" in reply.text
    assert "东库房" in reply.text
