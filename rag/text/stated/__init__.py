"""What a sentence states that can be checked word for word: numbers, dates, codes, titles.

Knows nothing of evidence: it reads one text at a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rag.text.folding import fold
from rag.text.stated.amounts import Amount, find_amounts
from rag.text.stated.dates import Moment, bare_moments, find_moments
from rag.text.terms import encodable

BLANK = "\0"  # where a number or a date stood
_CODE = re.compile(
    r"[a-z][a-z0-9]*(?:[-._+&/][a-z0-9]+)*\d[a-z0-9]*|\d+[a-z]+[a-z0-9]*|[a-z]{2,}[a-z0-9.+&-]*[a-z0-9]"
)
_WRITTEN = re.compile(r"[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_WORK = re.compile(r"《([^《》]{1,40})》")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a text; ``rest`` is the ``folded`` text with numbers and dates blanked."""

    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]
    codes: tuple[str, ...]
    works: tuple[str, ...]
    rest: str
    folded: str

    @classmethod
    def of(cls, text: str, written: str | None = None) -> Facts:
        """The facts of a text; ``written`` is its article's date, ``YYYY[-MM[-DD]]``."""
        return _facts(text, written if written and _is_date(written) else None)

    def comparable(self) -> tuple[Any, Any]:
        """The values of its numbers and dates, in no order."""
        return (
            frozenset((amount.values, amount.dimension) for amount in self.amounts),
            frozenset(frozenset(moment.parts.items()) for moment in self.moments),
        )


def _is_date(written: str) -> bool:
    """Whether it is ``YYYY[-MM[-DD]]`` of the calendar: articles in memory may say anything."""
    if not _WRITTEN.fullmatch(written):
        return False
    try:
        date.fromisoformat(written + "-01-01"[len(written) - 4 :])
    except ValueError:
        return False
    return True


def numbers_of(text: str, written: str | None) -> tuple[list[Amount], list[Moment], str]:
    """The amounts and the dates as ``Facts`` has them, and the folded text, for many texts.

    Only ``known`` of the dates is left out.
    """
    folded = _folded(text)
    moments = bare_moments(folded, written if written and _is_date(written) else None)
    return find_amounts(_blanked(folded, moments)), moments, folded


def _folded(text: str) -> str:
    # A Chinese comma parts two numbers; folded, it would join them.
    return fold(encodable(text).replace("，", "、"))


@lru_cache(maxsize=2048)
def _facts(text: str, written: str | None) -> Facts:
    folded = _folded(text)
    moments = tuple(find_moments(folded, written))
    rest = _blanked(folded, moments)
    amounts = tuple(find_amounts(rest))
    return Facts(
        amounts,
        moments,
        tuple(dict.fromkeys(_CODE.findall(_blanked(rest, amounts)))),
        tuple(_WORK.findall(folded)),
        _blanked(rest, amounts),
        folded,
    )


def _blanked(text: str, found: Sequence[Amount] | Sequence[Moment]) -> str:
    if not found:
        return text
    kept: list[str] = []
    last = 0
    for one in found:
        kept += (text[last : one.start], BLANK * (one.end - one.start))
        last = one.end
    return "".join(kept) + text[last:]
