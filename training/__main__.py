"""Make the built-in models anew: `python -m training --data DIR [--step NAME]`.

The steps of a lane build on one another, in this order; each is a module of its own with its own
options. The lanes need nothing of one another but the terms, which are made first, and run side by
side, each on its share of the cores.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

STEPS = {
    "terms": "training.term_weights",
    "embedder": "training.embedder",
    "words": "training.word_vectors",
    "reader": "training.reader",
    "gate": "training.gate",
    "page_terms": "training.page_terms",
    "seams": "training.seams",
    "junction": "training.junction",
    "pairs": "training.pairs",
    "layout": "training.layout",
    "claims": "training.claims",
}
ANSWERS = ("embedder", "words", "reader", "gate")
PAGES = ("page_terms", "seams", "junction", "pairs", "layout", "claims")


def run_lane(steps: tuple[str, ...], data: str, threads: int) -> str:
    """Run steps one after the other; the name of the first that failed, or empty."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    for step in steps:
        print(f"== {step}", flush=True)
        started = time.monotonic()
        command = [sys.executable, "-m", STEPS[step], "--data", data]
        if subprocess.run(command, check=False, env=environment).returncode:
            return step
        print(f"== {step} took {time.monotonic() - started:.0f} s", flush=True)
    return ""


def main() -> None:
    """Run one step, or all of them; the first that fails ends its lane, and the exit says so."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", required=True)
    parser.add_argument("--step", choices=STEPS)
    arguments = parser.parse_args()
    cores = os.cpu_count() or 1
    failed = run_lane((arguments.step or "terms",), arguments.data, cores)
    if not arguments.step and not failed:
        with ThreadPoolExecutor() as pool:
            lanes = (ANSWERS, PAGES)
            results = pool.map(lambda lane: run_lane(lane, arguments.data, cores // 2 or 1), lanes)
            failed = " and ".join(filter(None, results))
    if failed:
        sys.exit(f"{failed} failed")


if __name__ == "__main__":
    main()
