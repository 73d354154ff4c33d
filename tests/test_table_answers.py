"""Questions on tables and lists, asked of the built-in answerer with the shipped reader."""

from __future__ import annotations

from pathlib import Path

import pytest

import rag

MARKDOWN = """---
title: 溪口县果园公报
date: 2023-11-02
---

# 溪口县果园公报

表1 各乡镇果园情况

| 乡镇 | 果园面积（亩） | 2021年产量（吨） | 2022年产量（吨） | 站长 |
|---|--:|--:|--:|---|
| 松口镇 | 310 | 41.5 | 44.2 | 毕小舟 |
| 岩前乡 | 95 | 12.8 | — | 阎立 |
| 溪尾乡 | 620 | 77.0 | 80.3 | 毛春生 |

申请补助应当提交下列材料：

1. 户口簿
2. 果园证
3. 村委会意见
"""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> rag.Chatbot:
    folder: Path = tmp_path_factory.mktemp("articles")
    (folder / "果园.md").write_text(MARKDOWN, encoding="utf-8")
    articles = rag.read_articles(folder)
    return rag.Chatbot.from_articles(articles, rag.Config(profile="builtin"))


def test_the_title_and_date_of_an_article_are_those_of_its_front_matter(bot: rag.Chatbot) -> None:
    (article,) = bot.articles
    assert (article.title, article.date) == ("溪口县果园公报", "2023-11-02")
    assert "---" not in article.text


def test_a_cell_is_answered_with_its_unit_and_cited_with_its_heads(bot: rag.Chatbot) -> None:
    answer = bot.answer("松口镇2022年的产量是多少？")
    assert answer.short == "44.2吨"
    assert [one.quote for one in answer.citations] == ["44.2", "松口镇", "2022年产量（吨）"]


@pytest.mark.parametrize(
    "question",
    ["岩前乡2022年的产量是多少？", "松口镇2019年的产量是多少？", "溪尾乡有多少台拖拉机？"],
)
def test_an_empty_cell_another_year_and_another_column_are_refused(
    bot: rag.Chatbot, question: str
) -> None:
    answer = bot.answer(question)
    assert answer.outcome == "no_evidence"
    assert answer.citations == ()


def test_the_largest_of_a_column_is_computed_and_said_to_be_so(bot: rag.Chatbot) -> None:
    answer = bot.answer("哪个乡镇的果园面积最大？")
    assert answer.short == "溪尾乡（620亩）"
    assert "比较" in answer.text
    assert [one.quote for one in answer.citations][:2] == ["620", "溪尾乡"]


def test_a_sum_cites_each_of_its_cells(bot: rag.Chatbot) -> None:
    answer = bot.answer("2021年各乡镇果园一共产了多少吨？")
    assert answer.short == "131.3吨"
    assert [one.quote for one in answer.citations] == ["41.5", "12.8", "77.0"]


def test_all_items_of_a_list_are_quoted_behind_its_opening_words(bot: rag.Chatbot) -> None:
    answer = bot.answer("申请补助应当提交哪些材料？")
    quotes = [one.quote for one in answer.citations]
    assert quotes == ["申请补助应当提交下列材料：", "1. 户口簿", "2. 果园证", "3. 村委会意见"]


def test_one_item_is_quoted_where_its_number_is_asked_for(bot: rag.Chatbot) -> None:
    answer = bot.answer("申请补助的第二项材料是什么？")
    assert [one.quote for one in answer.citations][1:] == ["2. 果园证"]


def test_every_citation_of_a_table_gives_its_quote_back(bot: rag.Chatbot) -> None:
    for question in ("溪尾乡的站长是谁？", "哪个乡镇的果园面积最小？"):
        for one in bot.answer(question).citations:
            assert "".join(MARKDOWN[a:b] for a, b in one.source_spans) == one.quote
