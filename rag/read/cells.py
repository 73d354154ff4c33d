"""Which cells of a table can be the one asked for: those of the row and column that are named.

In go a question and readings, out come the readings without the cells of other rows and columns.
Knows nothing of scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rag.ask import content_of
from rag.read.readings import Reading
from rag.tables import name_without_unit
from rag.text import bigrams, fold

_FEWEST_CHARS = 2
_COUNTING = frozenset(" ，。、？?!！,.0123456789一二两三四五六七八九十百千万亿个每年月日")
_MOSTLY = 0.6  # of the question's bigrams (eval/brought, tune half)


def without_other_cells(question: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings without cells that do not stand under every head that the question names.

    What is no cell of a table stays. Heads are those of the cells that were read, and the headings
    over their tables.
    """
    heads: defaultdict[str, set[str]] = defaultdict(set)
    for one in readings:
        heads[one.article.id] |= heads_of(one)
    named = {id_: _named(fold(question), names) for id_, names in heads.items()}
    return [one for one in readings if not one.saying or named[one.article.id] <= heads_of(one)]


def is_named(question: str, reading: Reading, readings: Sequence[Reading]) -> bool:
    """Whether a cell is the only one of its article under the heads that the question names.

    ``readings`` are those left of ``without_other_cells``. What else the question says must be
    told by the heads, the table's heading or the article's title.
    """
    if not reading.saying:
        return False
    others = [one for one in readings if one.saying and one.article is reading.article]
    if len({one.saying.cell for one in others if one.saying}) > 1:
        return False
    passage = reading.hit.passage
    told = f"{reading.told}{passage.title}\n{passage.heading}\n{reading.article.source}"
    asked = set(bigrams(content_of(question)))
    return bool(asked) and len(asked & set(bigrams(told))) >= _MOSTLY * len(asked)


def is_of_other_matter(question: str, reading: Reading) -> bool:
    """Whether a cell's heads, its table and its article say nothing of the matter asked for.

    Of 石梁镇有多少茶农 the row says 石梁镇 and the title 茶, but no column 农. A sign in common is
    enough: 票价 is what a 车票 costs.
    """
    if not reading.saying:
        return False
    passage = reading.hit.passage
    left = set(content_of(question)) - _COUNTING
    about = set(fold(f"{passage.title}\n{passage.heading}\n{passage.path_name}"))
    for head in heads_of(reading):
        about |= set(head) if head in fold(question) else set()
    said = fold(reading.told).replace("元", "元钱")
    return bool(left - about) and not (left - about) & set(said)


def heads_of(reading: Reading) -> set[str]:
    """The names of the row and column of a cell and the heading over it, folded, without units."""
    saying, text = reading.saying, reading.article.text
    if not saying:
        return set()
    names = [text[start:end] for start, end in saying.heads]
    return {fold(name_without_unit(name)) for name in (*names, reading.hit.passage.heading)}


def _named(question: str, names: Iterable[str]) -> set[str]:
    """The names that stand in a question, none that is only part of a longer one.

    2022年的产量 names 2022年产量.
    """
    found = set()
    question = question.replace("的", "")
    for name in sorted(names, key=lambda one: -len(one)):
        bare = name.replace("的", "")
        if len(bare) >= _FEWEST_CHARS and bare in question:
            found.add(name)
            question = question.replace(bare, "\0")
    return found
