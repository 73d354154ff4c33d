"""What a question is for, where it is not for a fact: small talk, the library itself, a summary.

In goes a question, out comes its purpose, or None for every question to the articles' words. The
rule is narrow: without the closed classes of ``words.toml`` nothing may be left of a question, or
only the one thing that it is about. Knows nothing of which articles there are.
"""

from __future__ import annotations

from rag.ask.purpose.kinds import LibraryQuestion, Purpose, SmallTalk, SummaryRequest
from rag.ask.purpose.library import library_question
from rag.ask.purpose.open import open_request
from rag.ask.purpose.small_talk import small_talk
from rag.ask.purpose.summary import summary_request
from rag.ask.purpose.words import SIGNS
from rag.text import standard_form

__all__ = ["LibraryQuestion", "Purpose", "SmallTalk", "SummaryRequest", "purpose_of"]

_LONGEST = 100  # characters; a longer question tells a story of its own


def purpose_of(question: str, *, follows: bool = False) -> Purpose | None:
    """The purpose of a question, its courtesies taken off; ``follows``: turns came before it."""
    bare = standard_form(question).strip(SIGNS)
    if len(bare) > _LONGEST:
        return None
    return (
        small_talk(bare, follows=follows)
        or summary_request(bare, follows=follows)
        or library_question(bare, follows=follows)
        or open_request(bare)
    )
