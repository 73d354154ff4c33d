"""Candidate sentences as the reader reads them: how they rank, and what each would answer.

Knows nothing of how an answer is worded or whether it is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.evidence.candidates import Candidate
from rag.evidence.characters import (
    CHARACTER_FEATURES,
    MAX_SENTENCE,
    SENTENCE_FEATURES,
    reader_input,
)
from rag.evidence.features import QuestionView, feature_rows
from rag.evidence.lexicon import Lexicon, builtin_lexicon
from rag.models.reader import Reader, builtin_reader
from rag.text import Range

Floats = NDArray[np.float32]
_LONGEST = 40  # characters of an answer
_BESIDE = 2
# 0 where an answer may begin and end, by place of its first and its last character.
_IS_ALLOWED = np.tri(MAX_SENTENCE, k=_LONGEST - 1) > np.tri(MAX_SENTENCE, k=-1)


class Guess(NamedTuple):
    """The stretch of a sentence that answers likeliest, if the sentence answers at all.

    ``begins`` and ``ends`` are the probabilities of each character to be the answer's first and
    last.
    """

    range: Range
    probability: float
    begins: Floats
    ends: Floats

    def share_of(self, span: Range) -> float:
        """How likely the answer begins and ends in a stretch, or a character or two beside it."""
        first = max(0, span.start - _BESIDE)
        begin = self.begins[first : span.end].sum()
        return float(begin * self.ends[span.start : span.end + _BESIDE].sum())


@dataclass(frozen=True, slots=True)
class ReadSentences:
    """What was read, one entry a candidate.

    ``ranks`` are log-odds of the sentences against one another, ``holds`` of each to hold the
    answer, ``rows`` their features (``SENTENCE_FEATURES``).
    """

    rows: Floats
    ranks: Floats
    holds: Floats
    guesses: tuple[Guess, ...]

    def among(self, places: Sequence[int]) -> ReadSentences:
        """The same of some of the candidates, in that order."""
        chosen = list(places)
        guesses = tuple(self.guesses[place] for place in chosen)
        return ReadSentences(self.rows[chosen], self.ranks[chosen], self.holds[chosen], guesses)


class SentenceReader:
    """Reads candidates with the shipped reader; its verb is ``read``."""

    def __init__(self, reader: Reader, lexicon: Lexicon) -> None:
        self._reader = reader
        self._lexicon = lexicon

    def read(self, view: QuestionView, candidates: Sequence[Candidate]) -> ReadSentences:
        """Everything about each of the candidates, of which there is at least one."""
        rows = feature_rows(view, candidates, self._lexicon.embedder, self._lexicon.weights)
        sentences = [candidate.standard for candidate in candidates]
        given = reader_input(view, sentences, rows, self._lexicon)
        found = self._reader.read(given)
        guesses = tuple(
            _guess(found.begins[start : start + length], found.ends[start : start + length])
            for start, length in zip(given.starts, given.lengths, strict=True)
        )
        return ReadSentences(given.sentences, found.ranks, found.holds, guesses)


def _guess(begins: Floats, ends: Floats) -> Guess:
    """The likeliest first and last character together, at most ``_LONGEST`` apart."""
    count = len(begins)
    first, last = _shares(begins), _shares(ends)
    together = first[:, None] * last[None, :] * _IS_ALLOWED[:count, :count]
    best = int(together.argmax())
    found = Range(best // count, best % count + 1)
    return Guess(found, float(together.flat[best]), first, last)


def _shares(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max())
    shares: Floats = raised / raised.sum()
    return shares


@lru_cache(maxsize=1)
def builtin_sentence_reader() -> SentenceReader:
    """The shipped reader with the shipped embedder and term weights, made once a process."""
    reader = builtin_reader((*SENTENCE_FEATURES, *CHARACTER_FEATURES))
    return SentenceReader(reader, builtin_lexicon())
