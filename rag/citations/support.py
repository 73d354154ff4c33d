"""Which facts of a sentence the words it cites bear out, and which they do not.

Knows nothing of verdicts: it lists what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from rag.datatypes import Evidence
from rag.text.stated import Facts
from rag.text.stated.amounts import COUNTABLE, Amount
from rag.text.stated.dates import Moment


@dataclass(frozen=True, slots=True)
class Words:
    """What a sentence may rest on: the facts of quotes and of their articles' titles."""

    facts: tuple[Facts, ...]
    rest: str
    exact: frozenset[tuple[bool, str, Fraction]]

    @classmethod
    def of(cls, quotes: Iterable[Evidence]) -> Words:
        """The facts of some quotes, each read at its article's date."""
        facts = tuple(
            Facts.of(text, quote.date) for quote in quotes for text in (quote.title, quote.text)
        )
        amounts = (amount for one in facts for amount in one.amounts)
        return cls(
            facts, "\n".join(one.rest for one in facts), frozenset(chain(*map(_exact, amounts)))
        )

    @classmethod
    def of_text(cls, text: str, written: str | None = None) -> Words:
        """The facts of a text by itself, read at a date."""
        facts = Facts.of(text, written)
        return cls((facts,), facts.rest, frozenset(chain(*map(_exact, facts.amounts))))

    @property
    def amounts(self) -> list[Amount]:
        """All numbers."""
        return [amount for one in self.facts for amount in one.amounts]

    @property
    def moments(self) -> list[Moment]:
        """All dates."""
        return [moment for one in self.facts for moment in one.moments]


def _exact(amount: Amount) -> list[tuple[bool, str, Fraction]]:
    return [(amount.is_ordinal, amount.dimension, value) for value in amount.values]


def supports_amount(amount: Amount, words: Words) -> bool:
    """Whether the words have this number; 一家 is no number where the words count no 家.

    Nor is 一起, which mostly means together.
    """
    if amount.printed == "一起" or words.exact.intersection(_exact(amount)):
        return True
    there = words.amounts
    if any(amount.equals(other) for other in there):
        return True
    if amount.printed[0] == "一" and amount.dimension in COUNTABLE and not amount.is_ordinal:
        return not any(other.dimension == amount.dimension for other in there)
    return not amount.dimension and any(
        str(value) in moment.known.get("year", ())
        for value in amount.values
        for moment in words.moments
    )


def supports_moment(moment: Moment, words: Words) -> bool:
    """Whether the words have this date; a year may stand in them as a bare number."""
    if any(moment.is_told_by(other) for other in words.moments):
        return True
    if set(moment.parts) != {"year"}:
        return False
    bare = {value for amount in words.amounts if not amount.dimension for value in amount.values}
    return any(Fraction(year) in bare for year in moment.parts["year"] if year.isdecimal())


def supports_code(code: str, words: Words) -> bool:
    """Whether the words have this run of Latin letters and digits, blanks aside."""
    return code in words.rest.replace(" ", "")


def missing_amounts(claim: Facts, words: Words) -> list[Amount]:
    """Numbers that the words lack; ``13`` is not in ``130`` or ``1.3万``."""
    return [amount for amount in claim.amounts if not supports_amount(amount, words)]


def missing_moments(claim: Facts, words: Words) -> list[Moment]:
    """Dates that the words lack."""
    return [moment for moment in claim.moments if not supports_moment(moment, words)]


def missing_names(claim: Facts, words: Words) -> list[str]:
    """Codes and titles of works that the words lack."""
    codes = [code for code in claim.codes if not supports_code(code, words)]
    there = words.rest
    works = [f"《{work}》" for work in claim.works if Facts.of(work).rest not in there]
    return codes + works


def facts_borne_out(claim: Facts, words: Words) -> Sequence[bool]:
    """For each number, date and code of the claim, in this order, whether the words have it."""
    return [
        *(supports_amount(amount, words) for amount in claim.amounts),
        *(supports_moment(moment, words) for moment in claim.moments),
        *(supports_code(code, words) for code in claim.codes),
    ]
