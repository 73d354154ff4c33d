"""Names of people, places and organisations, told from words like them."""

from __future__ import annotations

import pytest

from rag.answer.named import named_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("镇长林向阳说，桥修好了。", ["林向阳"]),
        ("带头的是老木匠梁守业。", ["梁守业"]),
        ("记者 罗一平 通讯员 何小满", ["罗一平", "何小满"]),
        ("校长冯佩兰、教师苏明远等参加。", ["冯佩兰", "苏明远"]),
    ],
)
def test_people_are_those_with_a_post_or_who_say_something(text: str, names: list[str]):
    assert named_in(text, "people") == names


@pytest.mark.parametrize(
    "text",
    ["用电到了高峰。", "市民文明出行。", "顾客表示满意。", "申请人需要登记。", "和老师一起去。"],
)
def test_common_words_are_no_people(text: str):
    assert named_in(text, "people") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("活动在松溪县举行。", ["松溪县"]),
        ("柳坪镇的菜园开园。", ["柳坪镇"]),
        ("他从上海回来。", ["上海"]),
        ("公司在去年上市。", []),
        ("城市很美丽。", []),
    ],
)
def test_places_have_the_shape_of_one_or_a_word_that_says_where(text: str, names: list[str]):
    assert named_in(text, "places") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("改造由青禾设计公司承担。", ["青禾设计公司"]),
        ("她毕业于北京大学。", ["北京大学"]),
        ("上市公司要公告。", []),
        ("县里作了部署。", []),
    ],
)
def test_organisations_begin_with_a_name(text: str, names: list[str]):
    assert named_in(text, "organisations") == names


def test_a_name_is_told_once_however_often_it_stands_there():
    assert named_in("镇长林向阳说。\n镇长林向阳又说。", "people") == ["林向阳"]
