"""The words that answer, made whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.read.words import whole_words
from rag.text import Range, find_dates, find_quantities


def whole(text: str, words: str) -> str:
    start = text.index(words)
    found = whole_words(text, Range(start, start + len(words)))
    return text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "words", "all_of_it"),
    [
        ("变电站的电压是220千伏，主变两台。", "220", "220千伏"),
        ("变电站的电压是220千伏，主变两台。", "22", "220千伏"),
        ("夜间噪声降到55分贝以下。", "55", "55分贝"),
        ("电站年发电36万千瓦时，供三个镇。", "36", "36万千瓦时"),
        ("电站年发电36万千瓦时，供三个镇。", "36万", "36万千瓦时"),
        ("泵站每台流量3立方米每秒。", "3", "3立方米每秒"),
        ("泵站每台流量3立方米每秒。", "3立方米", "3立方米每秒"),
        ("新建茶园1.2万亩，", "1.2", "1.2万亩"),
        ("新建茶园1.2万亩，", "2万", "1.2万亩"),
        ("投资１.２亿元。", "１.２", "１.２亿元"),
        ("占比达到11.5%，", "11.5", "11.5%"),
        ("桥重45吨。", "45", "45吨"),
        ("共有职工１２０名。", "１２０", "１２０名"),
        ("全书共480页。", "480", "480页"),
        ("时速达到80公里每小时。", "80公里", "80公里每小时"),
        ("含盐0.9毫克每升的水。", "0.9", "0.9毫克每升"),
        ("最高气温41.5℃，", "41.5", "41.5℃"),
        ("电池容量5000毫安，", "5000", "5000毫安"),
        ("线路长36公里每年都要检修。", "36", "36公里"),
        ("养羊120只，", "120", "120只"),
        ("车里可以坐12人。", "12", "12人"),
        ("从12上升到15，", "12", "12"),
        ("全镇有三座桥，", "三", "三座"),
        ("售价每斤三元，", "三", "三元"),
        ("于2021年3月18日开工。", "3月", "2021年3月18日"),
        ("于2021年3月18日开工。", "2021年3", "2021年3月18日"),
    ],
)
def test_a_number_or_date_is_told_with_all_of_it_and_with_its_unit(
    text: str, words: str, all_of_it: str
):
    assert whole(text, words) == all_of_it


@pytest.mark.parametrize(
    ("text", "words", "all_of_it"),
    [
        ("船叫“飞鸿号”，已经下水。", "“飞鸿号", "“飞鸿号”"),
        ("船叫“飞鸿号”，已经下水。", "飞鸿号”", "飞鸿号"),
        ("船叫“飞鸿号”，已经下水。", "“飞鸿", "飞鸿"),
        ("书名是《茶经（上）》。", "《茶经（上）", "《茶经（上）》"),
        ("书名是《茶经（上）》。", "茶经（上）", "茶经（上）"),
        ("由周远（镇长）主持", "周远（镇长", "周远（镇长）"),
    ],
)
def test_a_bracket_is_closed_or_left_out(text: str, words: str, all_of_it: str):
    assert whole(text, words) == all_of_it


@pytest.mark.parametrize(
    ("text", "words", "all_of_it"),
    [
        ("书记周远说，茶叶好。", "，茶叶好。", "茶叶好"),
        ("书记周远，茶叶好。", "周远，", "周远"),
        ("有水渠、码头。", "、码头。", "码头"),
        ("有 水渠 和码头", " 水渠 ", "水渠"),
    ],
)
def test_no_sign_stands_at_either_end(text: str, words: str, all_of_it: str):
    assert whole(text, words) == all_of_it


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("书记周远说，茶叶好。", "周远"),
        ("修路36公里，架桥12座。", "36公里"),
        ("地铁共有12条，全长59公里。", "12条"),
        ("今年12岁的周远来了。", "12岁"),
    ],
)
def test_what_is_whole_stays_as_it_is(text: str, words: str):
    assert whole(text, words) == words


TEXT = st.text(alphabet="石桥12.5万千瓦伏年3月、，。“”（）《》一二 十aé%", min_size=1, max_size=40)


@given(TEXT, st.data())
def test_any_range_stays_inside_its_text_and_cuts_through_no_number(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = whole_words(text, Range(start, end))
    assert 0 <= found.start <= found.end <= len(text)
    again = whole_words(text, found)
    assert 0 <= again.start <= again.end <= len(text)


@given(st.integers(0, 10**7), st.sampled_from(["亩", "千伏", "万千瓦时", "%", "公里"]), st.data())
def test_no_number_is_cut_in_two(number: int, unit: str, data: st.DataObject):
    text = f"石桥镇共有{number}{unit}，另有别的。"
    at = text.index(str(number))
    start = data.draw(st.integers(at, at + len(str(number)) - 1))
    end = data.draw(st.integers(start + 1, at + len(str(number))))
    found = whole_words(text, Range(start, end))
    assert text[found.start : found.end] == f"{number}{unit}"
    assert find_quantities(text)
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "words", "all_of_it"),
    [
        ("能力由八百万吨提高到一千三百五十万吨。", "八百万吨", "八百万吨提高到一千三百五十万吨"),
        ("床位从80张增至210张，增加很多。", "80张", "80张增至210张"),
        ("床位从80张增至210张，增加很多。", "210张", "210张"),
        ("一楼有80张，二楼增至210张。", "80张", "80张"),
    ],
)
def test_what_was_is_told_with_what_it_became(text: str, words: str, all_of_it: str):
    assert whole(text, words) == all_of_it
