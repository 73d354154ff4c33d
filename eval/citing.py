"""Tasks for citing after the fact: a claim without markers, and every sentence of ten hits.

Two of the ten hits are near-duplicates of the claim's own passage, with other numbers, dates and
names, as last year's report is; the others are the passages of other stories that share most
words with the claim. A third of the claims are fused from two passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from eval.claim_pairs import sentences_of
from eval.falsifying import CHANGES, Names
from eval.rewording import fuse, reword

_HITS = 10
_TWINS = 2
_FUSED_SHARE = 1 / 3
_PASSAGE = 5  # sentences
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class CitingTask:
    """A claim, the sentences it was made from, and all sentences it may be cited from."""

    claim: str
    gold: tuple[str, ...]
    sentences: tuple[str, ...]


def make_tasks(rows: Iterable[str], count: int, seed: int = 0) -> list[CitingTask]:
    """Tasks from the first rows that are long enough; deterministic by the seed."""
    random = Random(seed)
    found = (tuple(sentences_of(row)[:_PASSAGE]) for row in rows)
    passages = [passage for passage in found if len(passage) == _PASSAGE]
    names = Names.of(sentence for passage in passages for sentence in passage)
    terms = [_terms("".join(passage)) for passage in passages]
    order = random.sample(range(len(passages)), len(passages))
    tasks = (_task(place, passages, terms, names, random) for place in order)
    return list(islice(tasks, count))


def _task(
    place: int,
    passages: Sequence[tuple[str, ...]],
    terms: Sequence[frozenset[str]],
    names: Names,
    random: Random,
) -> CitingTask:
    sources, gold = [place], [random.choice(passages[place])]
    claim = reword(gold[0], random)
    if random.random() < _FUSED_SHARE:
        other = _nearest(claim, {place}, terms, _HITS)[random.randrange(_HITS)]
        sources.append(other)
        gold.append(random.choice(passages[other]))
        claim = fuse(claim, reword(gold[1], random))
    hits = [passages[source] for source in sources]
    hits.extend(_twin(passages[place], names, random) for _ in range(_TWINS))
    near = _nearest(claim, set(sources), terms, _HITS - len(hits))
    hits.extend(passages[other] for other in near)
    random.shuffle(hits)
    return CitingTask(claim, tuple(gold), tuple(text for hit in hits for text in hit))


def _twin(passage: Sequence[str], names: Names, random: Random) -> tuple[str, ...]:
    """The same story about other numbers, days and people: what can be changed in it is."""
    twin = []
    for sentence in passage:
        for kind in ("number", "date", "name", "place"):
            sentence = CHANGES[kind](sentence, sentence, names, random) or sentence
        twin.append(sentence)
    return tuple(twin)


def _nearest(
    claim: str, without: set[int], terms: Sequence[frozenset[str]], count: int
) -> list[int]:
    wanted = _terms(claim)
    ranked = sorted(range(len(terms)), key=lambda place: -len(wanted & terms[place]))
    return [place for place in ranked if place not in without][:count]


def _terms(text: str) -> frozenset[str]:
    return frozenset(run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1))
