"""What tells one thing from its like, in one spelling for all its printings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import designators_in, standard_form


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("地铁12号线和旅行者 2 号，第18批，8.6代", {"12号线", "2号", "18批", "8.6代"}),
        ("第十八批和十二号线", {"18批", "12号线"}),
        ("第三十二条与第12条", {"32条", "12条"}),
        ("A2展厅和b-12展厅", {"a2", "b12"}),
        ("DW-2412P20", {"dw2412p20"}),
        ("DW 2412P20", {"dw2412p20"}),
        ("2412P20", {"2412p20"}),
        ("甲组、乙队和丙区", {"甲组", "乙队", "丙区"}),
        ("二期工程", {"2期"}),
        ("项目二期投资3亿元", {"2期"}),
        ("第三届和3号楼", {"3届", "3号楼"}),
        ("\uff21２展厅", {"a2"}),
    ],
)
def test_numbers_letters_and_codes_of_one_thing_have_one_spelling(text: str, found: set[str]):
    assert designators_in(standard_form(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "共120人", "新一代，一批人", "一条路和两个班", "3月8日", "2019年", "增长3.5%", "甲方和你",
        "三个项目",
    ],
)  # fmt: skip
def test_counts_dates_and_words_are_none(text: str):
    assert designators_in(text) - {"甲方"} == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第三十二条", "第十二条"),
        ("第十二条", "第二十条"),
        ("A1", "A12"),
        ("A2", "A1"),
        ("甲组", "乙组"),
        ("二期工程", "一期工程"),
        ("12号线", "2号线"),
        ("第2批", "第12批"),
        ("DW-2412P20", "DW-2412P2"),
        ("8.6代", "6代"),
    ],
)
def test_they_are_compared_as_wholes(one: str, other: str):
    first, second = (designators_in(text) for text in (one, other))
    assert first
    assert second
    assert not first & second


@given(st.text(alphabet="第十二三百1 2.号线条批甲组期工A-b/a", max_size=40))
def test_any_text_gives_designators_without_blanks(text: str):
    assert all(one and " " not in one for one in designators_in(text))
