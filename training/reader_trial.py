"""The reader tried on held-out questions while it learns: the right passage, the right words?

In go a network and lists, out come three shares. Far simpler than what the program does with the
scores, but moved by the same things. Knows nothing of training.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch

from rag.models.pairing import Pairing
from training.question_lists import QuestionList
from training.reader_batches import Batch, batch
from training.reader_loss import in_half, within
from training.reader_network import ReaderNetwork

_HITS = 8


@dataclass(slots=True)
class Trial:
    """What was seen: of ``answerable`` questions the right passages and words, and all best scores.

    ``told`` are the best scores of questions that have an answer, ``untold`` of those without.
    """

    answerable: int = 0
    passages: int = 0
    words: int = 0
    told: list[float] = field(default_factory=list)
    untold: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        total = max(1, self.answerable)
        passages, words = self.passages / total, self.words / total
        area = area_under_curve(self.told, self.untold)
        count = len(self.told) + len(self.untold)
        return f"passage {passages:.3f} words {words:.3f} AUC {area:.3f} of {count}"


def area_under_curve(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How often a score of the first is above one of the second; 0 where one of them is empty."""
    above = sum((a > b) + 0.5 * (a == b) for a in higher for b in lower)
    return above / max(1, len(higher) * len(lower))


@torch.inference_mode()
def tried(network: ReaderNetwork, lists: Iterable[QuestionList], pairing: Pairing) -> Trial:
    """What the network makes of the best hits of each list; lists without a hit are passed over."""
    found = Trial()
    device = next(network.parameters()).device
    network.eval()
    for one in lists:
        passages = one.passages[:_HITS]
        if passages:
            rows = [pairing.row(one.question, one.history, p.context, p.text) for p in passages]
            given = batch([list(zip(rows, passages, strict=True))])
            _note(found, network, given.to(device), is_answerable=bool(one.answers))
    network.train()
    return found


def _note(found: Trial, network: ReaderNetwork, given: Batch, *, is_answerable: bool) -> None:
    """Write down what the network makes of one question's hits."""
    pieces, whole = in_half(network, given.pieces)
    best = int(whole.argmax())
    (found.told if is_answerable else found.untold).append(float(whole[best]))
    if not is_answerable:
        return
    begin, end = within(pieces, given.is_piece)[best, :, :2].argmax(0).tolist()
    inside = given.inside[best]
    found.answerable += 1
    found.passages += bool(given.answers[best])
    found.words += bool(inside[begin] or inside[end])
