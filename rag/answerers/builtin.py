"""The answer without a chat model: the evidence, quoted word for word, the asked-for fact first.

Knows nothing of how evidence is ranked.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence

from rag.answerers.reply import Reply
from rag.datatypes import Citation, Claim, Evidence, Message
from rag.evidence import Finding
from rag.queries import stand_alone

NAME = "builtin"
_FIRST_FACT_CHARS = 150
_FURTHER_FACT_CHARS = 80
_SEVERAL_FACTS = 4
_SIGNS = 8  # a marker, a colon, a full stop and brackets
_ENDS = "。！？!?…"


class BuiltinAnswerer:
    """Quotes the best sentence for each asked-for fact."""

    name = NAME

    def __init__(self, *, threshold: float) -> None:
        self._threshold = threshold

    def stand_alone(
        self, question: str, history: Sequence[Message], *, stop: threading.Event | None = None
    ) -> str:
        """The question with what it leaves to the turns before filled in, by rule."""
        return stand_alone(question, history)

    def stream(
        self, question: str, findings: Sequence[Finding], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """The reply sentence by sentence, one for each finding; the generator's value is the Reply.

        It takes milliseconds, so ``stop`` has nothing to stop.

        Where it is a close call for a single finding, its two best sentences are quoted instead.

        A text for ``n`` facts is at most ``150 + 80 (n - 1)`` characters long.
        """
        budget = (_FIRST_FACT_CHARS + _FURTHER_FACT_CHARS * (len(findings) - 1)) // len(findings)
        # Who asks for several facts together knows that they are there: with one of them found, the
        # others need less to be believed.
        threshold = self._threshold if len(findings) == 1 else self._threshold / _SEVERAL_FACTS
        claims: list[Claim] = []
        citations: list[Citation] = []
        shorts: list[str] = []
        for finding in findings:
            if not finding.candidates or finding.answerable < threshold:
                claims.append(_not_found(finding, budget))
                yield claims[-1].text
            elif len(findings) == 1 and finding.is_close_call:
                for place in (0, 1):
                    evidence, _ = finding.quote(budget // 2 - _SIGNS, place)
                    claims.append(_claim("", evidence, citations))
                    yield claims[-1].text
            else:
                claim, short = _with_fact(finding, budget, citations)
                claims.append(claim)
                shorts.extend([short] if short else [])
                yield claim.text
        return Reply(
            outcome="answered",
            text="".join(claim.text for claim in claims),
            short="；".join(shorts) if len(shorts) == len(findings) else None,
            claims=tuple(claims),
            citations=tuple(citations),
            model=NAME,
        )


def _with_fact(
    finding: Finding, budget: int, citations: list[Citation]
) -> tuple[Claim, str | None]:
    """The best sentence quoted, with the bare fact before it if one stands out."""
    evidence, short = finding.quote(budget - _SIGNS)
    lead = f"{short}：" if short and len(short) < len(evidence.text) else ""
    if lead and len(lead) + len(evidence.text) > budget - _SIGNS:
        evidence, short = finding.quote(budget - _SIGNS - len(lead))
        lead = f"{short}：" if short else ""
    return _claim(lead, evidence, citations), short


def _claim(lead: str, evidence: Evidence, citations: list[Citation]) -> Claim:
    """A sentence that quotes the evidence; the citation is added unless it is there already."""
    known = next((c for c in citations if c.quote == evidence.text), None)
    citation = known or Citation.of(len(citations) + 1, evidence)
    if known is None:
        citations.append(citation)
    ending = "" if evidence.text[-1] in _ENDS or evidence.text[-2:-1] in _ENDS else "。"
    text = f"{lead}{evidence.text}{ending}[{citation.number}]"
    return Claim(text, "supported", ("逐字引自原文",), (citation.number,))


def _not_found(finding: Finding, budget: int) -> Claim:
    asked = finding.query.typed.rstrip("？?。")[: budget - 20]
    return Claim(f"材料里没有找到“{asked}”的答案。", "not_found", ("材料里没有依据",), ())
