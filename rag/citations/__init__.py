"""A written reply held against its evidence: plain text, markers, alignment and verdicts.

Knows no chat model: the reply is a string that is read and never obeyed, and the markers in it
are hints.
"""

from rag.citations.alignment import align
from rag.citations.citing import CitedText, cite
from rag.citations.markers import (
    DECLINED,
    Sentence,
    declines,
    is_foreign,
    plain_text,
    split_reply,
    without_controls,
)
from rag.citations.polarity import denial_words
from rag.citations.verdicts import verify

__all__ = [
    "DECLINED",
    "CitedText",
    "Sentence",
    "align",
    "cite",
    "declines",
    "denial_words",
    "is_foreign",
    "plain_text",
    "split_reply",
    "verify",
    "without_controls",
]
