"""What is to be made of the facts that a question asks for, and the parts of special shapes."""

from __future__ import annotations

import pytest

from rag.ask import Question, parse
from rag.datatypes import Message
from tests.stories import traditional


def asked(question: Question) -> list[str]:
    return [wording.turn.question for wording in question.parts]


def turns(*questions: str) -> list[Message]:
    return [Message("user", question) for question in questions]


@pytest.mark.parametrize(
    ("question", "aim"),
    [
        ("云桥镇2019年新建了多少亩茶园？", "facts"),
        ("云桥镇有多少亩茶园，西坪镇有几所学校？", "facts"),
        ("云桥镇和西坪镇哪个茶园多？", "compare"),
        ("云桥镇比西坪镇多多少亩茶园？", "difference"),
        ("从3月5日到3月9日，双河水库的水位涨了多少米？", "difference"),
        ("青石镇、云桥镇、西坪镇三个镇一共多少户？", "sum"),
        ("云桥镇、西坪镇、青石镇里，哪些超过了100户？", "which"),
        ("云桥镇引进了哪些企业？", "list"),
        ("双河水库的最新水位是多少？", "latest"),
        ("茶厂的案子目前走到哪一步了？", "latest"),
        ("双河水库的水位是怎么变的？", "course"),
        ("3月5日到3月9日，双河水库的水位有什么变化？", "course"),
    ],
)
def test_a_question_says_what_is_to_be_made_of_its_facts(question: str, aim: str):
    assert parse(question).aim == aim
    assert parse(traditional(question)).aim == aim


def test_a_course_over_named_days_has_a_part_for_each_of_them():
    question = parse("3月5日、9日和12日，双河水库的水位是怎么变的？")
    assert asked(question) == [
        "3月5日双河水库的水位是多少？",
        "3月9日双河水库的水位是多少？",
        "3月12日双河水库的水位是多少？",
    ]
    assert [part.label for part in question.parts] == ["3月5日", "3月9日", "3月12日"]


def test_a_course_without_days_is_read_as_a_question_for_one_state():
    question = parse("双河水库的水位是怎么变的？")
    assert asked(question) == ["双河水库的水位是什么？"]
    assert question.parts[0].queries == ("双河水库的水位是怎么变的？",)


def test_things_that_are_named_are_asked_about_one_by_one():
    question = parse("云桥镇、西坪镇、青石镇三个镇里，哪些茶园超过了100亩？")
    assert asked(question) == [
        "云桥镇茶园有多少亩？",
        "西坪镇茶园有多少亩？",
        "青石镇茶园有多少亩？",
    ]
    held = parse("甲公司、乙公司当中，哪几家今年亏了钱？")
    assert asked(held) == ["甲公司今年亏了钱吗？", "乙公司今年亏了钱吗？"]


def test_seven_parts_are_six_and_one_left_out():
    question = parse("东镇、西镇、南镇、北镇、青镇、云镇、石镇各有多少户？")
    assert len(question.parts) == 6
    assert question.left_out == 1


# --- Going on about the turns before ----------------------------------------------------------

BOTH = "东湾高新区和西湾高新区各引进了多少家企业？"


@pytest.mark.parametrize(
    ("short", "aim"),
    [
        ("哪个更多？", "compare"),
        ("一共呢？", "sum"),
        ("那差多少？", "difference"),
        ("哪家最少", "compare"),
    ],
)
def test_a_short_question_goes_on_about_the_parts_of_the_turn_before(short: str, aim: str):
    question = parse(short, turns(BOTH))
    assert question.aim == aim
    assert asked(question) == ["东湾高新区引进了多少家企业？", "西湾高新区引进了多少家企业？"]
    assert question.query == "东湾高新区引进了多少家企业；西湾高新区引进了多少家企业"


def test_it_goes_on_about_several_turns_too_and_past_those_that_only_went_on():
    before = turns("东湾高新区引进了多少家企业？", "那西湾高新区呢？", "哪个更多？")
    question = parse("一共多少家？", before)
    assert question.aim == "sum"
    assert [part.label for part in question.parts] == ["东湾高新区", "西湾高新区"]
    assert question.parts[1].turn.before == ("东湾高新区引进了多少家企业？",)


@pytest.mark.parametrize("short", ["哪个更多？", "一共呢？"])
def test_with_one_thing_or_none_before_it_is_a_question_like_any_other(short: str):
    assert parse(short).aim == "facts"
    assert len(parse(short, turns("东湾高新区引进了多少家企业？")).parts) == 1


def test_a_question_with_a_subject_of_its_own_does_not_go_on():
    question = parse("云桥镇和西坪镇哪个茶园多？", turns(BOTH))
    assert asked(question) == ["云桥镇茶园多少？", "西坪镇茶园多少？"]
