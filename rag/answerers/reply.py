"""What an answerer gives back: the reply itself, before it is put together with its search.

Knows nothing of hits, history or times; the chatbot adds them and makes the Answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.datatypes import Citation, Claim, Outcome

_SOUGHT_CHARS = 60


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


def decline(query: str, nearest_title: str) -> Reply:
    """The reply when the material does not hold the answer: what was sought, and what came near."""
    sought = query if len(query) <= _SOUGHT_CHARS else query[:_SOUGHT_CHARS] + "…"
    near = f"最接近的是《{nearest_title}》，但其中没有答案。" if nearest_title else ""
    return Reply("no_evidence", f"材料里没有找到“{sought}”的答案。{near}")
