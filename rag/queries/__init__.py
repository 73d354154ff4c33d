"""Questions to queries: checked, made to stand alone, taken apart, and typed.

Knows nothing of articles, hits or answers: only the words of the question and the turns before.
``stand_alone`` and ``analyse`` take questions as they were typed; every pattern behind them reads
the standard form (``rag.text``), and what they give back for people to read is as typed.
"""

from rag.queries.addressed import is_in_english, orders_the_program
from rag.queries.asking import content_of
from rag.queries.circumstances import Circumstances, circumstances_of
from rag.queries.collections import Collection
from rag.queries.follow_up import stand_alone
from rag.queries.frames import PERIOD
from rag.queries.query import KINDS, Kind, Query, analyse, check_question
from rag.queries.search_terms import search_terms
from rag.queries.subjects import (
    TITLE,
    core_of,
    find_subject,
    is_proper,
    names_by_ending,
    rivals_of,
    subject_of,
)

__all__ = [
    "KINDS",
    "PERIOD",
    "TITLE",
    "Circumstances",
    "Collection",
    "Kind",
    "Query",
    "analyse",
    "check_question",
    "circumstances_of",
    "content_of",
    "core_of",
    "find_subject",
    "is_in_english",
    "is_proper",
    "names_by_ending",
    "orders_the_program",
    "rivals_of",
    "search_terms",
    "stand_alone",
    "subject_of",
]
