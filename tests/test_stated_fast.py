"""What makes finding numbers and dates fast leaves out none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import fold
from rag.text.stated import Facts, amounts, dates, numbers_of
from tests.stories import STORIES

WRITTEN = [None, "2023-08-03", "2019", "2020-02-30", "无日期"]
_SIGNS = "〇零○一二两三四五六七八九十百千万亿0123456789年月日号时点分季度第首个米元人%，、.-:至上下半旬末初q "
_WORDS = [
    "星期一",
    "上半年",
    "去年",
    "今晚",
    "no.",
    "百分之",
    "3个多月",
    "2023年",
    "10:30",
    "PM2.5",
]
texts = st.lists(st.sampled_from([*_SIGNS, *_WORDS]), max_size=30).map("".join)


def slow(pattern: re.Pattern[str], *looked_at: str) -> re.Pattern[str]:
    """The pattern without what is looked at first."""
    plain = pattern.pattern
    for one in looked_at:
        assert one in plain
        plain = plain.replace(one, "")
    return re.compile(plain)


def matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[tuple[int, int], object]]:
    return ((match.span(), match.groupdict()) for match in pattern.finditer(text))


TOKEN = slow(dates._TOKEN, dates._FIRST)
AMOUNT = slow(amounts._AMOUNT, amounts._FIRST_OF_AMOUNT, amounts._FIRST_OF_UNIT)


def check(text: str) -> None:
    folded = fold(text)
    assert list(matches(dates._TOKEN, folded)) == list(matches(TOKEN, folded))
    assert list(matches(amounts._AMOUNT, folded)) == list(matches(AMOUNT, folded))
    for written in WRITTEN:
        facts = Facts.of(text, written)
        found, moments, folded_too = numbers_of(text, written)
        assert tuple(found) == facts.amounts
        assert moments == [replace(moment, known={}) for moment in facts.moments]
        assert folded_too == facts.folded


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story[0])
def test_stories_state_the_same(story: tuple[str, str]) -> None:
    check(story[1])
    assert numbers_of(story[1], None)[0]


@given(texts)
def test_any_numbers_state_the_same(text: str) -> None:
    check(text)
