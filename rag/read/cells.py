"""Which cells of a table can be the one asked for: those of the row and column that are named.

In go a question and readings, out come the readings without the cells of other rows and columns.
Knows nothing of scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rag.read.readings import Reading
from rag.tables import name_without_unit
from rag.text import fold

_FEWEST_CHARS = 2


def without_other_cells(question: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings without cells that stand under none, or not all, of the heads that it names.

    What is no cell of a table stays. Heads are those of the cells that were read.
    """
    heads: defaultdict[str, set[str]] = defaultdict(set)
    for one in readings:
        heads[one.article.id] |= heads_of(one)
    named = {id_: _named(fold(question), names) for id_, names in heads.items()}
    return [
        one
        for one in readings
        if not one.saying or named[one.article.id] <= heads_of(one)
    ]


def heads_of(reading: Reading) -> set[str]:
    """The names of the row and column of a cell, folded, without their units."""
    saying, text = reading.saying, reading.article.text
    places = saying.heads if saying else ()
    return {fold(name_without_unit(text[start:end])) for start, end in places}


def _named(question: str, names: Iterable[str]) -> set[str]:
    """The names that stand in a question, none that is only part of a longer one."""
    found = set()
    for name in sorted(names, key=lambda one: -len(one)):
        if len(name) >= _FEWEST_CHARS and name in question:
            found.add(name)
            question = question.replace(name, "\0")
    return found
