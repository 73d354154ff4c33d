"""Telling sentences of articles: on the topic, without repetition, in order, each cited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.desk import Desk
from rag.answer.library import Library
from rag.answer.quote import QuoteAnswerer
from rag.answer.small_talk import reply_to
from rag.ask import parse
from rag.ask.purpose import SmallTalk
from rag.datatypes import Article, Hit, Message
from rag.models.embedder import load_embedder
from rag.read import Gist, topic_of
from tests.readings import article_of, hit_of

BRIDGE = article_of(
    "栗子桥通车\n栗子镇的栗子桥昨天通车，全长90米。\n桥梁由镇里的工匠修了两年，花费320万元。"
    "桥梁由镇里的工匠一共修了两年，花费320万元。以前过河要绕行6公里。你走过这座桥吗？\n"
    "镇长林向阳说，明年还要修通桥头的公路。",
    "栗子桥通车",
    source="桥.txt",
    date="2021-03-05",
)
FLOOD = article_of(
    "防汛准备就绪\n松溪县召开防汛会议，全县有22支应急队伍。\n松溪县还讨论了明年的招商安排，计划引进8家企业。\n"
    "防汛值班从5月15日开始，每天24小时有人值守。",
    "防汛准备就绪",
    source="防汛.txt",
    date="2022-05-10",
)
GARDEN = article_of(
    "菜园开园\n白果镇的菜园有41亩，是全县最大的一处。\n镇里修了一条长1.2公里的步道。",
    "菜园开园",
    source="菜园.txt",
    date="2022-06-01",
)
ALL = (BRIDGE, FLOOD, GARDEN)


class Everything:
    """A Searcher that finds every article, in the order of how much of the query stands there."""

    def search(self, query: str, top_k: int) -> list[Hit]:
        found = sorted(ALL, key=lambda one: -sum(sign in one.text for sign in query))
        return [hit_of(one) for one in found][:top_k]


@pytest.fixture(scope="module")
def gist() -> Gist:
    return Gist(load_embedder("builtin"))


@pytest.fixture(scope="module")
def desk(gist: Gist) -> Desk:
    library = Library({one.id: one for one in ALL})
    return Desk(library, Everything(), gist)


def quotes(gist: Gist, article: Article, topic: str = "", chars: int = 400) -> list[str]:
    return [one.text for one in gist.of([article], topic_of(topic), most_chars=chars)]


# --- Topics --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "owner", "told"),
    [
        ("松溪县的防汛工作", "松溪县", ("防汛",)),
        ("松溪县防汛工作", "松溪县", ("防汛",)),
        ("防汛工作", "", ("防汛",)),
        ("松溪县的地铁建设", "松溪县", ("地铁",)),
        ("松溪县", "松溪县", ()),
        ("", "", ()),
    ],
)
def test_a_topic_is_whose_it_is_and_the_words_that_say_something(
    words: str, owner: str, told: tuple[str, ...]
):
    topic = topic_of(words)
    assert (topic.owner, topic.words) == (owner, told)


def test_a_topic_of_a_time_is_of_what_is_told_of_it_or_written_in_it():
    topic = topic_of("2021年的主要成绩")
    assert topic.is_of_period("桥修好了。", "2021-03-05")
    assert topic.is_of_period("2021年桥修好了。", "2023-01-01")
    assert not topic.is_of_period("桥修好了。", "2022-03-05")
    assert not topic.is_of_period("2020年桥修好了。", "2021-03-05")
    assert not topic.is_of_period("桥修好了。", None)
    assert topic_of("去年的工作", "2022-07-01").is_of_period("桥修好了。", "2021-03-05")


# --- Which sentences -----------------------------------------------------------------------------


def test_sentences_come_in_the_order_of_the_text_and_headlines_and_questions_do_not(gist: Gist):
    found = quotes(gist, BRIDGE)
    places = [BRIDGE.text.index(one) for one in found]
    assert places == sorted(places)
    assert "栗子桥通车" not in found
    assert not any(one.endswith("？") for one in found)


def test_what_says_the_same_is_told_once(gist: Gist):
    assert sum("320万元" in one for one in quotes(gist, BRIDGE)) == 1


@pytest.mark.parametrize("chars", [30, 60, 120])
def test_no_more_is_quoted_than_there_is_room_for(gist: Gist, chars: int):
    found = quotes(gist, BRIDGE, chars=chars)
    assert found
    assert sum(map(len, found)) <= chars


def test_only_as_many_points_as_asked_for(gist: Gist):
    assert len(gist.of([BRIDGE], topic_of(""), most_chars=400, most_points=2)) == 2


def test_what_is_added_to_a_point_takes_room_too(gist: Gist):
    def added(article: Article, is_first: bool) -> int:
        return 30 if is_first else 10

    found = gist.of([BRIDGE], topic_of(""), most_chars=90, added=added)
    assert sum(len(one.text) for one in found) + 30 + 10 * (len(found) - 1) <= 90


def test_of_another_owner_and_of_another_matter_nothing_is_told(gist: Gist):
    assert gist.of([BRIDGE], topic_of("松溪县的防汛工作"), most_chars=400) == ()


def test_every_quote_is_what_stands_at_its_place(gist: Gist):
    for article in ALL:
        for one in gist.of([article], topic_of(""), most_chars=400):
            assert article.text[one.start : one.end] == one.text
            joined = "".join(article.text[a:b] for a, b in one.source_spans)
            assert joined == one.text


# --- At the desk ---------------------------------------------------------------------------------


def told(desk: Desk, typed: str, *history: Message):  # type: ignore[no-untyped-def]
    question = parse(typed, history)
    prepared = desk.prepared(question)
    assert prepared is not None
    shown: list[str] = []

    def drained():  # type: ignore[no-untyped-def]
        reply = yield from prepared.stream(question, QuoteAnswerer())
        shown.append(reply)

    pieces = list(drained())
    (reply,) = shown
    assert "".join(pieces) == reply.text
    return reply, prepared.hits


@pytest.mark.parametrize(
    "typed",
    [
        "总结一下松溪县的防汛工作",
        "《栗子桥通车》讲了什么？",
        "这些文章都讲了什么？",
        "介绍一下栗子桥",
    ],
)
def test_a_summary_says_nothing_uncited_and_is_short(desk: Desk, typed: str):
    reply, hits = told(desk, typed)
    assert reply.outcome == "answered"
    assert reply.claims
    assert all(claim.citations for claim in reply.claims)
    assert len(reply.text) <= 400
    assert {hit.source for hit in hits} == {one.source for one in reply.citations}


def test_a_summary_of_a_topic_leaves_out_what_is_not_on_it(desk: Desk):
    reply, _ = told(desk, "总结一下松溪县的防汛工作")
    assert "应急队伍" in reply.text
    assert "菜园" not in reply.text


def test_several_articles_stand_under_their_titles_on_lines_of_their_own(desk: Desk):
    reply, _ = told(desk, "这些文章都讲了什么？")
    assert [line[: line.index("》") + 1] for line in reply.text.split("\n")] == [
        "《栗子桥通车》",
        "《防汛准备就绪》",
        "《菜园开园》",
    ]


def test_a_limit_that_is_asked_for_is_kept(desk: Desk):
    assert len(told(desk, "用一百字以内总结《栗子桥通车》")[0].text) <= 100
    assert len(told(desk, "用两句话概括《栗子桥通车》")[0].claims) == 2


def test_a_summary_of_a_year_is_of_that_year_alone(desk: Desk):
    reply, _ = told(desk, "总结2022年的新闻")
    assert {one.source for one in reply.citations} == {"防汛.txt", "菜园.txt"}


def test_this_article_is_the_one_that_the_turn_before_was_about(desk: Desk):
    reply, _ = told(
        desk,
        "这篇文章讲了什么？",
        Message("user", "白果镇的菜园有多少亩？"),
        Message("assistant", "41亩。[1]"),
    )
    assert {one.source for one in reply.citations} == {"菜园.txt"}


def test_an_article_is_meant_by_words_of_its_title_and_told_whole(desk: Desk):
    reply, _ = told(desk, "总结一下栗子桥通车的文章")
    assert {one.source for one in reply.citations} == {"桥.txt"}
    assert "320万元" in reply.text


def test_articles_of_a_period_are_those_of_the_town_and_of_its_paper():
    of_paper = replace(BRIDGE, publisher="松溪县报", byline="松溪县报 2021年3月5日")
    elsewhere = replace(GARDEN, date="2021-06-01", publisher="北山晚报")
    dated = replace(FLOOD, date="2021-05-10")
    library = Library({one.id: one for one in (of_paper, dated, elsewhere)})
    desk = Desk(library, Everything(), Gist(load_embedder("builtin")))
    reply, _ = told(desk, "概括一下松溪县2021年的新闻")
    assert {one.source for one in reply.citations} == {"桥.txt", "防汛.txt"}


def test_what_somebody_wrote_is_told_article_by_article():
    signed = [replace(one, byline="记者 林小禾") for one in (BRIDGE, GARDEN)]
    library = Library({one.id: one for one in (*signed, FLOOD)})
    desk = Desk(library, Everything(), Gist(load_embedder("builtin")))
    reply, _ = told(desk, "林小禾的文章都写了什么？")
    assert {one.source for one in reply.citations} == {"桥.txt", "菜园.txt"}


def test_an_old_thing_that_was_done_yesterday_is_of_the_year_of_its_article():
    topic = topic_of("2021年的大事")
    assert topic.is_of_period("建于1897年的老桥昨天重新开放。", "2021-11-20")
    assert not topic.is_of_period("老桥建于1897年。", "2021-11-20")


@pytest.mark.parametrize("typed", ["总结一下火星探测工作", "介绍一下北山机场"])
def test_a_topic_that_is_not_there_is_declined_without_citations(desk: Desk, typed: str):
    reply, _ = told(desk, typed)
    assert (reply.outcome, reply.citations) == ("no_evidence", ())


def test_a_title_that_is_not_there_and_any_other_question_are_for_the_reader(desk: Desk):
    assert desk.prepared(parse("《海底两万里》讲了什么？")) is None
    assert desk.prepared(parse("栗子桥有多长？")) is None


def test_a_desk_limited_to_some_articles_knows_no_others(desk: Desk):
    limited = desk.limited(lambda article: article.source == "菜园.txt")
    assert "共有 1 篇" in told(limited, "这里有多少篇文章？")[0].text
    assert told(limited, "总结一下防汛工作")[0].outcome == "no_evidence"


@pytest.mark.parametrize("kind", ["greeting", "identity", "ability"])
def test_who_greets_or_asks_what_can_be_asked_is_told_with_a_title(kind: str):
    reply = reply_to(SmallTalk(kind), ["栗子桥通车", "菜园开园"])  # type: ignore[arg-type]
    assert reply.outcome == "no_evidence"
    assert "2 篇文章" in reply.text
    assert "《栗子桥通车》讲了什么" in reply.text
    assert "[" not in reply.text


def test_thanks_get_one_line():
    assert reply_to(SmallTalk("thanks"), ["题"]).text.startswith("不客气")
