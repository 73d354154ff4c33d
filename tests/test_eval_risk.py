"""Risk against coverage of a run."""

from __future__ import annotations

from dataclasses import replace

from eval.report import Record
from eval.risk import THRESHOLDS, risk_curve
from tests.eval_fakes import ABSENT, CASES, records_of


def answered(right: bool, probability: float) -> Record:
    record = next(one for one in records_of(CASES).values() if one.outcome == "answered")
    return replace(record, right=right, probability=probability)


def refused() -> Record:
    (record,) = records_of([ABSENT]).values()
    return replace(record, outcome="no_evidence", refused=True, probability=0.1)


def test_a_stricter_threshold_answers_less_and_the_share_that_is_wrong_is_of_what_it_answers():
    records = [answered(True, 0.95), answered(True, 0.55), answered(False, 0.35), refused()]
    curve = {point.threshold: (point.coverage, point.risk) for point in risk_curve(records)}
    assert curve[0.0] == (0.75, 1 / 3)
    assert curve[0.4] == (0.5, 0.0)
    assert curve[0.6] == (0.25, 0.0)


def test_where_nothing_is_answered_there_is_no_risk_and_without_records_no_curve():
    assert {point.risk for point in risk_curve([refused()])} == {None}
    assert risk_curve([]) == ()


def test_what_was_not_judged_is_left_out():
    greeting = replace(answered(True, 0.9), probability=None)
    assert len(risk_curve([greeting, answered(True, 0.95)])) == len(THRESHOLDS)
    assert risk_curve([greeting, answered(True, 0.95)])[-1].coverage == 1.0
