"""A web page file to its main text, with the title, date and site that it names.

Knows nothing of articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.html.charset import decode_html
from rag.articles.loaders.html.elements import Block, read_page
from rag.articles.loaders.html.main_text import main_blocks
from rag.articles.loaders.html.metadata import date_in, origin_of, published_date, title_of
from rag.articles.loaders.written import WrittenText
from rag.errors import ArticleError

_HEAD_BLOCKS, _HEAD_CHARS = 5, 100
_LISTED = frozenset(("li", "dt", "dd", "tr"))


def read_html(data: bytes, name: str) -> Decoded:
    """The main text of a page, blocks parted by a blank line; ArticleError when there is none.

    Rows of a table and items of a list follow each other on lines of their own, the cells of a row
    parted by tabs.
    """
    markup, encoding = decode_html(data, name)
    page = read_page(markup, name)
    title = title_of(page)
    blocks = main_blocks(page, title)
    if not blocks:
        raise ArticleError(f"{name} 里没有正文；网页可能靠脚本显示内容，请在浏览器里另存为文本")
    written = WrittenText()
    write_blocks(written, blocks)
    return Decoded(
        written.text,
        encoding,
        title=title,
        date=published_date(page) or _printed_date(blocks),
        origin=origin_of(page),
        is_one_story=True,
        tables=written.tables,
    )


def _printed_date(blocks: Sequence[Block]) -> str | None:
    """The date in one of the short lines under the headline."""
    head = [block.text for block in blocks[:_HEAD_BLOCKS] if len(block.text) <= _HEAD_CHARS]
    return next(filter(None, map(date_in, head)), None)


def write_blocks(written: WrittenText, blocks: Sequence[Block]) -> None:
    """Add blocks to a text; rows that follow one another in a table are that table."""
    above: Block | None = None
    for table, group in groupby(
        blocks, lambda block: block.element.table if block.fields else None
    ):
        rows = list(group)
        if table is not None:
            written.add_table([row.fields for row in rows])
            above = rows[-1]
            continue
        for block in rows:
            is_next = above is not None and _is_next_item(above, block)
            written.add(block.text, "\n" if is_next else "\n\n")
            above = block


def _is_next_item(above: Block, below: Block) -> bool:
    """Whether two blocks are neighbouring items of one list or rows of one table."""
    one, other = above.element, below.element
    return one.tag in _LISTED and other.tag in _LISTED and one.parent is other.parent
