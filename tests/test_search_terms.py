"""The terms that a query is searched by, and how much each counts."""

from __future__ import annotations

from rag.retrieve.terms import search_terms


def test_what_only_asks_counts_a_quarter() -> None:
    weights = search_terms("柳湾镇什么时候通车？")
    assert weights["通"] == weights["镇"] == 1
    assert weights["什"] == weights["时候"] / 2 == 0.25  # 时候 is a bigram and a word
    assert weights["车"] > weights["么"]


def test_a_latin_word_or_a_number_counts_like_a_chinese_word_of_several_terms() -> None:
    weights = search_terms("GPT-4花了多少钱")
    assert weights["gpt-4"] == weights["gpt"] == 3 * weights["花"]


def test_a_term_told_twice_weighs_twice_and_a_question_without_words_has_none() -> None:
    assert search_terms("茶叶、茶园")["茶"] == 2 * search_terms("茶园")["茶"]
    assert search_terms("？！") == {}
    assert set(search_terms("那是什么？")) > {"什么"}  # nothing but asking is searched, too
