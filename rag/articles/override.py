"""A page's layout written by hand, in ``FILE.layout.json`` beside the file; it wins over the guess.

Blocks are numbered from 1 as ``python -m rag layout FILE`` shows them. A list within ``text`` is
one sentence printed in several places: ``[5, 9]`` says that block 9 goes on where block 5 broke
off. Knows nothing of how layouts are guessed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.articles.blocks import NO_MARKS, Block, PageMarks, split_blocks, usual_gap
from rag.articles.joins import Join
from rag.articles.layout import PageLayout, Placed, Story
from rag.articles.roles import PageRoles, Role
from rag.errors import ArticleError

SUFFIX = ".layout.json"
_REASON = "手工指定"


class _Article(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    headlines: list[int] = []
    bylines: list[int] = []
    text: list[int | list[int]] = []
    captions: list[int] = []


class _Override(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    blocks: int
    articles: list[_Article]
    furniture: list[int] = []


def override_path(path: Path) -> Path:
    """Where the layout of a file may be written by hand."""
    return path.with_name(path.name + SUFFIX)


def read_override(path: Path, page: str, marks: PageMarks = NO_MARKS) -> PageLayout:
    """The layout that a file says; ArticleError when it is no such file or fits another page."""
    try:
        override = _Override.model_validate(json.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise ArticleError(f"读不了 {path.name}：{error.strerror}；请检查权限") from error
    except ValidationError as error:
        place = ".".join(" ".join(str(part).split()) for part in error.errors()[0]["loc"])
        raise ArticleError(f"{path.name} 的 {place or '最外层'} 不合格式；{_help(path)}") from error
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{path.name} 不是 UTF-8 的 JSON；{_help(path)}") from error
    blocks = split_blocks(page, marks)
    _check(override, len(blocks), path)
    joins: list[Join] = []
    stories = [_story(article, blocks, joins) for article in override.articles]
    furniture = tuple(number - 1 for number in override.furniture)
    return PageLayout(tuple(blocks), tuple(stories), tuple(joins), furniture, marks.tables)


def write_override(layout: PageLayout) -> str:
    """A layout as such a file, to be corrected by hand."""
    following = {join.first: join.second for join in layout.joins}
    articles = [_written(story, following) for story in layout.stories]
    override: dict[str, Any] = {
        "blocks": len(layout.blocks),
        "articles": articles,
        "furniture": [number + 1 for number in layout.furniture],
    }
    return json.dumps(override, ensure_ascii=False, indent=1)


def _written(story: Story, following: dict[int, int]) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {"headlines": [], "bylines": [], "text": [], "captions": []}
    names = {"headline": "headlines", "byline": "bylines", "caption": "captions"}
    previous = -1
    for placed in story.placed:
        name = names.get(placed.role, "text")
        number = placed.block + 1
        if name == "text" and following.get(previous) == placed.block and parts["text"]:
            last = parts["text"][-1]
            parts["text"][-1] = [*last, number] if isinstance(last, list) else [last, number]
        else:
            parts[name].append(number)
        previous = placed.block
    return parts


def _check(override: _Override, count: int, path: Path) -> None:
    """Every block of the page stands in the file once."""
    if override.blocks != count:
        raise ArticleError(
            f"{path.name} 是按 {override.blocks} 块的版面写的，现在有 {count} 块；{_help(path)}"
        )
    named = list(override.furniture)
    for article in override.articles:
        named += _blocks_of(article)
    counts = Counter(named)
    wrong = next((n for n in counts if not 1 <= n <= count or counts[n] > 1), None)
    if wrong is not None:
        fault = "写了不止一次" if 1 <= wrong <= count else f"不在 1 到 {count} 之间"
        raise ArticleError(f"{path.name} 里的第 {wrong} 块{fault}；请改正")
    if missing := next((n for n in range(1, count + 1) if n not in counts), None):
        raise ArticleError(f"{path.name} 里没有第 {missing} 块；每一块都要写明归属")
    if any(not _blocks_of(article) or [] in article.text for article in override.articles):
        raise ArticleError(f"{path.name} 里有一篇没有 text，或有一句是空的；请补上或删去")


def _blocks_of(article: _Article) -> list[int]:
    text = [number for entry in article.text for number in _numbers(entry)]
    return [*article.headlines, *article.bylines, *text, *article.captions]


def _numbers(entry: int | list[int]) -> list[int]:
    return entry if isinstance(entry, list) else [entry]


def _story(article: _Article, blocks: Sequence[Block], joins: list[Join]) -> Story:
    placed: list[Placed] = []
    page = PageRoles(blocks, usual_gap(blocks), set())

    def place(numbers: Sequence[int], role: Role) -> None:
        placed.extend(Placed(number - 1, role, 1.0, _REASON) for number in numbers)

    place(article.headlines, "headline")
    place(article.bylines, "byline")
    for entry in article.text:
        numbers = _numbers(entry)
        is_heading = len(numbers) == 1 and page.is_heading(numbers[0] - 1)
        place(numbers, "heading" if is_heading else "paragraph")
        joins += [Join(a - 1, b - 1, 1.0, _REASON) for a, b in pairwise(numbers)]
    place(article.captions, "caption")
    return Story(tuple(placed))


def _help(path: Path) -> str:
    file = path.name.removesuffix(SUFFIX)
    return f"用 python -m rag layout {file} --override 可得到一份样板"
