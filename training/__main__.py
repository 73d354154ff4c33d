"""Make the built-in models anew: `python -m training --data DIR [--step NAME]`.

The steps build on one another, in this order; each is a module of its own with its own options.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

STEPS = {
    "terms": "training.term_weights",
    "embedder": "training.embedder",
    "reader": "training.reader",
    "gate": "training.gate",
    "claims": "training.claims",
    "page_terms": "training.page_terms",
    "seams": "training.seams",
    "junction": "training.junction",
    "pairs": "training.pairs",
    "layout": "training.layout",
}


def main() -> None:
    """Run one step, or all of them in order; the first that fails ends the run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", required=True)
    parser.add_argument("--step", choices=STEPS)
    arguments = parser.parse_args()
    for step in [arguments.step] if arguments.step else STEPS:
        print(f"== {step}", flush=True)
        command = [sys.executable, "-m", STEPS[step], "--data", arguments.data]
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"{step} failed")


if __name__ == "__main__":
    main()
