"""Whether one clause of a sentence is put together from quotes of two articles.

Its words are all there, but in two places: who in the one, what the other says of somebody else,
or its figure.
Knows nothing of a single quote, which the other checks look into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.datatypes import Evidence
from rag.text import bigrams, clauses
from rag.text.stated import Facts

_FEWEST_BIGRAMS = 6
_MOST_OF_IT = 0.75  # of a clause, that one article holds by itself
_ADDS = 0.2  # of a clause, that another article holds beside it
_NEXT_TO_NOTHING = 0.2  # of a clause, that the article holds which has its figure
_MUCH = 0.4  # of a clause, that another article holds, which has not


def fused_clause(sentence: str, quotes: Sequence[Evidence], asked: str = "") -> str | None:
    """A clause that no article says and two say between them, figures included; None without.

    What is ``asked``, in folded words, is no part of what they have to say.
    """
    held: dict[str, set[str]] = {}
    for quote in quotes:
        found = held.setdefault(quote.article_id, set())
        for text in (quote.title, quote.text):
            found.update(bigrams(Facts.of(text).rest))
    for start, end in clauses(sentence) if len(held) > 1 else ():
        clause = Facts.of(sentence[start:end])
        if _has_figure_of_another(clause, quotes, held):
            return sentence[start:end].strip("，。；、！？：")
        wanted = set(bigrams(clause.rest)) - set(bigrams(asked))
        if len(wanted) < _FEWEST_BIGRAMS:
            continue
        best = max(len(wanted & one) for one in held.values()) / len(wanted)
        both = len(wanted & set().union(*held.values())) / len(wanted)
        if best < _MOST_OF_IT and both - best >= _ADDS:
            return sentence[start:end].strip("，。；、！？：")
    return None


def _has_figure_of_another(
    clause: Facts, quotes: Sequence[Evidence], held: Mapping[str, set[str]]
) -> bool:
    """Whether a figure stands only in an article that has next to nothing else of the clause."""
    wanted = set(bigrams(clause.rest))
    shares = {name: len(wanted & told) / max(1, len(wanted)) for name, told in held.items()}
    for amount in clause.amounts:
        having = {
            quote.article_id
            for quote in quotes
            for text in (quote.title, quote.text)
            if any(amount.equals(other) for other in Facts.of(text).amounts)
        }
        others = [share for name, share in shares.items() if name not in having]
        own = max((shares[name] for name in having), default=1.0)
        if own < _NEXT_TO_NOTHING and max(others, default=0.0) >= _MUCH:
            return True
    return False
