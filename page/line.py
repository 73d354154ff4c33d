"""Who is answered and who waits, first come first served; knows nothing of questions or pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """A line in front of some places, at which so many are answered side by side."""

    def __init__(self, places: int = 1) -> None:
        self._places = places
        self._moved = threading.Condition()
        self._tickets: list[object] = []

    def open(self, places: int) -> None:
        """Have so many places from now on."""
        with self._moved:
            self._places = places
            self._moved.notify_all()

    def __len__(self) -> int:
        """How many would have to go before one who came now has a place."""
        return max(0, len(self._tickets) + 1 - self._places)

    @contextmanager
    def stand(self) -> Iterator[object]:
        """Stand in line, at its end, for as long as the block lasts; gives the ticket."""
        ticket = object()
        with self._moved:
            self._tickets.append(ticket)
        try:
            yield ticket
        finally:
            with self._moved:
                self._tickets.remove(ticket)
                self._moved.notify_all()

    def ahead(self, ticket: object, *, patience_s: float = 0.0) -> int:
        """How many must go before a ticket has a place; waits so long for the line to move."""
        with self._moved:
            if patience_s and self._before(ticket):
                self._moved.wait(patience_s)
            return self._before(ticket)

    def _before(self, ticket: object) -> int:
        return max(0, self._tickets.index(ticket) + 1 - self._places)
