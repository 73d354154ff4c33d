"""Work on another thread: what it makes, what it raises, and how it is stopped."""

from __future__ import annotations

import threading

import pytest

from rag.models.worker import StoppedError, Worker, turn


def workers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "yinju-worker"]


def count_for_ever(run: Worker[int]) -> None:
    number = 0
    while not run.is_stopped:
        run.put(number)
        number += 1


def test_items_come_in_order_and_the_thread_is_gone_after() -> None:
    with Worker[int](lambda run: [run.put(n) for n in range(5)] and None) as run:
        assert list(run.items()) == [0, 1, 2, 3, 4]
    assert workers() == []


def test_what_the_work_raises_is_raised_to_the_reader_after_its_items() -> None:
    def work(run: Worker[int]) -> None:
        run.put(1)
        raise ValueError("坏了")

    items = []
    with Worker[int](work) as run, pytest.raises(ValueError, match="坏了"):
        items.extend(run.items())
    assert items == [1]


def test_leaving_the_block_stops_and_joins_the_work() -> None:
    with Worker[int](count_for_ever) as run:
        assert next(run.items()) == 0
        assert workers()
    assert workers() == []


def test_the_event_of_the_caller_stops_the_work_and_is_not_touched_by_an_end() -> None:
    stop = threading.Event()
    with Worker[int](count_for_ever, stop) as run:
        items = run.items()
        next(items)
        stop.set()
        list(items)  # ends
    stop = threading.Event()
    with Worker[int](lambda run: run.put(1), stop) as run:
        assert list(run.items()) == [1]
    assert not stop.is_set()


def test_work_that_leaves_because_it_was_stopped_is_no_error() -> None:
    def work(run: Worker[int]) -> None:
        raise StoppedError

    with Worker[int](work) as run:
        assert list(run.items()) == []


def test_a_turn_is_given_to_one_at_a_time_and_may_be_given_up() -> None:
    lock, stop = threading.Lock(), threading.Event()
    with turn(lock, None) as has_turn:
        assert has_turn
        stop.set()
        with turn(lock, stop) as has_second:
            assert not has_second
        assert lock.locked()
    assert not lock.locked()
    with turn(lock, threading.Event()) as has_turn:
        assert has_turn
    assert not lock.locked()


def test_a_turn_may_be_ended_on_another_thread() -> None:
    lock = threading.Lock()
    held = turn(lock, None)
    assert held.__enter__()
    ending = threading.Thread(target=held.__exit__, args=(None, None, None))
    ending.start()
    ending.join()
    assert not lock.locked()
