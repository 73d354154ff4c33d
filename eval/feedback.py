"""Readers' ratings of answers, reviewed one by one and made into cases.

In go the page's ``feedback.jsonl`` and what a reviewer says of each row, out come rows of a case
file. Knows nothing of the terminal: the reviewer is a function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import CasesError, Kind, load_cases


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer; ``answer`` is it as JSON, its hits as they were found."""

    id: str
    rating: str
    comment: str
    history: tuple[Mapping[str, str], ...]
    answer: Mapping[str, Any]

    def quotes(self) -> list[tuple[str, str]]:
        """Pairs of a file and words that stand in it in one piece, from the answer's citations."""
        found = []
        for citation in self.answer["citations"]:
            start = 0
            for low, high in citation["source_spans"]:
                piece = citation["quote"][start : start + high - low]
                found.append((citation["source"], piece))
                start += high - low
        return found


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer makes of a row: no ``kind`` leaves it out.

    ``answers`` holds the accepted forms of each item asked for, ``evidence`` pairs of a file and
    words of it; both are empty where the corpus holds no answer.
    """

    kind: Kind | None
    answers: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()


def read_feedback(path: Path) -> list[Feedback]:
    """The rows of a feedback file, of each id the last; CasesError names the first bad line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"评价文件 {path} 读不出来（{error}）；请检查路径") from error
    found: dict[str, Feedback] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found[row["id"]] = Feedback(
                str(row["id"]),
                str(row["rating"]),
                str(row["comment"]),
                tuple(row["history"]),
                dict(row["answer"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CasesError(f"{path.name} 第 {number} 行不是一条评价（{error!r}）") from error
    return list(found.values())


def add_cases(
    feedback: Path, cases: Path, corpus: Path, review: Callable[[Feedback], Review]
) -> int:
    """Append what the reviewer takes of a feedback file to a case file; how many rows that are.

    Rows that are cases already are passed over. Each new row is checked against the corpus before
    it is kept: CasesError says what is wrong, and the rows before it stay.
    """
    known = {case.id for case in load_cases(cases, corpus)} if cases.is_file() else set()
    added = 0
    for row in read_feedback(feedback):
        name = f"feedback-{row.id[:12]}"
        if name in known:
            continue
        reviewed = review(row)
        if reviewed.kind is not None:
            _append(cases, corpus, _case_row(name, row, reviewed))
            added += 1
    return added


def _case_row(name: str, row: Feedback, reviewed: Review) -> dict[str, object]:
    return {
        "id": name,
        "kind": reviewed.kind,
        "split": "tune",
        "question": row.answer["question"],
        "history": [dict(turn) for turn in row.history],
        "answers": [list(forms) for forms in reviewed.answers],
        "answerable": bool(reviewed.answers),
        "evidence": [{"file": file, "quote": quote} for file, quote in reviewed.evidence],
    }


def _append(cases: Path, corpus: Path, row: Mapping[str, object]) -> None:
    """Add a row in one step, so that a bad one leaves the file as it was."""
    before = cases.read_text(encoding="utf-8") if cases.is_file() else ""
    line = json.dumps(row, ensure_ascii=False) + "\n"
    fresh = cases.with_name(f"{cases.name}.new")
    gap = "" if not before or before.endswith("\n") else "\n"
    fresh.write_text(before + gap + line, encoding="utf-8", newline="\n")
    try:
        load_cases(fresh, corpus)
        fresh.replace(cases)
    finally:
        fresh.unlink(missing_ok=True)
