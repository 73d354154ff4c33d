"""One fact of several with what was told for it: its quote, its bare fact, its figures, its day.

In go a wording and a judged reading, out comes what an answer says of it. Knows nothing of the
other facts, nor of lines.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer.figures import Figure, figures_in
from rag.answer.quoted import lead_of
from rag.answer.when import When, when_of
from rag.ask import Wording
from rag.datatypes import AnswerPart, Evidence
from rag.read import Judged, quoted_evidence, whole_sentence
from rag.text import Range

_LABEL_CHARS = 20
_LONGEST_QUOTE = 150
_FEWEST_CHARS = 30  # of a quote that is worth its place


@dataclass(frozen=True, slots=True)
class Told:
    """One part with what was told for it; ``evidence`` is None where nothing was."""

    wording: Wording
    judged: Judged
    label: str
    evidence: Evidence | None = None
    lead: str = ""  # what stands before the quote
    short: str | None = None
    figures: tuple[Figure, ...] = ()
    when: When | None = None

    @property
    def sentence(self) -> str:
        """The whole sentence that told it."""
        return self.judged.readings[0].text if self.evidence else ""

    def said(self, number: int, figure: Figure | None = None) -> str:
        """The bare fact with its marker."""
        printed = figure.printed if figure else self.short or ""
        return f"{printed}[{number}]"

    def part(self, number: int | None) -> AnswerPart:
        """What is handed out of it; ``number`` is that of its citation."""
        return AnswerPart(
            query=self.wording.queries[-1],
            outcome="answered" if self.evidence else "no_evidence",
            short=self.short,
            date=self.when.iso if self.when else None,
            probability=round(self.judged.probability, 4),
            citations=() if number is None else (number,),
        )


def told_of(wording: Wording, judged: Judged, room: int) -> Told:
    """A part with its quote, cut to the room for it; 0 is room enough."""
    label = wording.label[:_LABEL_CHARS]
    if not judged.is_believed:
        return Told(wording, judged, label)
    reading = judged.readings[0]
    if reading.saying:
        return _of_cell(wording, judged, label)
    evidence, short = quoted_evidence(reading, room or _LONGEST_QUOTE)
    lead = lead_of(label, short, evidence.text)
    if room and len(lead) + len(evidence.text) > room:
        evidence, short = quoted_evidence(reading, max(_FEWEST_CHARS, room - len(lead)))
        lead = lead_of(label, short, evidence.text)
    if room and len(lead) + len(evidence.text) > room:
        lead = ""
    facts = [Range(a - evidence.start, b - evidence.start) for a, b in reading.facts]
    figures = tuple(figures_in(evidence.text, facts, evidence.date, are_all=True))
    return Told(wording, judged, label, evidence, lead, short, figures, when_of(reading))


def _of_cell(wording: Wording, judged: Judged, label: str) -> Told:
    """A part told by a cell of a table: its heads in words, then the cell as printed."""
    reading = judged.readings[0]
    fact = reading.fact
    lead = reading.told.removesuffix(fact)
    figures = tuple(figures_in(fact, [Range(0, len(fact))], reading.article.date))
    cell = whole_sentence(reading)
    return Told(wording, judged, label, cell, lead, fact, figures, when_of(reading))
