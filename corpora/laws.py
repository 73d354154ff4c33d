"""Laws and rules, each with its title.

In goes the data folder; out come laws in the order of the file; for training without those that
share a run of characters with an article held out (``corpora.held_out``). Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpora.files import read_packed_lines
from corpora.held_out import HeldOut

LAWS_FILE: Final = "laws_cn.tsv.xz"


@dataclass(frozen=True, slots=True)
class Law:
    """One law or rule: its title and its text, articles run together on one line."""

    title: str
    text: str


def read_laws(folder: Path, *, held_out: HeldOut | None = None) -> Iterator[Law]:
    """Yield the laws that may be trained on; ``held_out`` None stands for the folder's own."""
    kept_back = HeldOut.of(folder) if held_out is None else held_out
    for line in read_packed_lines(folder / LAWS_FILE):
        title, _, text = line.partition("\t")
        if not kept_back.shares_run(text):
            yield Law(title=title.strip(), text=text.strip())


def read_all_laws(folder: Path) -> Iterator[str]:
    """Yield the text of every law, to be searched among, never trained on."""
    for line in read_packed_lines(folder / LAWS_FILE):
        if text := line.partition("\t")[2].strip():
            yield text
