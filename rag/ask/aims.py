"""What is to be made of the facts that a question asks for: told, compared, worked out, gathered.

In go a question in its standard form and its parts, out comes one word. Knows nothing of answers.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.ask.over_time import asks_for_course
from rag.ask.part import Parts
from rag.ask.word_lists import WORDS

# facts: each is told. compare: which is more. difference, sum: worked out. which: those of some
# named things of which something holds. list: members that several articles may tell. latest,
# course: the newest of several states, or all of them in order.
Aim = Literal["facts", "compare", "difference", "sum", "which", "list", "latest", "course"]
_LIST, _LATEST = (re.compile(WORDS[name]) for name in ("list", "latest"))


def aim_of(question: str, split: Parts) -> Aim:
    """What a question is after."""
    if split.sums:
        return "sum"
    if split.compares:
        return "difference" if split.by_how_much else "compare"
    if len(split.parts) > 1:
        return "facts"
    if asks_for_course(question):
        return "course"
    if _LATEST.search(question):
        return "latest"
    return "list" if _LIST.search(question) else "facts"
