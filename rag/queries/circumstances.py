"""What a question tells before it asks: 在镇口被拦下的货车，核载多少人.

Knows only the words of the question.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.queries.asking import content_of
from rag.queries.subjects import ASKS

_CLAUSE_END = re.compile(r"[，,；;](?=[^，,；;]*$)")
_FEWEST_ASKED = 2  # characters that are no asking words
_FEWEST_TOLD = 4


class Circumstances(NamedTuple):
    """What is told, and the question that is left without it."""

    told: str
    question: str


def circumstances_of(question: str) -> Circumstances | None:
    """The last clause of a question as one of its own, where only that asks; None elsewhere."""
    cut = _CLAUSE_END.search(question.rstrip("？?。 "))
    if not cut:
        return None
    told, asked = question[: cut.start()], question[cut.end() :].strip()
    enough = _letters(asked) >= _FEWEST_ASKED and _letters(told) >= _FEWEST_TOLD
    return (
        Circumstances(told, asked)
        if enough and ASKS.search(asked) and not ASKS.search(told)
        else None
    )


def _letters(text: str) -> int:
    return len(content_of(text).replace(" ", ""))
