"""Which evidence carries a sentence: one piece, or two that a sentence was fused from.

The numbers the model wrote are hints: they decide between pieces that carry about as much. Knows
nothing of verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.citations.markers import Sentence
from rag.citations.support import Words, facts_borne_out
from rag.datatypes import Evidence
from rag.models.term_weights import builtin_term_weights
from rag.text import bigrams
from rag.text.stated import Facts

# Shares of what a sentence says, weighed by how rare the words are.
CARRIES_ENOUGH = 0.4  # to be cited unasked
CARRIES_SOME = 0.15  # to be cited where the model named it and nothing carries enough
SECOND_ADDS = 0.12  # that a second piece must carry on its own
NAMED_FOR = 0.04  # that a piece gains by being named
FACT_WEIGHT = 12.0  # of a number, date or code, beside about 6 for a bigram
MOST_LIKELY = 8  # pieces whose facts are compared


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a piece of evidence carries of a sentence: which of its terms and facts."""

    number: int
    terms: frozenset[str]
    facts: frozenset[int]
    bonus: float


def align(sentence: Sentence, evidence: Sequence[Evidence]) -> tuple[int, ...]:
    """The numbers, from 1, of the evidence that carries the sentence: none, one or two.

    Where no piece carries enough of it, those it names, if they carry something.
    """
    claim = Facts.of(sentence.text)
    weights = {term: builtin_term_weights().of(term) for term in bigrams(claim.rest)}
    count = len(claim.amounts) + len(claim.moments) + len(claim.codes)
    total = sum(weights.values()) + FACT_WEIGHT * count
    if not total or not evidence:
        return _first_two(number for number in sentence.numbers if 1 <= number <= len(evidence))

    def carried(*pieces: _Piece) -> float:
        terms = frozenset().union(*(piece.terms for piece in pieces))
        facts = frozenset().union(*(piece.facts for piece in pieces))
        return (sum(map(weights.__getitem__, terms)) + FACT_WEIGHT * len(facts)) / total

    pieces = _likely(sentence, claim, evidence, weights)
    best = max(pieces, key=lambda piece: carried(piece) + piece.bonus)
    if carried(best) < CARRIES_ENOUGH:
        named = [piece for piece in pieces if piece.bonus and carried(piece) >= CARRIES_SOME]
        named.sort(key=carried, reverse=True)
        return tuple(sorted(piece.number for piece in named[:2]))
    second = max(pieces, key=lambda piece: carried(best, piece) + piece.bonus / 2)
    if carried(best, second) + second.bonus / 2 - carried(best) < SECOND_ADDS:
        return (best.number,)
    return tuple(sorted((best.number, second.number)))


def _first_two(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(dict.fromkeys(numbers))[:2])


def _likely(
    sentence: Sentence, claim: Facts, evidence: Sequence[Evidence], weights: dict[str, float]
) -> list[_Piece]:
    """The pieces that share most words with the sentence, and those it names."""
    wanted = weights.keys()
    shared = [wanted & _terms(piece.title, piece.text) for piece in evidence]
    ranked = sorted(range(len(evidence)), key=lambda i: -sum(map(weights.__getitem__, shared[i])))[
        :MOST_LIKELY
    ]
    named = [n - 1 for n in sentence.numbers if 1 <= n <= len(evidence)]
    return [
        _Piece(
            place + 1,
            frozenset(shared[place]),
            frozenset(
                number
                for number, holds in enumerate(facts_borne_out(claim, Words.of([evidence[place]])))
                if holds
            ),
            NAMED_FOR if place in named else 0.0,
        )
        for place in dict.fromkeys([*ranked, *named])
    ]


@lru_cache(maxsize=4096)
def _terms(title: str, text: str) -> frozenset[str]:
    return frozenset(bigrams(Facts.of(title).rest)) | frozenset(bigrams(Facts.of(text).rest))
