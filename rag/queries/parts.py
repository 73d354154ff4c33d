"""A question that asks for several facts, taken apart into questions for one each."""

from __future__ import annotations

import re

from rag.queries.comparisons import split_comparison
from rag.queries.subjects import ASKS, find_subject, subject_of


def split_question(question: str) -> tuple[str, ...]:
    """Stand-alone questions for one fact each; the question itself when it asks for one."""
    return split_comparison(question) or _asked_in_turn(question) or (question,)


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
