"""Which articles a question is limited to: by date, by source, or one by one.

Knows nothing of how articles are searched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import QuestionError

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_LAST = "-99"
_FILTERS_KEPT = 16
Mask = NDArray[np.bool_]


class Listed(Protocol):
    """What an article is filtered by; an Article has it, and so has a line of a catalogue."""

    @property
    def id(self) -> str:
        """Its file and its number in it."""
        ...

    @property
    def source(self) -> str:
        """Its file."""
        ...

    @property
    def date(self) -> str | None:
        """``YYYY[-MM[-DD]]``, if known."""
        ...

    @property
    def publisher(self) -> str:
        """The newspaper or site."""
        ...


class Catalogued(NamedTuple):
    """Of an article what it is filtered by."""

    id: str
    source: str
    date: str | None
    publisher: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must be to be searched; what is left empty asks nothing of it.

    ``dates`` are the first and the last day, month or year (``YYYY[-MM[-DD]]``), either may be
    None; an article that is only dated by its year or month is in where any day of it is, one
    without a date is not. ``sources`` are files or folders relative to the corpus, or publishers;
    ``articles`` are ids. QuestionError for a date that is none.
    """

    dates: tuple[str | None, str | None] = (None, None)
    sources: Sequence[str] = ()
    articles: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Check the dates; lists become tuples."""
        for name in ("dates", "sources", "articles"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if len(self.dates) != 2:
            raise QuestionError(f"dates 是 {self.dates!r}；要两个日期：从哪天起、到哪天止")
        for date in self.dates:
            if date and not _DATE.fullmatch(date):
                raise QuestionError(f"日期 {date!r:.40} 读不懂；请写成 2021、2021-06 或 2021-06-28")
        since, until = self.dates
        if since and until and since > f"{until}{_LAST}":
            raise QuestionError(f"起始日期 {since} 在截止日期 {until} 之后；请对调")

    @property
    def limits(self) -> bool:
        """Whether it asks anything."""
        return bool(any(self.dates) or self.sources or self.articles)

    def admits(self, article: Listed) -> bool:
        """Whether an article is searched."""
        if self.articles and article.id not in self.articles:
            return False
        return self._is_of_sources(article) and self._is_of_dates(article.date)

    def _is_of_sources(self, article: Listed) -> bool:
        if not self.sources:
            return True
        return any(
            article.source == source
            or article.source.startswith(f"{source.rstrip('/')}/")
            or article.publisher == source
            for source in self.sources
            if source
        )

    def _is_of_dates(self, date: str | None) -> bool:
        """Whether some day of a date is within; an article's 2021-06 holds 2021-06-15."""
        since, until = self.dates
        if not since and not until:
            return True
        if not date:
            return False
        return (not since or f"{date}{_LAST}" >= since) and (not until or date <= f"{until}{_LAST}")


class AdmittedRows:
    """Which rows of an index filters admit; those asked for lately are kept."""

    def __init__(self, columns: Sequence[Sequence[Any]], sizes: NDArray[np.int64]) -> None:
        """``columns`` are those of ``Catalogued``, ``sizes`` the rows of each article."""
        self._columns = columns
        self._sizes = sizes
        self._kept: dict[Filter, Mask] = {}

    def of(self, only: Filter | None) -> Mask | None:
        """Of shape ``(passages,)``; None where all are admitted."""
        if only is None or not only.limits:
            return None
        if only not in self._kept:
            if len(self._kept) >= _FILTERS_KEPT:
                self._kept.clear()
            is_in = [only.admits(one) for one in map(Catalogued, *self._columns)]
            self._kept[only] = np.repeat(np.array(is_in, dtype=bool), self._sizes)
        return self._kept[only]
