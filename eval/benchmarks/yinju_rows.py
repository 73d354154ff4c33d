"""The project's own question sets as rows: yinju_qa (one article) and yinju_cross (several).

A row of either is the same thing: a question whose answer has parts, and each part one or more
places where it is told. A question of yinju_qa has one part with one place; what is told nowhere
has none. Knows nothing of what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.benchmarks.questions import BenchmarkError, json_rows

Split = Literal["dev", "train"]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of an answer is told: an article, the ranges of its text that tell it, and the
    words that an answer from there has to hold."""

    doc: str
    evidence: tuple[Range, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YinjuRow:
    """A question with its parts, each with its places, the part's own first.

    ``required``: what the whole answer holds. ``docs``: every article that the row names.
    """

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    parts: tuple[tuple[Place, ...], ...]
    required: tuple[str, ...]
    docs: frozenset[str]

    @property
    def is_answerable(self) -> bool:
        return bool(self.parts)

    @property
    def items(self) -> int:
        """How many items an answer has to hold."""
        return sum(len(places[0].answers) for places in self.parts)


def read_alone(path: Path) -> list[YinjuRow]:
    """The rows of a file of yinju_qa; BenchmarkError when it is none."""
    return _read(path, _row_alone)


def read_across(path: Path) -> list[YinjuRow]:
    """The rows of a file of yinju_cross; BenchmarkError when it is none."""
    return _read(path, _row_across)


def read_docs(path: Path, wanted: Iterable[str]) -> dict[str, str]:
    """The texts of the wanted articles by name, in the order of the file.

    BenchmarkError when one is not there.
    """
    names = frozenset(wanted)
    found: dict[str, str] = {}
    for place, row in json_rows(path):
        try:
            if row["doc"] in names:
                found[row["doc"]] = str(row["text"])
        except (LookupError, TypeError) as error:
            raise _fault(path, place, error, "doc 和 text") from error
    if missing := sorted(names - found.keys()):
        raise BenchmarkError(
            f"{path.name} 里缺 {len(missing)} 篇题目所指的文章，例如 {missing[0]}；请核对文件"
        )
    return found


def _read(path: Path, to_row: Callable[[Mapping[str, Any]], YinjuRow]) -> list[YinjuRow]:
    rows = []
    for place, values in json_rows(path):
        try:
            rows.append(to_row(values))
        except (LookupError, TypeError, ValueError) as error:
            raise _fault(path, place, error, "id、kind、question 等字段") from error
    if not rows:
        raise BenchmarkError(f"{path.name} 里没有题目；请核对文件")
    return rows


def _fault(path: Path, place: str, error: Exception, wanted: str) -> BenchmarkError:
    why = f"缺 {error.args[0]}" if isinstance(error, KeyError) else str(error)
    return BenchmarkError(f"{path.name} {place}不合格式（{why}）；要有 {wanted}，请核对文件")


def _row_alone(values: Mapping[str, Any]) -> YinjuRow:
    place = _place(values)
    return YinjuRow(
        id=str(values["id"]),
        kind=str(values["kind"]),
        question=str(values["question"]),
        history=tuple(map(str, values["history"])),
        parts=((place,),) if values["answerable"] else (),
        required=(),
        docs=frozenset({place.doc}),
    )


def _row_across(values: Mapping[str, Any]) -> YinjuRow:
    parts = [[_place(part)] for part in values["parts"]]
    for other in values.get("also", ()):
        parts[other["part"]].append(_place(other))
    named = {place.doc for places in parts for place in places}
    return YinjuRow(
        id=str(values["id"]),
        kind=str(values["kind"]),
        question=str(values["question"]),
        history=(),
        parts=tuple(map(tuple, parts)),
        required=tuple(map(str, values.get("required", ()))),
        docs=frozenset(named | set(values.get("nearest", ())[:1])),
    )


def _place(values: Mapping[str, Any]) -> Place:
    return Place(
        str(values["doc"]), _ranges(values["evidence"]), tuple(map(str, values["answers"]))
    )


def _ranges(pairs: Sequence[Sequence[int]]) -> tuple[Range, ...]:
    return tuple((int(start), int(end)) for start, end in pairs)
