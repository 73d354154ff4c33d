"""Passages with their vectors and terms: built, saved, loaded and searched.

Knows nothing of questions or answers, and nothing of how files become articles.
"""

from rag.index.candidates import Candidates, PassageIndex, Told
from rag.index.filters import Filter
from rag.index.index import Index
from rag.index.manifest import IndexManifest
from rag.index.part import Part
from rag.index.recipe import IndexSettings

__all__ = [
    "Candidates",
    "Filter",
    "Index",
    "IndexManifest",
    "IndexSettings",
    "Part",
    "PassageIndex",
    "Told",
]
