"""The articles of a library as a list: searched, sorted, a page of it at a time, as HTML.

Pure functions. However large the library is, the browser gets one page. Knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import rag
from page.escaping import literal
from page.library import Library, key_of

ROWS = 50
ORDERS = ("原有次序", "题名", "日期，新的在前", "日期，旧的在前", "来源", "段落，多的在前")
_KEYS: dict[str, Callable[[Library, rag.Article], Any]] = {
    "题名": lambda library, one: one.full_title,
    "日期，新的在前": lambda library, one: one.date or "",
    "日期，旧的在前": lambda library, one: one.date or "9999",
    "来源": lambda library, one: one.source,
    "段落，多的在前": lambda library, one: library.passage_count(one),
}
_FALLING = ("日期，新的在前", "段落，多的在前")


def matching(library: Library, wanted: str, order: str) -> list[rag.Article]:
    """The articles that hold every word of ``wanted`` in title, source, date or text, in order."""
    words = wanted.casefold().split()
    found = [one for one in library.chatbot.articles if all(w in _searched(one) for w in words)]
    key = _KEYS.get(order)
    if key is None:
        return found
    return sorted(found, key=lambda one: key(library, one), reverse=order in _FALLING)


def _searched(article: rag.Article) -> str:
    parts = (article.full_title, article.source, article.publisher, article.date or "")
    return "\n".join((*parts, article.text)).casefold()


def render_list(
    library: Library, wanted: str = "", order: str = ORDERS[0], page: int = 0, *, more: bool = False
) -> str:
    """One page of the list, from page 0, with the ways to the others.

    ``more`` offers to remove files, where the library may be changed.
    """
    found = matching(library, wanted, order)
    last = max(0, (len(found) - 1) // ROWS)
    page = min(page, last)
    shown = found[page * ROWS : (page + 1) * ROWS]
    total = len(library.chatbot.articles)
    count = f"共 {total} 篇文章" if len(found) == total else f"{total} 篇里找到 {len(found)} 篇"
    return (
        '<a class="yj-narrow" href="#back-0-0">↩ 回到对话</a>'
        f'<h2 class="yj-count">{count}</h2>{_table(library, shown, more)}{_pages(page, last)}'
        f"{_skipped(library)}"
    )


def _table(library: Library, articles: Sequence[rag.Article], more: bool) -> str:
    if not articles:
        return ""
    head = "".join(f"<th>{name}</th>" for name in ("文章", "日期", "段落", ""))
    rows = "".join(_row(library, one, more) for one in articles)
    return f'<table class="yj-list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(library: Library, article: rag.Article, more: bool) -> str:
    key, title = key_of(article.id), literal(article.full_title or article.source)
    acts = f'<a href="#only-{key}-0">只问这篇</a>'
    acts += f'<a href="#remove-{key}-0">移除</a>' if more else ""
    return (
        f'<tr><td><a href="#read-{key}-0">{title}</a>'
        f'<span class="yj-from">{literal(article.source)}</span></td>'
        f"<td>{literal(article.date or '—')}</td><td>{library.passage_count(article)}</td>"
        f'<td class="yj-do">{acts}</td></tr>'
    )


def _pages(page: int, last: int) -> str:
    """The ways to the page before and the one after."""
    if not last:
        return ""
    before = f'<a href="#list-{page - 1}-0">← 上一页</a>' if page else ""
    after = f'<a href="#list-{page + 1}-0">下一页 →</a>' if page < last else ""
    return f'<p class="yj-pages">{before} 第 {page + 1} / {last + 1} 页 {after}</p>'


def _skipped(library: Library) -> str:
    """What was left out when the files were read, and why."""
    if not library.remarks:
        return ""
    rows = "".join(f"<li>{literal(line)}</li>" for line in library.remarks)
    count = len(library.remarks)
    return f"<details><summary>读文件时的 {count} 条说明</summary><ul>{rows}</ul></details>"
