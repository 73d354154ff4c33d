"""Steps left out one by one: which, for how long, and that a passage is read once."""

from __future__ import annotations

from importlib import import_module

import pytest

import rag
from eval.ablation import STEPS, WHOLE, _RememberingReader, without
from rag.models.reader import Shown, Turn, builtin_reader


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_left_out_and_comes_back(step: str) -> None:
    module, names, stand_in = STEPS[step]
    before = {name: getattr(import_module(module), name) for name in names.split()}
    with without(step):
        assert all(getattr(import_module(module), name) is stand_in for name in before)
    assert {name: getattr(import_module(module), name) for name in before} == before


def test_without_the_period_another_year_may_answer() -> None:
    text = "2018年，河湾区修建公路36公里，新建学校三所。"
    bot = rag.Chatbot.from_articles([("河湾区年报", text)])
    question = "2019年河湾区修建公路多少公里？"
    with without(WHOLE):
        assert bot.answer(question).probability == 0
    with without("period"):
        assert bot.answer(question).probability


def test_a_passage_is_read_once_for_a_question() -> None:
    reader = _RememberingReader(builtin_reader())
    asked = (Turn("河湾区修了多少公路？"), Shown("", "河湾区修建公路36公里。"))
    first = reader.read_all([asked, asked])
    assert first[0] is first[1]
    assert reader.read(asked[0], [asked[1]])[0] is first[0]
    reader.clear()
    assert reader.read_all([asked])[0] is not first[0]
