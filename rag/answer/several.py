"""The answer to a question for several facts: each told with its quote, compared or worked out.

Knows nothing of how evidence is found or judged. What is not told is named, and is no claim.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from rag.answer.bounds import bound_in
from rag.answer.compare import Side, rank, said
from rag.answer.compute import Result, difference, total
from rag.answer.draft import Draft
from rag.answer.figures import Figure, alike, figures_in
from rag.answer.quoted import SIGNS, VERBATIM, lead_of
from rag.answer.reply import Reply
from rag.answer.runners_up import quoted_rival
from rag.answer.when import When, when_of
from rag.ask import Question, Wording
from rag.datatypes import AnswerPart, Evidence
from rag.read import Judged, quoted_evidence
from rag.text import Range

_FIRST_FACT_CHARS = 150
_FURTHER_FACT_CHARS = 80
_LABEL_CHARS = 20
_SOUGHT_CHARS = 50  # of all that is missing
_FEWEST_SOUGHT_CHARS = 9
_FEWEST_CHARS = 30  # of a quote that is worth its place
_COMPARED = "由引文里的数字比较得出"
_COMPUTED = "由引文里的数字算出"
_BY_FIGURES = "（按所引数字算出）"


@dataclass(frozen=True, slots=True)
class _Told:
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


def several(question: Question, judged: Sequence[Judged]) -> Generator[str, None, Reply]:
    """The reply line by line; at most ``150 + 80 (told - 1)`` characters, what is missing included.

    What the facts come to stands first where it is asked for, then each part in the order asked.
    """
    draft = Draft()
    count = max(sum(one.is_believed for one in judged), 1)
    parts = [_told(*pair, 0) for pair in zip(question.parts, judged, strict=True)]
    remarks = _remarks(question, parts)
    room = _FIRST_FACT_CHARS + _FURTHER_FACT_CHARS * (count - 1)
    room -= sum(len(remark) + 1 for remark in remarks)
    each = (room - _result_chars(question, parts)) // count - SIGNS
    parts = [_told(*pair, each) for pair in zip(question.parts, judged, strict=True)]
    head = _result(question, parts, draft)
    if head.is_claim:
        yield draft.claimed(head.text, head.reason, head.numbers)
        yield from _beside(parts, draft, room - each)
    else:
        yield from _one_by_one(parts, draft, each + SIGNS)
        remarks = [head.text, *remarks] if head.text else remarks
    for remark in remarks:
        yield draft.remarked(remark)
    return draft.reply(head.short or _facts(parts), [_part(one, draft) for one in parts])


def _one_by_one(parts: Sequence[_Told], draft: Draft, each: int) -> Iterator[str]:
    """Each part on its line, with the sentence that may be it as well where there is room.

    ``each`` are the characters for a told part; of a sentence that stands above, only the further
    fact is told.
    """
    quoted: set[str] = set()
    left = 0
    for part in parts:
        if part.evidence is None:
            continue
        before = draft.length
        if part.short and part.sentence in quoted:
            number = draft.number_of(part.evidence)
            name = f"{part.label}：" if part.label else ""
            yield draft.claimed(f"{name}{part.short}。[{number}]", VERBATIM, (number,))
        else:
            quoted.add(part.sentence)
            yield draft.quoted(part.lead, part.evidence)
        left += each - (draft.length - before)
        if other := quoted_rival(part.judged, left - SIGNS, besides=quoted):
            before = draft.length
            yield draft.quoted("", other, on_line=False)
            left -= draft.length - before


def _beside(parts: Sequence[_Told], draft: Draft, most: int) -> Iterator[str]:
    """The quotes that a result rests on, as far as there is room, each sentence once."""
    quoted: set[str] = set()
    for part in parts:
        if part.evidence and part.sentence not in quoted and draft.length <= most:
            quoted.add(part.sentence)
            yield draft.quoted(lead_of(part.label, None, part.evidence.text), part.evidence)


def _told(wording: Wording, judged: Judged, room: int) -> _Told:
    """A part with its quote, cut to the room for it."""
    label = wording.label[:_LABEL_CHARS]
    if not judged.is_believed:
        return _Told(wording, judged, label)
    reading = judged.readings[0]
    evidence, short = quoted_evidence(reading, room or _FIRST_FACT_CHARS)
    lead = lead_of(label, short, evidence.text)
    if room and len(lead) + len(evidence.text) > room:
        evidence, short = quoted_evidence(reading, max(_FEWEST_CHARS, room - len(lead)))
        lead = lead_of(label, short, evidence.text)
    if room and len(lead) + len(evidence.text) > room:
        lead = ""
    facts = [Range(a - evidence.start, b - evidence.start) for a, b in reading.facts]
    figures = tuple(figures_in(evidence.text, facts, evidence.date))
    return _Told(wording, judged, label, evidence, lead, short, figures, when_of(reading))


@dataclass(frozen=True, slots=True)
class _Head:
    """What the facts come to, in one line; a hindrance is no claim."""

    text: str = ""
    short: str | None = None
    numbers: tuple[int, ...] = ()
    reason: str = ""

    @property
    def is_claim(self) -> bool:
        return bool(self.numbers)


def _result(question: Question, parts: Sequence[_Told], draft: Draft) -> _Head:
    """What the facts come to; nothing where it is not asked for or a side is not told."""
    told = [part for part in parts if part.evidence is not None]
    if question.aim == "which":
        return _within(question, told, draft)
    if question.aim not in ("compare", "difference", "sum") or len(told) < len(parts):
        return _Head()
    if question.aim == "compare":
        return _ranked(question, told, draft)
    of_dates = False if question.aim == "sum" else None
    figures = alike([part.figures for part in told], of_dates=of_dates)
    if not figures:
        return _Head()
    result = total(figures) if question.aim == "sum" else difference(figures)
    if not result.printed:
        return _Head(f"{result.hindrance}。" if result.hindrance else "")
    return _computed(question, told, figures, result, draft)


def _within(question: Question, told: Sequence[_Told], draft: Draft) -> _Head:
    """Which of the told things are within the bound that the question sets, if it sets one."""
    bound = bound_in(question.text)
    named: list[tuple[_Told, Figure]] = []
    for part in told:
        figure = next((one for one in part.figures if bound and one.kind == bound.kind), None)
        if bound is None or figure is None:
            return _Head()
        if bound.holds([figure]):
            named.append((part, figure))
    numbers = tuple(draft.number_of(part.evidence) for part in told if part.evidence)
    if not named:
        return _Head("一个也没有。", None, numbers, _COMPARED)
    cited = {id(part): number for part, number in zip(told, numbers, strict=True)}
    names = "、".join(f"{p.label}（{p.said(cited[id(p)], figure)}）" for p, figure in named)
    short = "、".join(part.label for part, _ in named)
    return _Head(f"共{len(named)}个：{names}。", short, numbers, _COMPARED)


def _ranked(question: Question, told: Sequence[_Told], draft: Draft) -> _Head:
    sides = [Side(p.label, p.figures, p.evidence.date) for p in told if p.evidence]
    ranking = rank(question.text, sides)
    if not ranking.order:
        return _Head(f"{ranking.hindrance}。" if ranking.hindrance else "")
    numbers = tuple(draft.number_of(part.evidence) for part in told if part.evidence)
    named = [
        f"{part.label}（{part.said(number, figure)}）"
        for part, number, figure in zip(told, numbers, ranking.figures, strict=True)
    ]
    winner = "和".join(p.label for p in told) if ranking.is_tie else told[ranking.order[0]].label
    return _Head(f"{said(ranking, named)}。", winner, numbers, _COMPARED)


def _computed(
    question: Question,
    told: Sequence[_Told],
    figures: Sequence[Figure],
    result: Result,
    draft: Draft,
) -> _Head:
    numbers = tuple(draft.number_of(part.evidence) for part in told if part.evidence)
    addends = "，".join(
        f"{part.label}{part.said(number, figure)}"
        for part, number, figure in zip(told, numbers, figures, strict=True)
    )
    word = "合计" if question.aim == "sum" else "相差"
    text = f"{word}{result.printed}{_BY_FIGURES}：{addends}。"
    return _Head(text, result.printed, numbers, _COMPUTED)


def _result_chars(question: Question, parts: Sequence[_Told]) -> int:
    """How many characters the line on what the facts come to takes, foreseen on a trial."""
    head = _result(question, parts, Draft())
    return len(head.text) + 1 if head.text else 0


def _remarks(question: Question, parts: Sequence[_Told]) -> list[str]:
    """What is not told, in one line, and how many facts were left out."""
    missing = [part.wording.queries[-1].rstrip("？?。") for part in parts if part.evidence is None]
    remarks = []
    if missing:
        most = max(_SOUGHT_CHARS // len(missing), _FEWEST_SOUGHT_CHARS)
        named = (one if len(one) <= most else f"{one[: most - 1]}…" for one in missing)
        remarks.append(f"材料里没有找到{'、'.join(f'“{one}”' for one in named)}的答案。")
    if question.left_out:
        remarks.append(f"问到的不止六项，先答了前六项，另有{question.left_out}项请另外提问。")
    return remarks


def _facts(parts: Sequence[_Told]) -> str | None:
    """The bare facts of the told parts, where each of them has one."""
    told = [part.short for part in parts if part.evidence is not None]
    return "；".join(short for short in told if short) if all(told) else None


def _part(part: _Told, draft: Draft) -> AnswerPart:
    numbers = (draft.number_of(part.evidence),) if part.evidence else ()
    return AnswerPart(
        query=part.wording.queries[-1],
        outcome="answered" if part.evidence else "no_evidence",
        short=part.short,
        date=part.when.iso if part.when else None,
        probability=round(part.judged.probability, 4),
        citations=numbers,
    )
