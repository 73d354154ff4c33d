"""Numbers and dates: one form for all their printings, and the date that 去年 is read against."""

from __future__ import annotations

import pytest

from rag.text import (
    number_terms,
    periods_of,
    plainer_printings,
    relative_years,
    with_years_in_digits,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("引进两家企业", "引进2家企业"),
        ("占百分之三", "占3%"),
        ("占百分之三点五", "占3.5％"),
        ("占三成", "占30%"),
        ("一百二十名学生", "120名学生"),
        ("投资1.2亿元", "投资12000万元"),
        ("投资一亿两千万元", "投资1.2亿元"),
        ("第十八批", "第18批"),
        ("第三季度", "三季度"),
        ("7月至9月", "三季度"),
        ("1—6月", "上半年"),
        ("八月", "8月"),
        ("２家", "2家"),
    ],
)
def test_printings_of_the_same_number_or_date_share_all_their_terms(one: str, other: str):
    assert number_terms(one)
    assert set(number_terms(one)) == set(number_terms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("引进两家企业", "引进3家企业"),
        ("2家企业", "2名学生"),
        ("第3批", "3批"),
        ("3%", "3家"),
        ("三季度", "四季度"),
        ("7月至8月", "三季度"),
    ],
)
def test_other_numbers_and_dates_share_none(one: str, other: str):
    assert not set(number_terms(one)) & set(number_terms(other))


@pytest.mark.parametrize("text", ["一次又一次", "一直", "统一", "云桥镇的茶", ""])
def test_words_that_only_look_like_numbers_give_no_terms(text: str):
    assert number_terms(text) == []


def test_a_year_in_characters_is_the_term_that_its_digits_are():
    assert "2019" in number_terms("二〇一九年")


@pytest.mark.parametrize(
    ("word", "year"), [("去年", "2019"), ("前年", "2018"), ("今年", "2020"), ("上年", "2019")]
)
def test_a_relative_year_is_read_against_the_date_of_its_article(word: str, year: str):
    assert year in number_terms(f"{word}引进企业", "2020-05-14")
    assert periods_of(f"{word}引进企业", "2020").years == {year}


def test_without_a_date_no_year_is_guessed():
    assert periods_of("去年引进企业").years == frozenset()
    assert number_terms("去年引进企业") == []


def test_words_for_the_same_year_name_one_relative_year():
    assert relative_years("本年度比上年多") == relative_years("今年比去年多")
    assert relative_years("过去的一年") == relative_years("去年")
    assert not relative_years("今年") & relative_years("去年")
    assert relative_years("2019年") == frozenset()


def test_periods_are_the_same_in_all_printings():
    assert periods_of("二〇一九年第三季度") == periods_of("2019年7至9月")
    assert periods_of("2019年八月").months == {"8月"}


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("哪家公司引进了两家企业？", ["2家"]),
        ("二〇一九年增长百分之三的是哪里？", ["2019年", "3%"]),
        ("7月至9月有多少人？", ["三季度"]),
        ("一百二十万亩", ["120万亩"]),
        ("第二个项目和2家企业", []),
        ("2019年投资1.2亿元", []),
    ],
)
def test_what_a_reader_is_shown_is_what_was_not_printed_in_digits(question: str, plain: list[str]):
    found = plainer_printings(question)
    assert [one.plain for one in found] == plain
    assert all(question[one.start : one.end] == one.printed for one in found)


def test_only_years_are_put_in_digits_in_a_question():
    assert with_years_in_digits("二〇一九年引进两家") == "2019年引进两家"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023年中报显示", {"上半年"}),
        ("公司发布半年报", {"上半年"}),
        ("公司发布一季报", {"一季度"}),
        ("志愿者集中报名，其中报到的有三人", set()),
    ],
)
def test_a_report_is_of_the_period_in_its_name(text: str, parts: set[str]):
    assert periods_of(text).parts == parts
