"""Altered questions: one place changed, so that no hit answers any longer."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import takewhile

import pytest

from tests.lessons import QUESTION, ROAD, SCHOOL, WATER, passage, question_list
from training.altered import altered, names_of
from training.question_lists import QuestionList

LISTS = [question_list(), question_list("北京有多少人？"), question_list("上海有多少人？")]
NAMES = names_of(LISTS)


def drawn(one: QuestionList, count: int = 60) -> list[QuestionList]:
    order = random.Random(0)
    return [found for _ in range(count) if (found := altered(one, order, NAMES)) is not None]


def alike(one: str, other: str) -> int:
    """How many characters two texts begin with that are the same."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return len(list(same))


def test_an_altered_question_has_no_answer_left() -> None:
    found = drawn(question_list())
    assert len(found) > 20
    for one in found:
        assert one.answers == ()
        assert one.kind == "near"
        assert not any(p.spans or p.is_gold for p in one.passages)
        assert [p.is_near for p in one.passages] == [False, True, False]
        assert [p.text for p in one.passages] == [SCHOOL, ROAD, WATER]


def test_one_place_is_changed_and_no_hit_tells_what_stands_there_now() -> None:
    for one in drawn(question_list()):
        start = alike(QUESTION, one.question)
        end = alike(QUESTION[start:][::-1], one.question[start:][::-1])
        was = QUESTION[start : len(QUESTION) - end]
        assert was
        assert was in "云桥镇" or was in "2019"
        year = re.findall(r"\d+", one.question)[0]
        assert (year in ROAD + SCHOOL + WATER) == ("云桥" not in one.question)


@pytest.mark.parametrize(
    ("printed", "question"),
    [
        ("第十二条", "第十二条说什么？"), ("二期", "二期有多大？"), ("甲组", "甲组有几人？"),
        ("2019年", "2019年有几人？"), ("36.5公里", "哪条路长36.5公里？"), ("19.5公里", "哪条路长19.5公里？"),
    ],
)  # fmt: skip
def test_numbers_ordinals_and_stems_become_others_of_their_kind(
    printed: str, question: str
) -> None:
    text = f"{printed}的事都写在这里。"
    one = question_list(question, passages=(passage(text, "写在这里"),), answers=("写在这里",))
    found = {each.question for each in drawn(one)}
    assert found
    assert question not in found
    unit = printed[-1]
    assert all(unit in each for each in found)
    if printed == "2019年":
        assert {int(each[:4]) - 2019 for each in found} == {-3, -2, -1, 1, 2}


def test_what_the_evidence_does_not_tell_is_not_changed() -> None:
    elsewhere = question_list("2018年在哪里修路？", passages=(passage(ROAD, "云桥镇"),))
    assert all("2018年" in one.question for one in drawn(elsewhere))


@pytest.mark.parametrize(
    "one",
    [
        question_list("云桥镇2019年修路了吗？"),
        replace(question_list(), kind="false"),
        replace(question_list(), answers=()),
        question_list("怎么样？"),
    ],
    ids=["asks whether", "false premise", "no answer", "nothing to change"],
)
def test_questions_that_cannot_be_altered_are_left(one: QuestionList) -> None:
    assert drawn(one) == []


def test_names_are_gathered_by_their_class() -> None:
    assert {"北京", "上海"} <= {name for names in NAMES.values() for name in names}
