"""What the reader is taught: a choice among hits and none of them, and where the words stand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from tests.lessons import QUESTION, ROAD, SCHOOL, WATER, pairing, passage, tiny_network
from training.reader_batches import Batch, batch
from training.reader_loss import choice_cost, loss_of, within
from training.reader_trainer import Schedule, Trainer


def choice(scores: list[float], answers: list[bool], groups: list[int]) -> float:
    return float(choice_cost(*map(torch.tensor, (scores, answers, groups))))


def test_where_a_hit_answers_its_share_among_all_and_none_is_what_counts() -> None:
    share = math.e**2 / (1 + math.e**2 + math.e)
    assert choice([2.0, 1.0], [True, False], [0, 0]) == pytest.approx(-math.log(share))


def test_where_none_of_these_answers_the_share_of_none_counts() -> None:
    share = 1 / (1 + math.e**2 + math.e)
    assert choice([2.0, 1.0], [False, False], [0, 0]) == pytest.approx(-math.log(share))
    assert choice([-9.0, -9.0], [False, False], [0, 0]) < 0.001


def test_where_several_answer_any_of_them_will_do() -> None:
    assert choice([9.0, -9.0], [True, True], [0, 0]) < 0.001


def test_questions_are_chosen_for_apart_and_count_alike() -> None:
    one, other = choice([1.0], [True], [0]), choice([0.5, 3.0], [False, True], [0, 0])
    both = choice([1.0, 0.5, 3.0], [True, False, True], [0, 1, 1])
    assert both == pytest.approx((one + other) / 2)


def lesson() -> Batch:
    read = pairing()
    hits = (passage(SCHOOL), passage(ROAD, "36公里"), passage(WATER))
    return batch([[(read.row(QUESTION, (), "", one.text), one) for one in hits]])


def test_a_batch_without_an_answer_costs_nothing_for_words() -> None:
    given = lesson()
    nothing = torch.zeros_like(given.begins)
    untold = replace(
        given, begins=nothing, ends=nothing, inside=nothing, answers=given.answers & False
    )
    total, parts = loss_of(tiny_network(), untold)
    assert parts["words"] == parts["inside"] == 0
    assert float(total.detach()) == pytest.approx(parts["choice"] + 0.5 * parts["alone"], rel=1e-5)


def test_pieces_outside_the_passage_are_never_chosen() -> None:
    given = lesson()
    scores = torch.zeros(*given.pieces.shape, 3)
    scores[:, 1] = 99
    found = within(scores, given.is_piece).argmax(1)
    assert all(given.is_piece[row, place] == 1 for row in range(3) for place in found[row])


def test_the_cost_falls_on_what_is_learned() -> None:
    given, trainer = lesson(), Trainer(tiny_network(), Schedule(1))
    costs = [sum(trainer.learn(given).values()) for _ in range(80)]
    assert costs[-1] < 0.97 * costs[0]
