"""One row type for both hand-written sets (``corpora.yinju``), as the benchmark asks and judges.

A row of either is the same thing: a question whose answer has parts, and each part one or more
places where it is told. A question of yinju_qa has one part with one place; what is told nowhere
has none. Knows nothing of what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpora.held_out import HeldOut
from corpora.yinju import CrossPart, CrossRow, QaRow, Split, read_cross, read_qa

# Only what is trained on is kept apart from dev; what is measured is the whole split.
_NOTHING_HELD_OUT: Final = HeldOut.from_texts(())


@dataclass(frozen=True, slots=True)
class YinjuRow:
    """A question with its parts, each with its places, the part's own first.

    ``required``: what the whole answer holds.
    """

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    parts: tuple[tuple[CrossPart, ...], ...]
    required: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        return bool(self.parts)

    @property
    def items(self) -> int:
        """How many items an answer has to hold."""
        return sum(len(places[0].answers) for places in self.parts)


@dataclass(frozen=True, slots=True)
class YinjuSet:
    """The rows of a split, and by name the text of each article that they name."""

    rows: tuple[YinjuRow, ...]
    texts: Mapping[str, str]


def read_alone(folder: Path, split: Split) -> YinjuSet:
    """A split of yinju_qa; DataError when a file is missing or wrong."""
    read = read_qa(folder, split, held_out=_NOTHING_HELD_OUT)
    return YinjuSet(tuple(map(_alone, read.rows)), read.texts)


def read_across(folder: Path, split: Split) -> YinjuSet:
    """A split of yinju_cross; DataError when a file is missing or wrong."""
    read = read_cross(folder, split, held_out=_NOTHING_HELD_OUT)
    return YinjuSet(tuple(map(_across, read.rows)), read.texts)


def _alone(row: QaRow) -> YinjuRow:
    place = CrossPart(row.doc, row.answers, row.evidence, row.short, part=0)
    parts = ((place,),) if row.answerable else ()
    return YinjuRow(row.id, row.kind, row.question, row.history, parts)


def _across(row: CrossRow) -> YinjuRow:
    parts = tuple(
        (own, *(other for other in row.also if other.part == own.part)) for own in row.parts
    )
    return YinjuRow(row.id, row.kind, row.question, (), parts, row.required)
