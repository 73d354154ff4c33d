"""Questions on one of several numbers of a sentence: which number goes with which words.

其中医生612人、护士903人 asks 有多少名医生. Knows nothing of the reader.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from rag.evidence.typed_spans import typed_spans
from rag.text import Range
from training.cloze import (
    LENGTHS,
    LONGEST_QUESTION,
    Cloze,
    asking_words,
    placed,
    sentences_of,
    things_in,
)

_SIGNS = re.compile(r"[，,、；;：:（）()。]")
_SAME_COUNTERS = {"多少人": "多少名", "几人": "几名", "多少户": "多少家"}
_LONGEST_HEAD = 16
_WITH_HEAD = 0.7


def enumerated(texts: Iterable[tuple[str, str]], random_: random.Random) -> Iterator[Cloze]:
    """A question on a number of each sentence of ``(title, text)`` that has several."""
    for _, text in texts:
        standard, found = sentences_of(text)
        for place, sentence in enumerate(found):
            spans = _counted(sentence) if len(sentence) in LENGTHS else ()
            if len(spans) > 1:
                answer = random_.choice(spans)
                question = _question(sentence, answer, random_)
                one = placed(standard, question, found, place, answer, random_)
                if one is not None:
                    yield one


def _counted(sentence: str) -> list[Range]:
    """Numbers with a unit: a code or a page counts nothing."""
    spans = typed_spans("number", "", sentence)
    return [span for span in spans if not sentence[span.end - 1].isdigit()]


def _question(sentence: str, answer: Range, random_: random.Random) -> str:
    """What the sentence begins with, and the words of the number's own item; empty without any."""
    before = _SIGNS.split(sentence[: answer.start])[-1]
    after = _SIGNS.split(sentence[answer.end :])[0]
    if len(before + after) < 2:
        return ""
    asking = asking_words(sentence[answer.start : answer.end], "number", random_)
    things = [span for span in things_in("name", sentence) if span.end <= _LONGEST_HEAD]
    has_head = things and things[0].end < answer.start - len(before)
    head = sentence[: things[0].end] if has_head and random_.random() < _WITH_HEAD else ""
    orders = [f"{head}{before}{asking}{after}", f"{head}{'的' * bool(head)}{before}{after}是多少"]
    if not after:
        orders += [f"{head}有{_SAME_COUNTERS.get(asking, asking)}{before}"] * 2
    return random_.choice(orders)[:LONGEST_QUESTION] + random_.choice(("？", "?", ""))
