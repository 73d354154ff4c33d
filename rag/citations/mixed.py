"""Whether a sentence joins the beginning of one name to the end of another.

All words of it are in the evidence: 滨江茶叶机械集团 where 滨江茶叶进出口公司 and 双河农业机械集团
stand. Words that the evidence lacks are ``differences``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.citations.differences import Token, tokens_of
from rag.text.stated import BLANK

_NOMINAL = ("n", "s", "j", "b")
_SIDE = 2  # characters on either side of a seam that the evidence has
_SHOWN = 4
_NEAR = 8  # characters between two parts of one name that were left out
_SIGN = re.compile(r"[\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+")


def mixed_name(claim: str, words: str) -> str | None:
    """What stands around the first such seam of the claim; None without.

    Both are folded and have their numbers and dates blanked.
    """
    there: tuple[Token, ...] = ()
    for seam in _seams(claim, words):
        there = there or tokens_of(words)
        first, second = claim[seam - _SIDE : seam], claim[seam : seam + _SIDE]
        if not _stand_near(first, second, words) and (
            all(_goes_on(end, there) for end in _found(first, words, at_end=True))
            and all(_came_before(start, there) for start in _found(second, words))
        ):
            return _around(claim, seam)
    return None


def _around(claim: str, seam: int) -> str:
    """What stands on either side of a seam, up to a sign."""
    before, behind = claim[max(0, seam - _SHOWN) : seam], claim[seam : seam + _SHOWN]
    return _SIGN.split(before)[-1] + _SIGN.split(behind)[0]


def _seams(claim: str, words: str) -> Iterator[int]:
    """Places between or within nominal words whose sides the words have, but not together."""
    tokens = tokens_of(claim)
    for first, second in pairwise((*tokens, Token("", "", len(claim)))):
        if not _is_nominal(first):
            continue
        last = second.start + 1 if _is_nominal(second) else second.start
        yield from (
            place for place in range(first.start + 1, last) if _is_seam(claim, place, words)
        )


def _is_seam(claim: str, place: int, words: str) -> bool:
    around = claim[max(0, place - _SIDE) : place + _SIDE]
    return (
        len(around) == 2 * _SIDE
        and bool(_LETTERS.fullmatch(around))
        and claim[place - 1 : place + 1] not in words
        and around[:_SIDE] in words
        and around[_SIDE:] in words
    )


def _found(part: str, words: str, *, at_end: bool = False) -> Iterator[int]:
    for match in re.finditer(re.escape(part), words):
        yield match.end() if at_end else match.start()


def _goes_on(end: int, tokens: Sequence[Token]) -> bool:
    """Whether a name that has got so far goes on: within a word, or with another noun."""
    return any(
        one.start < end < one.end or (one.start == end and _is_nominal(one)) for one in tokens
    )


def _came_before(start: int, tokens: Sequence[Token]) -> bool:
    return any(
        one.start < start < one.end or (one.end == start and _is_nominal(one)) for one in tokens
    )


def _is_nominal(token: Token) -> bool:
    if token.is_sign or BLANK in token.text:
        return False
    return token.tag.startswith(_NOMINAL) or token.tag in ("vn", "eng")


def _stand_near(first: str, second: str, words: str) -> bool:
    """Whether the second follows the first somewhere with little between them."""
    return any(
        second in words[end : end + _NEAR + _SIDE] for end in _found(first, words, at_end=True)
    )
