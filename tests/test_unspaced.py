from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import Range, as_read


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("松 口 镇 2 0 2 2 年 产 茶 4 . 5 吨 。", "松口镇2022年产茶4.5吨。"),
        ("投资 3.5 亿元，共 120 家", "投资3.5亿元，共120家"),
        ("松\u200b口镇收\u00ad入1\u200b0\u20600万元", "松口镇收入100万元"),
    ],
)
def test_what_only_the_printing_put_there_is_not_read(printed: str, read: str) -> None:
    assert as_read(printed).text == read


@pytest.mark.parametrize("text", ["王方 李明 赵小川", "Open Source版本", "甲 乙", "第一章 窑火"])
def test_spaces_between_words_are_read(text: str) -> None:
    assert as_read(text).text == text


@given(st.text(alphabet="松口镇 12.\u200b\u3000，a\n"))
def test_every_character_read_stands_at_its_place(text: str) -> None:
    read = as_read(text)
    places = [read.printed(Range(n, n + 1)).start for n in range(len(read.text))]
    assert [text[place] for place in places] == list(read.text)
    assert places == sorted(set(places))
