"""From files to articles: decoding, page layout, corpus.

Knows nothing of questions, passages or indexes.
"""

from rag.articles.corpus import (
    article_from_text,
    corpus_in_memory,
    folder_digest,
    guess_layout,
    read_articles,
    read_corpus,
    read_page,
    source_paths,
)
from rag.articles.layout import PageLayout, Placed
from rag.articles.loaders import OCR_COMMAND, ocr_version, read_text
from rag.articles.override import write_override

__all__ = [
    "OCR_COMMAND",
    "PageLayout",
    "Placed",
    "article_from_text",
    "corpus_in_memory",
    "folder_digest",
    "guess_layout",
    "ocr_version",
    "read_articles",
    "read_corpus",
    "read_page",
    "read_text",
    "source_paths",
    "write_override",
]
