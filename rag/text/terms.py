"""Folding text for search, and the terms that are indexed.

Folding keeps the length, character for character, so that an offset in the folded text is the
same offset in the printed one; what would change the length (``…``, ``½``) stays as printed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_RUN = re.compile(r"[a-z0-9]+(?:[.\-_][a-z0-9]+)*|[㐀-鿿豈-﫿\U00020000-\U0003fffd]+")
_ASCII = re.compile(r"[a-z0-9]")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def fold(text: str) -> str:
    """The text as it is searched: half-width, lower case, of the same length."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def terms(text: str) -> list[str]:
    """Index terms in order: every Chinese character and bigram, every Latin or digit run.

    A compound such as ``gpt-4`` gives itself and its parts, so that either spelling finds it.
    Character bigrams need no dictionary and are as good as words on Chinese news
    (docs/decisions/0003-terms.md).
    """
    found: list[str] = []
    for match in _RUN.finditer(fold(text)):
        run = match.group()
        if _ASCII.match(run):
            found.append(run)
            parts = re.split(r"[.\-_]", run)
            if len(parts) > 1:
                found.extend(parts)
        else:
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def bigrams(text: str) -> list[str]:
    """Chinese bigrams and Latin or digit runs; a lone Chinese character stands for itself."""
    found: list[str] = []
    for match in _RUN.finditer(fold(text)):
        run = match.group()
        if _ASCII.match(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found
