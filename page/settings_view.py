"""The settings as HTML: models, what the index holds, and what the doctor found.

Pure functions. Knows nothing of Gradio or of how a setting is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import rag
from page.escaping import literal
from page.library import Library
from page.texts import CHINESE, Language

DEFAULT_THRESHOLD: float = rag.Config.model_fields["answer_threshold"].default
# How sure the judge must be, in words; round numbers beside the default, not tuned.
BOLDNESS = (("谨慎", 0.5), ("适中", DEFAULT_THRESHOLD), ("大胆", 0.1))
_GB = 10**9
_MB = 10**6


class Offered(NamedTuple):
    """A model that may answer: what it is called in the settings, and for people."""

    value: str
    label: str


def boldness_of(threshold: float) -> str | None:
    """The word for a threshold; None where it is a value of the user's own."""
    return next((word for word, value in BOLDNESS if value == threshold), None)


def size_of(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / _GB:.2f} GB" if count >= _GB else f"{count / _MB:.0f} MB"


def offered(
    states: Sequence[rag.ModelState], current: str, say: Language = CHINESE
) -> list[Offered]:
    """What can answer: the built-in way, the chat models here, and the one in use."""
    rows = [Offered("builtin", say("内置：逐字引用原文，不用下载"))]
    rows += [
        Offered(one.name, say("{name}：写成回答，再逐句核对", name=one.name))
        for one in states
        if one.kind == "chat" and not one.fault
    ]
    if current not in [row.value for row in rows]:
        rows.append(Offered(current, current))
    return rows


def render_models(states: Sequence[rag.ModelState], say: Language = CHINESE) -> str:
    """The supported models with size and licence; a link pulls one that is not here."""
    heads = "".join(f"<th>{say(name)}</th>" for name in ("模型", "大小", "许可证", "本机"))
    rows = "".join(_model_row(number, one, say) for number, one in enumerate(states))
    return (
        f'<table class="yj-list"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="yj-from">{say("断了再点一次，会接着下载；校验和不对的不会留下。")}</p>'
    )


def _model_row(number: int, one: rag.ModelState, say: Language) -> str:
    size = size_of(one.size_bytes)
    if one.fault:
        sure = literal(say("下载 {name}？要 {size}，存在本机。", name=one.name, size=size))
        state = f'<a href="#pull-{number}-0" title="{sure}">{say("下载")}</a>'
    else:
        state = say("在用") if one.is_in_use else say("已有")
    what = literal(say.line(f"{one.kind_name}：{one.use}"))
    return (
        f'<tr><td>{literal(one.name)}<span class="yj-from">{what}</span></td><td>{size}</td>'
        f'<td>{literal(one.licence)}</td><td class="yj-do">{state}</td></tr>'
    )


def render_holdings(library: Library, say: Language = CHINESE) -> str:
    """What the index of a library holds, in a list."""
    chatbot = library.chatbot
    dates = sorted(one.date for one in chatbot.articles if one.date)
    facts = [
        (say("文章"), str(len(chatbot.articles))),
        (say("文件"), str(len({one.source for one in chatbot.articles}))),
        (say("段落"), str(sum(chatbot.passage_counts.values()))),
        (say("日期"), f"{dates[0]} – {dates[-1]}" if dates else "—"),
        (say("文件夹"), str(library.folder or "—")),
        (say("回答"), say("内置") if chatbot.model_name == "builtin" else chatbot.model_name),
    ]
    rows = "".join(f"<dt>{literal(name)}</dt><dd>{literal(value)}</dd>" for name, value in facts)
    return f'<dl class="yj-facts">{rows}</dl>'


def render_findings(findings: Sequence[rag.Finding], say: Language = CHINESE) -> str:
    """What was found: what is not well first, each with its command, the rest folded."""
    bad = [one for one in findings if not one.is_well]
    told = say("有 {count} 处要看", count=len(bad)) if bad else say("一切正常")
    rows = "".join(f"<li>✗ {_finding(one, say)}</li>" for one in bad)
    well = "".join(f"<li>✓ {_finding(one, say)}</li>" for one in findings if one.is_well)
    return (
        f'<p class="yj-result">{told}</p><ul class="yj-result">{rows}</ul>'
        f"<details><summary>{say('正常的')}</summary>"
        f'<ul class="yj-result">{well}</ul></details>'
    )


def _finding(one: rag.Finding, say: Language) -> str:
    return literal(say.line(f"{one.what}：{one.detail}"))
