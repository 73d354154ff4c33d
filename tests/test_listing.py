"""The list of articles: searched, sorted and a page at a time, however many there are."""

from __future__ import annotations

import pytest

from page.library import key_of
from page.listing import ORDERS, ROWS, matching, render_list
from page.scope import in_words, limited, render_scope, toggled
from rag.datatypes import Article
from rag.errors import QuestionError
from tests.fake_chatbot import ARTICLES, FakeChatbot, a_library, make_article
from tests.shown_page import Page

MANY = [
    make_article(f"{n:04}.txt", f"第{n}篇", f"正文{n}\n第二段", date=f"20{n % 25:02}-01")
    for n in range(5_000)
]


def many(articles: list[Article] = MANY) -> FakeChatbot:
    return FakeChatbot(articles)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [("", 3), ("石河子", 1), ("000.txt", 1), ("2021-06", 1), ("博士 石河子", 1), ("没有这个", 0)],
)
def test_every_word_is_searched_in_title_source_date_and_text(wanted: str, count: int) -> None:
    assert len(matching(a_library(FakeChatbot()), wanted, ORDERS[0])) == count


def test_the_orders_do_what_they_say() -> None:
    library = a_library(FakeChatbot())
    by_date = matching(library, "", "日期，新的在前")
    assert by_date[0].date == "2021-06-28"
    assert matching(library, "", "日期，旧的在前")[0].date == "2021-06-28"
    counts = [library.passage_count(one) for one in matching(library, "", "段落，多的在前")]
    assert counts == sorted(counts, reverse=True)
    titles = [one.full_title for one in matching(library, "", "题名")]
    assert titles == sorted(titles)
    assert matching(library, "", "没有这种次序") == list(ARTICLES)


def test_of_five_thousand_articles_the_browser_gets_a_page() -> None:
    library = a_library(many())
    first = Page(render_list(library))
    assert "共 5000 篇文章" in first.text
    assert first.text.count("只问这篇") == ROWS
    assert "第 1 / 100 页" in first.text
    assert "第4999篇" in Page(render_list(library, page=99)).text
    assert "第 100 / 100 页" in Page(render_list(library, page=9_999)).text
    found = Page(render_list(library, "第4321篇"))
    assert "5000 篇里找到 1 篇" in found.text


def test_files_can_be_removed_only_where_that_is_allowed() -> None:
    library = a_library(FakeChatbot())
    assert "移除" not in render_list(library)
    library.is_writable = True
    assert render_list(library).count("#remove-") == 3


def test_an_article_is_chosen_and_let_go_again() -> None:
    library = a_library(FakeChatbot())
    once = toggled(None, ARTICLES[0])
    assert once is not None
    assert in_words(library, once) == "《秦巴腹地党旗红》（1 篇）"
    assert toggled(once, ARTICLES[0]) is None
    both = limited("2021", "", "000.txt，别处", once)
    assert both is not None
    assert (both.dates, both.sources) == (("2021", None), ("000.txt", "别处"))
    assert both.articles == once.articles
    assert "日期 2021 至 最近；来源 000.txt、别处" in Page(render_scope(library, both)).text
    assert render_scope(library, None) == ""
    assert limited("", " ", "", None) is None
    with pytest.raises(QuestionError):
        limited("上周", "", "", None)


def test_keys_of_articles_are_their_own() -> None:
    assert len({key_of(article.id) for article in MANY}) == len(MANY)
