"""The terms that are indexed and compared: characters, bigrams and words of folded text.

Knows nothing of indexes or of what the terms are compared for.
"""

from __future__ import annotations

import re

import rjieba

from rag.text.folding import fold
from rag.text.unspaced import as_read

_RUN = re.compile(
    r"[a-z0-9]+(?:[.\-_][a-z0-9]+)*|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+"
)
_ASCII = re.compile(r"[a-z0-9]")
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]{2,}")


def encodable(text: str) -> str:
    """The text with lone surrogates, which JSON may carry and Rust libraries refuse, as ``?``."""
    return text.encode("utf-8", "replace").decode("utf-8")


def terms(text: str) -> list[str]:
    """Index terms: every Chinese character, bigram and dictionary word, every Latin or digit run.

    A compound such as ``gpt-4`` gives itself and its parts, so that either spelling finds it.
    Bigrams find what no dictionary holds; words of three characters and more, and a second count
    for those of two, put the right passage first more often (docs/decisions/0003-terms.md).
    """
    folded = encodable(fold(as_read(text).text))
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
    for match in _RUN.finditer(fold(as_read(text).text)):
        run = match.group()
        if _ASCII.match(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found
