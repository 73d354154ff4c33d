"""The articles kept back for choosing and reporting, and whether a text shares a run with one.

In goes the data folder; out comes a HeldOut, which every reader of what is trained on asks. A run
is 40 characters that follow one another once all white space is taken out, in the text and in the
article. Knows nothing of who reads what, nor of the rows but which articles they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final, Self

from corpora.files import json_rows, parsed, read_articles

RUN: Final = 40
SETS: Final = ("yinju_qa", "yinju_cross")
# Of 20 places that follow one another one is a multiple of 20, so every run holds a window that
# begins at one: so few are looked up, and only where one is known are the runs around it.
_STEP: Final = 20
_WINDOW: Final = RUN - _STEP + 1


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The runs of the articles held out, and the shorter windows by which they are found."""

    runs: frozenset[str] = field(repr=False)
    windows: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The articles that the dev rows of ``SETS`` name; DataError when a file is missing."""
        return cls.from_texts(chain.from_iterable(_dev_articles(folder, name) for name in SETS))

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Self:
        """These articles; of none, nothing is ever shared."""
        whole = {_compact(text) for text in texts}
        return cls(_pieces(whole, RUN), _pieces(whole, _WINDOW))

    def shares_run(self, *texts: str) -> bool:
        """Whether one of the texts holds a run of an article; exact."""
        return any(self._holds_run(_compact(text)) for text in texts)

    def _holds_run(self, text: str) -> bool:
        for at in range(0, len(text) - _WINDOW + 1, _STEP):
            if text[at : at + _WINDOW] in self.windows:
                starts = range(max(0, at - _STEP + 1), at + 1)
                if any(text[start : start + RUN] in self.runs for start in starts):
                    return True
        return False


def _compact(text: str) -> str:
    return "".join(text.split())


def _pieces(texts: Iterable[str], length: int) -> frozenset[str]:
    """Every piece of so many characters."""
    return frozenset(
        text[start : start + length] for text in texts for start in range(len(text) - length + 1)
    )


def _dev_articles(folder: Path, name: str) -> Iterator[str]:
    """The texts that the dev rows of a set name."""
    texts = read_articles(folder / f"{name}.docs.jsonl.gz")
    dev = folder / f"{name}.dev.jsonl.gz"
    rows = parsed(
        dev.name, json_rows(dev), partial(_texts_of, texts), wanted="文章在 docs 里的 doc"
    )
    return chain.from_iterable(rows)


def _texts_of(texts: Mapping[str, str], row: Any) -> list[str]:
    """The articles of a row of either set: its own, its parts', that of what tempts."""
    if "doc" in row:
        return [texts[row["doc"]]]
    names = [part["doc"] for part in (*row["parts"], *row.get("also", ()))]
    names += row.get("nearest", ())[:1]
    return [texts[name] for name in names]
