"""Who is answered and who waits, first come first served; knows nothing of questions or pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """A line in front of one place."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._tickets: list[object] = []

    def __len__(self) -> int:
        """How many are answered or wait."""
        return len(self._tickets)

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
        """How many are before a ticket; waits so long for the line to move unless it is none."""
        with self._moved:
            if patience_s and self._tickets.index(ticket):
                self._moved.wait(patience_s)
            return self._tickets.index(ticket)
