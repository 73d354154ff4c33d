"""Sentences, clauses, terms, quantities and dates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import (
    bigrams,
    clauses,
    find_dates,
    find_quantities,
    fold,
    periods_in,
    sentences,
    terms,
    years_in,
)

CHINESE = st.text(
    alphabet="安康高新区的一二〇万亿个年月日，。！？；：…“”（）《》「」—— \n\t\r12%.,a-\uff21\uff11"
)
ANY = st.text() | CHINESE


def printed(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def parts(sentence: str) -> list[str]:
    return [sentence[start:end] for start, end in clauses(sentence)]


@given(ANY)
def test_sentences_hold_every_visible_character_once_and_in_order(text: str) -> None:
    found = sentences(text)
    covered = [position for start, end in found for position in range(start, end)]
    assert covered == sorted(set(covered))
    outside = set(range(len(text))) - set(covered)
    assert all(text[position].isspace() for position in outside)


@given(ANY)
def test_a_sentence_has_no_blanks_around_it_and_no_line_break_in_it(text: str) -> None:
    for sentence in printed(text):
        assert sentence == sentence.strip()
        assert sentence
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲来了。乙走了！丙呢？", ["甲来了。", "乙走了！", "丙呢？"]),
        ("他说：“走吧。”众人散去。", ["他说：“走吧。”", "众人散去。"]),
        ("（见附件。）完", ["（见附件。）", "完"]),
        ("干完了……真的？！", ["干完了……", "真的？！"]),
        ("增长3.14倍。共5,000户;到期", ["增长3.14倍。", "共5,000户;", "到期"]),
        ("标题\n正文", ["标题", "正文"]),
        ("甲\r\n\r\n乙", ["甲", "乙"]),
        ("It works. Really.", ["It works.", "Really."]),
        ("", []),
        (" \n\t　", []),
        ("。", ["。"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert printed(text) == expected


@given(ANY)
def test_clauses_cover_their_sentence_without_a_gap(sentence: str) -> None:
    assert "".join(parts(sentence)) == sentence


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("新增项目19个，总投资83.59亿元。", ["新增项目19个，", "总投资83.59亿元。"]),
        ("带动5,000余户,受惠3万人", ["带动5,000余户,", "受惠3万人"]),
        (
            "建成平台（众创空间、孵化器，共7个），投入使用",
            ["建成平台（众创空间、孵化器，共7个），", "投入使用"],
        ),
        ("他说“先干，再说”，就走了", ["他说“先干，再说”，", "就走了"]),
        ("他说“先干，再说", ["他说“先干，", "再说"]),
        ("一句话", ["一句话"]),
        ("", []),
    ],
)
def test_clauses_end_at_commas_outside_brackets_and_numbers(
    sentence: str, expected: list[str]
) -> None:
    assert parts(sentence) == expected


def test_terms_hold_characters_bigrams_and_words() -> None:
    assert {"高", "新", "高新", "新区", "咸阳"} <= set(terms("咸阳高新区"))


def test_a_compound_is_found_by_itself_and_by_its_parts() -> None:
    assert {"gpt-4", "gpt", "4"} <= set(terms("\uff27\uff30\uff34－4"))


def test_terms_of_signs_and_emoji_are_none() -> None:
    assert terms("！？…🎉") == []
    assert bigrams("！？…🎉") == []


@given(ANY)
def test_terms_are_the_same_however_wide_the_signs_are_printed(text: str) -> None:
    assert terms(text) == terms(fold(text))
    assert bigrams(text) == bigrams(fold(text))


@given(ANY)
def test_no_term_is_empty_or_holds_a_blank(text: str) -> None:
    assert all(term and not re.search(r"\s", term) for term in [*terms(text), *bigrams(text)])


def test_terms_take_half_a_surrogate_pair_without_complaint() -> None:
    assert "好" in terms("好\ud800的")


def test_a_lone_character_is_its_own_bigram() -> None:
    assert bigrams("好 安康 ok") == ["好", "安康", "ok"]


@given(ANY)
def test_quantities_and_dates_stand_where_they_say(text: str) -> None:
    for start, end, number, unit in find_quantities(text):
        assert text[start:end].removeprefix("第") == number + unit
    for start, end in find_dates(text):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投资83.59亿元", ["83.59亿元"]),
        ("带动5000余户3万余名", ["5000余户", "3万余名"]),
        ("增长11.2%", ["11.2%"]),
        ("百分之二十", ["百分之二十"]),
        ("第18批", ["第18批"]),
        ("建成三家", ["三家"]),
        ("共1,200人", ["1,200人"]),
        ("一些 一直 统一", []),
    ],
)
def test_a_quantity_is_a_number_with_its_unit(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end, _, _ in find_quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年4月13日开工", ["2021年4月13日"]),
        ("到2025年，", ["2025年"]),
        ("6月底前", ["6月底"]),
        ("“十四五”期间", ["“十四五”期间"]),
        ("2020-05-14 印", ["2020-05-14"]),
        ("没有日子", []),
    ],
)
def test_dates_are_found_as_printed(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find_dates(text)] == expected


def test_a_year_is_four_digits_and_not_a_part_of_more() -> None:
    assert years_in("2020年至2021年，编号120205") == {"2020", "2021"}


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1 " * 50_000,
        "1,111" * 20_000,
        "（" * 100_000,
        "。" + "”" * 100_000,
        "1" + " " * 100_000 + "x",
        "a." * 50_000,
        "百分之" * 30_000,
        " " * 100_000 + "a",
    ],
    ids=["digits", "spaced", "commas", "open", "quotes", "blanks", "dots", "percent", "indent"],
)
def test_a_hostile_100_kb_line_is_read_to_its_end(text: str) -> None:
    assert sentences(text)[-1].end == len(text.rstrip())
    assert "".join(parts(text)) == text
    find_quantities(text)
    find_dates(text)
    terms(text)


def test_periods_are_years_months_and_parts_of_a_year():
    years, months, parts = periods_in("2023年第二季度和上半年，07月起至12月")
    assert (years, months, parts) == ({"2023"}, {"7月", "12月"}, {"二季度", "上半年"})
