"""Count how rare bigrams are: `python -m training.page_terms --data DIR`.

The weight of a hashed bigram is ``ln(paragraphs / (1 + paragraphs that hold it))`` over the news
that may be trained on, cut into paragraphs as `corpora.newspaper_pages` does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.news import read_news
from corpora.newspaper_pages import paragraphs, usable
from rag.articles.page_view import HASH_BITS, bigram_hashes
from rag.models.weights import WEIGHTS
from training.scorers import save_arrays


def rarity(texts: Iterable[str], seed: int) -> NDArray[np.float16]:
    """The weight of each of the ``2 ** HASH_BITS`` hashes."""
    rng = np.random.default_rng(seed)
    holding = np.zeros(1 << HASH_BITS)
    total = 0
    for text in texts:
        for paragraph in paragraphs(text, rng):
            holding[np.unique(bigram_hashes(paragraph))] += 1
            total += 1
    return np.log(total / (1 + holding)).astype(np.float16)


def main() -> None:
    """Read the arguments and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    weights = rarity((text for text in read_news(arguments.data) if usable(text)), arguments.seed)
    save_arrays({"rarity": weights}, arguments.out / "page_terms")


if __name__ == "__main__":
    main()
