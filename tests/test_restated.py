"""Questions on facts told twice: asked in one wording, answered by a sentence in another."""

from __future__ import annotations

import random

from tests.stories import STORIES
from training.cloze import Cloze
from training.restated import restated

FIRST = "云桥镇去年新修公路36公里，投资4200万元，方便了沿线居民。"
SECOND = "为了方便沿线的居民，云桥镇投入4200万元修了公路。"
CHANCE = "柳湾中学的体育馆造价4200万元，下月启用。"
AROUND = "天气晴好。水库水位回落到正常高度。镇上开了三场运动会。孩子们放暑假了。"


def made(*texts: str) -> list[Cloze]:
    return list(restated([("", text) for text in texts], random.Random(0)))


def test_what_two_texts_tell_in_two_wordings_is_asked_in_one_and_answered_in_the_other() -> None:
    found = made(FIRST + AROUND, SECOND + AROUND)
    answers = [one.sentences[one.gold][one.answer.start : one.answer.end] for one in found]
    assert set(answers) == {"4200万元", "云桥镇"}
    for cloze, answer in zip(found, answers, strict=True):
        gold = cloze.sentences[cloze.gold]
        assert gold in {FIRST, SECOND}
        assert answer not in cloze.question
        assert [text for text in cloze.sentences if answer in text] == [gold]


def test_the_same_figure_of_something_else_is_no_fact_told_twice() -> None:
    assert made(FIRST + AROUND, CHANCE + AROUND) == []


def test_a_copy_is_no_other_wording() -> None:
    assert made(FIRST + AROUND, FIRST + AROUND) == []


def test_stories_of_different_things_give_none() -> None:
    assert made(*(text for _, text in STORIES)) == []
