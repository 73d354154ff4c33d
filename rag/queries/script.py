"""Questions read in one script, whatever script they were typed in, and given back as typed.

Knows nothing of what a question asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.text import standard_form


def read_question(question: str) -> str:
    """The question as the patterns read it: its standard form, of the same length."""
    return standard_form(question).replace("甚么", "什么")  # the same word, as Hong Kong writes it


def as_typed(text: str, questions: Sequence[str]) -> str:
    """A text made of pieces of questions that were read, each piece as it was typed.

    The longest pieces are looked for first, in the first question that has them; words that stand
    in none stay as they are.
    """
    typed = "\n".join(questions)
    read = read_question(typed)
    if read == typed:
        return text
    pieces: list[str] = []
    start = 0
    while start < len(text):
        end, place = start + 1, -1
        while end <= len(text) and (found := read.find(text[start:end])) >= 0:
            end, place = end + 1, found
        length = max(1, end - 1 - start)
        pieces.append(text[start] if place < 0 else typed[place : place + length])
        start += length
    return "".join(pieces)
