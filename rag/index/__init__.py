"""Passages with their vectors and terms: built, saved, loaded and searched.

Knows nothing of questions or answers, and nothing of how files become articles.
"""

from rag.index.index import Index, IndexSettings
from rag.index.manifest import IndexManifest
from rag.index.part import Part

__all__ = ["Index", "IndexManifest", "IndexSettings", "Part"]
