"""What is known of words before any question: their pieces, how rare they are, what is like them.

Knows nothing of questions or sentences.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rag.errors import ModelError
from rag.models.embedder import StaticEmbedder, builtin_embedder
from rag.models.term_weights import TermWeights, builtin_term_weights
from rag.models.word_vectors import WordVectors, builtin_word_vectors


class Lexicon(NamedTuple):
    """The built-in embedder, the weights of terms, and vectors of the embedder's pieces."""

    embedder: StaticEmbedder
    weights: TermWeights
    words: WordVectors


@lru_cache(maxsize=1)
def builtin_lexicon() -> Lexicon:
    """All three as shipped, read once a process; ModelError where they are not of one making."""
    embedder, words = builtin_embedder(), builtin_word_vectors()
    if len(words.vectors) != len(embedder.piece_vectors):
        raise ModelError("内置模型 words 与 embedder 不是一起做的；请重新安装，或重新训练 words")
    return Lexicon(embedder, builtin_term_weights(), words)
