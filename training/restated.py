"""Questions on facts that are told twice, in two wordings: asked in one, answered in the other.

Two sentences of the corpus that hold the same rare figure or name and some other words alike mostly
tell the same; the figure is asked for in the words of the one and stands in the other. What a
reader learns from them is that an answer need not share the words of its question. Knows nothing
of the reader.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.evidence.typed_spans import typed_spans
from rag.models.term_weights import TermWeights, builtin_term_weights
from rag.queries import Kind
from rag.text import Range, bigrams, find_quantities, sentences, standard_form
from training.cloze import Cloze, placed, question_on

_LENGTHS = range(15, 120)
_MOST_TOLD = 8  # times; what is told more often is no single fact
_OF_A_FACT = 2
_LEFT_OUT = (0.0, 0.0, 0.15, 0.3)  # less than elsewhere: the wording differs already
# The weighted share of other words that both sentences hold: by chance under the first, the same
# sentence over the last. Names go with many facts, so theirs must share more.
_ALIKE: dict[Kind, tuple[float, float]] = {
    "number": (0.12, 0.65),
    "person": (0.25, 0.65),
    "place": (0.25, 0.65),
    "name": (0.25, 0.65),
}
_WITHIN = 0.5  # of that is enough for two sentences of one text
_DIGITS = re.compile(r"\d")


class _Told(NamedTuple):
    """A fact's place: the text's number, the sentence's among its text's, the words' range."""

    text: int
    sentence: int
    words: Range
    kind: Kind


def restated(texts: Sequence[tuple[str, str]], random_: random.Random) -> Iterator[Cloze]:
    """Questions on the facts of ``(title, text)`` that are told twice, in random order."""
    weights = builtin_term_weights()
    standard = [standard_form(text) for _, text in texts]
    split = [[text[start:end] for start, end in sentences(text)] for text in standard]
    told: dict[str, list[_Told]] = defaultdict(list)
    for number, found in enumerate(split):
        for place, sentence in enumerate(found):
            for kind, range_ in _facts(sentence) if len(sentence) in _LENGTHS else ():
                fact = sentence[range_.start : range_.end]
                told[fact].append(_Told(number, place, range_, kind))
    facts = [(words, places) for words, places in told.items() if 1 < len(places) <= _MOST_TOLD]
    random_.shuffle(facts)
    for words, places in facts:
        pairs = [
            (asked, answer) for asked in places for answer in places if asked[:2] != answer[:2]
        ]
        made = 0
        for asked, answer in random_.sample(pairs, len(pairs)):
            if made < _OF_A_FACT and _is_restated(words, split, asked, answer, weights):
                one = _question(standard, split, asked, answer, random_)
                if one is not None:
                    made += 1
                    yield one


def _facts(sentence: str) -> Iterator[tuple[Kind, Range]]:
    """Figures of three digits or more in some unit, and names."""
    for start, end, number, unit in find_quantities(sentence):
        if unit and len(_DIGITS.findall(number)) > 2:
            yield "number", Range(start, end)
    for kind in ("person", "place", "name"):
        for words in typed_spans(kind, "", sentence):
            if 3 <= words.end - words.start <= 12:
                yield kind, words


def _is_restated(
    words: str, split: Sequence[Sequence[str]], asked: _Told, answer: _Told, weights: TermWeights
) -> bool:
    """Whether two sentences are as alike as two wordings of one fact are."""
    one, other = (
        frozenset(bigrams(split[told.text][told.sentence].replace(words, " ")))
        for told in (asked, answer)
    )
    least = min(weights.total(one), weights.total(other))
    low, high = _ALIKE[asked.kind]
    low *= _WITHIN if asked.text == answer.text else 1
    return least > 0 and low <= weights.total(one & other) / least <= high


def _question(
    standard: Sequence[str],
    split: Sequence[Sequence[str]],
    asked: _Told,
    answer: _Told,
    random_: random.Random,
) -> Cloze | None:
    """The one sentence as a question, the other among those around it."""
    sentence = split[asked.text][asked.sentence]
    question = question_on(sentence, asked.words, asked.kind, "", random_, _LEFT_OUT)
    same_text = asked.sentence if asked.text == answer.text else None
    return placed(
        standard[answer.text],
        question,
        split[answer.text],
        answer.sentence,
        answer.words,
        random_,
        left_out=same_text,
    )
