"""Teach the encoder to read: which words of a passage answer a question, and whether any do.

In goes the work folder with the file of `training.list_hits` and the start of
`training.encoder_start`, out comes its `reader.safetensors`. With a GPU one trainer does all of it.
Without, one trainer begins on all cores; from its checkpoint one a core goes on by itself, each
with a seed of its own, and the mean of their averaged weights is the reader (`training.soup`). How
a trainer learns is `training.reader_course`'s and below.

`python -m training.reader [--work DIR] [--minutes 80] [--first 12] [--trainers N] [--resume]
[--taught WEIGHTS]`
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from training.arguments import step_parser
from training.machine import cores, device
from training.reader_course import CHECKPOINT, FILE, Course, run
from training.soup import cook

_SEEDS_APART = 100_000  # more than the steps of a course, which are added to its seed


def courses_beside(first: Course, trainers: int, minutes: float, *, resume: bool) -> list[Course]:
    """The courses that go on from the first one's checkpoint, of one thread each.

    With ``resume`` each goes on from its own checkpoint where it has one.
    """
    found = []
    for number in range(1, trainers + 1):
        folder = first.folder / f"trainer-{number}"
        own = folder / CHECKPOINT
        found.append(
            replace(
                first,
                folder=folder,
                beginning=own if resume and own.exists() else first.folder / CHECKPOINT,
                until=minutes,
                seed=first.seed + number * _SEEDS_APART,
                threads=1,
            )
        )
    return found


def run_apart(courses: Sequence[Course]) -> list[Path]:
    """Follow courses in a process each, side by side; their weights files, in order.

    Each for itself, with nothing to wait for: two processes or threads in lock step over two cores
    lose half their time as soon as anything else runs, because at every step the faster one waits
    for the one that was held up.
    """
    spawned = multiprocessing.get_context("spawn")  # torch's threads do not outlive a fork
    with ProcessPoolExecutor(len(courses), mp_context=spawned) as pool:
        return list(pool.map(run, courses))


def forget(folder: Path) -> None:
    """Remove the checkpoints of an earlier run, which ``--resume`` would go on from."""
    for old in (folder / CHECKPOINT, *folder.glob(f"trainer-*/{CHECKPOINT}")):
        old.unlink(missing_ok=True)


def train(first: Course, trainers: int, minutes: float, *, resume: bool) -> None:
    """The first course, then so many beside one another to the end, then their mean.

    With ``resume`` the first is left out where every other has a checkpoint of its own.
    """
    beside = courses_beside(first, trainers, minutes, resume=resume)
    if any(one.beginning == first.folder / CHECKPOINT for one in beside):
        run_apart([first])  # in a process of its own, too, which gives its memory back
    weights = run_apart(beside)
    cook(weights, first.folder / FILE)
    print(f"the mean of {len(weights)} readers: {first.folder / FILE}", flush=True)


def main() -> None:
    """Read the arguments and train."""
    given = _arguments()
    if not given.resume:
        forget(given.work)
    own = given.work / CHECKPOINT
    on = device(given.device or None)
    trainers = given.trainers or (1 if on.type == "cuda" else cores())
    course = Course(
        work=given.work,
        folder=given.work,
        minutes=given.minutes,
        until=given.minutes if trainers == 1 else min(given.first, given.minutes),
        seed=given.seed,
        beginning=own if own.exists() else None,
        taught=given.taught,
        device=str(on),
    )
    if trainers == 1:
        run(course)
    else:
        train(course, trainers, given.minutes, resume=given.resume)


def _arguments() -> argparse.Namespace:
    parser = step_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=80, help="of the whole course")
    parser.add_argument("--first", type=float, default=12, help="minutes before trainers part")
    parser.add_argument(
        "--trainers", type=int, default=0, help="side by side, 5 GB each (GPU: 1, else the cores)"
    )
    parser.add_argument(
        "--taught", type=Path, help="weights of a reader to train on (training.reader_import)"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="", help="such as cpu or cuda:1")
    return parser.parse_args()


if __name__ == "__main__":
    main()
