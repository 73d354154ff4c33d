"""A chat model's words up to where it begins to say the same again.

Greedy choice can run in a circle for hundreds of words. Works piece by piece; knows nothing of
evidence. What is a repetition is not judged by meaning: a sentence said before, or a short run of
signs over and over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_ENDS = re.compile(r"[。！？!?\n]")
# A sentence with the markers behind it, or what is left at the end.
_SENTENCE = re.compile(
    r"[^。！？!?\n]*[。！？!?\n](?:\s*[\[［【][^\]］】]{0,12}[\]］】])*|[^。！？!?\n]+$"
)
_SIGNS = re.compile(r"[\s\W]|\d{1,3}(?=\])")
_SHORTEST = 6  # signs of a sentence that is not said twice
_LONGEST_CIRCLE = 24
_ROUNDS = 4


def until_repeated(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces up to the end of the first sentence that was said before, or of a circle.

    What repeats is shown where it had gone out already; ``without_repeats`` takes it away.
    """
    said = ""
    for piece in pieces:
        yield piece
        said += piece
        if _runs_in_a_circle(said) or (_ENDS.search(piece) and _repeats(said)):
            return


def without_repeats(text: str) -> str:
    """The text without sentences that it has before, and without the rounds of a circle."""
    kept: list[str] = []
    known: set[str] = set()
    for sentence in _SENTENCE.findall(_without_circle(text)):
        key = _key(sentence)
        if len(key) < _SHORTEST or key not in known:
            kept.append(sentence)
        known.add(key)
    return "".join(kept)


def _repeats(said: str) -> bool:
    keys = [_key(one) for one in _ENDS.split(said)]
    told = [key for key in keys if len(key) >= _SHORTEST]
    return len(set(told)) < len(told)


def _key(sentence: str) -> str:
    """A sentence without signs and without the numbers of its markers."""
    return _SIGNS.sub("", sentence)


def _runs_in_a_circle(said: str) -> bool:
    return _circle(said) > 0


def _circle(said: str) -> int:
    """The length of the run that the text ends with four times over; 0 where it does not."""
    for length in range(1, _LONGEST_CIRCLE + 1):
        run = said[-length:]
        has_words = re.search(r"\w", run) and not run.isdigit()
        if has_words and said.endswith(run * _ROUNDS) and length * _ROUNDS >= 2 * _SHORTEST:
            return length
    return 0


def _without_circle(text: str) -> str:
    length = _circle(text)
    if not length:
        return text
    run = text[-length:]
    while text.endswith(run * 2):
        text = text[:-length]
    return text
