"""A sentence of an answer made of a quote, with the citation that it points to.

Knows nothing of how evidence is found or how sentences are laid out.
"""

from __future__ import annotations

from rag.datatypes import Citation, Claim, Evidence

SIGNS = 8  # a marker, a colon, a full stop and brackets
VERBATIM = "逐字引自原文"
_ENDS = "。！？!?…：:；;"


def claim_of(lead: str, evidence: Evidence, citations: list[Citation]) -> Claim:
    """A sentence that quotes the evidence; the citation is added unless it is there already."""
    known = next((c for c in citations if c.quote == evidence.text), None)
    citation = known or Citation.of(len(citations) + 1, evidence)
    if known is None:
        citations.append(citation)
    ending = "" if evidence.text[-1] in _ENDS or evidence.text[-2:-1] in _ENDS else "。"
    text = f"{lead}{evidence.text}{ending}[{citation.number}]"
    return Claim(text, "supported", (VERBATIM,), (citation.number,))
