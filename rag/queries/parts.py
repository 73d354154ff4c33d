"""A question that asks for several facts, taken apart into questions for one each."""

from __future__ import annotations

import re

from rag.queries.asked_of_each import only_judges
from rag.queries.comparisons import split_comparison
from rag.queries.follow_up import resolve
from rag.queries.subjects import ASKS

_SHORTEST = 3


def split_question(question: str) -> tuple[str, ...]:
    """Stand-alone questions for one fact each; the question itself when it asks for one."""
    return split_comparison(question) or _asked_in_turn(question) or (question,)


def _asked_in_turn(question: str) -> tuple[str, ...]:
    """Questions asked one after another in one sentence; empty when there is only one.

    Each later one is made to stand alone as a follow-up to the one before.
    """
    pieces = [piece.strip() for piece in re.split(r"[？?；;，,]", question) if piece.strip()]
    asking = [piece for piece in pieces if _asks(piece)]
    if len(asking) < 2:
        return ()
    parts = [question[: question.find(asking[0])] + asking[0]]
    for piece in asking[1:]:
        parts.append(resolve(piece, parts))
    return tuple(f"{part.rstrip('？?')}？" for part in parts)


def _asks(piece: str) -> bool:
    """Whether a piece asks for a fact of its own, and not which of those before is more."""
    if len(piece) <= _SHORTEST or only_judges(piece):
        return False
    return bool(ASKS.search(piece) or piece.endswith("呢"))
