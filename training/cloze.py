"""Questions made from texts: a stretch of a sentence asked for, the rest of it reworded roughly.

What a reader learns from them is where a number, a date, a name or a clause stands that fits the
words around it. Knows nothing of the reader.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import rjieba

from rag.evidence.typed_spans import typed_spans
from rag.queries import Kind
from rag.text import Range, clauses, sentences, standard_form

_ASKING: dict[Kind, tuple[str, ...]] = {
    "date": ("什么时候", "何时", "哪一年", "哪年", "什么时间", "哪天"),
    "person": ("谁", "哪位", "何人"),
    "place": ("哪里", "什么地方", "哪儿", "何处"),
    "name": ("什么", "哪个", "哪家", "哪一个"),
    "list": ("哪些", "什么", "哪几个"),
    "other": ("什么", "怎么样", "如何"),
}
# A clause is what most questions of the sets ask for, so it is drawn as often as the numbers.
_KINDS: tuple[Kind, ...] = (
    "number", "number", "date", "date", "person", "person", "place", "place", "name", "name",
    "name", "name", "list", "other", "other", "other",
)  # fmt: skip
# Word classes of rjieba that a name or a thing is made of.
_THINGS = ("n", "j", "vn", "eng", "l", "i")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_COUNTERS = ("", "个", "一个", "种", "家", "座", "位", "条", "类")
_OF_THINGS = 0.6
_NUMBER = re.compile(r"(?:约|近|超过?)?[\d.,％%一二两三四五六七八九十百千万亿零〇]+(?:余|多)?(.*)$")
_WORDS = re.compile(r"[\u4e00-\u9fff]{1,2}|[A-Za-z0-9.]+|.")
_SIGNS = re.compile(r"[，。、；：“”《》（）]")
_ORDERS = (9, 5, 4, 2)
_LEFT_OUT = (0.0, 0.15, 0.3, 0.45, 0.6)
LENGTHS = range(15, 150)
_LONGEST_ANSWER = 40
LONGEST_QUESTION = 60
_SHORTEST_QUESTION = 6
_OTHERS = 7  # sentences beside the one that is asked about
_FEWEST_OTHERS = 3
_REACH = 3  # sentences; those nearer come first
_TRIES = 4  # a text
_OF_A_TEXT = 2


class Cloze(NamedTuple):
    """A question, sentences of one text, and the answer in one of them; in their standard form."""

    text: str
    question: str
    sentences: tuple[str, ...]
    gold: int
    answer: Range


def clozes(texts: Iterable[tuple[str, str]], random_: random.Random) -> Iterator[Cloze]:
    """Up to two questions on each ``(title, text)`` that has sentences enough."""
    for title, text in texts:
        standard, found = sentences_of(text)
        made = 0
        for _ in range(_TRIES if len(found) > 3 else 0):
            one = _cloze(title, standard, found, random_)
            if one is not None and made < _OF_A_TEXT:
                made += 1
                yield one


def sentences_of(text: str) -> tuple[str, list[str]]:
    """A text in its standard form, and its sentences but for the shortest."""
    standard = standard_form(text)
    return standard, [standard[start:end] for start, end in sentences(standard) if end - start > 5]


def _cloze(title: str, text: str, found: Sequence[str], random_: random.Random) -> Cloze | None:
    place, kind = random_.randrange(len(found)), random_.choice(_KINDS)
    sentence = found[place]
    answer = _answer(sentence, kind, random_) if len(sentence) in LENGTHS else None
    if answer is None or not 0 < answer.end - answer.start <= _LONGEST_ANSWER:
        return None
    question = question_on(sentence, answer, kind, title, random_)
    return placed(text, question, found, place, answer, random_)


def placed(
    text: str,
    question: str,
    found: Sequence[str],
    place: int,
    answer: Range,
    random_: random.Random,
    left_out: int | None = None,
) -> Cloze | None:
    """A question with the sentence that answers it among the sentences around it.

    None where too few are without the answer. ``left_out`` is one that may not be among them.
    """
    words = found[place][answer.start : answer.end]
    others = [n for n, other in enumerate(found) if words not in other and n != left_out]
    near = sorted(others, key=lambda other: (abs(other - place) > _REACH, random_.random()))
    if len(near) < _FEWEST_OTHERS or len(question) < _SHORTEST_QUESTION:
        return None
    chosen = random_.sample([place, *near[:_OTHERS]], len(near[:_OTHERS]) + 1)
    return Cloze(
        text, question, tuple(found[number] for number in chosen), chosen.index(place), answer
    )


def _answer(sentence: str, kind: Kind, random_: random.Random) -> Range | None:
    """A stretch of the kind; for the kind ``other`` a clause, or the later part of one."""
    if kind != "other":
        is_thing = kind in ("name", "person", "place") and random_.random() < _OF_THINGS
        spans = things_in(kind, sentence) if is_thing else typed_spans(kind, "", sentence)
        return random_.choice(spans) if spans else None
    found = clauses(sentence)
    fitting = [clause for clause in found if 4 <= clause.end - clause.start <= 30]
    if len(found) < 2 or not fitting:
        return None
    start, end = random_.choice(fitting)
    if random_.random() < 0.6:
        start += random_.randrange(1, max(2, (end - start) // 2))
    while end > start and sentence[end - 1] in "，。；、：！？":
        end -= 1
    return Range(start, end)


@lru_cache(maxsize=64)
def things_in(kind: Kind, sentence: str) -> tuple[Range, ...]:
    """Names and things of two to twelve characters: runs of nouns; persons and places alone."""
    spans: list[Range] = []
    place = 0
    for is_thing, run in groupby(rjieba.tag(sentence), lambda word: word[1].startswith(_THINGS)):
        words = list(run)
        end = place + sum(len(word) for word, _ in words)
        if is_thing and 2 <= end - place <= 12 and _is_kind(kind, {tag for _, tag in words}):
            spans.append(Range(place, end))
        place = end
    return tuple(spans)


def _is_kind(kind: Kind, classes: set[str]) -> bool:
    own = {"person": "nr", "place": "ns"}
    if kind in own:
        return all(tag.startswith(own[kind]) for tag in classes)
    return not any(tag.startswith(("nr", "ns")) for tag in classes) or len(classes) > 1


def question_on(
    sentence: str,
    answer: Range,
    kind: Kind,
    title: str,
    random_: random.Random,
    left_out: Sequence[float] = _LEFT_OUT,
) -> str:
    """The words around the answer, some left out, an asking word in its place or moved.

    The share that is left out is one of ``left_out``.
    """
    before, after = _around(sentence, answer, random_)
    share = random_.choice(left_out)
    before, after = (_thinned(part, share, random_) for part in (before, after))
    asking = asking_words(sentence[answer.start : answer.end], kind, random_)
    orders = (
        f"{before}{asking}{after}",
        f"{before}的{after}是{asking}",
        f"{after}{before}{asking}",
        f"{asking}{after}{before}",
    )
    (question,) = random_.choices(orders, weights=_ORDERS)
    if random_.random() < 0.7:
        question = _SIGNS.sub("", question)
    if title and title not in question and random_.random() < 0.5:
        question = title + question
    return question[:LONGEST_QUESTION] + random_.choice(("？", "?", ""))


def _around(sentence: str, answer: Range, random_: random.Random) -> tuple[str, str]:
    """What stands before and after the answer in its clauses, at times in the next ones too."""
    found = clauses(sentence)
    first = next(i for i, clause in enumerate(found) if answer.start < clause.end)
    last = next(i for i, clause in enumerate(found) if answer.end <= clause.end)
    if random_.random() < 0.4:
        first = max(0, first - 1)
    if random_.random() < 0.25:
        last = min(len(found) - 1, last + 1)
    before = sentence[found[first].start : answer.start].lstrip("，、；：“”")
    return before, sentence[answer.end : found[last].end].rstrip("，。；：、！？”")


def asking_words(answer: str, kind: Kind, random_: random.Random) -> str:
    if kind in ("name", "place", "list") and random_.random() < 0.5:
        sort = rjieba.cut(answer)[-1] if answer else ""
        if _HAN.fullmatch(sort) and len(sort) < len(answer):
            which = "哪些" if kind == "list" else f"哪{random_.choice(_COUNTERS)}"
            return random_.choice((which, which, "什么")) + sort
    if kind != "number":
        return random_.choice(_ASKING[kind])
    number = _NUMBER.match(answer)
    return random_.choice(("多少", "多少", "几")) + (number.group(1) if number else "")


def _thinned(words: str, share: float, random_: random.Random) -> str:
    return "".join(word for word in _WORDS.findall(words) if random_.random() >= share)
