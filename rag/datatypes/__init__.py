"""The nouns of the program: frozen values that every floor above passes around.

Knows nothing of files, models, numpy or settings; nothing here reads or writes.

Two coordinates run through all of them. ``start`` and ``end`` count code points in
``Article.text``; ``source_spans`` are half-open ``(start, end)`` pairs of code points in the
decoded source (``rag.read_text(path)``).
"""

from rag.datatypes.answers import (
    Answer,
    AnswerPart,
    Citation,
    Claim,
    Evidence,
    Message,
    Outcome,
    Role,
    Searched,
    Verdict,
)
from rag.datatypes.articles import (
    Article,
    Corpus,
    SkippedFile,
    SourceFile,
    SourceSpans,
    TextSpan,
)
from rag.datatypes.hits import Copy, Hit, Passage
from rag.datatypes.tables import Cell, Saying, Table

__all__ = [
    "Answer",
    "AnswerPart",
    "Article",
    "Cell",
    "Citation",
    "Claim",
    "Copy",
    "Corpus",
    "Evidence",
    "Hit",
    "Message",
    "Outcome",
    "Passage",
    "Role",
    "Saying",
    "Searched",
    "SkippedFile",
    "SourceFile",
    "SourceSpans",
    "Table",
    "TextSpan",
    "Verdict",
]
