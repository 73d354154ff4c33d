"""Siblings: the same told of another beside it, and the one that is asked for alone answers."""

from __future__ import annotations

import random

import pytest

from tests.lessons import QUESTION, ROAD, SCHOOL, WATER, passage, question_list
from training.altered import names_of
from training.question_lists import QuestionList
from training.siblings import with_sibling

LISTS = [question_list(), question_list("北京有多少人？"), question_list("上海有多少人？")]
NAMES = names_of(LISTS)
LONG = "全镇都说好。"


def drawn(one: QuestionList, count: int = 120) -> list[QuestionList]:
    order = random.Random(0)
    return [found for _ in range(count) if (found := with_sibling(one, order, NAMES)) is not None]


def answers_of(one: QuestionList) -> list[str]:
    return [p.text[a:b] for p in one.passages for a, b in p.spans]


def test_only_the_one_asked_for_answers() -> None:
    found = drawn(question_list())
    assert len(found) > 60
    for one in found:
        [answer] = answers_of(one)
        assert answer.endswith("公里")
        assert (answer == "36公里") == (one.question == QUESTION)


def test_the_sibling_stands_beside_its_like_or_in_a_passage_of_its_own() -> None:
    found = drawn(question_list())
    apart = [one for one in found if len(one.passages) == 4]
    beside = [one for one in found if len(one.passages) == 3]
    assert apart
    assert beside
    for one in beside:
        assert one.passages[1].text.count("公里公路") == 2
        assert [p.text for p in one.passages[::2]] == [SCHOOL, WATER]
    for one in apart:
        telling = [p for p in one.passages if "公里公路" in p.text]
        assert sorted(bool(p.spans) for p in telling) == [False, True]
        assert [p.is_near for p in telling] == [not p.spans for p in telling]


def test_all_but_the_subject_and_the_figure_stays_as_it_was() -> None:
    one = question_list(passages=(passage(f"{ROAD}{LONG}", "36公里"),))
    for found in drawn(one):
        for each in found.passages:
            assert each.text.endswith(LONG)
            assert all(each.text[a:b] in each.text for a, b in each.spans)


def test_a_noun_just_before_its_figure_gets_a_like_one() -> None:
    told = passage("云桥镇有医生612人，都住在镇上。", "612人")
    one = question_list("云桥镇有多少医生？", answers=("612人",), passages=(told,))
    names = {"n": ["护士"]}
    draw = random.Random(1)
    found = [made for _ in range(60) if (made := with_sibling(one, draw, names)) is not None]
    assert found
    for each in found:
        [answer] = answers_of(each)
        asked = "护士" if "护士" in each.question else "医生"
        telling = next(p.text for p in each.passages if p.spans)
        assert f"{asked}{answer}" in telling
        assert (answer == "612人") == (asked == "医生")


def test_an_answer_without_number_or_name_gets_no_sibling() -> None:
    told = question_list(answers=("公路",), passages=(passage(ROAD, "公路"),))
    assert drawn(told) == []


@pytest.mark.parametrize("kind", ["why", "false"])
def test_reasons_and_false_premises_get_none(kind: str) -> None:
    assert drawn(question_list(kind=kind)) == []


def test_where_no_passage_answers_there_is_none() -> None:
    assert drawn(question_list(passages=(passage(ROAD),))) == []


def test_a_passage_that_would_be_too_long_to_be_read_gets_none() -> None:
    long = ROAD + "茶农都说好。" * 70
    assert drawn(question_list(passages=(passage(long, "36公里"),))) == []
