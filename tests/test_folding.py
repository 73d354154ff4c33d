"""Folding: two scripts and two widths become one, and no offset moves."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import bigrams, fold, standard_form, terms
from tests.stories import STORIES, traditional

EVERYTHING = "".join(map(chr, range(sys.maxunicode + 1)))
ANY = st.text() | st.text("后後髮发萬万臺台里裡Ａ１ａ，,？…½⻓⽇")


@pytest.mark.parametrize("form", [fold, standard_form])
def test_a_form_keeps_the_length_of_every_character_there_is_and_is_its_own_form(form) -> None:
    formed = form(EVERYTHING)
    assert len(formed) == len(EVERYTHING)
    assert form(formed) == formed


@pytest.mark.parametrize("form", [fold, standard_form])
@given(text=ANY)
def test_a_form_works_character_by_character(form, text: str) -> None:
    assert form(text) == "".join(map(form, text))


def test_what_is_folded_may_be_in_its_standard_form_already() -> None:
    assert fold(standard_form(EVERYTHING)) == fold(EVERYTHING)


def test_fold_makes_full_width_signs_half_width_and_letters_small() -> None:
    assert fold("\uff27\uff30\uff34－４，　５０％") == "gpt-4, 50%"
    assert fold("QWEN") == "qwen"


def test_fold_leaves_what_would_grow_as_printed() -> None:
    assert fold("…½İ") == "…½İ"


def test_the_standard_form_keeps_chinese_signs_and_the_case_of_letters() -> None:
    assert (
        standard_form("\uff27pt－４：５０％（３．５萬戶），幾？") == "Gpt-4：50%（3.5万户），几？"
    )


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("臺灣經濟發展，頭髮", "台湾经济发展，头发"),
        ("裏面 裡面 為爲 衆眾 羣群 峯峰", "里面 里面 为为 众众 群群 峰峰"),
        ("著名 乾隆", "著名 干隆"),
        ("⼈⺠⻓⻅⻛⻢⻚⻩", "人民长见风马页黄"),
        ("㐀\ud83c🎉", "㐀\ud83c🎉"),
    ],
)
def test_traditional_characters_variants_and_radicals_become_standard(
    printed: str, read: str
) -> None:
    assert standard_form(printed) == read


@pytest.mark.parametrize("text", [text for story in STORIES for text in story])
def test_a_text_has_the_same_forms_and_terms_in_both_scripts(text: str) -> None:
    assert traditional(text) != text
    assert standard_form(traditional(text)) == standard_form(text)
    assert fold(traditional(text)) == fold(text)
    assert terms(traditional(text)) == terms(text)
    assert bigrams(traditional(text)) == bigrams(text)


@pytest.mark.parametrize(
    ("printed", "usual"),
    [
        ("罚款叁佰元", "罚款三百元"),
        ("壹仟贰佰万元", "一千二百万元"),
        ("貳佰元", "二百元"),
        ("阿列克谢・伊万诺夫", "阿列克谢·伊万诺夫"),
        ("阿列克谢‧伊万诺夫", "阿列克谢·伊万诺夫"),
        ("阿列克谢•伊万诺夫", "阿列克谢·伊万诺夫"),
    ],
)
def test_numerals_of_cheques_and_dots_in_names_have_one_form(printed: str, usual: str):
    assert standard_form(printed) == usual
    assert fold(printed) == fold(usual)


@pytest.mark.parametrize("words", ["大陆", "队伍", "放肆", "收拾", "人参"])
def test_words_that_hold_a_numeral_of_cheques_stay(words: str):
    assert standard_form(words) == words
