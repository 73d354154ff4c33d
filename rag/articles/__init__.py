"""From files to articles: decoding, page layout, corpus.

Knows nothing of questions, passages or indexes.
"""

from rag.articles.corpus import (
    article_from_text,
    corpus_in_memory,
    guess_layout,
    nothing_left,
    read_articles,
    read_corpus,
    read_page,
    read_source,
    unknown_files,
)
from rag.articles.folder import digest_of, files_in, folder_digest, source_digests, source_paths
from rag.articles.layout import PageLayout, Placed
from rag.articles.loaders import OCR_COMMAND, ocr_version, read_text
from rag.articles.override import write_override

__all__ = [
    "OCR_COMMAND",
    "PageLayout",
    "Placed",
    "article_from_text",
    "corpus_in_memory",
    "digest_of",
    "files_in",
    "folder_digest",
    "guess_layout",
    "nothing_left",
    "ocr_version",
    "read_articles",
    "read_corpus",
    "read_page",
    "read_source",
    "read_text",
    "source_digests",
    "source_paths",
    "unknown_files",
    "write_override",
]
