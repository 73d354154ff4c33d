"""How much of one text another tells, and whether the two contradict one another.

Knows nothing of articles or indexes. Two reports that share most of their words may still be two
stories: yesterday's share prices and today's, a notice about one official and the same about the
next. What tells them apart is a figure or a name that stands in the same words with another value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import rjieba
from numpy.typing import NDArray

from rag.text.folding import fold
from rag.text.terms import encodable

Shingles = NDArray[np.uint64]

_SHINGLE_CHARS = 6
_NO_WORD = re.compile(r"[\W_]+")
# Odd, so that no place is lost; then the finaliser of splitmix64 (Steele, Lea, Flood 2014).
_PLACES = np.array(
    [pow(0x9E3779B97F4A7C15, place, 2**64) for place in range(1, _SHINGLE_CHARS + 1)],
    dtype=np.uint64,
)
_MIXERS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))

_MARKS = re.compile(r"[\s#@]+")
_BLANK = re.compile(r"[#@]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[〇零一二两三四五六七八九十百千万亿]+")
_LEADING_ZEROS = re.compile(r"^0+(?=\d)")
_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": "0", "两": "2"}
_NAME_CLASSES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz", "eng", "x"})
_DIVISIONS = frozenset("省市县区州镇乡村")
# Who wrote or edited a text, and the number of the editor; not 记者28日获悉.
_CREDITS = {
    "@": re.compile(r"(?:编辑|责编|校对|审核|记者|通讯员|作者|来源|摄影)[^。，,]{0,5}$"),
    "#": re.compile(r"(?:编辑|责编|校对|审核)[^。，,]{0,5}$"),
}
_CREDIT_CHARS = 10
_BEFORE, _AFTER = 4, 2  # characters of a figure or name that say what it stands for


def shingles(text: str) -> Shingles:
    """Hashes of every stretch of six letters, digits or ideographs, signs left out, in order."""
    words = _NO_WORD.sub("", fold(text))
    codes = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    count = codes.size - _SHINGLE_CHARS + 1
    if count < 1:
        return np.zeros(0, dtype=np.uint64)
    hashes = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(_PLACES):
        hashes += codes[place : place + count] * factor
    for shift, factor in _MIXERS:
        hashes ^= hashes >> np.uint64(shift)
        hashes *= np.uint64(factor)
    return hashes


def share_told(part: Shingles, whole: Shingles) -> float:
    """The share of one text's shingles that stand in another, given in ascending order; 0 to 1."""
    if not part.size or not whole.size:
        return 0.0
    places = np.minimum(np.searchsorted(whole, part), whole.size - 1)
    return float(np.mean(whole[places] == part))


# A query compares few passages, and the next one often the same.
_kept_shingles = lru_cache(maxsize=1024)(shingles)


def share_told_in(text: str, others: Iterable[str]) -> float:
    """The share of a text's shingles that stand in some others together, from 0 to 1."""
    whole = np.concatenate([np.zeros(0, dtype=np.uint64), *map(_kept_shingles, others)])
    return share_told(_kept_shingles(text), np.sort(whole))


def figures(text: str) -> frozenset[str]:
    """The numbers of a text in any writing, 一 left out, which is mostly a part of other words."""
    return frozenset(_value(number) for number in _NUMBER.findall(fold(text)) if number != "一")


def facts(text: str) -> dict[str, list[str]]:
    """Figures and names by the few characters around them, in which other ones are blanked out.

    Names of those who wrote or edited the text are left out.
    """
    masked, values = _masked(text)
    found: dict[str, list[str]] = {}
    for blank, value in zip(_BLANK.finditer(masked), values, strict=True):
        place = blank.start()
        if _CREDITS[blank[0]].search(masked, max(0, place - _CREDIT_CHARS), place):
            continue
        before = masked[max(0, place - _BEFORE) : place]
        around = f"{before}|{masked[place : place + 1 + _AFTER]}"
        found.setdefault(around, []).append(value)
    return found


def contradict(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> bool:
    """Whether two texts' facts give other figures or names in the same words.

    Only where each has one more often: what one merely leaves out is no contradiction.
    """
    if len(one) > len(other):
        one, other = other, one
    return any(
        _has_more(values, other[around]) and _has_more(other[around], values)
        for around, values in one.items()
        if around in other and values != other[around]
    )


def _has_more(values: list[str], others: list[str]) -> bool:
    """Whether a value stands more often in the first, and in no other writing in the second."""
    return any(
        not any(_agree(value, other) for other in others if other != value)
        for value in Counter(values) - Counter(others)
    )


def _masked(text: str) -> tuple[str, list[str]]:
    """The folded text with ``#`` for each figure and ``@`` for each name, and what they were."""
    folded = encodable(_MARKS.sub("", fold(text)))
    numbers = iter(_NUMBER.findall(folded))
    pieces: list[str] = []
    values: list[str] = []
    for word, word_class in rjieba.tag(_NUMBER.sub("#", folded)):
        is_name = word_class in _NAME_CLASSES and len(word) > 1 and word.isalnum()
        if word in _DIVISIONS and pieces and pieces[-1] == "@":
            continue  # the dictionary has some names with it: 东江镇, but 云桥 and 镇
        pieces.append("@" if is_name else word)
        if is_name:
            values.append(word)
        elif "#" in word:
            values.extend(_value(next(numbers)) for _ in range(word.count("#")))
    return "".join(pieces), values


def _value(number: str) -> str:
    """A figure as it is compared: 05 is 5, 1,200 is 1200, 十七 is 17, 两 is 2."""
    if number[0].isdecimal():
        digits = number.replace(",", "")
        return _LEADING_ZEROS.sub("", digits) if digits[0] == "0" else digits
    tens, ten, ones = number.partition("十")
    if ten and len(tens) < 2 and len(ones) < 2:
        return _DIGITS.get(tens, "1") + _DIGITS.get(ones, "0")
    return "".join(_DIGITS.get(character, character) for character in number)


def _agree(one: str, other: str) -> bool:
    """Whether two values are one, a name also where the other shortens it: 北京 and 北京市."""
    if len(one) > len(other):
        one, other = other, one
    if one[0].isdecimal() or other[0].isdecimal():
        return one == other
    rest = iter(other)
    return all(character in rest for character in one)
