"""Milliseconds of work by stage; what a reader does between two pieces is no work.

Knows nothing of what the stages are.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar, cast

Made = TypeVar("Made")


class Stopwatch:
    """Counts the time of each stage, however often it is entered."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What is done inside counts for the stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self._spent[name] = self._spent.get(name, 0.0) + spent

    def timed(self, name: str, pieces: Generator[str, None, Made]) -> Generator[str, None, Made]:
        """The same pieces and the same value, each piece's making counted for the stage."""
        with closing(pieces):
            while True:
                with self.stage(name):
                    try:
                        piece = next(pieces)
                    except StopIteration as end:
                        return cast(Made, end.value)
                yield piece

    def timings_ms(self) -> dict[str, float]:
        """Milliseconds by stage, and ``total``, which is all of them together."""
        rounded = {name: round(spent, 2) for name, spent in self._spent.items()}
        return rounded | {"total": round(sum(self._spent.values()), 2)}
