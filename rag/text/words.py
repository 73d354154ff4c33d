"""The words of a text with their classes, by rjieba's dictionary.

Knows nothing of what the words are looked at for.
"""

from __future__ import annotations

from functools import lru_cache

import rjieba

from rag.text.terms import encodable


@lru_cache(maxsize=1024)
def tagged_words(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a word and its class (``n``, ``ns``, ``v`` …), which together are the text."""
    return tuple(rjieba.tag(encodable(text)))
