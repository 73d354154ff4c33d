"""Turns as JSON and back: what a conversation on disk holds.

Pure functions. Knows nothing of files; ValueError, KeyError or TypeError for what is no turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rag
from page.turns import Turn

CUT_OFF = "上次没有答完（页面关了，或程序停了）；可以点“重新回答”"


def turn_to_json(turn: Turn) -> dict[str, Any]:
    """A turn as it stands; one that is not finished is cut off for who reads it later."""
    only = turn.only
    return {
        "question": turn.question,
        "alone": turn.alone,
        "stopped": turn.stopped,
        "text": turn.text,
        "error": turn.error,
        "seconds": turn.seconds,
        "rating": turn.rating,
        "answer": turn.answer.to_dict() if turn.answer is not None else None,
        "only": only and {"dates": only.dates, "sources": only.sources, "articles": only.articles},
    }


def turn_from_json(row: Mapping[str, Any]) -> Turn:
    """The turn that was kept."""
    turn = Turn(str(row["question"]), alone=bool(row["alone"]), stopped=bool(row["stopped"]))
    turn.text, turn.error, turn.rating = str(row["text"]), row["error"], str(row["rating"])
    turn.seconds = row["seconds"]
    if row["answer"] is not None:
        turn.answer = answer_from_json(row["answer"])
    if row["only"] is not None:
        turn.only = rag.Filter(**row["only"])
    if not turn.finished:
        turn.error = CUT_OFF
    return turn


def answer_from_json(row: Mapping[str, Any]) -> rag.Answer:
    """The answer that ``rag.Answer.to_dict`` gave."""
    known = (
        "question",
        "query",
        "outcome",
        "text",
        "model",
        "short",
        "probability",
        "error",
        "timings_ms",
    )
    return rag.Answer(
        **{name: row[name] for name in known},
        claims=tuple(_claim(one) for one in row["claims"]),
        citations=tuple(_citation(one) for one in row["citations"]),
        hits=tuple(_hit(one) for one in row["hits"]),
        readings=tuple(row["readings"]),
        parts=tuple(
            rag.AnswerPart(**part | {"citations": tuple(part["citations"])})
            for part in row.get("parts", ())
        ),
    )


def _claim(row: Mapping[str, Any]) -> rag.Claim:
    return rag.Claim(row["text"], row["verdict"], tuple(row["reasons"]), tuple(row["citations"]))


def _spans(row: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    return tuple((int(low), int(high)) for low, high in row["source_spans"])


def _citation(row: Mapping[str, Any]) -> rag.Citation:
    names = ("number", "article_id", "title", "source", "quote", "start", "end")
    plain = {name: row[name] for name in names}
    return rag.Citation(**plain, source_spans=_spans(row), page=row.get("page"))


def _hit(row: Mapping[str, Any]) -> rag.Hit:
    """A found passage; under which heading it stood is not kept."""
    passage = rag.Passage(
        row["article_id"], row["title"], "", row["text"], row["start"], row["end"]
    )
    copies = tuple(rag.Copy(**one) for one in row["also_in"])
    return rag.Hit(
        passage, row["score"], tuple(row["found_by"]), row["source"], _spans(row), copies
    )
