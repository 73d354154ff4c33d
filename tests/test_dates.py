"""Dates and publishers, as file names, page edges and datelines give them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.articles.dates import (
    credited_in,
    date_in,
    dateline_date,
    publisher_in,
    signed_in,
)

DATED = st.lists(
    st.sampled_from([*"0123456789０２９二〇年月日-./_ 电", "2020", "19", "02", "30", "31", "12"]),
    max_size=12,
).map("".join)


def is_date(found: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", found):
        return False
    year, month, day = [*map(int, found.split("-")), 1, 1][:3]
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020年5月14日 15", "2020-05-14"),
        ("2021-07-01-庆祝", "2021-07-01"),
        ("20210701庆祝", "2021-07-01"),
        ("云桥日报_2021.7.1_第3版", "2021-07-01"),
        ("2021/7/1", "2021-07-01"),
        ("2021年7月号", "2021-07"),
        ("2021年年度报告", "2021"),
        ("责任编辑 王小明 2021年3月4日", "2021-03-04"),
        ("2021-17-41-乱，改于2022-01-02", "2022-01-02"),
    ],
)
def test_the_first_date_with_a_year_is_found(text: str, date: str) -> None:
    assert date_in(text) == date


@pytest.mark.parametrize(
    "text",
    ["", "庆祝", "5月14日", "2021-17-41-乱", "第2021号", "120210701", "3000年1月1日", "1.5万亩"],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert date_in(text) is None


@pytest.mark.parametrize("text", ["2021年2月30日", "2021-04-31", "20210231", "2021年0月0日"])
def test_a_day_that_no_calendar_has_is_not_given(text: str) -> None:
    found = date_in(text)
    assert found is None or is_date(found)


@given(DATED | st.text())
@example("20２０年")
@example("2020年2月30日电")
def test_what_is_found_is_a_date_in_iso_form(text: str) -> None:
    for found in (date_in(text), dateline_date(text, "2020"), dateline_date(text, None)):
        assert found is None or is_date(found)


def test_a_dateline_takes_its_year_from_the_page_when_it_has_none() -> None:
    assert dateline_date("新华社北京8月3日电 记者获悉，水库开工。", "2019") == "2019-08-03"
    assert dateline_date("新华社北京8月3日电 记者获悉，水库开工。", None) is None
    assert dateline_date("新华社北京2018年8月3日电 水库开工。", "2019") == "2018-08-03"


def test_a_day_that_a_story_only_tells_of_is_not_its_date() -> None:
    assert dateline_date("8月3日，水库开工，工期五年。", "2019") is None
    assert dateline_date("水" * 200 + "8月3日电", "2019") is None


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("云桥日报 2021年3月4日 第5版", "云桥日报"),
        ("云桥日报_2021-03-04", "云桥日报"),
        ("来源：双河新闻网", "双河新闻网"),
        ("转自《柳湾晚报》", "柳湾晚报"),
        ("來源：雙河新聞網", "雙河新聞網"),
        ("庆祝专版", ""),
        ("", ""),
    ],
)
def test_a_publisher_is_named_at_the_edge_of_a_page(text: str, publisher: str) -> None:
    assert publisher_in(text) == publisher


def test_a_story_has_a_publisher_only_where_it_credits_one() -> None:
    assert credited_in("水库开工。（来源：双河日报）") == "双河日报"
    assert credited_in("双河日报的记者来到了工地。") == ""


@given(st.text(alphabet="来源：转自日报网新闻双河《“ a", max_size=40))
def test_a_publisher_is_some_of_the_text(text: str) -> None:
    assert publisher_in(text) in text
    assert credited_in(text) in text


@pytest.mark.parametrize(
    ("byline", "publisher"),
    [
        ("云桥县应急管理局 2024年3月5日", "云桥县应急管理局"),
        ("云桥融媒体中心 2024-03-05 记者 王小明", "云桥融媒体中心"),
        ("星帆航空 2024年3月5日", "星帆航空"),
        ("云桥县应急管理局", ""),
        ("记者 王小明 2024年3月5日", ""),
    ],
)
def test_an_office_is_named_beside_the_day_of_its_paper(byline: str, publisher: str):
    assert signed_in(byline) == publisher
