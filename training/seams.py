"""Count what stands at a cut: `python -m training.seams --data DIR`.

Cuts in mid-sentence of news texts that may be trained on, held against the same left halves with
right halves drawn at random: those of other cuts, and beginnings of sentences.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.news import read_news
from corpora.newspaper_pages import is_mid_sentence, usable
from rag.models.seams import CHARS, CLASS_BITS, WORD_BITS, seam_of
from rag.models.weights import WEIGHTS
from training.scorers import save_arrays

_CUTS = 36  # of each text
_STEP = 0.1  # of the log-odds kept
_WORD_SMOOTHING = 0.3
_CLASS_SMOOTHING = 1.0


def count_seams(texts: Sequence[str], seed: int) -> dict[str, NDArray[np.generic]]:
    """The tables of ``SeamModel``, in steps of their scale."""
    rng = np.random.default_rng(seed)
    tails, heads, begins = _cuts(texts, rng)
    orders = [np.arange(len(tails)), rng.permutation(len(tails)), rng.permutation(len(tails))]
    words = np.zeros((3, 1 << WORD_BITS))
    classes = np.zeros((3, 1 << CLASS_BITS))
    for kind, (rights, order) in enumerate(zip((heads, heads, begins), orders, strict=True)):
        for tail, place in zip(tails, order, strict=True):
            seam = seam_of(tail, rights[place])
            words[kind, seam.words] += 1
            classes[kind, seam.classes] += 1
    return {
        "words": _odds(words[0], (words[1] + words[2]) / 2, _WORD_SMOOTHING),
        "classes_cut": _odds(classes[0], classes[1], _CLASS_SMOOTHING),
        "classes_begin": _odds(classes[0], classes[2], _CLASS_SMOOTHING),
        "scale": np.array([_STEP], dtype=np.float32),
    }


def _odds(
    seen: NDArray[np.float64], chance: NDArray[np.float64], smoothing: float
) -> NDArray[np.generic]:
    odds = np.log((seen + smoothing) / (chance + smoothing))
    return np.clip(np.round(odds / _STEP), -127, 127).astype(np.int8)


def _cuts(texts: Sequence[str], rng: np.random.Generator) -> tuple[list[str], list[str], list[str]]:
    """Left halves, their right halves, and as many beginnings of sentences."""
    tails, heads, begins = [], [], []
    for text in texts:
        ends = [place + 1 for place, sign in enumerate(text[:-CHARS]) if sign == "。"] or [0]
        for cut in rng.integers(CHARS, len(text) - CHARS, size=_CUTS).tolist():
            if not is_mid_sentence(text, cut):
                continue
            tails.append(text[cut - CHARS : cut])
            heads.append(text[cut : cut + CHARS])
            begin = ends[int(rng.integers(len(ends)))]
            begins.append(text[begin : begin + CHARS])
    return tails, heads, begins


def main() -> None:
    """Read the arguments and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    texts = [text for text in read_news(arguments.data) if usable(text)]
    save_arrays(count_seams(texts, arguments.seed), arguments.out / "seams")


if __name__ == "__main__":
    main()
