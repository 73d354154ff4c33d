"""How much one text tells of another, and what makes two texts contradict one another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import contradict, facts, figures, share_told, share_told_in, shingles
from tests.stories import FIRM, SCHOOL, TEA, WATER, traditional

ANY = st.text() | st.text("云桥镇茶园十二12.5,万亩年月日#@记者 ，。\ud83c")


def told(part: str, whole: str) -> float:
    return share_told(shingles(part), np.sort(shingles(whole)))


# --- Shingles ---------------------------------------------------------------------------------


@given(ANY)
def test_there_is_a_shingle_for_each_stretch_of_six_words_signs(text: str) -> None:
    found = shingles(text)
    assert found.dtype == np.uint64
    assert found.size <= max(0, len(text) - 5)


def test_texts_that_differ_in_signs_script_or_width_alone_have_the_same_shingles() -> None:
    printed = "云桥镇新建茶园1.2万亩，引进企业6家。"
    other = traditional(printed).replace("1.2", "１.２").replace("，", "……\n")
    assert np.array_equal(shingles(printed), shingles(other))


def test_another_order_of_six_characters_is_another_shingle() -> None:
    orders = {
        "".join(text): int(shingles("".join(text))[0])
        for text in ("甲乙丙丁戊己", "己戊丁丙乙甲", "乙甲丙丁戊己")
    }
    assert len(set(orders.values())) == len(orders)


def test_a_part_is_told_whole_and_the_whole_only_in_part() -> None:
    whole = TEA[1] + SCHOOL[1]
    assert told(TEA[1], whole) == 1.0
    assert 0.3 < told(whole, TEA[1]) < 0.9
    assert told(TEA[1], WATER[1]) == 0.0


def test_two_texts_may_tell_a_third_together() -> None:
    half = len(TEA[1]) // 2
    assert share_told_in(TEA[1], [TEA[1][:half], SCHOOL[1]]) < 0.6
    assert share_told_in(TEA[1], [TEA[1][: half + 5], TEA[1][half:]]) == 1.0
    assert share_told_in(TEA[1], []) == 0.0


@given(ANY, ANY)
def test_a_share_is_between_zero_and_one(one: str, other: str) -> None:
    assert 0.0 <= told(one, other) <= 1.0


# --- Figures and facts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("06月", "6月"),
        ("1,200亩", "1200亩"),
        ("十七家", "17家"),
        ("两家", "2家"),
        ("五家", "5家"),
        ("二〇二三年", "2023年"),
        ("二十家", "20家"),
        ("１２０人", "120人"),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert figures(one) == figures(other)


def test_figures_that_differ_in_a_digit_differ() -> None:
    assert figures("0.2") != figures("0.28")
    assert figures("一些人") == frozenset()


CONTRADICTING = [
    ("城区新建茶园12亩，修路3公里。", "城区新建茶园15亩，修路3公里。"),
    ("公司第二季度收入增长。", "公司第三季度收入增长。"),
    ("大桥事故已造成九人受伤。", "大桥事故已造成十人受伤。"),
    ("据湖南省纪委监委消息，他已被立案。", "据湖北省纪委监委消息，他已被立案。"),
    ("本期会议在南京召开，各地代表到会。", "本期会议在苏州召开，各地代表到会。"),
    ("周一气温升到30度，周二30度。", "周一气温升到30度，周二32度。"),
]
AGREEING = [
    ("城区新建茶园5亩。", "城区新建茶园五亩。"),
    ("城区新建茶园1,200亩。", "城区新建茶园1200亩。"),
    ("城区新建茶园12亩，修路3公里。", "城区新建茶园12亩。"),
    ("城区新建茶园12亩。养鱼300尾。", "城区新建茶园12亩。养鸡500只。"),
    ("会议在北京召开，到会的有很多人。", "会议在北京市召开，到会的有很多人。"),
    ("茶叶丰收了。（编辑：李明）", "茶叶丰收了。（编辑：王芳）"),
    ("", "城区新建茶园12亩。"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), CONTRADICTING)
def test_another_figure_or_name_in_the_same_words_is_a_contradiction(one: str, other: str) -> None:
    assert contradict(facts(one), facts(other))
    assert contradict(facts(other), facts(one))
    assert contradict(facts(traditional(one)), facts(other))


@pytest.mark.parametrize(("one", "other"), AGREEING)
def test_other_writings_and_what_is_left_out_are_none(one: str, other: str) -> None:
    assert not contradict(facts(one), facts(other))
    assert not contradict(facts(other), facts(one))


def test_a_template_with_another_place_and_other_figures_contradicts() -> None:
    other = TEA[1].replace("云桥", "东江").replace("1.2万", "3.4万")
    assert contradict(facts(TEA[1]), facts(other))


@pytest.mark.parametrize("story", [TEA, SCHOOL, WATER, FIRM])
def test_no_text_contradicts_itself_or_a_part_of_it(story: tuple[str, str]) -> None:
    text = story[1]
    assert not contradict(facts(text), facts(text))
    assert not contradict(facts(text), facts(text[: len(text) // 2]))


@given(ANY)
def test_facts_can_be_found_in_any_text(text: str) -> None:
    found = facts(text)
    assert all(values for values in found.values())
    assert not contradict(found, facts(text))


def test_a_hostile_100_kb_line_is_read_to_its_end() -> None:
    for text in ("1" * 100_000, "1," * 50_000, "一" * 100_000, "#@" * 50_000, "编辑" * 50_000):
        facts(text)
        assert shingles(text).size <= len(text)
