"""What the command line shows on standard error: lines and progress bars.

Knows nothing of any command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

errors = Console(stderr=True, highlight=False, markup=False, emoji=False)


def report(line: str) -> None:
    """One line for the user."""
    errors.print(line, soft_wrap=True)


@contextmanager
def progress_bars(*, of_bytes: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage, drawn only on a terminal; call it with stage, done and total."""
    counts = (
        (DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        if of_bytes
        else (MofNCompleteColumn(), TimeRemainingColumn())
    )
    columns = (TextColumn("{task.description}"), BarColumn(), *counts)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
