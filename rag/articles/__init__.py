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
from rag.articles.loaders import OCR_COMMAND, ocr_version, read_text

__all__ = [
    "OCR_COMMAND",
    "article_from_text",
    "corpus_in_memory",
    "folder_digest",
    "ocr_version",
    "read_articles",
    "read_corpus",
    "read_text",
]
