"""When an answer to a case is right, by the kind of its question.

Knows nothing of how a case is asked or what becomes of its record.
"""

from __future__ import annotations

from dataclasses import dataclass

import rag
from eval import metrics
from eval.cases import Case

SUMMARY_CHARS = 400
CHARS_AN_ARTICLE = 70  # of a summary of many
POINTS_DUE = 0.75
TOLD_IN_POINTS = ("summary", "open")


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an answer is right, and of that whether its items are there and its length fits."""

    right: bool
    items_present: bool
    length_ok: bool


def judge(case: Case, answer: rag.Answer) -> Judged:
    """Right is what is answered with every item and no longer than allowed, or refused when due.

    A refusal cites nothing. Small talk is a refusal that says something friendly; what is counted
    from the library cites nothing either, and may be as long as its list. A summary, or what an
    open question asks for, cites at least three in four of the gold quotes, in at most 400
    characters (of more than five articles 70 each), and says nothing uncited.
    """
    items = metrics.answer_is_right(answer.text, case.answers)
    if case.kind in TOLD_IN_POINTS:
        items = _share_cited(case, answer) >= POINTS_DUE
    length_ok = len(answer.text) <= _length_bound(case, answer)
    if not case.answerable:
        refused = answer.outcome == "no_evidence" and not answer.citations
        return Judged(refused and (items or case.kind != "small_talk"), items, length_ok)
    right = answer.outcome == "answered" and items and length_ok
    if case.kind == "library":
        right &= not answer.citations
    if case.kind in TOLD_IN_POINTS:
        right &= bool(answer.claims) and all(claim.citations for claim in answer.claims)
    return Judged(right, items, length_ok)


def _share_cited(case: Case, answer: rag.Answer) -> float:
    return metrics.citation_recall(answer.citations, case.evidence) or 0.0


def _length_bound(case: Case, answer: rag.Answer) -> int:
    if case.kind == "library":
        return len(answer.text)
    if case.kind in TOLD_IN_POINTS:
        return max(
            SUMMARY_CHARS, CHARS_AN_ARTICLE * len({one.article_id for one in answer.citations})
        )
    facts = len(case.evidence) if case.kind == "across" else 0
    return metrics.length_bound(max(len(case.answers), facts))
