"""A sentence of an answer made of a quote, with the citation that it points to.

Knows nothing of how evidence is found or how sentences are laid out.
"""

from __future__ import annotations

from rag.datatypes import Citation, Claim, Evidence

# How long the text of an answer may be: of its first told fact, and of each further one.
FIRST_FACT_CHARS = 150
FURTHER_FACT_CHARS = 80
SIGNS = 8  # a marker, a colon, a full stop and brackets
VERBATIM = "逐字引自原文"
COMPUTED = "由引文里的数字算出"
_ENDS = "。！？!?…：:；;"


def cited(evidence: Evidence, citations: list[Citation]) -> int:
    """The number under which a quote is cited; the citation is added unless it is there already.

    The same words in another place are another quote: two cells of one figure, two articles.
    """
    place = (evidence.article_id, evidence.start, evidence.end)
    known = next((c for c in citations if (c.article_id, c.start, c.end) == place), None)
    if known is None:
        known = Citation.of(len(citations) + 1, evidence)
        citations.append(known)
    return known.number


def claim_of(lead: str, evidence: Evidence, citations: list[Citation]) -> Claim:
    """A sentence that quotes the evidence; the citation is added unless it is there already."""
    number = cited(evidence, citations)
    ending = "" if evidence.text[-1] in _ENDS or evidence.text[-2:-1] in _ENDS else "。"
    return Claim(f"{lead}{evidence.text}{ending}[{number}]", "supported", (VERBATIM,), (number,))


def lead_of(label: str, short: str | None, quote: str) -> str:
    """``甲（35家）：`` before a quote; without what the quote alone says as shortly."""
    fact = short if short and len(short) < len(quote) else ""
    name = "" if label and label in quote else label
    if name and fact:
        return f"{name}（{fact}）："
    return f"{name or fact}：" if name or fact else ""
