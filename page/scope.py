"""What questions are limited to, in words, and how a reader changes it.

Pure functions; articles in, filters and HTML out. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import rag
from page.escaping import literal
from page.library import Library
from page.texts import CHINESE, Language

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


def in_words(library: Library, only: rag.Filter, say: Language = CHINESE) -> str:
    """What a filter asks, for people: ``2021 年起；《甲》``."""
    since, until = only.dates
    parts = []
    if since or until:
        ends = {"since": since or say("最早"), "until": until or say("最近")}
        parts.append(say("日期 {since} 至 {until}", **ends))
    if only.sources:
        parts.append(say("来源 {names}", names=_listed(only.sources, say)))
    if only.articles:
        found = [library.article(one) for one in only.articles]
        parts.append(_listed([f"《{one.title}》" for one in found if one is not None], say))
    count = sum(map(only.admits, library.chatbot.articles))
    return say("{limits}（{count} 篇）", limits="；".join(parts), count=count)


def _listed(names: Sequence[str], say: Language) -> str:
    rest = say(" 等 {count} 个", count=len(names)) if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + rest


def render_scope(library: Library, only: rag.Filter | None, say: Language = CHINESE) -> str:
    """The line above the box for a question, with the way to ask all articles again."""
    if only is None:
        return ""
    limits = in_words(library, only, say)
    said = literal(say("只在这些文章里找：{limits}", limits=limits))
    return f'<p class="yj-scope">{said} <a href="#free-0-0">{say("问全部文章")}</a></p>'
