"""Jobs in processes of their own, as many at once as there are cores.

Knows nothing of what the jobs do. A network this small gains little from a second thread, but two
of them on two cores take the time of one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import torch

Result = TypeVar("Result")


def side_by_side(jobs: Sequence[Callable[[], Result]]) -> list[Result]:
    """What the jobs return, in their order; a job and its result travel by pickle.

    One job alone is run where it is. The processes are spawned, as neither torch's threads nor a
    GPU survive a fork.
    """
    if len(jobs) < 2:
        return [job() for job in jobs]
    workers = min(len(jobs), os.cpu_count() or 1)
    with ProcessPoolExecutor(
        workers, get_context("spawn"), _take_threads, (torch.get_num_threads() // workers,)
    ) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]


def _take_threads(count: int) -> None:
    """Threads that wait for one another on a busy core are slower than one."""
    torch.set_num_threads(max(1, count))
