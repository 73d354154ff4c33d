"""What an answerer gives back: the reply itself, before it is put together with its search.

Knows nothing of hits, history or times; the chatbot adds them and makes the Answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.datatypes import AnswerPart, Citation, Claim, Outcome


@dataclass(frozen=True, slots=True)
class Reply:
    """How an answerer replied; every ``[n]`` of ``text`` is the number of one of ``citations``.

    ``no_evidence`` never has citations; ``failed`` always has an ``error``, one Chinese line.
    """

    outcome: Outcome
    text: str
    short: str | None = None
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    model: str = ""
    error: str | None = None
    parts: tuple[AnswerPart, ...] = ()
