"""The bound that a question sets: 超过100亿元的有哪些, 哪几家不到5%.

In go a question and the figures of a quote, out comes whether one of these is within the bound.
Knows nothing of evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rag.answer.figures import Figure, figures_in
from rag.text import Range

_OVER = re.compile(r"(?:超过?|高于|多于|大于|不低于|不少于|突破|跑赢了?|至少)[^，？\d]{0,6}$")
_UNDER = re.compile(r"(?:不到|不足|低于|少于|小于|不超过|没到|至多)[^，？\d]{0,6}$")
_OVER_BEHIND = re.compile(r"^[多余]?(?:以上|之上)")
_UNDER_BEHIND = re.compile(r"^(?:以下|以内|之内)")
_CLOSED = re.compile(r"(?:不低于|不少于|不超过|至少|至多)[^，？\d]{0,6}$")
_CLOSED_BEHIND = re.compile(r"^(?:以上|以下|以内)")


@dataclass(frozen=True, slots=True)
class Bound:
    """Over or under a value of one kind of figure; the value itself is out where it ``is_open``."""

    kind: str
    value: Fraction
    is_over: bool
    is_open: bool = True

    def holds(self, figures: Sequence[Figure]) -> bool:
        """Whether the likeliest figure of this kind is within it; one that is not told is not."""
        told = next((figure for figure in figures if figure.kind == self.kind), None)
        if told is None:
            return False
        if self.value in (told.low, told.high) and told.low == told.high:
            return not self.is_open
        return told.low > self.value if self.is_over else told.high < self.value


def bound_in(question: str) -> Bound | None:
    """The first bound of a question in its standard form."""
    for figure in figures_in(question, [Range(0, len(question))], None):
        at = question.find(figure.printed)
        before, behind = question[:at], question[at + len(figure.printed) :]
        is_over = bool(_OVER.search(before) or _OVER_BEHIND.match(behind))
        is_under = bool(_UNDER.search(before) or _UNDER_BEHIND.match(behind))
        if figure.kind and is_over != is_under:
            is_open = not (_CLOSED.search(before) or _CLOSED_BEHIND.match(behind))
            return Bound(figure.kind, figure.low, is_over, is_open)
    return None
