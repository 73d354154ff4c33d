"""Which words of a sentence are quoted, and which fact of it stands out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.read.quoting import evidence_of, quoted_evidence, quoted_range, whole_sentence
from rag.read.readings import Reading
from rag.text import Range, sentences
from tests.readings import article_of, hit_of, reading_of

LONG = (
    "过去一年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户，修通产业路36公里，"
    "建起卫生室3所，绿化荒山9000亩，安装路灯1500盏，整治河道18公里。"
)
CHINESE = "云桥镇茶园的有了多少亩家人在2019年1.2万、，。：；“”（）《》[1] ？a"


def range_of(words: str, text: str = LONG) -> Range:
    at = text.index(words)
    return Range(at, at + len(words))


# --- The range --------------------------------------------------------------------------------


def test_a_sentence_within_the_limit_is_quoted_whole_but_for_its_full_stop():
    start, end = quoted_range(LONG, range_of("36公里"), len(LONG))
    assert start == 0
    assert LONG[start:end].rstrip("。") == LONG.rstrip("。")


@pytest.mark.parametrize("fact", ["1.2万亩", "3200户", "1500盏", "18公里"])
@pytest.mark.parametrize("limit", [25, 40, 60])
def test_whole_clauses_around_the_words_are_quoted_within_the_limit(fact: str, limit: int):
    start, end = quoted_range(LONG, range_of(fact), limit)
    assert fact in LONG[start:end]
    assert end - start <= limit
    assert start == 0 or LONG[start - 1] in "，："
    assert end == len(LONG) or LONG[end] in "，：" or LONG[end - 1] == "。"


def test_what_stands_before_the_words_comes_first_as_it_names_whose_they_are():
    start, end = quoted_range(LONG, range_of("6家"), 40)
    assert LONG[start:end].startswith("过去一年，云桥镇")


def test_a_clause_too_long_by_itself_is_cut_at_its_enumeration_commas():
    text = "镇上有" + "、".join(f"第{n}茶叶加工厂" for n in range(10, 30)) + "。"
    start, end = quoted_range(text, range_of("第20茶叶加工厂", text), 40)
    assert "第20茶叶加工厂" in text[start:end]
    assert end - start <= 40
    assert text[start - 1] == "、"
    assert text[end] == "、"


def test_a_marker_of_the_sentence_itself_is_never_quoted():
    text = "老城区有五座桥[2]，其中三座建于1990年。"
    start, end = quoted_range(text, range_of("五座", text), 60)
    assert text[start:end] == "老城区有五座桥"
    start, end = quoted_range(text, range_of("三座", text), 60)
    assert text[start:end].startswith("其中三座")
    assert "[" not in text[start:end]


def test_words_that_a_marker_cuts_through_do_not_stop_the_quote():
    before = "云桥镇茶园有1.2万亩，" * 6 + "有茶厂"
    text = f"{before}[1]、学校、医院。"
    quoted = quoted_range(text, Range(len(before) - 2, len(text) - 1), 40)
    assert "[1]" not in text[quoted.start : quoted.end]
    assert 0 < quoted.end - quoted.start <= 40


@given(
    st.text(alphabet=CHINESE, min_size=1, max_size=200),
    st.integers(1, 150),
    st.tuples(st.integers(0, 199), st.integers(1, 20)),
)
def test_a_quote_is_never_empty_and_never_over_the_limit(
    text: str, limit: int, fact: tuple[int, int]
):
    start = min(fact[0], len(text) - 1)
    quoted = quoted_range(text, Range(start, min(len(text), start + fact[1])), limit)
    assert 0 <= quoted.start < quoted.end <= len(text)
    assert quoted.end - quoted.start <= limit


@given(st.integers(2, 12), st.integers(30, 100), st.data())
def test_short_words_are_held_by_every_quote(count: int, limit: int, data: st.DataObject):
    text = "，".join(f"第{n}镇修路{n * 7}公里" for n in range(10, 10 + count)) + "。"
    which = data.draw(st.integers(10, 9 + count))
    fact = f"{which * 7}公里"
    at = text.index(f"第{which}镇")
    keep = Range(text.index(fact, at), text.index(fact, at) + len(fact))
    start, end = quoted_range(text, keep, limit)
    assert start <= keep.start
    assert keep.end <= end


# --- The evidence -----------------------------------------------------------------------------


def test_a_quote_is_the_words_of_its_article_and_leads_back_to_the_source():
    article = article_of(f"云桥镇的五年\n{LONG}", "云桥镇的五年", date="2021-01-02")
    evidence, short = quoted_evidence(reading_of(article, "1500盏"), 60)
    assert article.text[evidence.start : evidence.end] == evidence.text
    assert "".join(article.text[a:b] for a, b in evidence.source_spans) == evidence.text
    assert short == "1500盏"
    assert (evidence.title, evidence.date) == ("云桥镇的五年", "2021-01-02")


def test_a_whole_sentence_is_quoted_for_a_chat_model():
    article = article_of(f"云桥镇的五年\n{LONG}\n完。", "云桥镇的五年")
    assert whole_sentence(reading_of(article, "1500盏")).text == LONG


def test_the_members_of_a_list_are_its_fact():
    article = article_of("茶厂主要生产绿茶、白茶、红茶和黑茶，销往各地，订单已经排到了明年。")
    evidence, short = quoted_evidence(reading_of(article, "绿茶", "白茶", "红茶", "黑茶"), 60)
    assert short == "绿茶、白茶、红茶、黑茶"
    assert all(name in evidence.text for name in ("绿茶", "黑茶"))


def test_a_fact_that_says_as_much_as_its_sentence_is_not_told_twice():
    article = article_of("因为河道整治。")
    assert quoted_evidence(reading_of(article, "因为河道整治"), 60)[1] is None


def test_a_fact_that_may_as_well_be_another_is_not_told_alone():
    article = article_of(LONG)
    assert quoted_evidence(reading_of(article, "36公里", certainty=0.01), 60)[1] is None
    assert quoted_evidence(reading_of(article, "36公里", certainty=0.9), 60)[1] == "36公里"


def test_a_list_of_which_a_member_cannot_be_quoted_is_not_told_alone():
    article = article_of(LONG)
    evidence, short = quoted_evidence(reading_of(article, "1.2万亩", "18公里"), 40)
    assert short is None
    assert len(evidence.text) <= 40


@given(
    st.text(alphabet=CHINESE + "\n", min_size=1, max_size=160),
    st.integers(20, 150),
    st.data(),
)
def test_every_quote_is_exact_short_enough_and_without_a_marker_of_its_own(
    text: str, limit: int, data: st.DataObject
):
    article = article_of(text)
    found = sentences(text)
    if not found:
        return
    sentence = data.draw(st.sampled_from(found))
    start = data.draw(st.integers(sentence.start, sentence.end - 1))
    end = data.draw(st.integers(start + 1, sentence.end))
    reading = Reading(
        hit_of(article),
        article,
        0,
        sentence,
        Range(start, end),
        (),
        1.0,
        1.0,
        share=0.5,
        certainty=0.5,
    )
    evidence, short = quoted_evidence(reading, limit)
    assert evidence.text == text[evidence.start : evidence.end]
    assert 0 < len(evidence.text) <= limit
    assert sentence.start <= evidence.start < evidence.end <= sentence.end
    # A fact is shown without spaces between digits and characters (0 亩), a quote as printed.
    assert short is None or "".join(short.split()) in "".join(evidence.text.split())
    stripped = re.sub(r"[\[［【]\s*\d{1,3}\s*[\]］】]", "", text[sentence.start : sentence.end])
    assert not stripped or not re.search(r"\[\d+\]", evidence.text)
    assert evidence_of(reading, sentence).text == text[sentence.start : sentence.end]


def test_a_number_is_never_cut_in_two():
    text = (
        "公司在公告披露之日起十五个交易日之后的六个月内以集中竞价方式共计减持股份不超过11,739,400股"
    )
    for room in range(10, len(text)):
        found = quoted_range(text, Range(0, 2), room)
        assert re.search(r"11[,\d]*$", text[found.start : found.end]) is None
