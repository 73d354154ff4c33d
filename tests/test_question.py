"""A question is parsed once: what is searched, what is read, and what is shown of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask import Part, Parts, parse
from rag.ask import question as module
from rag.ask.dressing import undressed
from rag.datatypes import Message
from tests.stories import traditional

ALONE = "云桥镇2019年新建了多少亩茶园？"
TOLD = "2019年，云桥镇新建茶园1.2万亩。[1]"
HISTORY = [Message("user", ALONE), Message("assistant", TOLD)]


def test_a_question_without_a_turn_before_is_searched_and_read_as_it_was_typed():
    question = parse("它有多少人？")
    (wording,) = question.parts
    assert question.query == question.typed == "它有多少人？"
    assert wording.queries == ("它有多少人？",)
    assert wording.turn == ("它有多少人？", ())
    assert (wording.label, question.aim, question.left_out) == ("", "facts", 0)


@pytest.mark.parametrize("typed", ["北京市2017年的财政收入有多少？", "青禾集团是哪一年成立的？"])
def test_a_question_that_stands_alone_takes_nothing_from_the_turns_before(typed: str):
    assert parse(typed, HISTORY) == parse(typed)


def test_a_question_that_leans_is_searched_with_the_turn_before_and_by_itself():
    question = parse("它引进了几家企业？", HISTORY)
    (wording,) = question.parts
    assert question.query == f"{ALONE}；它引进了几家企业？"
    assert wording.queries == (f"{ALONE} 它引进了几家企业？", "它引进了几家企业？")
    assert wording.turn.question == "它引进了几家企业？"
    assert wording.turn.before == (ALONE, "2019年，云桥镇新建茶园1.2万亩。")


def test_nothing_is_put_into_the_users_mouth():
    question = parse("它引进了几家企业？", HISTORY)
    said = ALONE + "它引进了几家企业？" + TOLD
    for text in (question.query, *question.parts[0].queries, *question.parts[0].turn.before):
        assert all(piece in said for piece in text.replace("；", " ").split())


def test_a_chain_of_questions_that_lean_goes_back_to_the_one_that_stands_alone():
    turns = [Message("user", "北京的地铁有多长？"), *HISTORY, Message("user", "它引进了几家企业？")]
    question = parse("书记是谁？", turns)
    assert question.parts[0].turn.before[0] == f"{ALONE} 它引进了几家企业？"


def test_of_a_long_turn_before_the_end_is_kept_and_of_a_long_answer_the_beginning():
    long = [
        Message("user", f"{'请你仔细地说一说' * 30}云桥镇有多少亩茶园？"),
        Message("assistant", "云桥镇有茶园。" + "很香。" * 90),
    ]
    before = parse("它引进了几家企业？", long).parts[0].turn.before
    assert before[0].endswith("云桥镇有多少亩茶园？")
    assert before[1].startswith("云桥镇有茶园。")
    assert sum(map(len, before)) <= 120


def test_an_answer_without_a_question_is_no_turn_before():
    said = [Message("assistant", TOLD)]
    assert parse("它有多少人？", said) == parse("它有多少人？")


def test_damaged_characters_in_earlier_turns_reach_neither_search_nor_reader():
    turns = [Message("user", "海恩\ud800电池有多少人？"), Message("assistant", "有\udfff9人。")]
    question = parse("它在哪里？", turns)
    for text in (*question.parts[0].queries, *question.parts[0].turn.before, question.query):
        text.encode("utf-8")


# --- Several facts ----------------------------------------------------------------------------


def splitting(monkeypatch: pytest.MonkeyPatch, *parts: Part, compares: bool = False) -> None:
    monkeypatch.setattr(module, "parts_of", lambda question: Parts(parts, compares, False))


def test_each_part_has_its_own_queries_label_and_reading(monkeypatch: pytest.MonkeyPatch):
    east, west = Part("东湖镇有多少桥？", "东湖镇"), Part("西湖镇有多少桥？", "西湖镇")
    splitting(monkeypatch, east, west, compares=True)
    question = parse("东湖镇和西湖镇哪个桥多？")
    assert [one.queries for one in question.parts] == [(east.question,), (west.question,)]
    assert [one.label for one in question.parts] == ["东湖镇", "西湖镇"]
    assert [one.turn.before for one in question.parts] == [(), ()]
    assert question.query == "东湖镇有多少桥；西湖镇有多少桥"
    assert question.aim == "compare"


def test_a_part_that_leans_on_another_has_that_for_its_turn_before(
    monkeypatch: pytest.MonkeyPatch,
):
    first, second = Part("东湖镇有多少桥？", "桥"), Part("是谁修的？", "谁", before=0)
    splitting(monkeypatch, first, second)
    _, leaning = parse("东湖镇有多少桥，是谁修的？").parts
    assert leaning.turn.before == ("东湖镇有多少桥？",)
    assert leaning.queries == ("东湖镇有多少桥？ 是谁修的？", "是谁修的？")


# --- Its forms --------------------------------------------------------------------------------


def test_what_is_read_is_in_the_standard_form_and_what_is_searched_as_typed():
    typed = "雲橋鎮２０１９年有幾座橋？"
    question = parse(typed)
    assert question.text == "云桥镇2019年有几座桥？"
    assert question.typed == question.query == question.parts[0].queries[0] == typed
    assert question.parts[0].turn.question == "云桥镇2019年有几座桥？"


def test_the_hong_kong_spelling_asks_the_same():
    assert parse("學校甚麼時候搬？").text == "学校什么时候搬？"


def test_a_year_in_characters_is_read_in_digits_and_both_are_told():
    question = parse("二〇二〇年哪个园区设立了两家院士工作站？")
    assert question.parts[0].turn.question.startswith("2020年")
    assert question.readings == ("2020年", "2家")
    assert parse("2020年哪个园区设立了2家工作站？").readings == ()


@pytest.mark.parametrize("typed", [ALONE, "学校为什么要搬？", "请列举新校舍的三处场馆"])
def test_a_question_is_read_alike_in_either_script(typed: str):
    other = parse(traditional(typed), [Message("user", traditional(ALONE))])
    assert other.text == parse(typed).text
    assert [p.turn for p in other.parts] == [p.turn for p in parse(typed, HISTORY[:1]).parts]


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_any_question_has_a_part_and_keeps_its_words_and_its_length(typed: str, earlier: list[str]):
    question = parse(typed, [Message("user", one) for one in earlier])
    asked = undressed(typed)
    assert question.parts
    assert question.typed == typed
    assert len(question.text) == len(asked)
    assert question.query.endswith(asked)
    assert all(wording.queries[-1] == asked for wording in question.parts)
