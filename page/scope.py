"""What questions are limited to, in words, and how a reader changes it.

Pure functions; articles in, filters and HTML out. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import rag
from page.escaping import literal
from page.library import Library

_NAMED = 3
_PARTS = re.compile(r"[,，;；\n]+")


def limited(since: str, until: str, sources: str, only: rag.Filter | None) -> rag.Filter | None:
    """What the fields ask, with the articles chosen before; QuestionError for a date that is none.

    ``sources`` are parted by commas. None where nothing is asked.
    """
    named = [one.strip() for one in _PARTS.split(sources) if one.strip()]
    articles = only.articles if only is not None else ()
    made = rag.Filter((since.strip() or None, until.strip() or None), named, articles)
    return made if made.limits else None


def toggled(only: rag.Filter | None, article: rag.Article) -> rag.Filter | None:
    """The filter with one article more, or without it if it was chosen before."""
    only = only or rag.Filter()
    chosen = [one for one in only.articles if one != article.id]
    if len(chosen) == len(only.articles):
        chosen.append(article.id)
    made = rag.Filter(only.dates, only.sources, chosen)
    return made if made.limits else None


def in_words(library: Library, only: rag.Filter) -> str:
    """What a filter asks, for people: ``2021 年起；《甲》``."""
    since, until = only.dates
    parts = []
    if since or until:
        parts.append(f"日期 {since or '最早'} 至 {until or '最近'}")
    if only.sources:
        parts.append(f"来源 {_listed(only.sources)}")
    if only.articles:
        found = [library.article(one) for one in only.articles]
        parts.append(_listed([f"《{one.title}》" for one in found if one is not None]))
    count = sum(map(only.admits, library.chatbot.articles))
    return f"{'；'.join(parts)}（{count} 篇）"


def _listed(names: Sequence[str]) -> str:
    rest = f" 等 {len(names)} 个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + rest


def render_scope(library: Library, only: rag.Filter | None) -> str:
    """The line above the box for a question, with the way to ask all articles again."""
    if only is None:
        return ""
    said = literal(f"只在这些文章里找：{in_words(library, only)}")
    return f'<p class="yj-scope">{said} <a href="#free-0-0">问全部文章</a></p>'
