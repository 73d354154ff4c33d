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
from rag.read.checks import is_of_designators, is_of_period
from rag.read.readings import Reading, read_hits

Floats = NDArray[np.float32]
JUDGE_FEATURES: tuple[str, ...] = (
    "answers", "share", "certainty", "lead", "place", "search_score",
)  # fmt: skip
_MOST_LEAD = 6.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read for one question: the readings, best first, and whether the best is believed.

    ``probability`` is that the first reading answers, ``is_believed`` whether that is enough to
    answer; ``readings`` holds the runners-up, too, and is empty where no hit could be read.
    """

    turn: Turn
    readings: tuple[Reading, ...]
    probability: float
    is_believed: bool

    @property
    def nearest_title(self) -> str:
        """The title of the article that came nearest, or empty."""
        return self.readings[0].article.full_title if self.readings else ""


class Judge:
    """Reads the hits of a question and says how sure the best sentence is; its verb is ``judge``."""

    def __init__(self, reader: Reader, scorer: Scorer, threshold: float) -> None:
        self._reader = reader
        self._scorer = scorer
        self._threshold = threshold

    def judge(self, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Judged:
        """The judged reading of a question's hits, best first.

        Sentences that are certainly of another period or thing are left out before the best is
        chosen; where all are, nothing is believed.
        """
        read = read_hits(self._reader, turn, hits, articles)
        kept = [one for one in read if is_of_asked(turn.question, one)]
        if not kept:
            return Judged(turn, tuple(read), 0.0, False)
        found = probability(float(self._scorer.score(judge_row(kept)[None])[0]))
        return Judged(turn, tuple(kept), found, found >= self._threshold)


def builtin_judge(threshold: float) -> Judge:
    """The judge with the shipped reader and scorer."""
    return Judge(builtin_reader(), builtin_scorer("judge", JUDGE_FEATURES), threshold)


def is_of_asked(question: str, reading: Reading) -> bool:
    """Whether a sentence can be of the period and the thing that a question names."""
    return is_of_period(question, reading) and is_of_designators(question, reading)


def judge_row(readings: Sequence[Reading]) -> Floats:
    """Features of shape ``(len(JUDGE_FEATURES),)`` of the first reading among the others."""
    best = readings[0]
    others = [one for one in readings[1:] if one.hit is not best.hit]
    hits = [one.hit.score for one in readings]
    return np.asarray(
        [
            best.answers,
            math.log(max(best.share, 1e-3)),
            math.log(max(best.certainty, 1e-3)),
            _lead(best, others),
            math.log1p(best.place),
            best.hit.score / max(max(hits), 1e-6),
        ],
        dtype=np.float32,
    )


def probability(log_odds: float) -> float:
    """The probability that goes with log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _lead(best: Reading, others: Sequence[Reading]) -> float:
    if not others:
        return _MOST_LEAD
    return min(_MOST_LEAD, max(0.0, best.answers - max(one.answers for one in others)))
