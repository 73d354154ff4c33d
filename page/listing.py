"""The articles of a library as a list: searched, sorted, a page of it at a time, as HTML.

Pure functions. However large the library is, the browser gets one page. Knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import rag
from page.escaping import literal
from page.library import Library, key_of
from page.texts import CHINESE, Language

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


def render_lines(lines: Sequence[str], undo: str = "") -> str:
    """What was done, a line each, and a link that undoes it."""
    shown = "".join(f"<li>{literal(line)}</li>" for line in lines)
    return f'<ul class="yj-result">{shown}</ul>{undo}'


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
    library: Library,
    wanted: str = "",
    order: str = ORDERS[0],
    page: int = 0,
    *,
    say: Language = CHINESE,
) -> str:
    """One page of the list, from page 0, with the ways to the others.

    Files can be removed where the library may be changed.
    """
    found = matching(library, wanted, order)
    last = max(0, (len(found) - 1) // ROWS)
    page = min(page, last)
    shown = found[page * ROWS : (page + 1) * ROWS]
    total = len(library.chatbot.articles)
    told = "共 {count} 篇文章" if len(found) == total else "{all} 篇里找到 {count} 篇"
    count = say(told, all=total, count=len(found))
    return (
        f'<h2 class="yj-count">{count}</h2>{_table(library, shown, say)}{_pages(page, last, say)}'
        f"{_skipped(library, say)}"
    )


def _table(library: Library, articles: Sequence[rag.Article], say: Language) -> str:
    if not articles:
        return ""
    head = "".join(f"<th>{say(name)}</th>" for name in ("文章", "日期", "段落", "可以做的"))
    rows = "".join(_row(library, one, say) for one in articles)
    return f'<table class="yj-list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(library: Library, article: rag.Article, say: Language) -> str:
    key, title = key_of(article.id), literal(article.full_title or article.source)
    acts = f'<a href="#only-{key}-0">{say("只问这篇")}</a>'
    acts += f'<a href="#remove-{key}-0">{say("移除")}</a>' if library.is_writable else ""
    return (
        f'<tr><td><a href="#read-{key}-0">{title}</a>'
        f'<span class="yj-from">{literal(article.source)}</span></td>'
        f"<td>{literal(article.date or '—')}</td><td>{library.passage_count(article)}</td>"
        f'<td class="yj-do">{acts}</td></tr>'
    )


def _pages(page: int, last: int, say: Language) -> str:
    """The ways to the page before and the one after."""
    if not last:
        return ""
    before = f'<a href="#list-{page - 1}-0">{say("← 上一页")}</a>' if page else ""
    after = f'<a href="#list-{page + 1}-0">{say("下一页 →")}</a>' if page < last else ""
    at = say("第 {page} / {last} 页", page=page + 1, last=last + 1)
    return f'<p class="yj-pages">{before} {at} {after}</p>'


def _skipped(library: Library, say: Language) -> str:
    """What was left out when the files were read, and why."""
    if not library.remarks:
        return ""
    rows = "".join(f"<li>{literal(say.line(line))}</li>" for line in library.remarks)
    heading = say("读文件时的 {count} 条说明", count=len(library.remarks))
    return f"<details><summary>{heading}</summary><ul>{rows}</ul></details>"
