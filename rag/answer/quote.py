"""The answer without a chat model: the evidence, quoted word for word, the asked-for fact first.

Knows nothing of how evidence is found or judged.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence

from rag.answer.compare import Figure, conclusion
from rag.answer.quoted import SIGNS, claim_of
from rag.answer.reply import Reply
from rag.answer.summarize import quoted_points
from rag.ask import Question
from rag.datatypes import Citation, Claim, Evidence
from rag.read import Judged, Reading, quoted_evidence

NAME = "builtin"
_FIRST_FACT_CHARS = 150
_FURTHER_FACT_CHARS = 80
_LABEL_CHARS = 20
_FEWEST_CHARS = 50  # of a quote that is worth its place
_FEWEST_CHARS_OF_RIVAL = 30
# In log-odds: nearer than so the second sentence is quoted, too (docs/experiments.md, Reader).
_TORN = 1.0
_TORN_CHARS = 90  # of the first of two
_COMPARED = "由引文里的数字比较得出"
_FURTHER = 2  # sentences of a list behind its first one
_FEWEST_MEMBERS = 2
_TOLD_FROM = 2.5  # log-odds under the best at which a sentence may still hold a member


class QuoteAnswerer:
    """Quotes the best sentence for each asked-for fact."""

    name = NAME

    def stream(
        self, question: Question, judged: Sequence[Judged], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """The reply line by line; it takes milliseconds, so ``stop`` has nothing to stop.

        A text for ``n`` facts is at most ``150 + 80 (n - 1)`` characters long, the result of a
        comparison among them; each further sentence of a list may add 80.
        """
        draft = _Draft(question, judged, _result_chars(question, judged))
        for claim in draft.claims():
            yield draft.add(claim)
        return draft.reply()

    def summarize(
        self,
        question: Question,
        points: Sequence[Evidence],
        *,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """The points, quoted one after another."""
        return (yield from quoted_points(points, NAME))


class _Draft:
    """The claims of an answer as they are made, each on a line where several facts are asked."""

    def __init__(self, question: Question, judged: Sequence[Judged], reserved: int = 0) -> None:
        self._question = question
        self._judged = judged
        self._made: list[Claim] = []
        self._citations: list[Citation] = []
        self._figures: list[tuple[Figure, int]] = []
        self._shorts: list[str] = []
        budget = _FIRST_FACT_CHARS + _FURTHER_FACT_CHARS * (len(judged) - 1)
        self._budget = (budget - reserved) // len(judged)

    def claims(self) -> Generator[Claim, None, None]:
        """One claim after another: of each part its fact or that none is told, then the result."""
        for wording, judged in zip(self._question.parts, self._judged, strict=True):
            if judged.is_believed:
                yield from self._told(wording.label, judged)
            else:
                yield self._not_told(wording.label or wording.queries[-1])
        if self._question.compares and len(self._figures) == len(self._judged):
            said = conclusion(self._question.text, [figure for figure, _ in self._figures])
            numbers = tuple(dict.fromkeys(number for _, number in self._figures))
            if said:
                text = f"{said}。{''.join(f'[{number}]' for number in numbers)}"
                yield Claim(text, "supported", (_COMPARED,), numbers)

    def add(self, claim: Claim) -> str:
        """What is to be shown of one more claim."""
        is_next_line = bool(self._made) and len(self._judged) > 1
        self._made.append(claim)
        return f"\n{claim.text}" if is_next_line else claim.text

    def _told(self, label: str, judged: Judged) -> Generator[Claim, None, None]:
        """The best sentence with its fact; more of its list, or the one that may be it as well."""
        best, rival = judged.readings[0], rival_of(judged)
        room = self._budget - SIGNS
        claim = self._with_fact(label, best, min(room, _TORN_CHARS) if rival else room)
        yield claim
        for reading in further(judged):
            evidence, short = quoted_evidence(reading, _FURTHER_FACT_CHARS - SIGNS)
            if short and self._shorts:
                self._shorts[-1] += f"、{short}"
            yield claim_of("", evidence, self._citations)
        left = self._budget - len(claim.text) - SIGNS
        if rival and left >= _FEWEST_CHARS_OF_RIVAL:
            evidence, _ = quoted_evidence(rival, left)
            if all(evidence.start <= a and b <= evidence.end for a, b in rival.facts):
                yield claim_of("", evidence, self._citations)

    def _with_fact(self, label: str, reading: Reading, room: int) -> Claim:
        """A sentence quoted, whose it is and the bare fact before it."""
        label = label[:_LABEL_CHARS]
        evidence, short = quoted_evidence(reading, room)
        lead = _lead(label, short, evidence.text)
        if len(lead) + len(evidence.text) > room:
            evidence, short = quoted_evidence(reading, max(_FEWEST_CHARS, room - len(lead)))
            lead = _lead(label, short, evidence.text)
        if len(lead) + len(evidence.text) > room:
            lead = _lead(label, None, evidence.text)
        claim = claim_of(lead, evidence, self._citations)
        if short:
            self._shorts.append(short)
            figure = Figure(label or short, short, evidence.date)
            self._figures.append((figure, claim.citations[0]))
        return claim

    def _not_told(self, asked: str) -> Claim:
        """A line that says what is not there, and cites nothing."""
        asked = asked.rstrip("？?。")[: self._budget - 20]
        return Claim(f"材料里没有找到“{asked}”的答案。", "not_found", ("材料里没有依据",), ())

    def reply(self) -> Reply:
        """The answer that the claims make."""
        told = sum(one.is_believed for one in self._judged)
        return Reply(
            outcome="answered",
            text=("\n" if len(self._judged) > 1 else "").join(claim.text for claim in self._made),
            short="；".join(self._shorts) if len(self._shorts) == told else None,
            claims=tuple(self._made),
            citations=tuple(self._citations),
            model=NAME,
        )


def _result_chars(question: Question, judged: Sequence[Judged]) -> int:
    """How many characters the result of a comparison is going to take on its line."""
    if not question.compares:
        return 0
    foreseen = list(_Draft(question, judged).claims())
    return len(foreseen[-1].text) + 1 if foreseen[-1].reasons == (_COMPARED,) else 0


def further(judged: Judged) -> list[Reading]:
    """The sentences of the same passage that hold more members of the list the best one begins."""
    best, *others = judged.readings
    if len(best.facts) < _FEWEST_MEMBERS:
        return []
    near = [
        one
        for one in others
        if one.members and one.hit is best.hit and best.score - one.score <= _TOLD_FROM
    ]
    return sorted(near[:_FURTHER], key=lambda one: one.sentence.start)


def rival_of(judged: Judged) -> Reading | None:
    """The sentence that is nearly as likely to be the one asked for; None where none is.

    Beside the members of a list none is.
    """
    best, *others = judged.readings
    if len(best.facts) >= _FEWEST_MEMBERS:
        return None
    return next((one for one in others if best.score - one.score <= _TORN), None)


def _lead(label: str, short: str | None, quote: str) -> str:
    """``甲（35家）：`` before a quote; without what the quote alone says as shortly."""
    fact = short if short and len(short) < len(quote) else ""
    name = "" if label and label in quote else label
    if name and fact:
        return f"{name}（{fact}）："
    return f"{name or fact}：" if name or fact else ""
