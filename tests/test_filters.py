"""A question can be limited to dates, sources or articles, and then nothing else is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

import rag
from rag.articles import article_from_text
from rag.datatypes import Article
from rag.errors import QuestionError

ARTICLES = [
    replace(article_from_text(f"{source}#1", title, text, source), date=date, publisher=publisher)
    for source, title, text, date, publisher in (
        ("报/甲.txt", "青浦开工", "上海青浦区新开工项目19个。", "2021-06-28", "青浦报"),
        ("报/乙.txt", "崇明开工", "上海崇明区新开工项目20个。", "2021-07", "崇明报"),
        ("网/丙.txt", "金山开工", "上海金山区新开工项目21个。", "2020", ""),
        ("网/丁.txt", "松江开工", "上海松江区新开工项目22个。", None, ""),
    )
]


def admitted(only: rag.Filter, articles: list[Article] = ARTICLES) -> str:
    return "".join(article.source[2] for article in articles if only.admits(article))


@pytest.mark.parametrize(
    ("dates", "sources"),
    [
        ((None, None), "甲乙丙丁"),
        (("2021", None), "甲乙"),
        (("2021-06-28", None), "甲乙"),
        (("2021-06-29", None), "乙"),
        (("2021-07-15", None), "乙"),
        ((None, "2021-06-28"), "甲丙"),
        ((None, "2021-06"), "甲丙"),
        ((None, "2020-03"), "丙"),
        (("2021-06", "2021-06"), "甲"),
        (("2022", None), ""),
    ],
)
def test_an_article_is_in_where_any_day_of_its_date_is(
    dates: tuple[str | None, str | None], sources: str
) -> None:
    assert admitted(rag.Filter(dates=dates)) == sources


@pytest.mark.parametrize(
    ("names", "sources"),
    [
        (["报"], "甲乙"),
        (["报/"], "甲乙"),
        (["网/丙.txt"], "丙"),
        (["崇明报"], "乙"),
        (["报/甲"], ""),
    ],
)
def test_a_source_is_a_file_a_folder_or_a_publisher(names: list[str], sources: str) -> None:
    assert admitted(rag.Filter(sources=names)) == sources


def test_all_that_is_asked_must_hold() -> None:
    only = rag.Filter(dates=("2021", None), sources=["报"], articles=["报/乙.txt#1", "网/丙.txt#1"])
    assert admitted(only) == "乙"


@pytest.mark.parametrize(
    "dates", [("昨天", None), (None, "2021-13"), ("2021-6", None), ("2022", "2021"), ("2021",)]
)
def test_dates_that_are_none_are_one_line(dates: tuple[str | None, ...]) -> None:
    with pytest.raises(QuestionError) as error:
        rag.Filter(dates=dates)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


@pytest.fixture
def chatbot(stand_in_judge: None) -> rag.Chatbot:
    return rag.Chatbot.from_articles(ARTICLES, rag.Config(chat_model="builtin"))


def test_search_answer_and_stream_find_nothing_outside(chatbot: rag.Chatbot) -> None:
    only = rag.Filter(sources=["报/乙.txt"])
    question = "上海青浦区新开工项目多少个？"
    assert {hit.source for hit in chatbot.search(question)} > {"报/甲.txt", "报/乙.txt"}
    assert {hit.source for hit in chatbot.search(question, only=only)} == {"报/乙.txt"}
    answer = chatbot.answer(question, only=only)
    assert {hit.source for hit in answer.hits} == {"报/乙.txt"}
    assert {one.source for one in answer.citations} <= {"报/乙.txt"}
    searched, *_, last = chatbot.stream(question, only=only)
    assert {hit.source for hit in searched.hits} == {"报/乙.txt"}
    assert last.hits == answer.hits


def test_an_empty_filter_changes_nothing_and_one_that_admits_none_declines(
    chatbot: rag.Chatbot,
) -> None:
    question = "上海青浦区新开工项目多少个？"
    assert chatbot.search(question, only=rag.Filter()) == chatbot.search(question)
    nothing = chatbot.answer(question, only=rag.Filter(articles=["没有#1"]))
    assert (nothing.outcome, nothing.hits) == ("no_evidence", ())


def test_a_question_about_the_library_counts_what_is_admitted_alone() -> None:
    pages = [("茶园", "云桥镇有茶园三百亩。"), ("学校", "柳湾小学有学生八百名。")]
    bot = rag.Chatbot.from_articles(pages, rag.Config(profile="builtin"))
    of_one = rag.Filter(articles=[bot.articles[0].id])
    counted = [bot.answer("这里有多少篇文章？", only=only) for only in (None, of_one)]
    assert [len(answer.hits) for answer in counted] == [2, 1]
