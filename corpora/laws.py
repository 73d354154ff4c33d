"""Laws and rules for training, each with its title.

In goes the data folder; out come laws in the order of the file. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpora.files import read_packed_lines

LAWS_FILE: Final = "laws_cn.tsv.xz"


@dataclass(frozen=True, slots=True)
class Law:
    """One law or rule: its title and its text, articles run together on one line."""

    title: str
    text: str


def read_laws(folder: Path) -> Iterator[Law]:
    """Yield the laws in file order."""
    for line in read_packed_lines(folder / LAWS_FILE):
        title, _, text = line.partition("\t")
        yield Law(title=title.strip(), text=text.strip())
