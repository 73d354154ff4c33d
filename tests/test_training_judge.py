"""The judge's fit: sure where a feature tells, and written as the program reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.models.reader import PassageScores, Shown, Turn
from rag.models.scorer import Scorer
from rag.read.judge import JUDGE_FEATURES
from tests.lessons import ROAD, SCHOOL, WATER, passage, question_list
from training.judge import fit_hits, judge_rows, read_all, risks
from training.logistic import fitted

DRAWN = np.random.default_rng(0)
LABELS = np.repeat([0.0, 1.0], 100)
ROWS = (
    DRAWN.normal(size=(200, len(JUDGE_FEATURES)))
    + LABELS[:, None] * np.r_[8.0, [0] * (len(JUDGE_FEATURES) - 1)]
)


class ByHand:
    """A Reader that finds that what has a wanted word answers, by that word."""

    def __init__(self, word: str) -> None:
        self._word = word

    def read(self, turn: Turn, passages: Sequence[Shown]) -> list[PassageScores]:
        return [self._scores(one.text) for one in passages]

    def _scores(self, text: str) -> PassageScores:
        places = tuple(range(len(text)))
        at = text.find(self._word)
        points = [np.zeros(len(text), np.float32) for _ in range(3)]
        if at >= 0:
            points[0][at] = points[1][at + len(self._word) - 1] = 9
        stops = tuple(place + 1 for place in places)
        return PassageScores(4.0 if at >= 0 else -4.0, *points, places, stops)


def test_where_a_feature_tells_all_are_told_apart_by_it() -> None:
    fit = fitted(ROWS, LABELS)
    found = fit.probabilities(ROWS)
    assert ((found > 0.5) == (LABELS == 1)).all()
    assert np.abs(fit.weights).argmax() == 0


def test_probabilities_are_calibrated_on_what_cannot_be_told() -> None:
    labels = (DRAWN.random(4000) < 0.3).astype(float)
    found = fitted(DRAWN.normal(size=(4000, 6)), labels).probabilities(np.zeros((1, 6)))
    assert found[0] == pytest.approx(0.3, abs=0.04)


def test_a_feature_that_never_varies_does_no_harm() -> None:
    rows = np.column_stack([ROWS, np.ones(len(ROWS))])
    assert np.isfinite(fitted(rows, LABELS).probabilities(rows)).all()


def test_the_program_scores_as_the_fit_does(tmp_path: Path) -> None:
    fit = fitted(ROWS, LABELS)
    fit.save(tmp_path / "judge", JUDGE_FEATURES)
    scorer = Scorer.load(tmp_path / "judge" / "model.safetensors")
    assert scorer.features == JUDGE_FEATURES
    shares = 1 / (1 + np.exp(-scorer.score(ROWS.astype(np.float32)).astype(float)))
    assert np.allclose(shares, fit.probabilities(ROWS), atol=1e-4)


def test_a_row_is_labelled_by_whether_its_best_sentence_answers() -> None:
    lists = [question_list(), question_list(answers=(), passages=(passage(ROAD), passage(WATER)))]
    lists.append(question_list(passages=()))
    read = read_all(lists, ByHand("36公里"))
    rows, labels = judge_rows(read, fit_hits(read))
    assert rows.shape == (2, len(JUDGE_FEATURES))
    assert labels.tolist() == [1, 0]
    misread = read_all([question_list()], ByHand(SCHOOL[:4]))
    assert judge_rows(misread, fit_hits(read))[1].tolist() == [0]


def test_the_risk_at_a_threshold_is_of_what_is_answered_there() -> None:
    shares, labels = np.array([0.9, 0.6, 0.2, 0.1]), np.array([1.0, 0.0, 0.0, 1.0])
    assert risks(shares, labels, [0.5, 0.95]) == [
        "0.50: answered 0.500, of these wrong 0.500",
        "0.95: answered 0.000, of these wrong 0.000",
    ]
