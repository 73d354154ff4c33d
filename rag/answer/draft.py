"""An answer without a chat model while it is made: lines, claims and citations, each once.

Knows nothing of how evidence is found or what a line says.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.cell import claim_of_cells
from rag.answer.quoted import cited, claim_of
from rag.answer.reply import Reply
from rag.datatypes import AnswerPart, Citation, Claim, Evidence

NAME = "builtin"


class Draft:
    """Lines as they come; what its verbs give back is what is shown of the line."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._claims: list[Claim] = []
        self._citations: list[Citation] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far."""
        return tuple(self._citations)

    @property
    def length(self) -> int:
        """The characters so far."""
        return sum(map(len, self._pieces))

    def number_of(self, evidence: Evidence) -> int:
        """The number under which a quote is cited; the citation is added unless it is there."""
        return cited(evidence, self._citations)

    def quoted(self, lead: str, evidence: Evidence, *, on_line: bool = True) -> str:
        """A sentence that quotes the evidence, with what leads to it."""
        claim = claim_of(lead, evidence, self._citations)
        self._claims.append(claim)
        return self._shown(claim.text, on_line=on_line)

    def of_cells(self, sentence: str, cells: Sequence[Evidence]) -> str:
        """A sentence that cells of a table say, each of them cited."""
        claim = claim_of_cells(sentence, cells, self._citations)
        self._claims.append(claim)
        return self._shown(claim.text, on_line=True)

    def claimed(
        self, text: str, reason: str, numbers: Sequence[int], *, on_line: bool = True
    ) -> str:
        """A sentence that rests on citations."""
        self._claims.append(Claim(text, "supported", (reason,), tuple(dict.fromkeys(numbers))))
        return self._shown(text, on_line=on_line)

    def remarked(self, text: str, *, on_line: bool = True) -> str:
        """A sentence that claims nothing of the material: what it lacks, what was left out."""
        return self._shown(text, on_line=on_line)

    def _shown(self, text: str, *, on_line: bool) -> str:
        piece = f"\n{text}" if on_line and self._pieces else text
        self._pieces.append(piece)
        return piece

    def reply(self, short: str | None, parts: Sequence[AnswerPart] = ()) -> Reply:
        """The answer that the lines make."""
        return Reply(
            outcome="answered",
            text="".join(self._pieces),
            short=short,
            claims=tuple(self._claims),
            citations=self.citations,
            model=NAME,
            parts=tuple(parts),
        )
