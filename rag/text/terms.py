"""Folding text for search, and the terms that are indexed.

Folding keeps the length, character for character, so that an offset in the folded text is the
same offset in the printed one; what would change the length (``…``, ``½``) stays as printed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import rjieba

_RUN = re.compile(
    r"[a-z0-9]+(?:[.\-_][a-z0-9]+)*|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+"
)
_ASCII = re.compile(r"[a-z0-9]")
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]{2,}")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def fold(text: str) -> str:
    """The text as it is searched: half-width, lower case, of the same length."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def encodable(text: str) -> str:
    """The text with lone surrogates, which JSON may carry and Rust libraries refuse, as ``?``."""
    return text.encode("utf-8", "replace").decode("utf-8")


def terms(text: str) -> list[str]:
    """Index terms: every Chinese character, bigram and dictionary word, every Latin or digit run.

    A compound such as ``gpt-4`` gives itself and its parts, so that either spelling finds it.
    Bigrams find what no dictionary holds; words of three characters and more, and a second count
    for those of two, put the right passage first more often (docs/decisions/0003-terms.md).
    """
    folded = encodable(fold(text))
    found = [word for word in rjieba.cut_for_search(folded) if _WORD.fullmatch(word)]
    for match in _RUN.finditer(folded):
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
