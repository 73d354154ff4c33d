"""What the reader sees of each character: matches, kinds of characters, typed stretches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.characters import (
    CHARACTER_FEATURES,
    MAX_SENTENCE,
    SENTENCE_FEATURES,
    reader_input,
)
from rag.evidence.features import FEATURES, QuestionView
from rag.evidence.lexicon import builtin_lexicon
from rag.models.reader import GAP, ReaderInput
from rag.models.term_weights import builtin_term_weights
from rag.queries import analyse
from tests.stories import traditional

ACREAGE = "云桥镇新建了多少亩茶园？"
TEXTS = st.text(
    alphabet="云桥镇茶园新建多少亩2019年1.2万，。“”《》 aZ？😀", min_size=1, max_size=30
)


def seen(question: str, *sentences: str) -> ReaderInput:
    view = QuestionView.of(analyse(question), builtin_term_weights())
    rows = np.zeros((len(sentences), len(FEATURES)), dtype=np.float32)
    return reader_input(view, sentences, rows, builtin_lexicon())


def column(given: ReaderInput, name: str, number: int = 0) -> np.ndarray:
    start, length = given.starts[number], given.lengths[number]
    return given.characters[start : start + length, CHARACTER_FEATURES.index(name)]


def marked(given: ReaderInput, name: str, text: str, number: int = 0) -> str:
    return "".join(c for c, on in zip(text, column(given, name, number) > 0, strict=True) if on)


def test_what_stands_in_the_question_is_marked_in_runs():
    text = "去年，云桥镇的茶园有新建的路。"
    found = seen(ACREAGE, text)
    assert marked(found, "in_bigram", text) == "云桥镇茶园新建"
    assert marked(found, "in_trigram", text) == "云桥镇"
    runs = column(found, "run")
    assert runs[text.index("桥")] > runs[text.index("茶")] > 0
    assert (column(found, "rarity") > 0).tolist() == (column(found, "in_bigram") > 0).tolist()


def test_nearness_to_a_match_falls_off_on_both_sides():
    text = "茶园有很多很多很多"
    after = column(seen(ACREAGE, text), "after_match")
    assert after[0] == 1
    assert (np.diff(after[1:]) < 0).all()
    before = column(seen(ACREAGE, text[::-1].replace("园茶", "茶园")), "before_match")
    assert before[0] < before[5] < before[-1] == 1


def test_numbers_dates_and_what_is_asked_for_are_marked():
    text = "2019年新建1.2万亩，引进6家。"
    found = seen(ACREAGE, text)
    assert marked(found, "typed", text) == "1.2万亩"
    assert marked(found, "date", text) == "2019年"
    assert "6家" in marked(found, "quantity", text)
    assert marked(found, "digit", text) == "2019126"


def test_a_piece_of_the_question_is_its_own_nearest():
    text = "新建的茶园"
    similarity = column(seen(ACREAGE, text), "similarity")
    assert similarity[text.index("茶")] == pytest.approx(1, abs=1e-4)
    assert (similarity <= 1 + 1e-4).all()


def test_a_word_that_means_the_same_is_near_and_one_of_the_same_topic_less():
    found = seen("云桥镇对茶农给予多少补贴？", "镇里发放补助。", "镇里发放雨衣。")
    same = column(found, "likeness", 0)[4:6]
    assert (same > 0.8).all()
    assert same.min() > column(found, "likeness", 1)[4:6].max()


def shares(given: ReaderInput, name: str) -> list[float]:
    return given.sentences[:, SENTENCE_FEATURES.index(name)].tolist()


def test_a_sentence_tells_more_of_what_is_asked_the_more_its_words_are_like():
    found = seen("茶农能拿到多少补贴？", "茶农能拿到补贴。", "茶农可领取补助。", "水库加固。")
    same, like, other = shares(found, "likeness")
    assert same == pytest.approx(1, abs=0.02)
    assert same > like > other >= 0


def test_the_topic_is_what_is_asked_about_the_subject():
    here, there = "云桥镇有水库。", "柳湾新建茶园。"
    found = seen(ACREAGE, here, there)
    whole, topic = shares(found, "likeness"), shares(found, "topic_likeness")
    assert topic[1] == pytest.approx(1, abs=0.02)
    assert whole[1] < topic[1]
    assert whole[0] > topic[0]


def test_a_question_without_content_finds_everything_told():
    found = seen("？？？", "茶园。")
    assert shares(found, "likeness") == [1.0]
    assert (column(found, "likeness") == 0).all()


def test_sentences_stand_one_after_the_other_with_a_gap_between():
    found = seen(ACREAGE, "茶园。", "很长" * MAX_SENTENCE, "路")
    assert found.lengths.tolist() == [3, MAX_SENTENCE, 1]
    assert found.starts.tolist() == [0, 3 + GAP, 3 + 2 * GAP + MAX_SENTENCE]
    assert len(found.text) == len(found.characters) == len(found.text_tokens)
    assert len(found.text) == found.starts[-1] + found.lengths[-1] + GAP


def test_both_scripts_look_the_same():
    text = "雲橋鎮新建茶園１.２萬畝。"
    here = seen(ACREAGE, analyse(text).text)
    there = seen(traditional(ACREAGE), analyse(text).text)
    assert np.array_equal(here.characters, there.characters)
    assert np.array_equal(here.text, there.text)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_any_sentences_give_finite_features_one_row_a_character(texts: list[str]):
    found = seen(ACREAGE, *texts)
    assert found.characters.shape == (
        sum(map(len, texts)) + GAP * len(texts),
        len(CHARACTER_FEATURES),
    )
    assert np.isfinite(found.characters).all()
