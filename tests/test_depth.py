"""How many hits are read: by a speed that is measured once."""

from __future__ import annotations

import pytest

from rag.read.depth import MOST, Depth


class Reading:
    """Takes some seconds a hit, on a clock of its own; ``counts`` are how many were read."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.now = 0.0
        self.counts: list[int] = []

    def read(self, count: int) -> None:
        self.counts.append(count)
        self.now += self._seconds * count

    def clock(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("each", "seconds", "depth"),
    [(0.1, 0.8, 8), (0.2, 1.0, 5), (0.001, 1.0, MOST), (0.0, 1.0, MOST), (9.0, 1.0, 4), (1, 0, 4)],
)
def test_as_many_are_read_as_the_time_holds_but_never_too_few_or_too_many(
    each: float, seconds: float, depth: int
):
    reading = Reading(each)
    assert Depth(seconds, clock=reading.clock).of(reading.read, 50) == depth


def test_the_speed_is_measured_once_so_that_a_question_keeps_its_answer():
    reading = Reading(0.1)
    depth = Depth(0.75, clock=reading.clock)
    first = depth.of(reading.read, 50)
    timed = list(reading.counts)
    reading._seconds = 100.0
    assert depth.of(reading.read, 50) == first == 7
    assert reading.counts == timed


def test_where_the_first_hit_is_read_fast_enough_no_other_is_timed():
    reading = Reading(0.02)
    assert Depth(0.8, clock=reading.clock).of(reading.read, 50) == MOST
    assert reading.counts == [1]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_few_hits_are_all_read_and_nothing_is_measured(count: int):
    reading = Reading(9.0)
    assert Depth(0.1, clock=reading.clock).of(reading.read, count) == count
    assert reading.counts == []


def test_no_more_are_read_than_there_are():
    reading = Reading(0.001)
    depth = Depth(9.0, clock=reading.clock)
    assert depth.of(reading.read, 6) == 6
    assert depth.of(reading.read, 3) == 3
    assert depth.of(reading.read, 99) == MOST


@pytest.mark.parametrize(("parts", "most"), [(2, 1.8), (3, 2.6), (6, 4.0)])
def test_several_parts_share_the_time(parts: int, most: float):
    reading = Reading(0.1)
    depth = Depth(1.0, clock=reading.clock)
    one = depth.of(reading.read, 50)
    each = depth.of(reading.read, 50, parts=parts)
    assert each * parts <= most * one
    assert each >= 3
