"""Of when a told fact is: the day in its sentence, the story's dateline, else the article's date.

In goes a reading, out comes a moment that can be ordered and said. Knows nothing of questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rag.datatypes import Article
from rag.read import Reading
from rag.text import Facts, clauses, standard_form
from rag.text.stated.dates import Moment

_GRAINS = ("year", "month", "day", "hour", "minute")
_HEAD_CHARS = 160
_HALVES = {"0": 2, "1": 7, "2": 10, "3": 12, "4": 15, "5": 18, "6": 21}


@dataclass(frozen=True, slots=True)
class When:
    """Year, month, day, hour and minute, None where not told."""

    grains: tuple[int | None, ...]

    def order(self, *, by_year: bool) -> tuple[int, ...]:
        """What moments are ordered by, with or without the year; what is not told comes first."""
        grains = self.grains if by_year else self.grains[1:]
        return tuple(-1 if grain is None else grain for grain in grains)

    @property
    def has_year(self) -> bool:
        """Whether the year is known."""
        return self.grains[0] is not None

    @property
    def has_day(self) -> bool:
        """Whether month and day are known."""
        return self.grains[1] is not None and self.grains[2] is not None

    @property
    def day(self) -> tuple[int | None, ...]:
        """Year, month and day."""
        return self.grains[:3]

    @property
    def iso(self) -> str | None:
        """``YYYY[-MM[-DD]]``; without a year what is printed, None where nothing is known."""
        year, month, day = self.grains[:3]
        if year is None:
            return self.printed or None
        told = [f"{month:02d}"] if month is not None else []
        told += [f"{day:02d}"] if told and day is not None else []
        return "-".join([f"{year:04d}", *told])

    @property
    def printed(self) -> str:
        """In Chinese: ``2023年8月15日17时``."""
        signs = ("年", "月", "日", "时", "分")
        return "".join(
            f"{grain}{sign}"
            for grain, sign in zip(self.grains, signs, strict=True)
            if grain is not None
        )


def when_of(reading: Reading) -> When:
    """Of when the fact of a reading is, as far as sentence and article tell."""
    article, start = reading.article, reading.sentence.start
    fact = reading.facts[0].start - start
    moments = [
        moment
        for moment in Facts.of(reading.text, article.date).moments
        if {"year", "month", "day", "hour"} & set(moment.parts)
    ]
    written = written_on(article)
    best = _nearest(reading.text, moments, fact)
    if best is None:
        return written
    own = _grains(best)
    return When(tuple(_inherited(own, written.grains)))


def _nearest(text: str, moments: list[Moment], fact: int) -> Moment | None:
    """The moment of a fact: the last before it in its clause, else before it, else the first."""
    before = [moment for moment in moments if moment.start <= fact]
    days = [moment for moment in before if "day" in moment.parts or "hour" in moment.parts]
    clause = next((one for one in clauses(text) if one.start <= fact < one.end), None)
    inside = [one for one in days if clause and clause.start <= one.start]
    for found in (inside, days, before):
        if found:
            return found[-1]
    return moments[0] if moments else None


def _grains(moment: Moment) -> tuple[int | None, ...]:
    found: list[int | None] = []
    for grain in _GRAINS:
        digits = [int(value) for value in moment.known.get(grain, ()) if value.isdigit()]
        found.append(max(digits) if digits and grain != "year" else digits[0] if digits else None)
    if found[3] is None:
        halves = [_HALVES.get(value) for value in moment.parts.get("half", ())]
        found[3] = halves[0] if halves else None
    return tuple(found)


def _inherited(own: tuple[int | None, ...], whole: tuple[int | None, ...]) -> list[int | None]:
    """The moment with the larger grains that only the article tells."""
    first = next((place for place, grain in enumerate(own) if grain is not None), len(own))
    return [whole[place] if place < first else grain for place, grain in enumerate(own)]


@lru_cache(maxsize=256)
def written_on(article: Article) -> When:
    """When a story was written: its date, else the first day that its head names."""
    if article.date:
        told = [int(part) for part in article.date.split("-") if part.isdigit()]
        return When((*told[:3], *(None,) * (5 - len(told[:3]))))
    head = standard_form(article.text[:_HEAD_CHARS])
    for moment in Facts.of(head).moments:
        grains = _grains(moment)
        if grains[1] is not None and grains[2] is not None:
            return When(grains)
    return When((None,) * 5)
