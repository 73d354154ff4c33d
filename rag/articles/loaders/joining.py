"""Pieces of Chinese and Latin text: how they are put on one line.

Knows nothing of where they come from.
"""

from __future__ import annotations

import re

_SPACES = re.compile(r"[ \t\n\r\f\v]+")


def is_wide(character: str) -> bool:
    """Whether a character is set in a square, so that no space parts it from its neighbours."""
    return "\u2e80" <= character <= "\uffef" or character >= "\U00020000" or character in "“”‘’…—·"


def join_texts(left: str, right: str) -> str:
    """Two lines of one paragraph as running text: a space only between two Latin words."""
    if not left or not right or is_wide(left[-1]) or is_wide(right[0]) or left[-1] == "-":
        return left + right
    return f"{left} {right}"


def collapse(text: str) -> str:
    """Text of a markup file as it is shown: white space is one space.

    None where a line of Chinese is merely broken.
    """
    text = text.strip()

    def shown(match: re.Match[str]) -> str:
        if "\n" not in match.group():
            return " "
        is_in_chinese = is_wide(text[match.start() - 1]) and is_wide(text[match.end()])
        return "" if is_in_chinese else " "

    return _SPACES.sub(shown, text)


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set to look in."""
    return frozenset(text.split())
