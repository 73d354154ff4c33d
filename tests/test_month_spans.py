"""From which month to which a text tells of."""

from __future__ import annotations

import pytest

from rag.text import MonthSpan, month_spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("前7月出口增长", {(1, 7)}),
        ("1—7月份出口增长", {(1, 7)}),
        ("1月至9月", {(1, 9)}),
        ("前两个月", {(1, 2)}),
        ("今年上半年", {(1, 6)}),
        ("下半年", {(7, 12)}),
        ("半年报", {(1, 6)}),
        ("第三季度", {(7, 9)}),
        ("前三季度", {(1, 9)}),
        ("首季度", {(1, 3)}),
        ("二〇二一年十一月", {(11, 11)}),
        ("5月和6月", {(5, 5), (6, 6)}),
        ("8月以来", {(8, 8)}),
    ],
)
def test_spans_are_told_by_their_first_and_last_month(text: str, spans: set[MonthSpan]):
    assert month_spans(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "7月15日公布",
        "6月末",
        "9月初",
        "较一季度提高",
        "比8月多",
        "前一个月",
        "哪一月",
        "赛季报名",
        "岁月",
    ],
)
def test_days_and_what_something_is_held_against_are_no_spans(text: str):
    assert month_spans(text) == frozenset()
