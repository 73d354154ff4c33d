"""Questions made from texts: the answer stands where it is said to, and not in the question."""

from __future__ import annotations

import random

from tests.stories import STORIES
from training.cloze import clozes


def made(seed: int) -> list[object]:
    return list(clozes([*STORIES] * 20, random.Random(seed)))


def test_the_answer_stands_in_the_sentence_that_is_gold_and_in_no_other() -> None:
    found = list(clozes([*STORIES] * 20, random.Random(1)))
    assert len(found) > 10
    for cloze in found:
        answer = cloze.sentences[cloze.gold][cloze.answer.start : cloze.answer.end]
        assert answer
        others = [text for place, text in enumerate(cloze.sentences) if place != cloze.gold]
        assert not any(answer in other for other in others)


def test_a_question_shares_words_with_its_sentence_and_asks() -> None:
    for cloze in clozes([*STORIES] * 20, random.Random(2)):
        assert any(
            word in cloze.question for word in ("什么", "几", "多少", "谁", "哪", "何", "怎")
        )


def test_the_same_seed_makes_the_same_questions() -> None:
    assert made(3) == made(3)
    assert made(3) != made(4)


def test_a_text_of_too_few_sentences_gives_none() -> None:
    assert list(clozes([("", "茶园有1.2万亩，企业有6家，路有3条。")], random.Random(0))) == []
