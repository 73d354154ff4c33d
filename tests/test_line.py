"""Who is answered and who waits."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from page.line import Line


@pytest.mark.parametrize("places", [1, 3])
def test_so_many_are_answered_as_there_are_places_and_the_others_are_counted(places: int) -> None:
    line = Line(places)
    with ExitStack() as stack:
        tickets = [stack.enter_context(line.stand()) for _ in range(5)]
        assert [line.ahead(one) for one in tickets] == [max(0, n + 1 - places) for n in range(5)]
        assert len(line) == 6 - places
    assert len(line) == 0


def test_who_goes_lets_the_next_one_in_at_once() -> None:
    line = Line(2)
    with ExitStack() as others, line.stand():
        first = ExitStack()
        first.enter_context(line.stand())
        ticket = others.enter_context(line.stand())
        assert line.ahead(ticket) == 1
        threading.Timer(0.05, first.close).start()
        assert line.ahead(ticket, patience_s=60) == 0
