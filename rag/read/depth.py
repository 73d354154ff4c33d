"""How many hits are read for a question: as many as the time for it allows, by a measured speed.

Knows nothing of what reading is: something that takes passages is timed once a process, so that the
same question keeps its answer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)
MOST = 10
_LEAST = 4
_TIMED = 4  # passages


class Depth:
    """The number of hits to read; its verb is ``of``."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.perf_counter) -> None:
        self._seconds = seconds
        self._clock = clock
        self._depth: int | None = None

    def of(self, read: Callable[[int], object], count: int) -> int:
        """How many of ``count`` hits to read; ``read(n)`` reads the first ``n``, and is timed once.

        With fewer than four hits nothing is decided yet: all are read.
        """
        if count <= _LEAST:
            return count
        if self._depth is None:
            read(1)  # the first run of a model is slower
            start = self._clock()
            read(_TIMED)
            spent = self._clock() - start
            fitting = int(self._seconds * _TIMED / spent) if spent > 0 else MOST
            self._depth = min(MOST, max(_LEAST, fitting))
            logger.info("reading %d hits, %.0f ms each", self._depth, 1000 * spent / _TIMED)
        return min(self._depth, count)
