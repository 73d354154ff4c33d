"""Make the word vectors: `python -m training.word_vectors --data DIR`, after the embedder.

Counts which pieces stand within three of one another, left and right apart, in the news that may
be trained on, a sample of the laws and the questions' paragraphs; the positive pointwise mutual
information, contexts smoothed, in its main directions (Levy, Goldberg and Dagan 2015, "Improving
Distributional Similarity with Lessons Learned from Word Embeddings").
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from corpora.laws import read_laws
from corpora.news import read_news
from rag.models.embedder import StaticEmbedder, builtin_embedder
from rag.models.weights import WEIGHTS
from training.embedder_corpora import read_simplified_questions, sample_texts
from training.scorers import in_bytes, save_arrays

Floats = NDArray[np.float32]
_DIMENSION = 96
_WINDOW = 3
_SMOOTHING = 0.75
_LAW_CHARS = 8_000_000
_CONTEXT_WEIGHT = 3  # an encyclopaedia's words are few beside those of news
_CHUNK = 2000  # texts


def count_neighbours(
    embedder: StaticEmbedder, texts: Sequence[str]
) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """How often, nearer ones counting more, a piece follows another, and how often each is there.

    The first has the shape ``(pieces, pieces)``.
    """
    size = len(embedder.piece_vectors)
    counts, seen = sparse.csr_matrix((size, size), dtype=np.float32), np.zeros(size, dtype=np.int64)
    for first in range(0, len(texts), _CHUNK):
        pieces = _in_a_row(embedder.pieces_in(texts[first : first + _CHUNK]))
        seen += np.bincount(pieces[pieces >= 0], minlength=size)
        for distance in range(1, _WINDOW + 1):
            left, right = pieces[:-distance], pieces[distance:]
            is_pair = (left >= 0) & (right >= 0)
            weights = np.full(int(is_pair.sum()), 1 - (distance - 1) / _WINDOW, dtype=np.float32)
            places = (left[is_pair], right[is_pair])
            counts = counts + sparse.csr_matrix((weights, places), shape=(size, size))
    return counts, seen


def _in_a_row(texts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """All texts one after the other, so far apart that none neighbours another."""
    gap = np.full(_WINDOW, -1, dtype=np.int64)
    return np.concatenate([part for text in texts for part in (text, gap)])


def vectors_of(counts: sparse.csr_matrix, dimension: int) -> Floats:
    """Vectors of shape ``(pieces, dimension)`` from counts of neighbours."""
    beside = sparse.hstack([counts, counts.T]).tocoo()
    rows = np.asarray(beside.sum(axis=1)).ravel()
    columns = np.asarray(beside.sum(axis=0)).ravel() ** _SMOOTHING
    expected = rows[beside.row] * columns[beside.col] / columns.sum()
    information = np.log(beside.data / expected)
    is_kept = (information > 0) & (beside.data > 1)
    places = (beside.row[is_kept], beside.col[is_kept])
    positive = sparse.csr_matrix((information[is_kept], places), shape=beside.shape)
    left, strengths, _ = svds(positive, k=dimension, random_state=0)
    order = np.argsort(-strengths)
    vectors: Floats = (left[:, order] * np.sqrt(strengths[order])).astype(np.float32)
    return vectors


def main() -> None:
    """Read the arguments, count, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    questions = read_simplified_questions(arguments.data)
    contexts = list(dict.fromkeys(row.context for row in questions))
    laws = [law.text for law in read_laws(arguments.data)]
    texts = [
        *contexts * _CONTEXT_WEIGHT,
        *(row.question for row in questions),
        *read_news(arguments.data),
        *sample_texts(laws, _LAW_CHARS, np.random.default_rng(0)),
    ]
    counts, seen = count_neighbours(builtin_embedder(), texts)
    vectors = vectors_of(counts, _DIMENSION)
    rarity = np.log(seen.sum() / (1 + seen))
    arrays: dict[str, NDArray[np.generic]] = {
        "vectors": in_bytes(vectors)[0],  # only directions count: no row needs its scale
        "rarity": rarity.astype(np.float16),
    }
    save_arrays(arrays, arguments.out / "words")
    print(f"{seen.sum():,} pieces counted, {counts.nnz:,} pairs")


if __name__ == "__main__":
    main()
