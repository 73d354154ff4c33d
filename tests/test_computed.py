"""Totals and differences of quoted figures, exact and in their own unit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.compute import decimal, difference, total
from rag.answer.figures import Figure, alike, figures_in
from rag.text import Range


def figures(*quotes: str) -> tuple[Figure, ...]:
    return alike(
        [figures_in(quote, [Range(0, len(quote))], None) for quote in quotes], of_dates=None
    )


@pytest.mark.parametrize(
    ("quotes", "printed"),
    [
        (("16,563,200股", "10,122,045股"), "26,685,245股"),
        (("1700.0万股", "348.0万股", "240.0万股"), "2288万股"),
        (("1.2亿元", "3000万元"), "1.5亿元"),
        (("2亿元", "30万元", "5000元"), "2.00305亿元"),
        (("约8.9亿元", "42.3亿元"), "约51.2亿元"),
        (("三十五家", "20家"), "55家"),
    ],
)
def test_a_total_is_exact_and_in_the_unit_of_its_first_addend(
    quotes: tuple[str, ...], printed: str
):
    assert total(figures(*quotes)).printed == printed


@pytest.mark.parametrize(
    ("quotes", "printed"),
    [
        (("92.57%", "25.53%"), "67.04个百分点"),
        (("约780公里", "约325公里"), "约455公里"),
        (("970百帕", "935百帕"), "35百帕"),
        (("1时2分", "1时35分"), "33分钟"),
        (("8月4日", "8月18日"), "14天"),
        (("2011年", "2019年"), "8年"),
        (("下降3%", "增长2%"), "5个百分点"),
    ],
)
def test_a_difference_is_exact_and_of_dates_a_span(quotes: tuple[str, ...], printed: str):
    assert difference(figures(*quotes)).printed == printed


@pytest.mark.parametrize("quotes", [("9～10级", "3级"), ("2月30日", "3月1日"), ("2019年", "3月")])
def test_what_cannot_be_worked_out_is_said_with_its_reason(quotes: tuple[str, ...]):
    result = difference(figures(*quotes))
    assert result.printed == ""
    assert result.hindrance.endswith("没有计算")


def test_figures_of_two_kinds_have_nothing_to_add():
    assert figures("3亿元", "5公里") == ()


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=6))
def test_a_total_of_whole_numbers_is_their_sum(numbers: list[int]):
    assert total(figures(*(f"{number}家" for number in numbers))).printed == f"{sum(numbers)}家"


def test_a_number_that_does_not_end_has_no_decimals():
    assert decimal(Fraction(1, 3)) == ""
    assert decimal(Fraction(-5, 2)) == "-2.5"
