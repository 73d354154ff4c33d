"""Questions asked of another: one number or name in them changed, so that their passage tempts only.

In goes a question list, out comes the same list for a question that none of its hits answers: 第十二条
becomes 第二十条, 2019年 2017年, a place or person another one. Knows nothing of batches or networks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from rag.text import tagged_words
from training.question_lists import QuestionList

_NAMES = ("nr", "ns", "nt", "nz", "nrt")
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十二", "二十", "十五")
_STEMS = "甲乙丙丁"
_CHANGING = re.compile(
    r"\d+(?:\.\d+)?|(?<=第)[一二三四五六七八九十]+|[一二三四五](?=期|号|批|组)|[甲乙丙丁](?=组|队|班|方|区|座|栋)"
)
# Who asks whether it is so is told what is so.
_ASKS_WHETHER = re.compile(r"吗|是不是|对不对|是否|有没有|不是")
_LEAST = 2


def names_of(lists: Sequence[QuestionList]) -> dict[str, list[str]]:
    """The names that questions hold, by their class."""
    found: dict[str, set[str]] = {}
    for one in lists:
        for word, tag in tagged_words(one.question):
            if tag in _NAMES and len(word) >= _LEAST:
                found.setdefault(tag, set()).add(word)
    return {tag: sorted(words) for tag, words in found.items()}


def altered(
    one: QuestionList, draw: random.Random, names: dict[str, list[str]]
) -> QuestionList | None:
    """The list with the question changed in one place; None where nothing in it can be."""
    told = "\n".join(f"{p.context} {p.text}" for p in one.passages if p.is_gold)
    if not one.answers or one.kind == "false" or _ASKS_WHETHER.search(one.question):
        return None
    places = [m.span() for m in _CHANGING.finditer(one.question) if m.group() in told]
    if places and draw.random() < 0.6:
        start, end = draw.choice(places)
        other = _other_number(one.question[start:end], draw)
    else:
        at, words = 0, []
        for word, tag in tagged_words(one.question):
            if tag in names and word in told and len(word) >= _LEAST:
                words.append((at, at + len(word), tag))
            at += len(word)
        if not words:
            return None
        start, end, tag = draw.choice(words)
        other = draw.choice(names[tag])
    everything = "\n".join(f"{p.context} {p.text}" for p in one.passages)
    if other in everything:
        return None
    passages = tuple(
        replace(p, spans=(), is_gold=False, is_near=bool(p.spans)) for p in one.passages
    )
    question = one.question[:start] + other + one.question[end:]
    return replace(one, kind="near", question=question, answers=(), passages=passages)


def _other_number(printed: str, draw: random.Random) -> str:
    if printed in _STEMS:
        return draw.choice(_STEMS.replace(printed, ""))
    if not printed[0].isdigit():
        return draw.choice([one for one in _ORDINALS if one != printed])
    if len(printed) == 4 and printed[:2] in ("19", "20"):
        return str(int(printed) + draw.choice((-3, -2, -1, 1, 2)))
    place = draw.randrange(len(printed))
    digit = printed[place]
    if not digit.isdigit():
        return printed + draw.choice("123456789")
    return printed[:place] + draw.choice("123456789".replace(digit, "")) + printed[place + 1 :]
