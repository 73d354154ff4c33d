"""A question that asks for several facts, taken apart into questions for one each."""

from __future__ import annotations

import re

from rag.queries.subjects import ASKS, find_subject, subject_of

_COMPARES = re.compile(
    r"[，,]?\s*(?:各(?:自|是|有|多少|几|为)|分别|哪(?:边|个|家|里|方|一个|者)|谁[更多少大高]|相比|比起来|"
    r"比(?=[，,？?]|$)|相差|差多少|对比)"
)
_CONNECTOR = re.compile(r"[，,]?\s*(?:以及|和|跟|与|同|、|，|,)\s*")


def split_question(question: str) -> tuple[str, ...]:
    """Stand-alone questions for one fact each; the question itself when it asks for one."""
    return _compared(question) or _asked_in_turn(question) or (question,)


def _compared(question: str) -> tuple[str, ...]:
    """The two questions in a comparison of two subjects; empty when there is none."""
    cue = _COMPARES.search(question)
    if not cue:
        return ()
    head, tail = question[: cue.start()], question[cue.start() :]
    asked = re.search(r"(?:多少|几|什么|哪些)[^，,？?]{0,6}", tail)
    ending = asked.group() if asked else "多少"
    for connector in _CONNECTOR.finditer(head):
        left, right = head[: connector.start()], head[connector.end() :]
        first, second = find_subject(left), find_subject(right)
        if not (first and second and right.startswith(second)):
            continue
        shared = right.removeprefix(second) if left.endswith(first) else ""
        return f"{left}{shared}{ending}？", f"{right}{ending}？"
    return ()


def _asked_in_turn(question: str) -> tuple[str, ...]:
    """Questions asked one after another in one sentence; empty when there is only one."""
    pieces = [piece for piece in re.split(r"[？?；;，,]", question) if piece.strip()]
    asking = [piece for piece in pieces if ASKS.search(piece) and len(piece) > 3]
    if len(asking) < 2:
        return ()
    subject = subject_of(question)
    lead = question[: question.find(asking[0])]
    first = lead + asking[0]
    rest = [piece if find_subject(piece) else subject + piece for piece in asking[1:]]
    return (f"{first}？", *(f"{piece}？" for piece in rest))
