"""Query to hits: terms and vectors, fused, reranked where a model for it is set.

Knows nothing of what a question asks for or of answers.
"""

from rag.index import Filter
from rag.retrieve.reranking import rescored
from rag.retrieve.search import Retriever, Searcher, distinct, is_shown, merged

__all__ = ["Filter", "Retriever", "Searcher", "distinct", "is_shown", "merged", "rescored"]
