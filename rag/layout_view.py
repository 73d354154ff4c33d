"""What ``python -m rag layout FILE`` shows: the raw page beside the articles made of it.

Turns a repaired page into rows of text and JSON; knows nothing of files or of how it is repaired.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rag.articles import PageLayout, Placed
from rag.datatypes import Article

_ROLES = {
    "headline": "标题",
    "byline": "署名",
    "heading": "小标题",
    "paragraph": "",
    "caption": "图说",
}


def print_layout(console: Console, layout: PageLayout, articles: Sequence[Article]) -> None:
    """Print the blocks as they stand on the page, then each article with its joins marked."""
    console.print(_page_table(layout))
    for article, story in zip(articles, layout.stories, strict=True):
        extras = [part for part in (article.byline, article.date, article.publisher) if part]
        console.print(
            f"\n== {article.id} 《{article.full_title}》 {' '.join(extras)}", markup=False
        )
        for placed in story.placed:
            console.print(_line(layout, placed), markup=False, soft_wrap=True)


def _page_table(layout: PageLayout) -> Table:
    """The page in its printed order, with the article each block went to, how sure, and why."""
    table = Table(title="原版面", title_justify="left", show_lines=False, expand=True)
    table.add_column("块", justify="right")
    table.add_column("原文", ratio=3, overflow="fold")
    table.add_column("归属", no_wrap=True)
    table.add_column("依据", ratio=2, overflow="fold")  # a long reason leaves room for the text
    places = {
        placed.block: (number, placed)
        for number, story in enumerate(layout.stories, start=1)
        for placed in story.placed
    }
    for number, block in enumerate(layout.blocks):
        article, placed = places.get(number, (0, None))
        owner = f"#{article} {_ROLES[placed.role]}".rstrip() if placed else "版面附属"
        ground = f"{placed.confidence:.0%} {placed.reason}" if placed else "编辑、日期、版次等"
        table.add_row(str(number + 1), escape(_shortened(block.text)), owner, ground)
    return table


def _line(layout: PageLayout, placed: Placed) -> str:
    """One block of an article; where it goes on with a broken sentence, from where and how sure."""
    text = layout.blocks[placed.block].text
    role = _ROLES[placed.role]
    join = layout.joined.get(placed.block)
    mark = f"⟨接第 {join.first + 1} 块，{join.confidence:.0%}，{join.reason}⟩" if join else ""
    return f"[{placed.block + 1}]{f'（{role}）' if role else ''}{mark}{text}"


def _shortened(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:24]}……{text[-22:]}"


def layout_json(layout: PageLayout, articles: Sequence[Article]) -> dict[str, Any]:
    """The same as JSON: blocks, joins and articles, block numbers from 1."""
    return {
        "blocks": [
            {"number": number, "start": block.start, "end": block.end, "text": block.text}
            for number, block in enumerate(layout.blocks, start=1)
        ],
        "joins": [
            {
                "first": join.first + 1,
                "second": join.second + 1,
                "confidence": round(join.confidence, 4),
                "reason": join.reason,
            }
            for join in layout.joins
        ],
        "articles": [
            _article_json(article, story.placed)
            for article, story in zip(articles, layout.stories, strict=True)
        ],
        "furniture": [number + 1 for number in layout.furniture],
    }


def _article_json(article: Article, placed: Sequence[Placed]) -> dict[str, Any]:
    names = (
        "id", "title", "subtitle", "byline", "date", "publisher", "headings", "captions", "text",
    )  # fmt: skip
    return {
        **{name: getattr(article, name) for name in names},
        "blocks": [
            {
                "number": one.block + 1,
                "role": one.role,
                "confidence": round(one.confidence, 4),
                "reason": one.reason,
            }
            for one in placed
        ],
    }
