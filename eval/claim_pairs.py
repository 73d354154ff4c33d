"""Sentence and evidence pairs, true and false, made by rule from news that is kept for measuring.

`make_pairs` is deterministic by its seed. A true sentence is its evidence in other words (one in
eight verbatim); a false one has one thing changed, half of them in otherwise reworded sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from random import Random

from eval.falsifying import CHANGES, Names, swap_subjects
from eval.rewording import fuse, relative_year, reword

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；][”’」』）]*")
_YEAR = 2023  # of the news that the pairs are made from
_CHARS = (18, 110)
SWAPPED = "swapped"  # subjects of two sentences changed round: no word is new
_VERBATIM_SHARE = 1 / 8
_FUSED_SHARE = 1 / 4
_DATED_SHARE = 1 / 2


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence beside the sentences it is held against.

    ``kind`` is ``verbatim`` or ``reworded`` for a true one, what was changed for a false one.
    ``date`` is that of the article, where the sentence needs it.
    """

    claim: str
    evidence: tuple[str, ...]
    kind: str
    date: str | None = None

    @property
    def is_true(self) -> bool:
        """Whether the evidence says what the sentence says."""
        return self.kind in ("verbatim", "reworded")


def sentences_of(row: str) -> list[str]:
    """The sentences of a row that are neither short nor long."""
    found = (sentence.strip() for sentence in _SENTENCE.findall(row))
    return [s for s in found if _CHARS[0] <= len(s) <= _CHARS[1] and "http" not in s]


def neighbours(rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Two sentences that follow one another in a row; two such couples of each."""
    for row in rows:
        yield from list(pairwise(sentences_of(row)))[:6:3]


def make_pairs(rows: Sequence[str], per_kind: int, seed: int = 0) -> list[Pair]:
    """As many false pairs of each kind as asked for, and as many true ones as false ones."""
    random = Random(seed)
    couples = list(dict.fromkeys(neighbours(rows)))
    random.shuffle(couples)
    names = Names.of(sentence for couple in couples for sentence in couple)
    wanted = dict.fromkeys([*CHANGES, SWAPPED], per_kind)
    false: list[Pair] = []
    left = iter(couples)
    for couple in left:
        # The kind that is still wanted most first: few sentences have a name to change.
        for kind in sorted(filter(wanted.get, wanted), key=lambda kind: -wanted[kind]):
            pair = _false_pair(couple, kind, names, random)
            if pair:
                false.append(pair)
                wanted[kind] -= 1
                break
        if not any(wanted.values()):
            break
    true = filter(None, (_true_pair(couple, random) for couple in [*left, *couples]))
    return false + list(islice(true, len(false)))


def _base(couple: tuple[str, str], random: Random) -> tuple[str, tuple[str, ...]]:
    """A sentence to work on and its evidence: one sentence, or two fused."""
    if random.random() < _FUSED_SHARE:
        return fuse(*couple), couple
    return couple[0], couple[:1]


def _true_pair(couple: tuple[str, str], random: Random) -> Pair | None:
    if random.random() < _VERBATIM_SHARE:
        return Pair(couple[0], couple[:1], "verbatim")
    claim, evidence = _base(couple, random)
    date = f"{_YEAR}-08" if random.random() < _DATED_SHARE else None
    claim = reword(relative_year(claim, _YEAR) if date else claim, random)
    return None if claim == couple[0] else Pair(claim, evidence, "reworded", date)


def _false_pair(couple: tuple[str, str], kind: str, names: Names, random: Random) -> Pair | None:
    if kind == SWAPPED:
        return _swapped_pair(couple)
    claim, evidence = _base(couple, random)
    changed = CHANGES[kind](claim, "".join(evidence), names, random)
    if changed is None:
        return None
    if random.random() < 0.5:
        kept = reword(changed, random)
        # A clause that was left out may have been the one that was changed.
        changed = kept if len(kept) >= len(changed) - 2 else changed
    return Pair(changed, evidence, kind, f"{_YEAR}-08" if random.random() < _DATED_SHARE else None)


def _swapped_pair(couple: tuple[str, str]) -> Pair | None:
    swapped = swap_subjects(*couple)
    return Pair(fuse(*swapped), couple, SWAPPED) if swapped else None
