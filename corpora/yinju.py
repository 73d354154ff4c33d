"""The hand-written questions: ``yinju_qa`` over one article each, ``yinju_cross`` over several.

In goes the data folder and a split; out come typed rows and the texts that they name, no others,
both in the order of their files. Of the train splits come only rows whose texts share no run of
characters with an article held out (``corpora.held_out``; by default those of the folder). A file
that is missing or wrong is a DataError. Knows nothing of models, nor of what counts as a right
answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from corpora.fields import answers_at, range_in, ranges_in, string, strings, text_of, truth
from corpora.files import json_rows, parsed, read_articles
from corpora.held_out import HeldOut

Split = Literal["train", "dev"]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class QaRow:
    """A question over one article; places are half-open ranges in its text.

    Each of ``answers`` is the text at the range of ``short`` with its number. ``history`` is empty,
    or the question and the answer before; ``stand_alone`` is complete without it. Of a row of kind
    ``near`` the article has no answer: ``nearest`` is the sentence that tempts, ``why`` it is none.
    """

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    stand_alone: str
    doc: str
    answerable: bool
    answers: tuple[str, ...]
    evidence: tuple[Range, ...]
    short: tuple[Range, ...]
    nearest: Range | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class QaSet:
    """The rows of a split, and by name the text of each article that they are about."""

    rows: tuple[QaRow, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CrossPart:
    """What one article gives to an answer; ``part`` is the number, from 0, of the part that it is,
    or, among ``also``, that it stands for as well."""

    doc: str
    answers: tuple[str, ...]
    evidence: tuple[Range, ...]
    short: tuple[Range, ...]
    part: int


@dataclass(frozen=True, slots=True)
class CrossRow:
    """A question over a group of articles, and what each of them gives to the answer.

    ``required`` are strings that a right answer holds, ``missing`` is what no article tells;
    ``nearest`` is the article and the range of the sentence that tempts, ``why`` it is no answer.
    """

    id: str
    kind: str
    group: str
    question: str
    answerable: bool
    parts: tuple[CrossPart, ...]
    also: tuple[CrossPart, ...] = ()
    answer: str = ""
    required: tuple[str, ...] = ()
    missing: str = ""
    nearest: tuple[str, int, int] | None = None
    why: str = ""

    @property
    def docs(self) -> tuple[str, ...]:
        """The names of the articles that the row names, each once."""
        named = [part.doc for part in (*self.parts, *self.also)]
        return tuple(dict.fromkeys([*named, *(self.nearest or ())[:1]]))


@dataclass(frozen=True, slots=True)
class CrossSet:
    """The rows of a split, and by name the text of each article that they name."""

    rows: tuple[CrossRow, ...]
    texts: Mapping[str, str]


def read_qa(folder: Path, split: Split, *, held_out: HeldOut | None = None) -> QaSet:
    """Read ``yinju_qa``; of train without what shares a run with ``held_out``."""
    texts = read_articles(folder / "yinju_qa.docs.jsonl.gz")
    path = folder / f"yinju_qa.{split}.jsonl.gz"
    wanted = "id、kind、question、history、stand_alone、doc、answerable、answers、evidence、short"
    rows = parsed(path.name, json_rows(path), partial(_qa_row, texts), wanted=wanted)
    if split == "train":
        kept_back = HeldOut.of(folder) if held_out is None else held_out
        tainted = {name for name in {row.doc for row in rows} if kept_back.shares_run(texts[name])}
        rows = [
            row
            for row in rows
            if row.doc not in tainted
            and not kept_back.shares_run(row.question, row.stand_alone, *row.history)
        ]
    return QaSet(tuple(rows), _named(texts, {row.doc for row in rows}))


def read_cross(folder: Path, split: Split, *, held_out: HeldOut | None = None) -> CrossSet:
    """Read ``yinju_cross``; of train without what shares a run with ``held_out``."""
    texts = read_articles(folder / "yinju_cross.docs.jsonl.gz")
    path = folder / f"yinju_cross.{split}.jsonl.gz"
    wanted = "id、kind、group、question、answerable、parts"
    rows = parsed(path.name, json_rows(path), partial(_cross_row, texts), wanted=wanted)
    if split == "train":
        kept_back = HeldOut.of(folder) if held_out is None else held_out
        named = {name for row in rows for name in row.docs}
        tainted = {name for name in named if kept_back.shares_run(texts[name])}
        rows = [
            row
            for row in rows
            if not tainted.intersection(row.docs)
            and not kept_back.shares_run(row.question, row.answer)
        ]
    return CrossSet(tuple(rows), _named(texts, {name for row in rows for name in row.docs}))


def _named(texts: Mapping[str, str], names: Set[str]) -> dict[str, str]:
    """The articles of these names, in the order of the file."""
    return {name: text for name, text in texts.items() if name in names}


def _qa_row(texts: Mapping[str, str], row: Any) -> QaRow:
    text = text_of(texts, string(row, "doc"))
    short = ranges_in(row, "short", text)
    return QaRow(
        id=string(row, "id"),
        kind=string(row, "kind"),
        question=string(row, "question"),
        history=strings(row, "history"),
        stand_alone=string(row, "stand_alone"),
        doc=string(row, "doc"),
        answerable=truth(row, "answerable"),
        answers=answers_at(row, short, text),
        evidence=ranges_in(row, "evidence", text),
        short=short,
        nearest=range_in(row["nearest"], text, "nearest") if "nearest" in row else None,
        why=string(row, "why", ""),
    )


def _cross_row(texts: Mapping[str, str], row: Any) -> CrossRow:
    parts = tuple(_part(texts, part, number) for number, part in enumerate(row["parts"]))
    return CrossRow(
        id=string(row, "id"),
        kind=string(row, "kind"),
        group=string(row, "group"),
        question=string(row, "question"),
        answerable=truth(row, "answerable"),
        parts=parts,
        also=tuple(_part(texts, part, parts[part["part"]].part) for part in row.get("also", ())),
        answer=string(row, "answer", ""),
        required=strings(row, "required", ()),
        missing=string(row, "missing", ""),
        nearest=_nearest(texts, row["nearest"]) if "nearest" in row else None,
        why=string(row, "why", ""),
    )


def _part(texts: Mapping[str, str], part: Any, number: int) -> CrossPart:
    text = text_of(texts, string(part, "doc"))
    short = ranges_in(part, "short", text)
    return CrossPart(
        doc=string(part, "doc"),
        answers=answers_at(part, short, text),
        evidence=ranges_in(part, "evidence", text),
        short=short,
        part=number,
    )


def _nearest(texts: Mapping[str, str], value: Any) -> tuple[str, int, int]:
    name, *place = value
    return (name, *range_in(place, text_of(texts, name), "nearest"))
