"""A sentence is told of what the question names, or of its like: of 北桥大学, or of 清源大学.

In go a question and a reading, out comes whether the reading can be of what was named. Which two
names are alike is seen from what they end in: there is no list of names. Knows nothing of scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rag.citations.names import is_organisation
from rag.read.checks import told_by
from rag.read.readings import Reading
from rag.text import standard_form, tagged_words

_TITLE = re.compile(r"《([^《》]{1,30})》")
_NAMES = ("nr", "ns", "nt", "nz", "nrt", "n", "eng")
_FEWEST_CHARS = 2


class _Name(NamedTuple):
    """A name of two words: what tells it from its likes, and what they all end in."""

    head: str
    tail: str


def is_of_named(question: str, reading: Reading) -> bool:
    """Whether the sentence names no like of what the question names, or that itself, too.

    Only what the article names is looked for: of what it calls otherwise nothing is known. A like
    that is the answer is no other. The question is in its standard form.
    """
    told = standard_form(reading.told).replace(standard_form(reading.fact), "", 1)
    around = told_by(reading.article)
    is_of_another = any(_is_of_another(told, around, asked) for asked in _names(question))
    return (
        not is_of_another
        and not _is_of_other_title(told, around, _titles(question))
        and not any(
            _is_of_whole_or_part(told, around, asked, question) for asked in _orgs(question)
        )
    )


def _is_of_another(told: str, around: str, asked: _Name) -> bool:
    """Whether a sentence names a like of what was asked, and nothing of that itself."""
    if asked.head in told or asked.tail not in told or asked.head + asked.tail not in around:
        return False
    return any(
        one.tail == asked.tail and one.head not in asked.head and asked.head not in one.head
        for one in _names(told)
    )


def _is_of_other_title(told: str, around: str, asked: frozenset[str]) -> bool:
    """The same for what stands in the marks of a title."""
    named = _titles(told)
    return bool(asked and named) and asked <= _titles(around) and not asked & named


def _is_of_whole_or_part(told: str, around: str, asked: str, question: str) -> bool:
    """Whether it is told of what another's name begins with: 江城大学 for 江城大学附属医院."""
    if asked[:_FEWEST_CHARS] not in told or asked in _orgs(told):
        return False
    return any(
        (one.startswith(asked) and one.removeprefix(asked) not in question)
        or (asked.startswith(one) and asked not in around)
        for one in _orgs(told)
    )


@lru_cache(maxsize=4096)
def _orgs(text: str) -> frozenset[str]:
    """What a text calls organisations, each name as long as it is."""
    runs, run = [], ""
    for word, tag in (*tagged_words(text), ("", "x")):
        if tag[0] in "nsb" or tag == "vn":
            run += word
        else:
            runs.append(run)
            run = ""
    return frozenset(one for one in runs if is_organisation(one))


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[_Name, ...]:
    return tuple(_names_in(text))


def _names_in(text: str) -> Iterator[_Name]:
    words = tagged_words(text)
    for (head, tag), (tail, kind) in pairwise(words):
        tells = tag in _NAMES or (tag == "m" and head.startswith("第"))
        if tells and min(len(head), len(tail)) >= _FEWEST_CHARS and kind[0] in "ns":
            yield _Name(head, tail)


def _titles(text: str) -> frozenset[str]:
    return frozenset(_TITLE.findall(text))
