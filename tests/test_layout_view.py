"""What ``python -m rag layout`` shows: the page beside its articles, joins marked, the same as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from rich.console import Console

from rag.articles import read_page
from rag.articles.assemble import articles_of_page
from rag.articles.blocks import split_blocks
from rag.articles.joins import Join
from rag.articles.layout import PageLayout, Placed, Story, repair_page
from rag.layout_view import layout_json, print_layout
from tests.pages import PAGES

PAGE = "\n\n".join(
    [
        "双河水库开工了",
        "水库工程上周正式开工，工期五年，总库容",
        "云桥镇的茶走出大山",
        "云桥镇新建茶园一万亩。",
        "一亿立方米。",
        "采茶的人们",
        "校对 王小明",
    ]
)


def story(*placed: tuple[int, Any]) -> Story:
    return Story(tuple(Placed(block, role, 0.875, "内容相合") for block, role in placed))


@pytest.fixture
def layout() -> PageLayout:
    return PageLayout(
        tuple(split_blocks(PAGE)),
        (
            story((0, "headline"), (1, "paragraph"), (4, "paragraph")),
            story((2, "headline"), (3, "paragraph"), (5, "caption")),
        ),
        (Join(1, 4, 0.91239, "字词最能接上"),),
        (6,),
    )


def printed(layout: PageLayout, width: int = 100) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, emoji=False)
    print_layout(console, layout, articles_of_page(layout, "页.txt", "页"))
    return out.getvalue()


def test_the_page_is_shown_with_the_place_each_block_went_to(layout: PageLayout) -> None:
    table = printed(layout).partition("== ")[0]
    rows = {row.split()[1]: row for row in table.splitlines() if row[2:5].strip().isdigit()}
    assert list(rows) == [str(number) for number in range(1, 8)]
    assert "#1 标题" in rows["1"]
    assert "88% 内容相合" in rows["1"]
    assert "#2 图说" in rows["6"]
    assert "版面附属" in rows["7"]


def test_each_article_is_shown_in_reading_order_with_its_joins_marked(layout: PageLayout) -> None:
    _, dam, tea = printed(layout).split("== ")
    assert dam.splitlines()[:4] == [
        "页.txt#1 《双河水库开工了》 ",
        "[1]（标题）双河水库开工了",
        "[2]水库工程上周正式开工，工期五年，总库容",
        "[5]⟨接第 2 块，91%，字词最能接上⟩一亿立方米。",
    ]
    assert tea.splitlines()[0].rstrip() == "页.txt#2 《云桥镇的茶走出大山》"
    assert "[6]（图说）采茶的人们" in tea


def test_a_long_block_is_shortened_in_the_table_and_whole_below() -> None:
    text = "云" + "桥" * 500 + "镇。"
    table, _, below = printed(repair_page(text), 300).partition("== ")
    assert "……" in table
    assert text not in table
    assert text in below


def test_a_long_reason_leaves_room_for_the_text_on_a_narrow_screen(layout: PageLayout) -> None:
    reason = "前文的“《”在此合上，一个词跨在两块之间，字词最能接上，内容与前文更近"
    (first, *rest), *others = (one.placed for one in layout.stories)
    long = Story((replace(first, reason=reason), *rest))
    table = printed(replace(layout, stories=(long, *map(Story, others))), width=80)
    cells = [row.split("│") for row in table.partition("== ")[0].splitlines() if "│" in row]
    assert "水库工程上周正式开工" in "".join(row[2].strip() for row in cells)
    assert reason in "".join(row[4].strip() for row in cells)


@pytest.mark.parametrize("text", ["[bold]粗[/bold]", "[/]", "反斜杠\\", ":smile:", "[red"])
def test_marks_in_the_text_are_shown_as_they_are(text: str) -> None:
    table, _, below = printed(repair_page(f"{text}这里说的是正文。")).partition("== ")
    assert text in table
    assert text in below


@given(PAGES)
def test_any_page_is_shown(page: str) -> None:
    layout = repair_page(page)
    assert printed(layout)
    json.dumps(layout_json(layout, articles_of_page(layout, "页.txt", "页")))


def test_the_json_has_blocks_joins_articles_and_furniture(layout: PageLayout) -> None:
    articles = articles_of_page(layout, "页.txt", "页")
    shown = layout_json(layout, articles)
    assert list(shown) == ["blocks", "joins", "articles", "furniture"]
    assert [PAGE[block["start"] : block["end"]] for block in shown["blocks"]] == [
        block["text"] for block in shown["blocks"]
    ]
    assert [block["number"] for block in shown["blocks"]] == list(range(1, 8))
    assert shown["joins"] == [
        {"first": 2, "second": 5, "confidence": 0.9124, "reason": "字词最能接上"}
    ]
    assert shown["furniture"] == [7]
    first = shown["articles"][0]
    assert (first["id"], first["title"], first["text"]) == (
        articles[0].id, articles[0].title, articles[0].text,
    )  # fmt: skip
    assert first["blocks"][2] == {
        "number": 5, "role": "paragraph", "confidence": 0.875, "reason": "内容相合",
    }  # fmt: skip


def test_a_file_of_the_seeds_is_shown(root: Path) -> None:
    layout, articles = read_page(min((root / "seeds").iterdir()))
    shown = layout_json(layout, articles)
    assert [article["id"] for article in shown["articles"]] == [article.id for article in articles]
    assert len(shown["blocks"]) == len(layout.blocks)
