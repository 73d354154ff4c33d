"""Questions with the passages that the program's own search finds for them: what the reader learns.

A list is one question, its best hits in their order, and in each hit the words that answer. The
file of `training.list_hits` goes in, lists come out, and the other way round. Knows nothing of
searching, networks or losses.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "question_lists.jsonl.gz"
_HELD_OUT = 16  # of 256 sources


@dataclass(frozen=True, slots=True)
class ListedPassage:
    """A hit: its context line, its words, and the ranges in them that answer.

    ``is_gold`` also where it holds evidence without a whole answer; ``is_near`` where it holds the
    sentence that tempts; ``score`` is the search's.
    """

    context: str
    text: str
    spans: tuple[tuple[int, int], ...]
    is_gold: bool
    is_near: bool
    score: float


@dataclass(frozen=True, slots=True)
class QuestionList:
    """One question with its hits, best first, in standard form throughout.

    ``history`` are the question and answer before it, or nothing; ``source`` is the article that
    it was written over: held out is by source.
    """

    set: str
    kind: str
    question: str
    history: tuple[str, ...]
    stand_alone: str
    source: str
    answers: tuple[str, ...]
    passages: tuple[ListedPassage, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether its source is kept for choosing and calibrating."""
        return is_held_out(self.source)


def is_held_out(source: str) -> bool:
    """Whether a source (``set/name``) is kept for choosing and calibrating."""
    return hashlib.sha256(source.encode()).digest()[0] < _HELD_OUT


def read_lists(path: Path) -> Iterator[QuestionList]:
    """The lists of a file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            passages = tuple(
                ListedPassage(**one | {"spans": tuple(map(tuple, one["spans"]))})
                for one in row.pop("passages")
            )
            lists = {name: tuple(row[name]) for name in ("history", "answers")}
            yield QuestionList(**row | lists, passages=passages)


def line_of(one: QuestionList) -> str:
    """A list as its line of the file."""
    return json.dumps(asdict(one), ensure_ascii=False)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines to a file that is there only once it is whole."""
    fresh = path.with_name(f"{path.name}.new")
    # Little packed: it is read a few times, and the trainers wait for it.
    with gzip.open(fresh, "wt", encoding="utf-8", compresslevel=3) as file:
        file.writelines(f"{line}\n" for line in lines)
    fresh.replace(path)
