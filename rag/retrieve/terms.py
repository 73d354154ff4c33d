"""The terms that a query is searched by, and how much each counts.

Knows nothing of indexes. Chosen on held-out training questions (docs/experiments.md, Retrieval).
"""

from __future__ import annotations

from collections import defaultdict

from rag.ask import content_of
from rag.text import number_terms, terms

# 是什么时候 stands in many questions and in few texts: by its rarity there it would outweigh the
# name of what is asked about.
_ONLY_ASKS = 0.25
# A Chinese word of four characters gives some eight terms, a Latin word or a number only itself.
_LATIN = 3.0


def search_terms(question: str) -> dict[str, float]:
    """The index terms of a question with their weights; what only asks counts little."""
    weights: defaultdict[str, float] = defaultdict(float)
    for text, weight in ((question, _ONLY_ASKS), (content_of(question), 1 - _ONLY_ASKS)):
        for term in terms(text):
            weights[term] += weight * (_LATIN if term.isascii() else 1.0)
    for term in number_terms(question):
        weights[term] += 1.0
    return dict(weights)
