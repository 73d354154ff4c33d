"""Lists of hits to batches of piece numbers, with what is to be learned of each piece.

In go ``QuestionList``s, out come tensors. How a question and a passage become one row of pieces is
``rag.models.pairing``'s; this module knows nothing of networks.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from rag.models.pairing import Pairing, Row
from training.altered import altered, names_of
from training.question_lists import ListedPassage, QuestionList
from training.siblings import with_sibling

Pair = tuple[Row, ListedPassage]
_HISTORY_AT_RANDOM = 0.06
_STANDS_ALONE = 0.35
_WITHOUT_GOLD = 0.05
_ALTERED = 0.12
_WITH_SIBLING = 0.5  # of these a fifth can have one
_DEPTH = 0.35  # how fast the chance of a hit falls with its place
_SORTED = 120  # lists that are sorted by length before they are parted into batches
_MULTIPLE = 8  # of pieces, for speed


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of pieces, all tensors of shape (rows, pieces), the last two (rows,).

    ``begins``, ``ends`` count what begins or ends at a piece, ``inside`` and ``is_piece`` are 1
    where an answer, the passage is; ``answers`` says which rows answer, ``groups`` numbers their
    questions from 0.
    """

    pieces: Tensor
    is_piece: Tensor
    begins: Tensor
    ends: Tensor
    inside: Tensor
    answers: Tensor
    groups: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(
            self.pieces.to(device),
            self.is_piece.to(device),
            self.begins.to(device),
            self.ends.to(device),
            self.inside.to(device),
            self.answers.to(device),
            self.groups.to(device),
        )


def chosen(one: QuestionList, draw: random.Random, count: int) -> list[ListedPassage]:
    """At most ``count`` passages to learn from: one that answers, one that tempts, near hits.

    Now and then the one that answers is kept back, so that "none of these" is learned, too.
    """
    gold = [p for p in one.passages if p.spans]
    others = [p for p in one.passages if not p.is_gold]
    if gold and draw.random() < _WITHOUT_GOLD:
        gold = []
    first = [draw.choice(gold)] if gold else []
    first += [p for p in others if p.is_near][:1]
    others = [p for p in others if p not in first]
    while others and len(first) < count:
        place = min(int(draw.expovariate(_DEPTH)), len(others) - 1)
        first.append(others.pop(place))
    return first


def asked(one: QuestionList, draw: random.Random, others: Sequence[QuestionList]) -> QuestionList:
    """The question as it may be asked: with the turn before, without, or with one of no account."""
    if one.history and draw.random() < _STANDS_ALONE:
        return replace(one, question=one.stand_alone, history=())
    if not one.history and draw.random() < _HISTORY_AT_RANDOM:
        other = draw.choice(others)
        if other.answers:
            return replace(one, history=(other.question, other.answers[0]))
    return one


def batches(
    lists: Sequence[QuestionList], pairing: Pairing, *, passages: int, pieces: int, seed: int
) -> Iterator[Batch]:
    """Batches without end, in an order of chance, of about ``pieces`` pieces each."""
    draw = random.Random(seed)
    names = names_of(lists)
    while True:
        order = list(lists)
        draw.shuffle(order)
        for start in range(0, len(order), _SORTED):
            some = order[start : start + _SORTED]
            made = [_pairs(one, lists, pairing, draw, names, passages) for one in some]
            by_length = sorted(filter(None, made), key=_longest)
            ready = [batch(groups) for groups in _parted(by_length, pieces)]
            draw.shuffle(ready)
            yield from ready


def _pairs(
    one: QuestionList,
    lists: Sequence[QuestionList],
    pairing: Pairing,
    draw: random.Random,
    names: Mapping[str, Sequence[str]],
    count: int,
) -> list[Pair]:
    """A question with each of its passages chosen; empty where it has none.

    Now and then what it asks for, or what its passages tell, is another than it was.
    """
    changed = with_sibling(one, draw, names) if draw.random() < _WITH_SIBLING else None
    if changed is None and draw.random() < _ALTERED:
        changed = altered(one, draw, names)
    one = changed or one
    shown = asked(one, draw, lists)
    return [
        (pairing.row(shown.question, shown.history, p.context, p.text), p)
        for p in chosen(one, draw, count)
    ]


def _longest(pairs: Sequence[Pair]) -> int:
    return max(len(row.pieces) for row, _ in pairs)


def _parted(made: Iterable[list[Pair]], pieces: int) -> Iterator[list[list[Pair]]]:
    """Questions in groups that take, filled up to their longest row, at most so many pieces.

    A question that takes more by itself is a group of its own.
    """
    groups: list[list[Pair]] = []
    width = rows = 0
    for pairs in made:
        width = max(width, _longest(pairs))
        if groups and width * (rows + len(pairs)) > pieces:
            yield groups
            groups, width, rows = [], _longest(pairs), 0
        groups.append(pairs)
        rows += len(pairs)
    if groups:
        yield groups


def batch(groups: Sequence[Sequence[Pair]]) -> Batch:
    """The rows of some questions as one batch."""
    rows = [one for group in groups for one in group]
    width = -(-_longest(rows) // _MULTIPLE) * _MULTIPLE
    shape = (len(rows), width)
    pieces = np.ones(shape, np.int64)  # 1 is padding
    is_piece, begins, ends, inside = (np.zeros(shape, np.float32) for _ in range(4))
    for place, (row, passage) in enumerate(rows):
        pieces[place, : len(row.pieces)] = row.pieces
        is_piece[place, row.first : row.first + len(row.starts)] = 1
        for start, end in passage.spans:
            a, b = row.pieces_of(start, end)
            begins[place, a] += 1
            ends[place, b] += 1
            inside[place, a : b + 1] = 1
    return Batch(
        torch.from_numpy(pieces),
        torch.from_numpy(is_piece),
        torch.from_numpy(begins),
        torch.from_numpy(ends),
        torch.from_numpy(inside),
        torch.tensor([bool(passage.spans) for _, passage in rows]),
        torch.tensor([number for number, group in enumerate(groups) for _ in group]),
    )
