"""How many hits are read for a question: as many as the time for it allows, by a measured speed.

Knows nothing of what reading is: something that takes passages is timed once a process, so that the
same question keeps its answer. The clock is the thread's own: what the machine does beside may make
an answer slower, but not another one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)
MOST = 10
_LEAST = 4
_TIMED = 4  # passages
_LEAST_OF_A_PART = 3
_FURTHER_PART = 0.6  # of the time for one part, for each further one


class Depth:
    """The number of hits to read; its verb is ``of``."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.thread_time) -> None:
        self._seconds = seconds
        self._clock = clock
        self._depth: int | None = None

    def of(self, read: Callable[[int], object], count: int, parts: int = 1) -> int:
        """How many of ``count`` hits to read; ``read(n)`` reads the first ``n``, and is timed once.

        With fewer than four hits nothing is decided yet: all are read. Of several ``parts`` each
        has its share of the time, which grows by six tenths with each further part.
        """
        if count <= _LEAST and parts == 1:
            return count
        if self._depth is None and count > _LEAST:
            self._depth = self._measured(read)
        depth = MOST if self._depth is None else self._depth
        if parts > 1:
            share = (1 + _FURTHER_PART * (parts - 1)) / parts
            depth = max(int(depth * share), _LEAST_OF_A_PART)
        return min(depth, count)

    def _measured(self, read: Callable[[int], object]) -> int:
        """As many as the time allows by the speed of a few."""
        first = self._spent(read, 1)  # slower than all that come after it
        if first * MOST <= self._seconds:
            return MOST
        spent = min(self._spent(read, _TIMED), self._spent(read, _TIMED))
        fitting = int(self._seconds * _TIMED / spent) if spent > 0 else MOST
        logger.info("reading up to %d hits, %.0f ms each", fitting, 1000 * spent / _TIMED)
        return min(MOST, max(_LEAST, fitting))

    def _spent(self, read: Callable[[int], object], count: int) -> float:
        """Seconds that so many hits take."""
        start = self._clock()
        read(count)
        return self._clock() - start
