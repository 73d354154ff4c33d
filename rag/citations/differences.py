"""What a sentence says in words that its evidence does not have, and what stands there instead.

Knows nothing of numbers and dates, which are blanked before, nor of what a difference means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from rag.text.stated import BLANK

NAME_TAGS = ("nr", "ns", "nt", "nz", "eng")
# Words that carry no fact of their own: particles, conjunctions, prepositions, pronouns, adverbs,
# measure words, numerals that were no amount, signs, time words.
_EMPTY_TAGS = ("u", "c", "p", "r", "y", "e", "o", "q", "m", "x", "w", "f", "k", "h", "t", "d", "z")
_SIGNS = re.compile(r"[^0-9A-Za-z\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+")
_CLAUSE_START = re.compile(r"(?:^|[，,。；;：:！？!?\n“])[\s“”\"‘’《（(]*$")
_LONGEST_OLD = 16
_CONTEXT = 3
_ADMINISTRATIVE = "省市县区州镇乡村街道"
_SAYING = "称说道"
_LOOSE = 6
_LONGEST_SHORT_NAME = 6  # the search for a longer one could take for ever


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its class as rjieba tags it, and where it starts."""

    text: str
    tag: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def is_empty(self) -> bool:
        """Whether it is a sign or a word without a meaning of its own."""
        return self.tag[:1] in _EMPTY_TAGS and self.tag not in NAME_TAGS

    @property
    def is_sign(self) -> bool:
        """Whether it has neither letter nor Chinese character."""
        return bool(_SIGNS.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Difference:
    """Neighbouring words of a sentence that its evidence lacks.

    ``old`` is what the evidence has between the same neighbours, empty when that is not known.
    ``before`` and ``after`` are the words beside it, None at the ends.
    """

    tokens: tuple[Token, ...]
    old: str
    before: Token | None
    after: Token | None
    starts_clause: bool

    @property
    def text(self) -> str:
        """The words as they stand in the sentence."""
        return "".join(token.text for token in self.tokens)


@lru_cache(maxsize=4096)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text with their classes."""
    found, start = [], 0
    for word, tag in rjieba.tag(text):
        found.append(Token(word, tag, start))
        start += len(word)
    return tuple(found)


def find_differences(claim: str, words: str) -> list[Difference]:
    """The stretches of a sentence that stand in none of the words, in order.

    Both are folded and have their numbers and dates blanked.
    """
    tokens = tokens_of(claim)
    is_new = [_is_new(place, tokens, words) for place in range(len(tokens))]
    found, place = [], 0
    while place < len(tokens):
        if not is_new[place]:
            place += 1
            continue
        end = place + 1
        while end < len(tokens) and (is_new[end] or _bridges(end, tokens, is_new)):
            end += 1
        found.append(_difference(place, end, tokens, claim, words))
        place = end
    return found


def _is_new(place: int, tokens: Sequence[Token], words: str) -> bool:
    token = tokens[place]
    if token.is_sign or BLANK in token.text or (token.text in words and len(token.text) > 1):
        return False
    if len(token.text) == 1:
        return _is_new_character(place, tokens, words)
    return not _is_said_otherwise(token, words)


def _is_new_character(place: int, tokens: Sequence[Token], words: str) -> bool:
    """A single character is new when the words lack it, or lack it beside its neighbours."""
    token = tokens[place]
    if token.text not in words:
        return not token.is_empty
    if token.is_empty or token.tag.startswith("v"):
        return False
    before = tokens[place - 1].text[-1:] if place else ""
    after = tokens[place + 1].text[:1] if place + 1 < len(tokens) else ""
    beside = [pair for pair in (before + token.text, token.text + after) if len(pair) > 1]
    return not any(pair in words or _SIGNS.search(pair) for pair in beside)


def _is_said_otherwise(token: Token, words: str) -> bool:
    """Short and full names, 成都市 for 成都; words whose parts are there."""
    text = token.text
    if len(text) > 2 and text[-1] in _ADMINISTRATIVE and text[:-1] in words:
        return True
    if token.tag.startswith("nr"):
        # 张志伦称, taken for one name
        return text[-1] in _SAYING and len(text) > 2 and text[:-1] in words
    if len(text) > 3 and text[:2] in words and text[2:] in words:
        return True
    if len(text) > _LONGEST_SHORT_NAME:
        return False
    spaced = rf"[^，。；,;\s\0]{{0,{_LOOSE}}}?".join(map(re.escape, text))
    found = re.search(spaced, words)
    return found is not None and len(found[0]) <= 2 * len(text) + 2


def _bridges(place: int, tokens: Sequence[Token], is_new: Sequence[bool]) -> bool:
    """Whether a single character stands between two new words of one name or phrase."""
    token = tokens[place]
    inside = place + 1 < len(tokens) and is_new[place + 1]
    return inside and len(token.text) == 1 and not token.is_sign and token.text != BLANK


def _difference(
    place: int, end: int, tokens: Sequence[Token], claim: str, words: str
) -> Difference:
    first, last = tokens[place], tokens[end - 1]
    return Difference(
        tuple(tokens[place:end]),
        _old(claim, first.start, last.end, words),
        tokens[place - 1] if place else None,
        tokens[end] if end < len(tokens) else None,
        bool(_CLAUSE_START.search(claim[: first.start])),
    )


def _old(claim: str, start: int, end: int, words: str) -> str:
    """What the words have between the characters that stand around ``claim[start:end]``."""
    before, after = claim[max(0, start - _CONTEXT) : start], claim[end : end + _CONTEXT]
    before = _SIGNS.split(before)[-1]
    after = _SIGNS.split(after)[0]
    best = ""
    for found in re.finditer(re.escape(after), words) if after else ():
        stretch = words[max(0, found.start() - _LONGEST_OLD) : found.start()]
        stretch = _SIGNS.split(stretch)[-1]
        if before and before in stretch:
            return stretch[stretch.rindex(before) + len(before) :]
        best = best or ("" if before else stretch)
    if not best and before and not after:
        at = words.find(before)
        best = (
            _SIGNS.split(words[at + len(before) : at + len(before) + _LONGEST_OLD])[0]
            if at >= 0
            else ""
        )
    return best
