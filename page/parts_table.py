"""The table above an answer to three or more questions: a row for each fact asked for.

Knows nothing of Gradio. Every word passes through the function given, which escapes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import rag
from page.texts import CHINESE, Language

FEWEST_ROWS = 3
_HEADS = ("所问", "回答", "时间", "出处")


def render_parts(
    parts: Sequence[rag.AnswerPart],
    literal: Callable[[str], str],
    linked: Callable[[str], str],
    say: Language = CHINESE,
) -> str:
    """An HTML table, or nothing for fewer than three facts.

    ``literal`` escapes a text; ``linked`` does, too, and makes links of its markers.
    """
    if len(parts) < FEWEST_ROWS:
        return ""
    heads = "".join(f"<th>{say(head)}</th>" for head in _HEADS)
    rows = "".join(f"<tr>{_cells(part, literal, linked, say)}</tr>" for part in parts)
    return f'<table class="yj-parts"><tr>{heads}</tr>{rows}</table>'


def _cells(
    part: rag.AnswerPart,
    literal: Callable[[str], str],
    linked: Callable[[str], str],
    say: Language,
) -> str:
    told = part.short or say("见下文" if part.outcome == "answered" else "材料里没有")
    numbers = "".join(f"[{number}]" for number in part.citations)
    cells = [literal(part.query), literal(told), literal(part.date or ""), linked(numbers)]
    return "".join(f"<td>{cell}</td>" for cell in cells)
