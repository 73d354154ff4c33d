"""Questions: checked, typed, taken apart, and made to stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.datatypes import Message
from rag.errors import QuestionError
from rag.queries import (
    KINDS,
    analyse,
    check_question,
    core_of,
    find_subject,
    search_terms,
    stand_alone,
)
from tests.stories import traditional


def said(*questions: str) -> list[Message]:
    """A conversation in which each question got some answer."""
    turns: list[Message] = []
    for question in questions:
        turns += [Message("user", question), Message("assistant", "西坪村有答案99个。")]
    return turns


# --- Checked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "  \n\t", "　", "问", "😀😀😀", "？！……", "—— ——", "a"])
def test_a_question_without_words_to_search_is_refused(question: str):
    with pytest.raises(QuestionError) as error:
        check_question(question, max_chars=1000)
    assert "；请" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_question_over_the_limit_is_refused_with_both_numbers():
    with pytest.raises(QuestionError, match=r"10000.*1000"):
        check_question("问" * 10_000, max_chars=1000)
    assert check_question("问" * 1000, max_chars=1000) == "问" * 1000


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(QuestionError, match="损坏的字符"):
        check_question("云桥镇\ud800有多少人？", max_chars=1000)


def test_white_space_around_a_question_is_dropped_and_nothing_else():
    assert check_question(" \n云桥镇 有多少人？😀\t", max_chars=1000) == "云桥镇 有多少人？😀"


# --- Typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("云桥镇有多少亩茶园？", "number"),
        ("新校舍有几间教室？", "number"),
        ("研发人员占比是百分之几？", "number"),
        ("工期多长？", "number"),
        ("柳湾小学什么时候搬的家？", "date"),
        ("水库是哪一年开工的？", "date"),
        ("大桥何时通车？", "date"),
        ("镇党委书记是谁？", "person"),
        ("哪位老师得了奖？", "person"),
        ("公司总部在哪里？", "place"),
        ("茶厂在哪个村？", "place"),
        ("镇上生产哪些茶？", "list"),
        ("请列举新校舍的三处场馆", "list"),
        ("学校为什么要搬？", "reason"),
        ("修水库的目的何在？", "reason"),
        ("哪家公司承建了大桥？", "name"),
        ("这座桥叫做什么？", "name"),
        ("介绍一下云桥镇的茶", "other"),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question: str, kind: str):
    assert analyse(question).kind == kind


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("引进了几家企业？", "家"),
        ("搬迁了多少户居民？", "户"),
        ("修了多少座桥？", "座"),
        ("藏书有多少册？", ""),
        ("投资多少？", ""),
        ("书记是谁？", ""),
    ],
)
def test_the_unit_is_the_counter_that_follows_how_many(question: str, unit: str):
    assert analyse(question).unit == unit


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("县医院有多少名医生？", "医生"),
        ("县医院的编制床位是多少张？", "编制床位"),
        ("今年录取的女生有几名？", "女生"),
        ("青石镇的镇长是谁？", "镇长"),
        ("介绍一下云桥镇的茶", ""),
    ],
)
def test_what_is_asked_for_stands_beside_the_asking_word(question: str, asked: str):
    assert analyse(question).asked == asked


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("苏州上半年的出口额有多少？", "苏州"),
        ("由哪家公司承建？", ""),
        ("坐高铁要多久？", ""),
    ],
)
def test_asking_and_counting_words_are_no_subjects(question: str, subject: str):
    assert find_subject(question) == subject


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("青禾公司和乌云公司哪个员工更多？", ("青禾公司员工多少？", "乌云公司员工多少？")),
        ("是南京的地铁长还是苏州的地铁长？", ("南京的地铁多少？", "苏州的地铁多少？")),
        ("青禾公司比乌云公司多招了多少人？", ("青禾公司多招了多少人？", "乌云公司多招了多少人？")),
        ("东湖小学和西湖小学哪所建校更早？", ("东湖小学建校什么时候？", "西湖小学建校什么时候？")),
        ("青禾公司和乌云公司的经理分别是谁？", ("青禾公司的经理是谁？", "乌云公司的经理是谁？")),
        (
            "云桥镇与西坪镇的水库分别由谁承建？",
            ("云桥镇的水库由谁承建？", "西坪镇的水库由谁承建？"),
        ),
        ("青禾公司和乌云公司分别在哪个城市？", ("青禾公司在哪个城市？", "乌云公司在哪个城市？")),
        ("青禾公司的员工和客户分别有多少？", ("青禾公司的员工有多少？", "青禾公司的客户有多少？")),
        ("青禾公司和乌云公司，哪边员工多，各多少？", ("青禾公司员工多少？", "乌云公司员工多少？")),
        (
            "南京、苏州、杭州的出口额各是多少？",
            ("南京的出口额是多少？", "苏州的出口额是多少？", "杭州的出口额是多少？"),
        ),
    ],
)
def test_a_comparison_of_any_wording_asks_the_same_of_each(question: str, parts: tuple[str, ...]):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    "question",
    [
        "生产和研发投入了多少？",
        "青禾公司和西湖大学合作建了哪个项目？",
        "云桥镇和西坪村在哪里？",
        "青禾公司合同金额同比增长多少？",  # 同 and 比 inside longer words
        "青禾公司出口占比提高了多少？",
        "参与云桥项目的企业增长了多少家？",
    ],
)
def test_joined_words_alone_are_no_comparison(question: str):
    assert analyse(question).parts == (question,)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("云桥镇有多少亩茶园？", "云桥镇"),
        ("乌云科技公司的总部在哪里？", "乌云科技公司"),
        ("东江高新区2021年引进了几家企业？", "东江高新区"),
        ("柳湾小学什么时候搬的家？", "柳湾小学"),
        ("工期多长？", ""),
    ],
)
def test_the_subject_is_the_place_or_organisation_named(question: str, subject: str):
    assert find_subject(question) == subject
    assert analyse(question).subject == subject


def test_the_core_of_a_subject_is_what_tells_it_from_others_of_its_kind():
    assert core_of("东江高新区") == "东江"
    assert core_of("云桥镇") == "云桥"
    assert core_of("集团") == "集团"


def test_what_only_asks_is_left_out_of_the_content():
    content = analyse("请问云桥镇一共有多少亩茶园？").content
    assert "云桥镇" in content
    assert "茶园" in content
    assert not {"多少", "请问", "一共"} & {content[i : i + 2] for i in range(len(content))}


# --- Taken apart ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "云桥镇和西坪村的茶园面积各是多少？",
            ("云桥镇的茶园面积是多少？", "西坪村的茶园面积是多少？"),
        ),
        (
            "青禾公司、乌云公司的员工分别有多少人？",
            ("青禾公司的员工有多少人？", "乌云公司的员工有多少人？"),
        ),
        ("云桥镇有多少人，谁是书记？", ("云桥镇有多少人？", "云桥镇谁是书记？")),
    ],
)
def test_a_question_for_two_facts_becomes_two_that_stand_alone(
    question: str, parts: tuple[str, ...]
):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    "question",
    [
        "云桥镇有多少亩茶园？",
        "2019年，云桥镇引进了几家企业？",
        "绿茶和白茶是在哪里生产的？",
    ],
)
def test_a_question_for_one_fact_is_its_own_only_part(question: str):
    assert analyse(question).parts == (question,)


# --- Made to stand alone ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "question", "query"),
    [
        ("云桥镇2019年新建了多少亩茶园？", "它引进了几家企业？", "云桥镇引进了几家企业？"),
        ("云桥镇2019年新建了多少亩茶园？", "该镇的书记是谁？", "云桥镇的书记是谁？"),
        ("云桥镇2019年新建了多少亩茶园？", "同年引进了几家企业？", "云桥镇2019年引进了几家企业？"),
        ("云桥镇2019年新建了多少亩茶园？", "那西坪村呢？", "西坪村2019年新建了多少亩茶园？"),
        ("云桥镇2019年新建了多少亩茶园？", "书记是谁？", "云桥镇书记是谁？"),
        ("乌云科技公司有多少员工？", "其中研发人员有多少？", "乌云科技公司研发人员有多少？"),
        ("乌云科技公司有多少员工？", "那么，总部在哪里？", "乌云科技公司总部在哪里？"),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out_from_the_turn_before(
    before: str, question: str, query: str
):
    assert stand_alone(question, said(before)) == query


def test_a_question_with_a_subject_of_its_own_stays_as_it_is():
    question = "柳湾小学有多少学生？"
    assert stand_alone(question, said("云桥镇有多少亩茶园？")) == question


def test_a_question_without_history_stays_as_it_is():
    assert stand_alone("它有多少人？", []) == "它有多少人？"


def test_a_chain_of_follow_ups_keeps_its_subject():
    turns = said("云桥镇有多少亩茶园？", "它引进了几家企业？")
    assert stand_alone("书记是谁？", turns) == "云桥镇书记是谁？"


def test_what_the_assistant_said_is_never_taken_for_the_subject():
    assert "西坪村" not in stand_alone("书记是谁？", said("云桥镇有多少亩茶园？"))


@given(st.text(min_size=1, max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_any_question_gets_a_kind_and_at_least_one_part(question: str, earlier: list[str]):
    query = analyse(stand_alone(question, said(*earlier)))
    assert query.kind in KINDS
    assert query.parts


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("南京上半年出口多少？", "苏州又是多少？", "苏州上半年出口多少？"),
        ("云桥镇2019年新建了多少亩茶园？", "2020年呢？", "云桥镇2020年新建了多少亩茶园？"),
        ("青禾公司招了多少人？", "那天一共来了多少人？", "青禾公司那天一共来了多少人？"),
        ("双河水库的总库容是多少？", "它的工期多长？", "双河水库的工期多长？"),
    ],
)
def test_follow_ups_of_other_wordings_stand_alone(earlier: str, question: str, whole: str):
    assert stand_alone(question, said(earlier)) == whole


def test_damaged_characters_in_earlier_turns_do_not_stop_a_follow_up():
    assert "书记是谁" in stand_alone("书记是谁？", said("海恩\ud800电池有多少人？"))


# --- In either script -------------------------------------------------------------------------

ASKED = [
    "云桥镇2019年新建了多少亩茶园？",
    "双河水库工程是什么时候开工的？",
    "青禾公司和乌云公司哪个员工更多？",
    "是南京的地铁长还是苏州的地铁长？",
    "云桥镇有多少人，谁是书记？",
    "学校为什么要搬？",
    "请列举新校舍的三处场馆",
]


@pytest.mark.parametrize("question", ASKED)
def test_a_question_in_traditional_characters_is_read_like_the_same_in_simplified(question: str):
    typed = traditional(question)
    query, same = analyse(typed), analyse(question)
    assert query.typed == typed
    assert query.text == same.text
    assert (query.kind, query.unit, query.subject, query.asked, query.content) == (
        same.kind,
        same.unit,
        same.subject,
        same.asked,
        same.content,
    )
    assert len(query.parts) == len(same.parts)


def test_parts_and_follow_ups_keep_the_script_they_were_typed_in():
    whole = "青禾公司和烏雲公司的員工分別有多少人？"
    assert analyse(whole).parts == ("青禾公司的員工有多少人？", "烏雲公司的員工有多少人？")
    earlier = said("雲橋鎮2019年新建了多少畝茶園？")
    assert stand_alone("該鎮的書記是誰？", earlier) == "雲橋鎮的書記是誰？"
    assert stand_alone("同年引進了幾家企業？", earlier) == "雲橋鎮2019年引進了幾家企業？"
    assert stand_alone("书记是谁？", earlier) == "雲橋鎮书记是谁？"


def test_the_hong_kong_spelling_asks_the_same():
    assert analyse("這座橋叫做甚麼？").kind == "name"
    assert analyse("學校甚麼時候搬？").kind == "date"


def test_full_width_figures_in_a_question_name_the_same_period_and_line():
    assert (
        analyse("云桥地铁１２号线２０２０年运了多少人？").text == "云桥地铁12号线2020年运了多少人？"
    )


@given(st.text(max_size=40))
def test_a_question_without_history_comes_back_as_it_was_typed(question: str):
    typed = f"{question}后後臺Ａ，柳灣小學有多少學生？".strip()
    assert stand_alone(typed, []) == typed
    assert len(analyse(typed).text) == len(typed)


# --- Search terms -----------------------------------------------------------------------------


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
