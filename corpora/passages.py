"""How many passages a text makes, as the program's index cuts it: a measure of a corpus's size.

In goes a text without headings, out comes a number. Stands here because it reaches into ``rag``,
which ``eval`` does not.
"""

from __future__ import annotations

from rag.articles import article_from_text
from rag.passages import split_article


def count_passages(text: str) -> int:
    """How many passages a text without headings is cut into by default."""
    return len(split_article(article_from_text("1#1", "", text, "1")))
