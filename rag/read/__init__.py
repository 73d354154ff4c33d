"""The hits of a question, read and judged: which words answer it, and how sure that is.

In go a turn, hits and articles, out comes a ``Judged``; for a summary, the telling sentences of
articles. Knows nothing of how an answer is worded or
which model words it.
"""

from rag.read.context import lead_of
from rag.read.depth import MOST as MOST_READ
from rag.read.gist import Gist, head_of
from rag.read.judge import Judge, Judged, builtin_judge
from rag.read.mentions import mentioned
from rag.read.quoting import evidence_of, quoted_evidence, whole_sentence
from rag.read.readings import Reading
from rag.read.roll import Called, Member, RollCall, is_of_side
from rag.read.topic import Topic, periods_of_date, telling_words, topic_of

__all__ = [
    "MOST_READ",
    "Called",
    "Gist",
    "Judge",
    "Judged",
    "Member",
    "Reading",
    "RollCall",
    "Topic",
    "builtin_judge",
    "evidence_of",
    "head_of",
    "is_of_side",
    "lead_of",
    "mentioned",
    "periods_of_date",
    "quoted_evidence",
    "telling_words",
    "topic_of",
    "whole_sentence",
]
