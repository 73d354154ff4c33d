"""Which sentences a list answers with: its opening words and the items that are asked for.

In go a question and its best reading, out come ranges of the article in the order to be quoted.
Knows nothing of how they are quoted.
"""

from __future__ import annotations

import re

from rag.read import Judged, Reading
from rag.text import Outline, Range, outlines, value_of

_ASKS_FOR_ALL = re.compile(
    r"哪些|哪几|列出|列举|全部|所有|[有是]什么|什么样?的?(?:情况|情形|条件|材料|义务|责任|要求|步骤|工艺|措施|内容|资料|手续|权利)"
    r"|(?:情况|情形|条件)下|规定了?什么|怎么(?:办理|申请|做)|如何(?:办理|申请)|几[种类项条个]"
)
_ORDINAL = re.compile(
    r"第(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?:[项款点步类种个]|条(?:要求|措施|规定)?$)"
)
_MARK = re.compile(
    r"^(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]|[①-⑩]|[-*•●■◆·])\s*"
)
_NEAR = 3  # readings that are looked at
_POINTS_ON = re.compile(r"下列|以下|如下")
_HAS_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万两]")
_ASKS_FOR_ONE = re.compile(r"多少|几|谁|哪[年月天日家位个里儿]|何时|什么时[候间]|多[大高长远久]")


def listed_answer(judged: Judged, torn: float) -> tuple[Reading, Outline, tuple[Range, ...]] | None:
    """The reading that a list answers, the list and the items to quote; None where none does.

    Where all of something are asked for, one that is ``torn`` log-odds below the best may be it.
    """
    question = judged.turn.question
    asks_for_all = bool(_ASKS_FOR_ALL.search(question) or _ORDINAL.search(question))
    best = judged.readings[0]
    near = [one for one in judged.readings[:_NEAR] if best.score - one.score <= torn]
    for reading in near if asks_for_all else [best]:
        outline = list_of(reading)
        items = asked_items(question, reading, outline) if outline else None
        if outline and items:
            return reading, outline, items
    return None


def list_of(reading: Reading) -> Outline | None:
    """The list that a sentence opens or is an item of; the innermost one."""
    sentence = reading.sentence
    if reading.saying:
        return None
    found = [
        one
        for one in outlines(reading.article.text)
        if _holds(one.opening, sentence) or any(_holds(item.range, sentence) for item in one.items)
    ]
    return found[-1] if found else None


def asked_items(question: str, reading: Reading, outline: Outline) -> tuple[Range, ...] | None:
    """The items to quote behind the opening; None where the sentence alone is the answer.

    The question is in its standard form. All of them where it asks for all or the sentence only
    points to them, one where it asks for that one or the sentence is it.
    """
    ordinal = _ORDINAL.search(question)
    number = value_of(ordinal["number"]) if ordinal else None
    named = [item.range for item in outline.items if item.number == number]
    if named:
        return (named[0],)
    every = tuple(item.range for item in outline.items)
    if _ASKS_FOR_ALL.search(question):
        return every
    own = [item.range for item in outline.items if _holds(item.range, reading.sentence)]
    if own:
        return (own[0],)
    fact = reading.fact
    is_fact = _ASKS_FOR_ONE.search(question) and _HAS_FIGURE.search(fact)
    return None if is_fact and not _POINTS_ON.search(fact) else every


def bare_item(printed: str) -> str:
    """An item without its mark and the sign at its end."""
    return _MARK.sub("", printed).rstrip("；;。，,、 ")


def _holds(outer: Range, inner: Range) -> bool:
    return outer.start <= inner.start < outer.end or inner.start <= outer.start < inner.end
