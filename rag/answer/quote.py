"""The answer without a chat model: the evidence, quoted word for word, the asked-for fact first.

Knows nothing of how evidence is found or judged.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence

from rag.answer.cell import cell_evidence
from rag.answer.draft import NAME, Draft
from rag.answer.members import from_several
from rag.answer.outline import bare_item, listed_answer
from rag.answer.quoted import FIRST_FACT_CHARS, FURTHER_FACT_CHARS, SIGNS, lead_of
from rag.answer.reply import Reply
from rag.answer.runners_up import TORN, around, further, quoted_rival, rival_of
from rag.answer.several import several
from rag.answer.states import of_several_days, over_time, tells_states
from rag.answer.summarize import quoted_points
from rag.ask import Question, SummaryRequest
from rag.datatypes import Evidence
from rag.read import Judged, Reading, evidence_of, quoted_evidence
from rag.text import Outline, Range

_FEWEST_CHARS = 50  # of a quote that is worth its place
_TORN_CHARS = 90  # of the first of two


class QuoteAnswerer:
    """Quotes the best sentence for each asked-for fact; ``room`` is for one sentence, in signs."""

    name = NAME

    def __init__(self, room: int = FIRST_FACT_CHARS) -> None:
        self._room = room

    def may_answer(self, judged: Sequence[Judged]) -> bool:
        """Whether the reading of a part is believed: a quote cannot decline."""
        return any(one.is_believed for one in judged)

    def stream(
        self, question: Question, judged: Sequence[Judged], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """The reply piece by piece; it takes milliseconds, so ``stop`` has nothing to stop.

        A text for ``n`` told facts is at most ``room + 80 (n - 1)`` characters long; each further
        sentence of a list may add 80.
        """
        if len(judged) > 1:
            return several(question, judged)
        if question.aim in ("latest", "course") and tells_states(judged[0]):
            return over_time(judged[0])
        gather = from_several if question.aim == "list" else of_several_days
        is_open = isinstance(question.purpose, SummaryRequest) and question.purpose.is_open
        gathered = gather(question, judged[0])
        paragraph = is_open and _paragraph(judged[0], self._room)
        return gathered or paragraph or _one(judged[0], self._room)

    def summarize(
        self,
        question: Question,
        points: Sequence[Evidence],
        *,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """The points, quoted one after another."""
        return (yield from quoted_points(points, NAME))


def _paragraph(judged: Judged, room: int) -> Generator[str, None, Reply] | None:
    """The best sentence with those around it; None where it is of a list, or stands alone."""
    best = judged.readings[0]
    pieces = [] if best.saying else around(best, room, SIGNS)
    if len(pieces) < 2 or listed_answer(judged, TORN) is not None:
        return None

    def told() -> Generator[str, None, Reply]:
        draft = Draft()
        for piece in pieces:
            yield draft.quoted("", evidence_of(best, piece), on_line=False)
        return draft.reply(None)

    return told()


def _one(judged: Judged, chars: int) -> Generator[str, None, Reply]:
    """The best sentence with its fact; more of its list, or the one that may be it as well."""
    draft = Draft()
    if (listed := listed_answer(judged, TORN)) is not None:
        return (yield from _of_list(*listed))
    best, rival = judged.readings[0], rival_of(judged)
    if best.saying:
        cells = cell_evidence(best.article, (best.saying.cell, *best.saying.heads))
        yield draft.of_cells(best.told, cells)
        return draft.reply(best.fact)
    room = chars - SIGNS
    evidence, short = quoted_evidence(best, min(room, _TORN_CHARS) if rival else room)
    lead = lead_of("", short, evidence.text)
    if len(lead) + len(evidence.text) > room:
        evidence, short = quoted_evidence(best, max(_FEWEST_CHARS, room - len(lead)))
        lead = lead_of("", short, evidence.text)
    if len(lead) + len(evidence.text) > room:
        lead = ""
    yield draft.quoted(lead, evidence)
    shorts = [short] if short else []
    for reading in further(judged):
        more, member = quoted_evidence(reading, FURTHER_FACT_CHARS - SIGNS)
        shorts += [member] if member and shorts else []
        yield draft.quoted("", more, on_line=False)
    if other := quoted_rival(judged, chars - draft.length - SIGNS):
        yield draft.quoted("", other, on_line=False)
    return draft.reply("、".join(shorts) or None)


def _of_list(
    best: Reading, outline: Outline, items: Sequence[Range]
) -> Generator[str, None, Reply]:
    """The opening words of a list and those of its items that are asked for."""
    draft = Draft()
    short = _short_of(best, items)
    lead = lead_of("", short if len(items) == 1 else None, "")
    yield draft.quoted(lead, evidence_of(best, outline.opening))
    for item in items:
        yield draft.quoted("", evidence_of(best, item), on_line=False)
    return draft.reply(short)


def _short_of(best: Reading, items: Sequence[Range]) -> str | None:
    """The bare fact of one item, or all items without their marks."""
    text = best.article.text
    if len(items) > 1:
        return "；".join(bare_item(text[start:end]) for start, end in items)
    start, end = items[0]
    is_inside = start <= best.words.start and best.words.end <= end
    return best.fact if is_inside else bare_item(text[start:end])
