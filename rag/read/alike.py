"""Parts that are held against one another are told alike: in like sentences, in one unit.

In go the readings of each part, best first, out come the same, those that go together first. Which
of two sentences the reader likes better is close; that the one has the words and the unit of what
the other part is told in is not. Weights chosen on the training groups (docs/experiments.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from rag.read.readings import Reading
from rag.text import bigrams, standard_form, units_in

_MOST = 8  # readings of each of two parts
_MOST_TOGETHER = 4096  # combinations of all parts
_LIKE_WORDS, _LIKE_UNIT, _ONE_ARTICLE = 2.0, 1.0, -0.5  # log-odds a part


@dataclass(frozen=True, slots=True)
class _Trait:
    """What is compared of a reading: its bigrams without figures, its units, its article."""

    words: frozenset[str]
    units: frozenset[str]
    article_id: str


def held_alike(readings: Sequence[tuple[Reading, ...]]) -> list[tuple[Reading, ...]]:
    """The readings of each part, those first that are the likeliest together.

    A part without readings stays as it is, and so do all where fewer than two have any. No
    sentence tells two parts that did not begin with it.
    """
    told = [at for at, own in enumerate(readings) if own]
    if len(told) < 2:
        return list(readings)
    most = _MOST
    while most ** len(told) > _MOST_TOGETHER:
        most -= 1
    choices = [readings[at][:most] for at in told]
    traits = [[_trait(one) for one in own] for own in choices]
    first = (0,) * len(told)

    def worth(places: tuple[int, ...]) -> float:
        chosen = [own[place] for own, place in zip(choices, places, strict=True)]
        pairs = list(combinations((own[n] for own, n in zip(traits, places, strict=True)), 2))
        like = sum(_likeness(one, other) for one, other in pairs) / len(pairs)
        return sum(one.score for one in chosen) + like * len(told)

    def is_told_apart(places: tuple[int, ...]) -> bool:
        texts = {choices[at][place].text for at, place in enumerate(places)}
        return places == first or len(texts) == len(places)

    ways: list[tuple[int, ...]] = [*product(*(range(len(own)) for own in choices))]
    likeliest: tuple[int, ...] = max(filter(is_told_apart, ways), key=worth)
    best = dict(zip(told, likeliest, strict=True))
    return [_led_by(own, best.get(at, 0)) for at, own in enumerate(readings)]


def _led_by(readings: tuple[Reading, ...], place: int) -> tuple[Reading, ...]:
    return (*readings[place : place + 1], *readings[:place], *readings[place + 1 :])


def _likeness(one: _Trait, other: _Trait) -> float:
    """What it adds that two parts are told by these."""
    shared = 2 * len(one.words & other.words) / max(len(one.words) + len(other.words), 1)
    found = _LIKE_WORDS * shared + _LIKE_UNIT * bool(one.units & other.units)
    return found + _ONE_ARTICLE * (one.article_id == other.article_id)


def _trait(reading: Reading) -> _Trait:
    units = units_in(standard_form(reading.fact))
    return _Trait(_words(reading.text), units, reading.article.id)


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    """Pairs of characters of a sentence, its figures left out."""
    form = standard_form(text)
    return frozenset(pair for pair in bigrams(form) if not any(map(str.isdigit, pair)))
