"""Reading a reply: plain text, markers, alignment, verdicts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import (
    DECLINED,
    cite,
    declines,
    plain_text,
    split_reply,
    verify,
)
from rag.datatypes import Citation, Evidence

ROADS = "去年，云桥镇新修公路36公里，投资4,200万元。"
TEA = "云桥镇有茶园1.2万亩，比前年多了800亩。"
SCHOOL = "柳湾小学于9月1日迁入新校舍，因为老校舍地势低、常进水。"


def evidence(text: str, title: str = "云桥镇", start: int = 7) -> Evidence:
    end = start + len(text)
    return Evidence("a.txt#1", title, "a.txt", text, start, end, ((start, end),), 1.0)


EVIDENCE = [evidence(ROADS), evidence(TEA), evidence(SCHOOL, "柳湾小学搬家")]


def read(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(part.text, part.numbers) for part in split_reply(text)]


@pytest.mark.parametrize(
    "marker",
    [
        "[1][2]",
        "【1】【2】",
        "［1］［2］",
        "[1,2]",
        "[1，2]",
        "[1、2]",
        "[1-2]",
        "[ 1 ][ 2 ]",
        " [^1] [^2]",
        "[材料1][材料2]",
        "〔１；２〕",
    ],
)
@pytest.mark.parametrize("shape", ["修了36公里{}。", "修了36公里。{}"])
def test_every_way_to_write_a_marker_is_understood(marker, shape):
    assert read(shape.format(marker)) == [("修了36公里。", (1, 2))]


def test_markers_belong_to_the_sentence_before_them():
    found = read("修了36公里。[1]茶园有1.2万亩[2]。\n[3] 学校搬了。")
    assert found == [("修了36公里。", (1,)), ("茶园有1.2万亩。", (2,)), ("学校搬了。", (3,))]


def test_a_marker_on_a_line_of_its_own_belongs_to_the_line_above():
    assert read("修了36公里。\n[1]\n学校搬了。") == [("修了36公里。", (1,)), ("学校搬了。", ())]


def test_a_year_in_brackets_is_no_marker():
    assert read("文件〔2023〕5号。") == [("文件〔2023〕5号。", ())]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("**36公里**，*共*两段", "36公里，共两段"),
        ("# 结果\n修了36公里", "结果\n修了36公里"),
        ("- 公路\n- 茶园\n1. 学校\n2、医院", "公路\n茶园\n学校\n医院"),
        ("见[云桥镇](http://x.cn/a)。", "见云桥镇。"),
        ("修了36公里。[1](#ref)", "修了36公里。[1]"),
        ("![图](http://x.cn/a.png)好", "图好"),
        ("<b>36</b>公里<br/><script src=x>", "36公里"),
        ("<<b>script>好", "＜script>好"),
        ("<[b](x)>好", "好"),
        ("`36`公里", "36公里"),
        ("3*4*5，a<5，-5 度", "3*4*5，a<5，-5 度"),
        ("5、6月间", "5、6月间"),
        ("好\x1b[31m\u202e\u200b\U000e0041的", "好[31m的"),
    ],
)
def test_markup_is_removed_and_words_stay(written, plain):
    assert plain_text(written) == plain


@given(st.text("<>b/!*_`[]()#-\n1.、x:好 ", max_size=40))
def test_no_markup_is_left_or_put_together(text):
    plain = plain_text(text)
    assert not re.search(r"<[A-Za-z/!?]", plain)
    assert not re.search(r"\[(?!\d{1,3}\])[^\[\]]*\]\([!-'*-~]*\)", plain)
    assert "`" not in plain
    assert plain_text(plain) == plain


def test_cited_evidence_is_numbered_as_it_first_appears():
    cited = cite(split_reply("柳湾小学9月1日迁入新校舍。[3]云桥镇有茶园1.2万亩。[2]"), EVIDENCE)
    assert cited.text == "柳湾小学9月1日迁入新校舍。[1]云桥镇有茶园1.2万亩。[2]"
    assert [claim.citations for claim in cited.claims] == [(1,), (2,)]
    assert cited.citations == (Citation.of(1, EVIDENCE[2]), Citation.of(2, EVIDENCE[1]))


def test_a_number_that_points_nowhere_is_dropped():
    cited = cite(split_reply("云桥镇有茶园1.2万亩。[0][2][9]"), EVIDENCE)
    assert cited.text == "云桥镇有茶园1.2万亩。[1]"
    assert cited.citations == (Citation.of(1, EVIDENCE[1]),)


def test_a_wrong_marker_is_put_right():
    cited = cite(split_reply("云桥镇有茶园1.2万亩。[3]"), EVIDENCE)
    assert [citation.quote for citation in cited.citations] == [TEA]
    assert cited.claims[0].verdict == "supported"


def test_a_marker_too_many_is_dropped():
    cited = cite(split_reply("云桥镇有茶园1.2万亩。[1][2][3]"), EVIDENCE)
    assert [citation.quote for citation in cited.citations] == [TEA]


def test_a_sentence_fused_from_two_cites_both():
    fused = "云桥镇新修公路36公里，柳湾小学9月1日迁入新校舍。"
    cited = cite(split_reply(fused), EVIDENCE)
    assert [citation.quote for citation in cited.citations] == [ROADS, SCHOOL]
    assert cited.claims[0].verdict == "supported"


def test_of_two_reports_of_like_wording_the_one_with_the_number_is_cited():
    last_year = evidence("云桥镇新修公路21公里，投资3000万元。", "云桥镇的路（2021年）")
    cited = cite(split_reply("云桥镇新修公路21公里。[1]"), [*EVIDENCE, last_year])
    assert [citation.quote for citation in cited.citations] == [last_year.text]


def test_between_two_that_read_alike_the_named_one_is_cited():
    twins = [evidence(TEA, "云桥镇的茶"), evidence(TEA, "茶园")]
    for number, twin in enumerate(twins, 1):
        cited = cite(split_reply(f"云桥镇有茶园1.2万亩。[{number}]"), twins)
        assert [citation.title for citation in cited.citations] == [twin.title]


def test_a_sentence_without_a_marker_gets_the_evidence_it_was_taken_from():
    cited = cite(split_reply("云桥镇有茶园1.2万亩。今天天气很好。"), EVIDENCE)
    assert cited.text == "云桥镇有茶园1.2万亩。[1]今天天气很好。"
    assert [claim.verdict for claim in cited.claims] == ["supported", "not_found"]
    assert cited.citations[0].quote == TEA


def test_lines_stay_apart_and_sentences_of_a_line_together():
    cited = cite(split_reply("修了36公里。[1] 有茶园1.2万亩。[2]\n\n学校迁入新校舍。[3]"), EVIDENCE)
    assert cited.text == "修了36公里。[1] 有茶园1.2万亩。[2]\n学校迁入新校舍。[3]"


@given(st.text("修了36公里茶园。！？；\n []【】,、-0123", max_size=80))
def test_every_marker_names_a_citation_and_every_citation_is_named(text):
    cited = cite(split_reply(plain_text(text)), EVIDENCE)
    assert [citation.number for citation in cited.citations] == list(
        range(1, len(cited.citations) + 1)
    )
    assert {n for claim in cited.claims for n in claim.citations} == {
        citation.number for citation in cited.citations
    }
    assert all(claim.text in cited.text for claim in cited.claims)
    assert {citation.quote for citation in cited.citations} <= {ROADS, TEA, SCHOOL}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。",
        DECLINED,
        "材料中没有找到答案",
        "材料中没有找到答案。[1]",
        "材料中没有找到答案。不过，学校搬了。[3]",
        "提供的材料中并未提到学生人数。",
        "根据现有材料，无法确定学生人数。",
        "抱歉，文中没有说明。资料里也没有提供人数。",
    ],
)
def test_a_reply_that_declines_is_known(text):
    assert declines(split_reply(text))


@pytest.mark.parametrize(
    "text",
    [
        "修了36公里。[1]",
        "材料没有提到2023年的情况，2022年修了36公里。[1]",
        "该镇没有学校，学生无法上学。",
        "修了36公里。[1]材料中没有提到学校。",
    ],
)
def test_an_answer_is_not_taken_for_a_refusal(text):
    assert not declines(split_reply(text))


def test_a_reply_in_traditional_characters_is_held_against_simplified_words():
    (part,) = split_reply("去年，雲橋鎮新修公路３６公里，投資4,200萬元。[證據1]")
    assert part.numbers == (1,)
    assert verify(part.text, EVIDENCE[:1]) == ("supported", ())
    assert verify("雲橋鎮新修公路36公里，投資4200億元。", EVIDENCE[:1])[0] != "supported"


@pytest.mark.parametrize("text", ["材料中沒有找到答案。", "資料沒有提到公路的長度。"])
def test_a_reply_in_traditional_characters_can_decline(text):
    assert declines(split_reply(text))
