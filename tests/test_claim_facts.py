"""What a sentence states that can be compared: numbers with units, dates, denials."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations.polarity import added_denial, denied_otherwise, turned_round
from rag.citations.subjects import find_swap
from rag.text.stated import BLANK, Facts
from rag.text.stated.numerals import value_of

CHARACTERS = "零一二三四五六七八九"


def spoken(value: int) -> str:
    """A whole number below a hundred million, read out."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        between = "零" if low and low < 1_000 else ""
        return f"{spoken(high)}万{between}{spoken(low) if low else ''}"
    text, skipped = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, power)
        if digit:
            text += ("零" if skipped else "") + CHARACTERS[digit] + name
            skipped = False
        elif text:
            skipped = True
    return text or "零"


@given(st.integers(1, 99_999_999))
def test_a_number_read_out_has_the_value_of_its_digits(value):
    assert value_of(spoken(value)) == value == value_of(str(value)) == value_of(f"{value:,}")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十五", 15),
        ("两", 2),
        ("三万五", 35_000),
        ("3万5千", 35_000),
        ("1.2万", 12_000),
        ("1.5万亿", 1_500_000_000_000),
        ("3亿2千万", 320_000_000),
        ("二〇二三", 2023),
        ("三点五", Fraction(7, 2)),
        ("一亿零三百万", 103_000_000),
        ("", None),
        ("个", None),
        ("1.2.3", None),
    ],
)
def test_numerals_are_read_in_digits_characters_or_both(numeral, value):
    assert value_of(numeral) == value


@given(st.text("0123456789一二三两十百千万亿零〇点.,", max_size=12))
def test_no_numeral_breaks_the_reader(numeral):
    value = value_of(numeral)
    assert value is None or value >= 0


def same(one: str, other: str) -> bool:
    """Whether each number of the one is a number of the other."""
    theirs = Facts.of(other).amounts
    mine = Facts.of(one).amounts
    assert mine, one
    return all(any(amount.equals(their) for their in theirs) for amount in mine)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("茶园1.2万亩", "茶园12000亩"),
        ("修路3公里", "修路3000米"),
        ("5家企业", "五家企业"),
        ("两名学生", "2名学生"),
        ("三名学生", "学生3人"),
        ("占35%", "占百分之三十五"),
        ("占三成", "占30%"),
        ("重2吨", "重2000公斤"),
        ("投资1.2亿元", "投资12000万元"),
        ("15000人", "１５０００人"),
        ("3万元", "3—5万元"),
        ("3家", "3、5和7家"),
        ("1小时", "60分钟"),
        ("首届", "第一届"),
        ("约3.6亿元", "35986万元"),
        ("5个工作站", "5家工作站"),
        ("两个多小时", "2个多小时"),
        ("近9年", "近 9 年"),
        ("约4000人", "3980人"),
    ],
)
def test_equal_values_in_other_words_and_units_are_equal(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("茶园1.2万亩", "茶园1.2亿亩"),
        ("修路3公里", "修路3米"),
        ("13家", "130家"),
        ("增长3%", "增长3个百分点"),
        ("增长3%", "增长3‰"),
        ("投资3万元", "投资3万美元"),
        ("第3届", "3届"),
        ("有19人", "第19，300人"),
        ("3.6亿元", "35986万元"),
        ("游到1210米左右", "游到1200米左右"),
        ("5亩", "5家"),
        ("近10年", "近 9 年"),
        ("10英尺", "十字扳手"),
        ("编号10", "十字扳手"),
    ],
)
def test_other_values_and_other_units_are_not(one, other):
    assert not same(one, other)


@pytest.mark.parametrize(
    "words", ["一些人", "一直走", "统一", "十分高兴", "千万小心", "C919大飞机", "PM2.5", "万一下雨"]
)
def test_words_that_only_look_like_numbers_are_none(words):
    assert not Facts.of(words).amounts


def told(claim: str, words: str, written: str | None = None) -> bool:
    """Whether each date of the claim stands in the words of an article of this date."""
    there = Facts.of(words, written).moments
    mine = Facts.of(claim).moments
    assert mine, claim
    return all(any(moment.is_told_by(other) for other in there) for moment in mine)


@pytest.mark.parametrize(
    ("claim", "words", "written"),
    [
        ("2023-08-03", "2023年8月3日", None),
        ("2023/8/3", "二〇二三年八月三日", None),
        ("8月3号", "2023年8月3日", None),
        ("八月三日", "8月3日", None),
        ("8月5日", "8月3日至5日", None),
        ("2023年5月", "2023年4月开工，5月完工", None),
        ("2022年", "去年", "2023-08-20"),
        ("2023年8月3日", "8月3日", "2023"),
        ("2023年8月19日", "昨天", "2023-08-20"),
        ("去年", "去年", None),
        ("2023年第二季度", "2023年二季度", None),
        ("下午3点半", "15:30", None),
        ("7月", "1—7月", None),
        ("2021年", "2021—2023年", None),
        ("月末", "月底", None),
    ],
)
def test_a_date_in_another_form_is_the_same_date(claim, words, written):
    assert told(claim, words, written)


@pytest.mark.parametrize(
    ("claim", "words", "written"),
    [
        ("2022年8月3日", "2023年8月3日", None),
        ("8月4日", "8月3日", None),
        ("2022年", "去年", None),
        ("2022年", "去年", "2022-08-20"),
        ("今年", "去年", "2023"),
        ("上半年", "下半年", None),
        ("2023年8月3日", "8月3日", None),
        ("上午3点", "15点", None),
        ("周三", "周四", None),
    ],
)
def test_another_date_or_one_that_says_more_is_not(claim, words, written):
    assert not told(claim, words, written)


@given(st.text("二〇2023年8月3日号至-—/今去上下半个百千万亿元%公里米，。第", max_size=40))
def test_every_fact_stands_where_it_says_and_is_blanked(text):
    facts = Facts.of(text)
    assert len(facts.rest) == len(text)
    for one in (*facts.amounts, *facts.moments):
        assert 0 <= one.start < one.end <= len(text)
        assert set(facts.rest[one.start : one.end]) == {BLANK}


def rest(text: str) -> str:
    return Facts.of(text).rest


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("柳湾小学不迁入新校舍。", "柳湾小学将迁入新校舍。"),
        ("该镇未完成修路任务。", "该镇完成修路任务。"),
        ("该镇完成修路任务。", "该镇尚未完成修路任务。"),
        ("村民可以使用这条路。", "村民无法使用这条路。"),
        ("产品合格。", "产品不合格。"),
        ("最难的不是“修路”。", "最难的是“修路”。"),
    ],
)
def test_a_denial_that_the_words_lack_is_seen_and_one_left_out_too(claim, words):
    assert denied_otherwise(rest(claim), rest(words)) or added_denial(rest(claim), rest(words))


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("该镇尚未完成任务。", "截至目前，该镇还未完成任务。"),
        ("茶园不仅面积大。", "茶园面积大。"),
        ("路不断延长。", "路持续延长。"),
        ("没有人受伤。", "没有人受伤，路已修好。"),
    ],
)
def test_a_denial_that_the_words_have_is_none(claim, words):
    assert not denied_otherwise(rest(claim), rest(words))
    assert not added_denial(rest(claim), rest(words))


def test_an_opposite_is_seen_unless_the_words_have_both():
    assert turned_round(rest("产量下降5%。"), rest("产量增长5%。")) == ("下降", "增长")
    assert turned_round(rest("产量上升5%。"), rest("产量增长5%。")) is None
    assert turned_round(rest("产量下降。"), rest("价格增长，产量下降。")) is None
    assert turned_round(rest("比例至少30%。"), rest("比例不低于30%。")) is None


def test_a_comparison_turned_round_is_seen_by_a_single_sign():
    words = rest("投资比原计划多8000万元，工期比原计划早3个月。")
    assert turned_round(rest("投资比原计划少8000万元。"), words) == ("少", "多")
    assert turned_round(rest("工期比原计划晚了3个月。"), words) == ("晚", "早")
    assert turned_round(rest("投资比原计划多了0.8亿元。"), words) is None
    assert turned_round(rest("茶园比前年少800亩。"), rest("茶园少，比前年多修了800米路。")) is None


def test_a_swap_of_subjects_is_seen_though_every_word_is_there():
    words = rest("云桥镇新修公路36公里。\n柳湾镇引进茶树良种。")
    swap = find_swap(rest("柳湾镇新修公路36公里。"), words)
    assert swap is not None
    assert ("柳湾" in swap.claimed, "云桥" in swap.printed) == (True, True)
    assert find_swap(rest("云桥镇新修公路36公里，柳湾镇引进茶树良种。"), words) is None
