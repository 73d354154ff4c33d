"""Of several figures of one sentence the one whose clause the question names."""

from __future__ import annotations

import pytest

from rag.read.clauses import pointed_at
from rag.text import standard_form
from tests.readings import article_of, reading_of

CLINIC = "医院现有职工1,860人，其中医生612人、护士903人。"
COUNTIES = "甲县绿化率41.2%，乙县绿化率38.5%。"
WATER = "水库总库容1.26亿立方米，工期5年。"
GROWN = "床位从80张增加到210张，护理员由12人增至35人。"


def pointed(question: str, text: str, *words: str) -> str:
    return pointed_at(standard_form(question), reading_of(article_of(text), *words)).fact


@pytest.mark.parametrize(
    ("question", "text", "words", "fact"),
    [
        ("有多少名护士？", CLINIC, ("612人", "903人"), "903人"),
        ("有多少名医生？", CLINIC, ("612人、护士903人",), "612人"),
        ("乙县的绿化率？", COUNTIES, ("41.2%", "38.5%"), "38.5%"),
        ("工期是几年？", WATER, ("1.26亿立方米", "期5年"), "5年"),
        ("护理员有多少？", GROWN, ("210张", "12人增至35人"), "12人增至35人"),
    ],
)
def test_the_figure_of_the_clause_that_is_named_is_told_alone(
    question: str, text: str, words: tuple[str, ...], fact: str
) -> None:
    assert pointed(question, text, *words) == fact


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("医生和护士各有多少？", CLINIC, ("612人", "903人")),
        ("一共招了哪些人？", CLINIC, ("612人", "903人")),
        ("公司赚了多少？", "公司今年营收20亿元，净利润3亿元。", ("3亿元",)),
        ("公司去年增长多少？", "公司今年增长5%，去年增长3%。", ("3%",)),
        ("绿化率分别是多少？", COUNTIES, ("41.2%", "38.5%")),
    ],
)
def test_where_all_clauses_are_named_or_none_all_figures_stay(
    question: str, text: str, words: tuple[str, ...]
) -> None:
    assert pointed(question, text, *words) == "、".join(words)


def test_a_single_figure_and_a_list_of_names_stay_as_they_are() -> None:
    assert pointed("有多少名护士？", CLINIC, "612人") == "612人"
    assert pointed("有哪些茶？", "有绿茶、白茶。", "绿茶", "白茶") == "绿茶、白茶"


MILLS = "清河纸厂和东山印厂通过了复查，南岭染厂未通过复查，须在月底前整改。"


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("哪家厂没有通过复查？", "南岭染厂"),
        ("哪些厂通过了复查？", "清河纸厂、东山印厂"),
        ("有没有通过复查的厂？", "清河纸厂、东山印厂"),
    ],
)
def test_members_are_those_of_the_side_that_is_asked_for(question: str, fact: str) -> None:
    assert pointed(question, MILLS, "清河纸厂", "东山印厂", "南岭染厂") == fact
