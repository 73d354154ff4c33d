"""How near the words of sentences come to the words that a question asks for.

Knows nothing of characters, marks or how a reader weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.evidence.lexicon import Lexicon
from rag.models.embedder import unit
from rag.queries import Query
from rag.text import fold

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def asked_pieces(query: Query, pieces: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """The pieces of the question's content, each once, and which of them name its subject."""
    in_content = _standing(query.text, query.content.split())[: len(pieces)]
    in_subject = _standing(query.text, [query.subject])[: len(pieces)]
    is_word = np.array([*map(str.isalnum, query.text)], dtype=bool)[: len(pieces)]
    asked = np.unique(pieces[in_content & is_word & (pieces >= 0)])
    return asked, np.isin(asked, pieces[in_subject])


def _standing(text: str, runs: Sequence[str]) -> NDArray[np.bool_]:
    """Which characters of a text are those of the runs, which stand in it in this order."""
    folded, last = fold(text), 0
    found = np.zeros(len(text), dtype=bool)
    for run in filter(None, runs):
        start = folded.find(fold(run), last)
        if start >= 0:
            last = start + len(run)
            found[start:last] = True
    return found


class Nearest(NamedTuple):
    """How near each of the question's pieces comes to the piece that a character stands in.

    ``similarity`` is that of the embedder, for the nearest of them; ``likeness`` that of the word
    vectors, of shape ``(question's pieces, characters)``; ``rarity`` is that of each asked piece.
    """

    similarity: Floats
    likeness: Floats
    rarity: Floats

    @classmethod
    def to(cls, asked: Ints, tokens: Ints, lexicon: Lexicon) -> Nearest:
        """For pieces of a question, and the piece of each character, -1 for none."""
        there, place = np.unique(tokens, return_inverse=True)
        known = there >= 0
        similarity = np.zeros(len(there), dtype=np.float32)
        likeness = np.zeros((len(asked), len(there)), dtype=np.float32)
        if asked.size and known.any():
            topics, words = lexicon.embedder.piece_vectors, lexicon.words.vectors
            similarity[known] = (unit(topics[there[known]]) @ unit(topics[asked]).T).max(axis=1)
            likeness[:, known] = np.maximum(words[asked] @ words[there[known]].T, 0)
        return cls(similarity[place], likeness[:, place], lexicon.words.rarity[asked])

    def shares(self, starts: Ints, lengths: Ints, is_topic: NDArray[np.bool_]) -> Floats:
        """How much of what is asked each sentence tells in like words: in all, and of its topic.

        Of shape ``(sentences, 2)``: the mean, the rarer counting more, of what comes nearest to
        each asked piece; 1 where nothing is asked.
        """
        edges = np.stack([starts, starts + lengths], axis=1).ravel()
        most = np.maximum.reduceat(self.likeness, edges, axis=1)[:, ::2]
        shares = np.ones((len(starts), 2), dtype=np.float32)
        for column, weights in enumerate((self.rarity, self.rarity * is_topic)):
            if weights.sum() > 0:
                shares[:, column] = weights @ most / weights.sum()
        return shares
