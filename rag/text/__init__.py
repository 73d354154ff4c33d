"""Chinese text: its forms for comparing, sentences and clauses, terms, likeness, quantities, dates.

Knows nothing of articles, indexes or questions: strings go in, spans, terms and shares come out.
Patterns that are given a text (quantities, dates, periods) expect its standard form.
"""

from rag.text.designators import designators_in
from rag.text.folding import FOLDING, code_points, fold, standard_form
from rag.text.likeness import (
    Shingles,
    contradict,
    facts,
    figures,
    share_told,
    share_told_in,
    shingles,
)
from rag.text.month_spans import MonthSpan, month_spans
from rag.text.outlines import Outline, outlines
from rag.text.printings import (
    Periods,
    Printing,
    number_terms,
    periods_as_named,
    periods_of,
    plainer_printings,
    relative_years,
    with_years_in_digits,
)
from rag.text.quantities import (
    Quantity,
    find_dates,
    find_quantities,
    periods_in,
    units_in,
    years_in,
)
from rag.text.sentences import BRACKETS, Range, clauses, sentences
from rag.text.stated import Facts
from rag.text.stated.amounts import COUNTABLE
from rag.text.stated.dates import Moment
from rag.text.stated.numerals import value_of
from rag.text.terms import bigrams, encodable, terms
from rag.text.unspaced import AsRead, as_read
from rag.text.words import tagged_words

__all__ = [
    "BRACKETS",
    "COUNTABLE",
    "FOLDING",
    "AsRead",
    "Facts",
    "Moment",
    "MonthSpan",
    "Outline",
    "Periods",
    "Printing",
    "Quantity",
    "Range",
    "Shingles",
    "as_read",
    "bigrams",
    "clauses",
    "code_points",
    "contradict",
    "designators_in",
    "encodable",
    "facts",
    "figures",
    "find_dates",
    "find_quantities",
    "fold",
    "month_spans",
    "number_terms",
    "outlines",
    "periods_as_named",
    "periods_in",
    "periods_of",
    "plainer_printings",
    "relative_years",
    "sentences",
    "share_told",
    "share_told_in",
    "shingles",
    "standard_form",
    "tagged_words",
    "terms",
    "units_in",
    "value_of",
    "with_years_in_digits",
    "years_in",
]
