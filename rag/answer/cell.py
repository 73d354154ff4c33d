"""A sentence of an answer made of the cell of a table: the cell is cited, and beside it its heads.

Knows nothing of how cells are found or what is computed from them.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.quoted import cited
from rag.datatypes import Article, Citation, Claim, Evidence

CELL = "表格里的一格，行名和列名一并引出"


def cell_evidence(article: Article, places: Sequence[tuple[int, int]]) -> list[Evidence]:
    """The cells at these ranges of an article's text as evidence, each once, in their order."""
    return [
        Evidence(
            article_id=article.id,
            title=article.full_title,
            source=article.source,
            text=article.text[start:end],
            start=start,
            end=end,
            source_spans=article.source_spans(start, end),
            score=0.0,
            date=article.date,
            page=article.page_at(start),
        )
        for start, end in dict.fromkeys(places)
    ]


def claim_of_cells(
    sentence: str, evidence: Sequence[Evidence], citations: list[Citation], reason: str = CELL
) -> Claim:
    """A sentence that cites each of these cells; a citation is added unless it is there already."""
    numbers = [cited(one, citations) for one in evidence]
    marks = "".join(f"[{number}]" for number in numbers)
    return Claim(f"{sentence}{marks}", "supported", (reason,), tuple(numbers))
