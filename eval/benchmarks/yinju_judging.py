"""What counts as right in the project's own question sets, and what was cited and found.

Written from the rule that comes with the sets (``yinju_score.py`` beside them). Knows nothing of
chatbots: an answer comes in as a ``Reply``, its places in the names of the set's articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpora.yinju import CrossPart
from eval.benchmarks.answer_presence import is_present, numbers_are_present, tells_a_gap
from eval.benchmarks.yinju_rows import YinjuRow
from eval.metrics import length_bound

Quote = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: how it ended, what it says, and the ranges of articles it cites and was made from.

    Articles that are none of the set's have an empty name.
    """

    outcome: str
    text: str
    short: str
    cited: tuple[Quote, ...]
    hits: tuple[Quote, ...]


def is_right_alone(row: YinjuRow, reply: Reply) -> bool:
    """The rule of yinju_qa: every item stands in a text of bounded length.

    A ``why`` is right, too, where its evidence is cited, and what no article tells, if refused.
    """
    if not row.is_answerable:
        return reply.outcome == "no_evidence"
    if reply.outcome != "answered":
        return False
    if row.kind == "why" and all(parts_cited(row, reply)):
        return True
    return _is_short_enough(row, reply) and _holds_every_part(row, reply)


def is_right_across(row: YinjuRow, reply: Reply) -> bool:
    """The rule of yinju_cross, by kind: every part told, or what has to be worked out of them.

    ``compare``: the short answer names the winner and the text has the numbers of all sides;
    ``partly``: the text says that the rest is not told.
    """
    if not row.is_answerable:
        return reply.outcome == "no_evidence"
    if reply.outcome != "answered" or not _is_short_enough(row, reply):
        return False
    if row.kind in ("compare", "sum", "time"):
        is_worked_out = all(is_present(words, reply.text) for words in row.required)
        return is_worked_out and (row.kind != "compare" or _compares(row, reply))
    says_the_rest = row.kind != "partly" or tells_a_gap(reply.text)
    return says_the_rest and _holds_every_part(row, reply)


def _is_short_enough(row: YinjuRow, reply: Reply) -> bool:
    return len(reply.text) <= length_bound(row.items)


def _holds_every_part(row: YinjuRow, reply: Reply) -> bool:
    return all(any(_is_told(place, reply) for place in places) for places in row.parts)


def _is_told(place: CrossPart, reply: Reply) -> bool:
    return all(is_present(words, reply.text) for words in place.answers)


def _compares(row: YinjuRow, reply: Reply) -> bool:
    names_winner = all(is_present(words, reply.short) for words in row.required[:1])
    return names_winner and all(
        any(numbers_are_present(" ".join(place.answers), reply.text) for place in places)
        for places in row.parts
    )


def parts_cited(row: YinjuRow, reply: Reply) -> tuple[bool, ...]:
    """For each part whether a citation overlaps the evidence of one of its places."""
    return tuple(rank is not None for rank in _ranks(row, reply.cited))


def hit_ranks(row: YinjuRow, reply: Reply) -> tuple[int | None, ...]:
    """For each part the rank, from 1, of the first hit that overlaps its evidence, or None."""
    return _ranks(row, reply.hits)


def _ranks(row: YinjuRow, quotes: Sequence[Quote]) -> tuple[int | None, ...]:
    return tuple(
        next((rank for rank, quote in enumerate(quotes, 1) if _overlaps(quote, places)), None)
        for places in row.parts
    )


def _overlaps(quote: Quote, places: Iterable[CrossPart]) -> bool:
    doc, start, end = quote
    return any(
        place.doc == doc and any(start < last and first < end for first, last in place.evidence)
        for place in places
    )
