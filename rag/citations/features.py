"""What the claim scorer sees of a difference between a sentence and its evidence.

Knows nothing of the scorer's weights. The same code makes the features in training and in use;
``FEATURES`` names the columns, and a change of it calls for training again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.citations.differences import Difference, Token, tokens_of
from rag.citations.names import has_name_suffix, looks_like_a_person
from rag.models.term_weights import TermWeights
from rag.models.word_pairs import WordPairs
from rag.text import bigrams

Floats = NDArray[np.float32]
_CLASSES = ("nr", "ns", "nt", "nz", "n", "v", "a", "d")
_BESIDE = ("v", "d", "p", "u", "n", "x", "c")
_RARE = 8.0
FEATURES: tuple[str, ...] = (
    *(f"new_{tag}" for tag in _CLASSES), "new_other",
    *(f"old_{tag}" for tag in _CLASSES),
    *(f"after_{tag}" for tag in _BESIDE), "after_end",
    *(f"before_{tag}" for tag in _BESIDE), "before_start",
    "starts_clause", "characters", "words", "old_known", "old_characters", "shared", "present",
    "known_pair", "near_pair", "pair_here", "all_empty", "rarity", "old_rarity", "name_suffix",
    "old_name_suffix", "person", "old_person", "in_title", "same_class",
)  # fmt: skip


def feature_rows(
    differences: Sequence[Difference], words: str, weights: TermWeights, pairs: WordPairs
) -> Floats:
    """Features of shape ``(differences, len(FEATURES))``; ``words`` is the folded evidence."""
    rows = [_row(difference, words, weights, pairs) for difference in differences]
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), len(FEATURES))


def _row(difference: Difference, words: str, weights: TermWeights, pairs: WordPairs) -> list[float]:
    new, old = difference.text, difference.old
    old_tokens = tokens_of(old) if old else ()
    new_classes, old_classes = _classes(difference.tokens), _classes(old_tokens)
    return [
        *new_classes,
        float(not any(new_classes)),
        *old_classes,
        *_beside(difference.after),
        float(difference.after is None),
        *_beside(difference.before),
        float(difference.before is None),
        float(difference.starts_clause),
        math.log1p(len(new)),
        math.log1p(len(difference.tokens)),
        float(bool(old)),
        math.log1p(len(old)),
        _share(new, old),
        _share(new, words),
        *_pairs(difference, old, old_tokens, words, pairs),
        float(all(token.is_empty for token in difference.tokens)),
        _rarity(new, weights),
        _rarity(old, weights),
        float(has_name_suffix(new)),
        float(has_name_suffix(old)),
        float(looks_like_a_person(new)),
        float(looks_like_a_person(old)),
        float(bool(difference.before and difference.before.text.endswith("《"))),
        float(any(a and b for a, b in zip(new_classes, old_classes, strict=True))),
    ]


def _classes(tokens: Sequence[Token]) -> list[float]:
    tags = {token.tag for token in tokens}
    names = [float(any(tag.startswith(name) for tag in tags)) for name in _CLASSES[:4]]
    rest = [
        float(any(tag.startswith(name) and tag[:2] not in _CLASSES[:4] for tag in tags))
        for name in _CLASSES[4:]
    ]
    return names + rest


def _beside(token: Token | None) -> list[float]:
    return [float(token is not None and token.tag.startswith(tag)) for tag in _BESIDE]


def _share(part: str, whole: str) -> float:
    return sum(character in whole for character in part) / max(1, len(part))


def _pairs(
    difference: Difference, old: str, old_tokens: Sequence[Token], words: str, pairs: WordPairs
) -> list[float]:
    """Whether old and new are known to stand for one another; or something in the evidence is."""
    new = [difference.text, *(t.text for t in difference.tokens if not t.is_empty)]
    olds = [old, *(token.text for token in old_tokens)] if old else []
    known = any(pairs.holds(one, other) for one in new for other in olds)
    near = any(pairs.nearly_holds(one, other) for one in new for other in olds)
    here = any(other in words for one in new for other in pairs.of(one) if len(other) > 1)
    return [float(known), float(near), float(here)]


@lru_cache(maxsize=4096)
def _rarity(text: str, weights: TermWeights) -> float:
    found = bigrams(text)
    return weights.total(found) / len(found) / _RARE if found else 0.0
