"""What is told of one is not told of its like."""

from __future__ import annotations

import pytest

from rag.read.likes import is_of_named
from rag.text import standard_form
from tests.readings import article_of, reading_of

COLLEGES = "清源大学与北桥大学毕业季。清源大学现有院系56个。北桥大学藏书800万册。两校的学生都来了。"
SCHOOLS = "第一高中和第二高中招生。第一高中的宿舍楼可住1800人。"
FILMS = "《山海谣》由许卓执导。《归巢》由陆一帆执导。"
TRAINS = "K2716次列车上有旅客840人。T93次列车已经返回。"


def of_named(question: str, text: str, words: str) -> bool:
    return is_of_named(standard_form(question), reading_of(article_of(text), words))


@pytest.mark.parametrize(
    ("question", "text", "words", "is_so"),
    [
        ("清源大学有多少院系？", COLLEGES, "56个", True),
        ("北桥大学有多少院系？", COLLEGES, "56个", False),
        ("北桥大学有多少院系？", COLLEGES, "两校", True),
        ("南河大学有多少院系？", COLLEGES, "56个", True),
        ("第一高中的宿舍可住多少人？", SCHOOLS, "1800人", True),
        ("第二高中的宿舍可住多少人？", SCHOOLS, "1800人", False),
        ("《归巢》的导演是谁？", FILMS, "许卓", False),
        ("《归巢》的导演是谁？", FILMS, "陆一帆", True),
        ("《远山》的导演是谁？", FILMS, "许卓", True),
        ("T93次列车上有多少旅客？", TRAINS, "840人", False),
        ("K2716次列车上有多少旅客？", TRAINS, "840人", True),
    ],
)
def test_a_sentence_that_names_only_a_like_of_what_is_asked_is_not_of_it(
    question: str, text: str, words: str, is_so: bool
) -> None:
    assert of_named(question, text, words) is is_so


def test_a_like_that_is_the_answer_is_no_other() -> None:
    text = "北桥大学招生。昨天来签约的是清源大学的代表。"
    assert of_named("与北桥大学签约的是哪所大学？", text, "清源大学")
    assert not of_named("北桥大学昨天来的是谁？", text, "代表")


HOSPITAL = "江城大学附属医院有床位900张。"


@pytest.mark.parametrize(
    ("question", "text", "words", "is_so"),
    [
        ("江城大学有多少床位？", HOSPITAL, "900张", False),
        ("江城大学附属医院有多少床位？", HOSPITAL, "900张", True),
        ("江城大学附属医院有多少学生？", "江城大学有学生18000人。", "18000人", False),
        ("江城大学哪年办的附属医院？", "江城大学附属医院2003年开业。", "2003年", True),
    ],
)
def test_a_name_that_only_begins_alike_is_another(
    question: str, text: str, words: str, is_so: bool
) -> None:
    assert of_named(question, text, words) is is_so
