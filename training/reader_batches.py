"""Lists of hits to batches of piece numbers, with what is to be learned of each piece.

In go ``QuestionList``s, out come tensors. How a question and a passage become one row of pieces is
``rag.models.pairing``'s; this module knows nothing of networks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from rag.models.pairing import Pairing, Row
from training.altered import altered, names_of
from training.question_lists import ListedPassage, QuestionList

_HISTORY_AT_RANDOM = 0.06
_STANDS_ALONE = 0.35
_WITHOUT_GOLD = 0.05
_ALTERED = 0.12
_NEAR_HITS = 8
_SORTED = 120  # lists that are sorted by length before they are parted into batches


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of pieces; ``groups`` numbers their questions.

    ``begins``, ``ends`` and ``inside`` are shares for each piece, ``is_piece`` is where the words
    of the passage are, ``answers`` which rows answer.
    """

    pieces: Tensor
    is_piece: Tensor
    begins: Tensor
    ends: Tensor
    inside: Tensor
    answers: Tensor
    groups: Tensor


def chosen(one: QuestionList, draw: random.Random, count: int) -> list[ListedPassage]:
    """The passages of a list to learn from: one that answers, or tempts, and near hits."""
    gold = [p for p in one.passages if p.spans]
    others = [p for p in one.passages if not p.is_gold]
    if gold and draw.random() < _WITHOUT_GOLD:
        gold = []
    first = [draw.choice(gold)] if gold else [p for p in others if p.is_near][:1]
    others = [p for p in others if p not in first]
    while others and len(first) < count:
        place = min(int(draw.expovariate(0.35)), len(others) - 1)
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
            made = []
            for one in order[start : start + _SORTED]:
                if draw.random() < _ALTERED:
                    one = altered(one, draw, names) or one
                shown = asked(one, draw, lists)
                taken = chosen(one, draw, passages)
                if taken:
                    made.append(
                        [
                            (pairing.row(shown.question, shown.history, p.context, p.text), p)
                            for p in taken
                        ]
                    )
            made.sort(key=lambda rows: max(len(row.pieces) for row, _ in rows))
            ready = []
            while made:
                group, longest = [], 0
                while made:
                    longest_now = max(longest, *(len(row.pieces) for row, _ in made[0]))
                    if group and longest_now * (sum(map(len, group)) + len(made[0])) > pieces:
                        break
                    longest = longest_now
                    group.append(made.pop(0))
                ready.append(batch(group))
            draw.shuffle(ready)
            yield from ready


def batch(groups: Sequence[Sequence[tuple[Row, ListedPassage]]]) -> Batch:
    """The rows of some questions as one batch."""
    rows = [one for group in groups for one in group]
    width = -(-max(len(row.pieces) for row, _ in rows) // 8) * 8
    shape = (len(rows), width)
    pieces = np.ones(shape, np.int64)
    is_piece, begins, ends, inside = (np.zeros(shape, np.float32) for _ in range(4))
    for place, (row, passage) in enumerate(rows):
        pieces[place, : len(row.pieces)] = row.pieces
        is_piece[place, row.first : row.first + len(row.starts)] = 1
        for start, end in passage.spans:
            a, b = row.pieces_of(start, end)
            begins[place, a] += 1
            ends[place, b] += 1
            inside[place, a : b + 1] = 1
    groups_of = [number for number, group in enumerate(groups) for _ in group]
    return Batch(
        *map(torch.from_numpy, (pieces, is_piece, begins, ends, inside)),
        torch.tensor([bool(passage.spans) for _, passage in rows]),
        torch.tensor(groups_of),
    )
