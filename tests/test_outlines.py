from __future__ import annotations

from rag.text import outlines

RULES = """第一条　有下列情形之一的，管理处可以收回摊位：
（一）连续三十日不营业的；
（二）私下转让的。
第二条　摊主应当做到：（一）明码标价；（二）收摊前清扫。
"""


def listed(text: str) -> list[tuple[str, list[str]]]:
    return [
        (text[slice(*one.opening)], [text[slice(*item.range)] for item in one.items])
        for one in outlines(text)
    ]


def test_items_belong_to_the_words_that_open_their_list() -> None:
    first, second = listed(RULES)
    assert first[0].endswith("收回摊位：")
    assert first[1] == ["（一）连续三十日不营业的；", "（二）私下转让的。"]
    assert second == ("第二条　摊主应当做到：", ["（一）明码标价；", "（二）收摊前清扫。"])


def test_signs_of_every_kind_begin_an_item() -> None:
    for marks in ("1. 2. 3.", "一、 二、 三、", "- - -", "① ② ③", "(1) (2) (3)"):
        items = "\n".join(f"{mark} 备好材料" for mark in marks.split())
        ((_, found),) = listed(f"申请人需要：\n{items}\n由窗口受理。")
        assert len(found) == 3


def test_numbers_that_do_not_follow_one_another_are_no_list() -> None:
    assert listed("会议指出：\n（一）甲事；\n（三）丙事。") == []


def test_a_sentence_that_opens_nothing_has_no_items() -> None:
    assert listed("会议昨天结束。\n1. 甲事。\n2. 乙事。") == []


def test_a_higher_number_does_not_end_up_in_the_list_below() -> None:
    text = "一、有下列情形之一的：\n（一）甲；\n（二）乙。\n二、本办法即日起施行。"
    ((_, items),) = listed(text)
    assert items == ["（一）甲；", "（二）乙。"]
