"""Whether a sentence tells of the period that is asked about.

Years and months are read against the date of the sentence's article: 去年 in an article of 2020 is
2019. Knows nothing of scores.
"""

from __future__ import annotations

from rag.evidence.candidates import Candidate, standard_text
from rag.queries import Query
from rag.text import periods_of, relative_years


def is_of_period(query: Query, candidate: Candidate) -> bool:
    """Whether the sentence can be of the period asked about.

    A year or month may stand anywhere in the article, a word like 去年 in the sentence or the one
    before, unless the sentence names another; a quarter or half counts only against one that names
    another.
    """
    if names_another_period(query, candidate):
        return False
    article, (years, months, _) = candidate.article, periods_of(query.text)
    if not years and not months:
        return True  # 上半年 may be printed as 1月至6月
    told = f"{standard_text(article.text)} {standard_text(article.full_title)} {article.date or ''}"
    anywhere = periods_of(told)
    near = periods_of(f"{candidate.before} {candidate.standard}", article.date)
    return years <= anywhere.years | near.years and months <= anywhere.months | near.months


def names_another_period(query: Query, candidate: Candidate) -> bool:
    """Whether the sentence names a year, month, quarter or half, and not the one asked about.

    Where a date is asked for, another is no objection: it may be the answer.
    """
    if query.kind == "date":
        return False
    written = candidate.article.date
    asked, here = periods_of(query.text, written), periods_of(candidate.standard, written)
    # Without a date 去年 is no year, and yet another than 今年.
    years_asked, years_here = relative_years(query.text), relative_years(candidate.standard)
    if not written and years_asked and years_here and not years_asked & years_here:
        return True
    return any(
        wanted and named and not wanted & named for wanted, named in zip(asked, here, strict=True)
    )
