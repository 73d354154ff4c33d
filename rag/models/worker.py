"""Work on a thread of its own whose results are read here, and which can be stopped at any time.

Knows nothing of models. Whatever the work raises is raised to the reader.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
_LOOK_SECONDS = 0.02


class StoppedError(Exception):
    """Raised inside the work to leave it once it was stopped; never seen by the reader."""


class Worker(Generic[Item]):
    """Runs ``work(self)`` on a thread; leaving the block stops and joins it.

    The work hands out items with ``put`` and looks at ``is_stopped``, which turns true when the
    block is left or the ``stop`` event of the caller is set.
    """

    def __init__(
        self, work: Callable[[Worker[Item]], None], stop: threading.Event | None = None
    ) -> None:
        self._work = work
        self._stop = stop
        self._left = threading.Event()
        self._items: SimpleQueue[tuple[Item] | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="yinju-worker", daemon=True)

    @property
    def is_stopped(self) -> bool:
        """Whether nobody waits for the rest any more."""
        return self._left.is_set() or (self._stop is not None and self._stop.is_set())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left.set()
        self._thread.join()

    def put(self, item: Item) -> None:
        """Hand out one item; only the work calls this."""
        self._items.put((item,))

    def items(self) -> Iterator[Item]:
        """Items as they come until the work is done or stopped; what it raised is raised here."""
        while (held := self._items.get()) is not None:
            yield held[0]
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._work(self)
        except StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 - it goes on to the reader, on their thread
            self._error = error
        finally:
            self._items.put(None)


@contextmanager
def turn(lock: threading.Lock, stop: threading.Event | None) -> Iterator[bool]:
    """Hold the lock, once it is free; False, without it, when ``stop`` was set before.

    A plain lock: a web server may leave the block on another thread than it was entered on.
    """
    has_turn = lock.acquire(timeout=-1 if stop is None else _LOOK_SECONDS)
    while not has_turn and stop is not None and not stop.is_set():
        has_turn = lock.acquire(timeout=_LOOK_SECONDS)
    try:
        yield has_turn
    finally:
        if has_turn:
            lock.release()
