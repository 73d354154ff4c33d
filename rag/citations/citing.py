"""The reply with markers that hold: each sentence cites what carries it and gets its verdict.

Knows neither how a sentence is aligned nor how it is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.citations.alignment import align
from rag.citations.markers import Sentence
from rag.citations.verdicts import verify
from rag.datatypes import Citation, Claim, Evidence
from rag.models.entailment import EntailmentModel


@dataclass(frozen=True, slots=True)
class CitedText:
    """A reply whose every marker names one of its citations; each claim's text stands in it."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def cite(
    parts: Iterable[Sentence],
    evidence: Sequence[Evidence],
    entailment: EntailmentModel | None = None,
) -> CitedText:
    """The reply with markers put right: cited evidence numbered from 1 as it first appears.

    Markers stand behind each sentence; numbers that point nowhere are gone, quotes are unaltered.
    """
    renumbered: dict[int, int] = {}
    claims: list[Claim] = []
    text = ""
    for part in parts:
        cited = align(part, evidence)
        for number in cited:
            renumbered.setdefault(number, len(renumbered) + 1)
        numbers = tuple(sorted(renumbered[number] for number in cited))
        verdict, reasons = verify(part.text, [evidence[number - 1] for number in cited], entailment)
        written = part.text + "".join(f"[{number}]" for number in numbers)
        claims.append(Claim(written, verdict, reasons, numbers))
        text += (part.gap if text else "") + written
    citations = tuple(Citation.of(new, evidence[old - 1]) for old, new in renumbered.items())
    return CitedText(text, tuple(claims), citations)
