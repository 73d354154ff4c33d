"""Is the question answered? Decided here, once, by one probability with one threshold.

In go a question and what the reader made of its hits, out comes a judged reading. Its probability
is calibrated on questions over held-out sources (``training.judge``); nothing later changes it or
asks again. Knows nothing of how an answer is worded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Hit
from rag.models.reader import Reader, Turn, builtin_reader
from rag.models.scorer import Scorer, builtin_scorer
from rag.read.alike import held_alike
from rag.read.apart import told_apart
from rag.read.cells import is_named, is_of_other_matter, without_other_cells
from rag.read.checks import (
    is_of_count,
    is_of_day,
    is_of_designators,
    is_of_period,
    is_of_places,
    is_of_provision,
    is_of_subject_before,
)
from rag.read.clauses import pointed_at
from rag.read.depth import Depth
from rag.read.likes import is_of_named
from rag.read.readings import HIT_FEATURES, Reading, ScoredHit, readings_of, score_hits
from rag.retrieve import rescored

Floats = NDArray[np.float32]
# How sure it is of sentence and words, and its lead, told right from wrong sentences, and not what
# is answered from what nearly is (docs/experiments.md, Reader).
JUDGE_FEATURES: tuple[str, ...] = ("answers",)

# The reader learned no tables: that a question names both row and column of a cell, or that nothing
# of the cell says the matter, tells more than it can, in log-odds (eval/brought, tune half).
_NAMED = 4.0
_LEAST_SHARE = 1e-6

# A model that can decline itself is asked from this probability on: under the threshold of a quote.
# Further down a real one of 1.5 B seldom declines what it should (docs/experiments.md).
NEAR = 0.18
# Log-odds under the likeliest sentence: then the reader is surer than thirty to one.
_FAR_BELOW = 3.5


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read for one question: the readings, best first, and whether the best is believed.

    ``probability`` is that the first reading answers, ``is_believed`` whether that is enough to
    answer; ``readings`` holds the runners-up, too, and is empty where no hit could be read.
    ``believed`` are the readings that would be enough by themselves, one of a hit at most: what
    several articles tell.
    ``hits`` are in the order of what reader and search together make of them.
    """

    turn: Turn
    readings: tuple[Reading, ...]
    probability: float
    is_believed: bool
    hits: tuple[Hit, ...] = ()
    believed: tuple[Reading, ...] = ()

    @property
    def comes_near(self) -> bool:
        """Whether it may yet answer: enough to ask who can decline, too little to quote."""
        return self.is_believed or (bool(self.readings) and self.probability >= NEAR)

    def may_be_told_by(self, article_id: str, start: int, end: int) -> bool:
        """Whether a stretch of an article has a sentence that answers about as likely as the best.

        Of what is not believed nothing is said: then any may.
        """
        return not self.is_believed or any(
            one.article.id == article_id
            and one.sentence.start < end
            and start < one.sentence.end
            and self.readings[0].score - one.score < _FAR_BELOW
            for one in self.readings
        )

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
        return self.judge_parts([turn], [""], [hits], articles)[0]

    def judge_parts(
        self,
        turns: Sequence[Turn],
        labels: Sequence[str],
        found: Sequence[Sequence[Hit]],
        articles: Mapping[str, Article],
        *,
        are_compared: bool = False,
    ) -> list[Judged]:
        """The judged reading of each part of one question, which share the time for reading.

        No two parts are answered by one figure; ``labels`` tell the parts apart. Those that
        ``are_compared`` are told alike (``held_alike``).
        """
        scored = self._scored(turns, found, articles)
        read = [readings_of(one) for one in scored]
        kept = [
            of_asked(turn.question, without_other_cells(turn.question, own))
            for turn, own in zip(turns, read, strict=True)
        ]
        if len(turns) > 1:
            of_subject = [
                tuple(one for one in own if is_of_subject_before(turn, one))
                for turn, own in zip(turns, kept, strict=True)
            ]
            kept = told_apart(labels, of_subject, self._probability)
            kept = held_alike(kept) if are_compared else kept
        return [
            self._judged(turn, tuple(readings), own, ranked)
            for turn, readings, own, ranked in zip(
                turns, read, kept, map(_ranked, found, scored), strict=True
            )
        ]

    def read_each(
        self, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]
    ) -> list[tuple[Reading, float]]:
        """Each sentence of the hits that can be of what the turn asks, with how sure it is.

        Headlines are sentences here. All hits are read, whatever time that takes; in their order,
        of one the best first.
        """
        (scored,) = self._read([turn], [hits], articles)
        read = without_other_cells(turn.question, readings_of(scored, headlines=True))
        kept = [one for one in read if is_of_asked(turn.question, one)]
        kept.sort(key=lambda one: (one.place, -one.score))
        return [(one, self._probability(one)) for one in kept]

    @property
    def threshold(self) -> float:
        """The probability from which on a reading is believed."""
        return self._threshold

    def _judged(
        self,
        turn: Turn,
        read: tuple[Reading, ...],
        kept: tuple[Reading, ...],
        ranked: tuple[Hit, ...],
    ) -> Judged:
        if not kept:
            return Judged(turn, read, 0.0, False, ranked)
        by = _NAMED * is_named(turn.question, kept[0], kept)
        by -= _NAMED * is_of_other_matter(turn.question, kept[0])
        found = self._probability(kept[0], by)
        best = {id(one.hit): one for one in reversed(kept)}
        believed = tuple(
            one
            for one in kept
            if best[id(one.hit)] is one and self._probability(one) >= self._threshold
        )
        return Judged(turn, kept, found, found >= self._threshold, ranked, believed)

    def _probability(self, reading: Reading, by: float = 0.0) -> float:
        """The probability that a reading answers, its log-odds moved ``by`` so much."""
        return probability(float(self._scorer.score(judge_row(reading)[None])[0]) + by)

    def ranked(self, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]) -> list[Hit]:
        """The hits in the order of what reader and search make of them; see ``rescored``."""
        (scored,) = self._scored([turn], [hits], articles)
        return list(_ranked(hits, scored))

    def _scored(
        self,
        turns: Sequence[Turn],
        found: Sequence[Sequence[Hit]],
        articles: Mapping[str, Article],
    ) -> list[list[ScoredHit]]:
        """The first hits of each part, as many as the time allows, with what was made of each."""
        longest = max(range(len(found)), key=lambda at: len(found[at]), default=0)

        def read_first(count: int) -> object:
            return self._read([turns[longest]], [found[longest][:count]], articles)

        if not any(found):
            return [[] for _ in turns]
        depth = self._depth.of(read_first, len(found[longest]), parts=len(turns))
        return self._read(turns, [hits[:depth] for hits in found], articles)

    def _read(
        self,
        turns: Sequence[Turn],
        found: Sequence[Sequence[Hit]],
        articles: Mapping[str, Article],
    ) -> list[list[ScoredHit]]:
        return score_hits(self._reader, self._hits, turns, found, articles)


def builtin_judge(threshold: float, seconds: float) -> Judge:
    """The judge with the shipped reader and scorers; ``seconds`` are those for reading hits."""
    return Judge(
        builtin_reader(),
        builtin_scorer("hits", HIT_FEATURES),
        builtin_scorer("judge", JUDGE_FEATURES),
        threshold=threshold,
        seconds=seconds,
    )


def _ranked(hits: Sequence[Hit], scored: Sequence[ScoredHit]) -> tuple[Hit, ...]:
    """The hits by what reader and search make of them."""
    return tuple(rescored(hits, [probability(one.odds) for one in scored]))


def of_asked(question: str, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings that can be of what a question names.

    Where some sentences of a hit are left out, that the hit answers becomes that it does in one of
    the others: by their share of the answer.
    """
    kept = [pointed_at(question, one) for one in readings if is_of_asked(question, one)]
    if len(kept) == len(readings):
        return tuple(kept)
    whole, left = _shares(readings), _shares(kept)
    return tuple(
        one
        if one.saying
        else replace(one, answers=one.answers + _log(left[id(one.hit)], whole[id(one.hit)]))
        for one in kept
    )


def _shares(readings: Sequence[Reading]) -> dict[int, float]:
    """How much of the answer of each hit stands in these sentences of it."""
    found: dict[int, float] = {}
    for one in readings:
        found[id(one.hit)] = found.get(id(one.hit), 0.0) + one.share
    return found


def _log(left: float, whole: float) -> float:
    return math.log(max(left, _LEAST_SHARE) / max(whole, _LEAST_SHARE))


def is_of_asked(question: str, reading: Reading) -> bool:
    """Whether a sentence can be of the period and the thing that a question names."""
    checks = (
        is_of_period,
        is_of_day,
        is_of_places,
        is_of_designators,
        is_of_provision,
        is_of_count,
        is_of_named,
    )
    return all(check(question, reading) for check in checks)


def judge_row(reading: Reading) -> Floats:
    """Features of shape ``(len(JUDGE_FEATURES),)`` of the first reading."""
    return np.asarray([reading.answers], dtype=np.float32)


def probability(log_odds: float) -> float:
    """The probability that goes with log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))
