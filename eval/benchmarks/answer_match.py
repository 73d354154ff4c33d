"""Exact match and F1 of a short answer, as CMRC 2018's evaluation script defines them.

Cui et al. 2019, "A Span-Extraction Dataset for Chinese Machine Reading Comprehension". A text is
cut into single Chinese characters and runs of other ones; precision and recall count the longest
*contiguous* run of pieces that both have. Signs do not count. Written from that definition; where
the script has NLTK cut other runs, a pattern cuts them here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIGNS = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_CHINESE = re.compile(r"[\u4e00-\u9fa5]")
# Numbers with their points and commas, words, and whatever else stands by itself.
_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*|[^\s\w]|_")


def segments(text: str) -> list[str]:
    """Chinese characters one by one, other runs as words; in lower case, without signs."""
    found: list[str] = []
    run = ""
    for character in text.lower().strip():
        if character in _SIGNS:
            continue
        if _CHINESE.match(character):
            found += [*_WORD.findall(run), character]
            run = ""
        else:
            run += character
    return [*found, *_WORD.findall(run)]


def longest_common_run(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest contiguous run of pieces that stands in both."""
    longest, before = 0, [0] * (len(other) + 1)
    for piece in one:
        row = [0] * (len(other) + 1)
        for place, rival in enumerate(other, start=1):
            if piece == rival:
                row[place] = before[place - 1] + 1
        longest, before = max(longest, *row), row
    return longest


def f1(answers: Sequence[str], predicted: str) -> float:
    """The best F1 of a prediction against any of the answers, between 0 and 1."""
    guess = segments(predicted)
    best = 0.0
    for answer in answers:
        gold = segments(answer)
        common = longest_common_run(gold, guess)
        if common:
            precision, recall = common / len(guess), common / len(gold)
            best = max(best, 2 * precision * recall / (precision + recall))
    return best


def exact_match(answers: Sequence[str], predicted: str) -> bool:
    """Whether a prediction is one of the answers, signs and case aside."""
    return _bare(predicted) in {_bare(answer) for answer in answers}


def _bare(text: str) -> str:
    return "".join(one for one in text.lower().strip() if one not in _SIGNS)
