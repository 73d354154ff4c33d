"""Chinese text: folding for search, sentences and clauses, terms, quantities and dates.

Knows nothing of articles, indexes or questions: strings go in, spans and terms come out.
"""

from rag.text.quantities import Quantity, find_dates, find_quantities, years_in
from rag.text.sentences import Range, clauses, sentences
from rag.text.terms import bigrams, fold, terms

__all__ = [
    "Quantity",
    "Range",
    "bigrams",
    "clauses",
    "find_dates",
    "find_quantities",
    "fold",
    "sentences",
    "terms",
    "years_in",
]
