"""Is the question answered? Decided here, once, by one probability with one threshold.

In go a question and what the reader made of its hits, out comes a judged reading. Its probability
is calibrated on questions over held-out sources (``training.judge``); nothing later changes it or
asks again. Knows nothing of how an answer is worded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Hit
from rag.models.reader import Reader, Turn, builtin_reader
from rag.models.scorer import Scorer, builtin_scorer
from rag.read.cells import is_named, without_other_cells
from rag.read.checks import is_of_designators, is_of_period, is_of_provision
from rag.read.depth import Depth
from rag.read.readings import HIT_FEATURES, Reading, ScoredHit, readings_of, score_hits
from rag.retrieve import rescored

Floats = NDArray[np.float32]
# How sure it is of sentence and words, and its lead, told right from wrong sentences, and not what
# is answered from what nearly is (docs/experiments.md, Reader).
JUDGE_FEATURES: tuple[str, ...] = ("answers",)

# The reader learned no tables: that a question names both row and column of a cell says more than
# it can, in log-odds (eval/brought, tune half).
_NAMED = 4.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read for one question: the readings, best first, and whether the best is believed.

    ``probability`` is that the first reading answers, ``is_believed`` whether that is enough to
    answer; ``readings`` holds the runners-up, too, and is empty where no hit could be read.
    ``hits`` are in the order of what reader and search together make of them.
    """

    turn: Turn
    readings: tuple[Reading, ...]
    probability: float
    is_believed: bool
    hits: tuple[Hit, ...] = ()

    @property
    def nearest_title(self) -> str:
        """The title of the article that came nearest, or empty."""
        return self.readings[0].article.full_title if self.readings else ""


class Judge:
    """Reads a question's hits and says how sure the best sentence is; its verb is ``judge``."""

    def __init__(
        self, reader: Reader, hits: Scorer, scorer: Scorer, *, threshold: float, seconds: float
    ) -> None:
        self._reader = reader
        self._hits = hits
        self._scorer = scorer
        self._threshold = threshold
        self._depth = Depth(seconds)

    def judge(self, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Judged:
        """The judged reading of a question's hits, given best first.

        Sentences that are certainly of another period or thing are left out before the best is
        chosen; where all are, nothing is believed.
        """
        scored = self._scored(turn, hits, articles)
        read = readings_of(scored)
        ranked = rescored(hits, [probability(one.odds) for one in scored])
        kept = [
            one
            for one in without_other_cells(turn.question, read)
            if is_of_asked(turn.question, one)
        ]
        if not kept:
            return Judged(turn, tuple(read), 0.0, False, tuple(ranked))
        odds = float(self._scorer.score(judge_row(kept[0])[None])[0])
        if is_named(turn.question, kept[0], kept):
            odds += _NAMED
        found = probability(odds)
        return Judged(turn, tuple(kept), found, found >= self._threshold, tuple(ranked))

    def ranked(self, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]) -> list[Hit]:
        """The hits in the order of what reader and search make of them; see ``rescored``."""
        scored = self._scored(turn, hits, articles)
        return rescored(hits, [probability(one.odds) for one in scored])

    def _scored(
        self, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]
    ) -> list[ScoredHit]:
        """The first of the hits, as many as the time allows, with what was made of each."""

        def read(count: int) -> list[ScoredHit]:
            return score_hits(self._reader, self._hits, turn, hits[:count], articles)

        return read(self._depth.of(read, len(hits))) if hits else []


def builtin_judge(threshold: float, seconds: float) -> Judge:
    """The judge with the shipped reader and scorers; ``seconds`` are those for reading hits."""
    return Judge(
        builtin_reader(),
        builtin_scorer("hits", HIT_FEATURES),
        builtin_scorer("judge", JUDGE_FEATURES),
        threshold=threshold,
        seconds=seconds,
    )


def is_of_asked(question: str, reading: Reading) -> bool:
    """Whether a sentence can be of the period and the thing that a question names."""
    checks = (is_of_period, is_of_designators, is_of_provision)
    return all(check(question, reading) for check in checks)


def judge_row(reading: Reading) -> Floats:
    """Features of shape ``(len(JUDGE_FEATURES),)`` of the first reading."""
    return np.asarray([reading.answers], dtype=np.float32)


def probability(log_odds: float) -> float:
    """The probability that goes with log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))
