"""Whether one clause of a sentence is put together from quotes of two articles.

Its words are all there, but in two places: who in the one, what the other says of somebody else.
Knows nothing of a single quote, which the other checks look into.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.datatypes import Evidence
from rag.text import bigrams, clauses
from rag.text.stated import Facts

_FEWEST_BIGRAMS = 6
_MOST_OF_IT = 0.75  # of a clause, that one article holds by itself
_ADDS = 0.2  # of a clause, that another article holds beside it


def fused_clause(sentence: str, quotes: Sequence[Evidence], asked: str = "") -> str | None:
    """A clause that no article says and two say between them; None without.

    What is ``asked``, in folded words, is no part of what they have to say.
    """
    held: dict[str, set[str]] = {}
    for quote in quotes:
        found = held.setdefault(quote.article_id, set())
        for text in (quote.title, quote.text):
            found.update(bigrams(Facts.of(text).rest))
    for start, end in clauses(sentence) if len(held) > 1 else ():
        wanted = set(bigrams(Facts.of(sentence[start:end]).rest)) - set(bigrams(asked))
        if len(wanted) < _FEWEST_BIGRAMS:
            continue
        best = max(len(wanted & one) for one in held.values()) / len(wanted)
        both = len(wanted & set().union(*held.values())) / len(wanted)
        if best < _MOST_OF_IT and both - best >= _ADDS:
            return sentence[start:end].strip("，。；、！？：")
    return None
