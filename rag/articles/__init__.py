"""From files to articles: decoding, page layout, corpus.

Knows nothing of questions, passages or indexes.
"""

from rag.articles.corpus import (
    article_from_text,
    corpus_in_memory,
    folder_digest,
    read_articles,
    read_corpus,
)
from rag.articles.loaders import read_text

__all__ = [
    "article_from_text",
    "corpus_in_memory",
    "folder_digest",
    "read_articles",
    "read_corpus",
    "read_text",
]
