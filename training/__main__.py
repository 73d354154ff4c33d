"""Make the built-in models anew: `python -m training --data DIR [--step NAME] [--resume]`.

Each step is a module of its own with its own options. The terms come first. Then two lanes need
nothing of one another and run side by side, each on its share of the cores: what the reader learns
from, and the models of pages. What is learned from made pages needs both. The reader comes last and
alone, since it takes all cores for longer than all the others together.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from training.arguments import WORK
from training.machine import cores

STEPS = {
    "terms": "training.term_weights",
    "embedder": "training.embedder",
    "start": "training.encoder_start",
    "lists": "training.list_hits",
    "reader": "training.reader",
    "export": "training.reader_export",
    "judge": "training.judge",
    "page_terms": "training.page_terms",
    "seams": "training.seams",
    "junction": "training.junction",
    "pairs": "training.pairs",
    "layout": "training.layout",
    "claims": "training.claims",
}
FIRST = ("terms",)
LESSONS = ("embedder", "start", "lists")
PAGES = ("page_terms", "seams", "junction", "pairs", "claims")
MADE_PAGES = ("layout",)  # on made pages, with what both lanes made
READING = ("reader", "export", "judge")
_WORKING = ("start", "lists", *READING)  # steps that hand one another files of the work folder


@dataclass(frozen=True, slots=True)
class Options:
    """What the steps are told: the data, the work folder, pretrained weights, whether to go on."""

    data: Path
    work: Path = Path(WORK)
    start: Path | None = None
    resume: bool = False


def command_of(step: str, options: Options) -> list[str]:
    """The command line of a step, with those options that it has."""
    command = [sys.executable, "-m", STEPS[step], "--data", str(options.data)]
    if step in _WORKING:
        command += ["--work", str(options.work)]
    if step == "start" and options.start:
        command += ["--start", str(options.start)]
    if step == "reader" and options.resume:
        command.append("--resume")
    return command


def run_lane(steps: Sequence[str], options: Options, threads: int) -> str:
    """Run steps one after the other; the name of the first that failed, or empty."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    for step in steps:
        print(f"== {step}", flush=True)
        started = time.monotonic()
        command = command_of(step, options)
        if subprocess.run(command, check=False, env=environment).returncode:
            return step
        print(f"== {step} took {time.monotonic() - started:.0f} s", flush=True)
    return ""


def run_all(options: Options) -> str:
    """Run every step; the names of those that failed, or empty. A lane that fails ends all."""
    for lanes in ((FIRST,), (LESSONS, PAGES), (MADE_PAGES,), (READING,)):
        threads = max(1, cores() // len(lanes))
        run = partial(run_lane, options=options, threads=threads)
        with ThreadPoolExecutor() as pool:
            failed = list(pool.map(run, lanes))
        if any(failed):
            return " and ".join(filter(None, failed))
    return ""


def main() -> None:
    """Run one step, or all of them; the exit says which failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(WORK), help="for what is between steps")
    parser.add_argument("--start", type=Path, help="folder of multilingual-e5-small")
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--resume", action="store_true", help="the reader goes on where it was")
    given = parser.parse_args()
    options = Options(given.data, given.work, given.start, given.resume)
    failed = run_lane((given.step,), options, cores()) if given.step else run_all(options)
    if failed:
        sys.exit(f"{failed} failed")


if __name__ == "__main__":
    main()
