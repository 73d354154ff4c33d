"""Questions on one of several numbers: asked in the words of its own item."""

from __future__ import annotations

import random

from training.enumerated import enumerated

CLINIC = "河湾市医院现有职工1860人，其中医生612人、护士903人，床位1200张。"
AROUND = "天气晴好。水库水位回落到正常高度。镇上开了运动会。孩子们放暑假了。"


def test_a_question_has_the_words_of_its_own_item_and_no_other_number() -> None:
    texts = [("", CLINIC + AROUND)] * 40
    own = {"1860人": "职工", "612人": "医生", "903人": "护士", "1200张": "床位"}
    found = list(enumerated(texts, random.Random(0)))
    answers = [one.sentences[one.gold][one.answer.start : one.answer.end] for one in found]
    assert set(answers) == set(own)
    for one, answer in zip(found, answers, strict=True):
        assert own[answer] in one.question
        others = [word for number, word in own.items() if number != answer]
        assert not any(word in one.question for word in others if word != "职工")
        assert not any(character.isdigit() for character in one.question)


def test_a_sentence_with_one_number_or_with_codes_gives_none() -> None:
    assert list(enumerated([("", "茶园有1.2万亩，很绿。" + AROUND)], random.Random(0))) == []
    codes = "代码601288和1288都是它的，投资者要记住这两个代码。"
    assert list(enumerated([("", codes + AROUND)], random.Random(0))) == []
