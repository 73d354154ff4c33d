"""The hits of a question, read and judged: which words answer it, and how sure that is.

In go a turn, hits and articles, out comes a ``Judged``. Knows nothing of how an answer is worded or
which model words it.
"""

from rag.read.depth import MOST as MOST_READ
from rag.read.judge import Judge, Judged, builtin_judge
from rag.read.quoting import evidence_of, quoted_evidence, whole_sentence
from rag.read.readings import Reading

__all__ = [
    "MOST_READ",
    "Judge",
    "Judged",
    "Reading",
    "builtin_judge",
    "evidence_of",
    "quoted_evidence",
    "whole_sentence",
]
