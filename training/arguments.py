"""What the steps that make the reader are told on their command lines: where to read and to work.

In goes a step's docstring, out comes a parser with ``--data`` and ``--work``. Knows nothing of what
a step does with them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

WORK = "~/.cache/yinju/training"  # outside the tree: lists and checkpoints take half a gigabyte


def step_parser(doc: str | None, *, reads_data: bool = False) -> argparse.ArgumentParser:
    """A parser with both folders; ``--data`` has to be given only where the step reads it.

    The others take it too, so that all steps can be called alike. ``--work`` is made when missing.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else None)
    help_of_data = "folder of question sets, news and laws" if reads_data else "not read here"
    parser.add_argument("--data", type=Path, required=reads_data, help=help_of_data)
    parser.add_argument(
        "--work", type=work_folder, default=WORK, help="folder for what is between the steps"
    )
    return parser


def work_folder(name: str) -> Path:
    """The folder of that name, ``~`` resolved; made when it is not there."""
    folder = Path(name).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
