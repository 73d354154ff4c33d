"""A question's period in the words of the passage that is read."""

from __future__ import annotations

import pytest

from rag.models.reader import Turn
from rag.read.periods import in_words_of

TOLD = "去年,东湾引进企业35家。第三季度,将新建公寓800套。"


def asked(question: str, text: str = TOLD, written: str | None = "2021-03-05") -> str:
    return in_words_of(Turn(question, ("前面问的?",)), text, written).question


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("东湾2020年引进了几家?", "东湾去年引进了几家?"),
        ("东湾二〇二〇年引进了几家?", "东湾去年引进了几家?"),
        ("东湾7月至9月建多少套?", "东湾三季度建多少套?"),
        ("东湾三季度建多少套?", "东湾三季度建多少套?"),
    ],
)
def test_the_same_period_is_asked_as_the_passage_prints_it(question: str, told: str) -> None:
    assert asked(question) == told


@pytest.mark.parametrize(
    "question",
    ["东湾2019年引进了几家?", "东湾2020年5月引进了几家?", "东湾去年引进了几家?", "东湾引进了几家?"],
)
def test_another_period_and_one_that_hangs_on_who_asks_stay_as_typed(question: str) -> None:
    assert asked(question) == question


def test_without_a_date_last_year_is_no_year() -> None:
    assert asked("东湾2020年引进了几家?", written=None) == "东湾2020年引进了几家?"


def test_what_the_passage_prints_itself_stays_and_so_does_the_turn_before() -> None:
    text = "2020年引进35家,去年是好年景。"
    assert asked("东湾2020年引进了几家?", text) == "东湾2020年引进了几家?"
    turn = in_words_of(Turn("2020年呢?", ("前面问的?",)), TOLD, "2021")
    assert turn == Turn("去年呢?", ("前面问的?",))


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("办法第12条是什么?", "第十二条 犬只应当牵绳。", "办法第十二条是什么?"),
        ("办法第十二条是什么?", "第12条 犬只应当牵绳。", "办法第12条是什么?"),
        ("办法第12条是什么?", "第十三条 犬只不得乘车。", "办法第12条是什么?"),
    ],
)
def test_a_provision_is_asked_as_the_passage_prints_it(question: str, text: str, told: str):
    assert asked(question, text, None) == told
