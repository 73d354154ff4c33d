"""What several told facts come to, in one line: the winner, the total, those within a bound.

In go the question and what was told, out comes a line with the numbers that it cites. Knows nothing
of other lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.bounds import bound_in
from rag.answer.compare import Side, kind_asked, rank, said
from rag.answer.compute import Result, difference, total
from rag.answer.draft import Draft
from rag.answer.figures import Figure, alike
from rag.answer.quoted import COMPUTED
from rag.answer.told import Told
from rag.ask import Question
from rag.citations.computing import BY_FIGURES

_COMPARED = "由引文里的数字比较得出"


@dataclass(frozen=True, slots=True)
class Head:
    """What the facts come to, in one line; a hindrance is no claim."""

    text: str = ""
    short: str | None = None
    numbers: tuple[int, ...] = ()
    reason: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether it rests on citations."""
        return bool(self.numbers)


def result_of(question: Question, parts: Sequence[Told], draft: Draft) -> Head:
    """What the facts come to; nothing where it is not asked for or a side is not told."""
    told = [part for part in parts if part.evidence is not None]
    if question.aim == "which" and told:
        return _within(question, told, draft, are_all=len(told) == len(parts))
    if question.aim not in ("compare", "difference", "sum") or len(told) < len(parts):
        return Head()
    if question.aim == "compare":
        return _ranked(question, told, draft)
    of_dates = False if question.aim == "sum" else None
    first = kind_asked(question.text)
    figures = alike([part.figures for part in told], of_dates=of_dates, first=first)
    if not figures:
        return Head()
    result = total(figures) if question.aim == "sum" else difference(figures)
    if not result.printed:
        return Head(f"{result.hindrance}。" if result.hindrance else "")
    return _computed(question, told, figures, result, draft)


def _within(question: Question, told: Sequence[Told], draft: Draft, *, are_all: bool) -> Head:
    """Which of the told things are within the bound that the question sets, if it sets one."""
    bound = bound_in(question.text)
    figures = [
        next(
            (one for one in part.figures if bound and one.kind == bound.kind and one.is_near), None
        )
        for part in told
    ]
    if bound is None or not all(figures):
        return Head()
    numbers = [draft.number_of(part.evidence) for part in told if part.evidence]
    found = [
        (part.label, f"{part.label}（{part.said(number, figure)}）", bound.holds([figure]))
        for part, number, figure in zip(told, numbers, figures, strict=True)
        if figure
    ]
    within = [named for _, named, holds in found if holds]
    names = "、".join(within or [named for _, named, _ in found])
    count = f"{'共' if are_all else '查到的有'}{len(within)}个" if within else "没有符合的"
    short = "、".join(label for label, _, holds in found if holds)
    return Head(f"{count}：{names}。", short or None, tuple(numbers), _COMPARED)


def _ranked(question: Question, told: Sequence[Told], draft: Draft) -> Head:
    sides = [Side(p.label, p.figures, p.evidence.date) for p in told if p.evidence]
    ranking = rank(question.text, sides)
    if not ranking.order:
        return Head(f"{ranking.hindrance}。" if ranking.hindrance else "")
    numbers = tuple(draft.number_of(part.evidence) for part in told if part.evidence)
    named = [
        f"{part.label}（{part.said(number, figure)}）"
        for part, number, figure in zip(told, numbers, ranking.figures, strict=True)
    ]
    winner = "和".join(p.label for p in told) if ranking.is_tie else told[ranking.order[0]].label
    return Head(f"{said(ranking, named)}。", winner, numbers, _COMPARED)


def _computed(
    question: Question,
    told: Sequence[Told],
    figures: Sequence[Figure],
    result: Result,
    draft: Draft,
) -> Head:
    numbers = tuple(draft.number_of(part.evidence) for part in told if part.evidence)
    addends = "，".join(
        f"{part.label}{part.said(number, figure)}"
        for part, number, figure in zip(told, numbers, figures, strict=True)
    )
    word = "合计" if question.aim == "sum" else "相差"
    text = f"{word}{result.printed}{BY_FIGURES}：{addends}。"
    return Head(text, result.printed, numbers, COMPUTED)
