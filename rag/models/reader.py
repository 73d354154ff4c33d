"""The shipped reader: a question and passages in, for each piece of text what it may be, out.

One encoder (multilingual-e5-small, trained on by ``training.reader``) as an ONNX graph in 8 bits.
Knows nothing of articles, hits or thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from rag.models.compute import cores
from rag.models.onnx_session import open_session
from rag.models.pairing import Pairing, Row
from rag.models.products import are_exact
from rag.models.weights import WEIGHTS, damaged

Floats = NDArray[np.float32]
MODEL_FILE = "reader.onnx"
TOKENIZER_FILE = "tokenizer.json"
_PADDING = 1
_BATCH = 5


class Turn(NamedTuple):
    """A question in its standard form, with the turn before it where there is one."""

    question: str
    before: tuple[str, ...] = ()


class Shown(NamedTuple):
    """A passage as it is read: its words and a line on whose story it is, in standard form."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class PassageScores:
    """What the reader makes of one passage; all scores are natural log-odds.

    ``answers``: that it answers. ``begins`` and ``ends``, one a piece, against the other pieces:
    that the answer's words begin, end there. ``inside``: that a piece is part of an answer.
    ``starts`` and ``stops`` are the pieces' ranges of characters.
    """

    answers: float
    begins: Floats
    ends: Floats
    inside: Floats
    starts: tuple[int, ...]
    stops: tuple[int, ...]


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, turn: Turn, passages: Sequence[Shown]) -> list[PassageScores]:
        """The scores of each passage, in their order; the same input gives the same scores."""
        ...

    def read_all(self, asked: Sequence[tuple[Turn, Shown]]) -> list[PassageScores]:
        """The same for passages that are each read for a turn of its own."""
        ...


class OnnxReader:
    """The reader as onnxruntime runs it; one object serves many threads."""

    def __init__(self, session: Any, pairing: Pairing) -> None:
        self._session = session
        self._pairing = pairing

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The reader of a folder; ModelError, with what to do, when a file is missing or cut."""
        # Where products are cut off the matrices are read as unsigned, which is exact and takes up
        # to 1.7 times as long.
        exactly = {} if are_exact() else {"session.x64quantprecision": "1"}
        session = open_session(folder / MODEL_FILE, threads=cores(), entries=exactly)
        try:
            pairing = Pairing.load(folder / TOKENIZER_FILE)
        except Exception as error:  # tokenizers raises nothing narrower
            raise damaged(folder) from error
        return cls(session, pairing)

    def read(self, turn: Turn, passages: Sequence[Shown]) -> list[PassageScores]:
        """See ``Reader.read``."""
        return self.read_all([(turn, passage) for passage in passages])

    def read_all(self, asked: Sequence[tuple[Turn, Shown]]) -> list[PassageScores]:
        """See ``Reader.read_all``; passages of like length are read together."""
        rows = [
            self._pairing.row(turn.question, turn.before, shown.context, shown.text)
            for turn, shown in asked
        ]
        found: list[PassageScores | None] = [None] * len(rows)
        order = sorted(range(len(rows)), key=lambda place: len(rows[place].pieces))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            scored = self._scored([rows[place] for place in places])
            for place, scores in zip(places, scored, strict=True):
                found[place] = scores
        return [one for one in found if one is not None]

    def _scored(self, rows: Sequence[Row]) -> list[PassageScores]:
        pieces = np.full((len(rows), max(len(row.pieces) for row in rows)), _PADDING, np.int64)
        for place, row in enumerate(rows):
            pieces[place, : len(row.pieces)] = row.pieces
        by_piece, whole = self._session.run(None, {"pieces": pieces})
        return [
            _scores(row, by_piece[place], float(whole[place])) for place, row in enumerate(rows)
        ]


def _scores(row: Row, by_piece: Floats, answers: float) -> PassageScores:
    own = by_piece[row.first : row.first + len(row.starts)]
    return PassageScores(answers, own[:, 0], own[:, 1], own[:, 2], row.starts, row.ends)


@lru_cache(maxsize=1)
def builtin_reader() -> OnnxReader:
    """The shipped reader, loaded once a process."""
    return OnnxReader.load(WEIGHTS / "reader")
