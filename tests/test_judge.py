"""Is it answered? One probability, one threshold, asked once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.reader import Turn
from rag.read import Judged
from rag.read.judge import JUDGE_FEATURES, judge_row, of_asked, probability
from tests.fakes import OverlapReader, overlap_judge
from tests.readings import article_of, hit_of, reading_of

TEA = article_of("2019年，云桥镇新建茶园1.2万亩。云桥镇的茶很香。", "云桥镇的茶")
ROADS = article_of("2018年，白沙镇修路36公里。", "白沙镇的路", source="b.txt")
ACREAGE = Turn("云桥镇2019年新建了多少亩茶园？")


def judged(turn: Turn, *articles, threshold: float = 0.5) -> Judged:
    hits = [hit_of(one, score=1 - 0.1 * place) for place, one in enumerate(articles)]
    return overlap_judge(threshold).judge(turn, hits, {one.id: one for one in articles})


def test_what_is_told_is_believed_and_the_best_sentence_comes_first():
    found = judged(ACREAGE, ROADS, TEA)
    assert found.is_believed
    assert found.readings[0].fact == "1.2万亩"
    assert found.nearest_title == "云桥镇的茶"
    assert found.turn == ACREAGE
    assert [one.text for one in found.readings[1:]] == []  # none that tells how many


def test_the_runners_up_are_read_too():
    found = judged(Turn("云桥镇的茶怎么样？"), ROADS, TEA)
    assert {one.article.title for one in found.readings} >= {"云桥镇的茶"}
    assert len(found.readings) > 1


def test_what_is_not_told_is_not_believed_and_the_nearest_article_is_named():
    found = judged(Turn("东江高新区有多少名员工？"), TEA, ROADS)
    assert not found.is_believed
    assert found.readings
    assert found.nearest_title


@pytest.mark.parametrize(("threshold", "is_believed"), [(0.0, True), (0.9999999, False)])
def test_the_threshold_alone_decides(threshold: float, is_believed: bool):
    found = judged(ACREAGE, TEA, threshold=threshold)
    assert found.is_believed is is_believed
    assert found.probability == judged(ACREAGE, TEA).probability


def test_a_probability_at_the_threshold_is_enough():
    sure = judged(ACREAGE, TEA).probability
    assert judged(ACREAGE, TEA, threshold=sure).is_believed


def test_nothing_is_believed_where_all_is_of_another_period_or_thing():
    other = judged(Turn("云桥镇2016年新建了多少亩茶园？"), TEA, threshold=0.0)
    assert (other.is_believed, other.probability) == (False, 0.0)
    assert other.nearest_title == "云桥镇的茶"
    line = article_of("云桥地铁8号线全长59公里。")
    assert not judged(Turn("云桥地铁12号线全长多少公里？"), line, threshold=0.0).is_believed


def test_a_sentence_of_another_period_is_left_out_and_the_next_is_taken():
    text = article_of("2019年，云桥镇新建茶园1.2万亩。2020年，云桥镇新建茶园3万亩。")
    found = judged(Turn("云桥镇2020年新建了多少亩茶园？"), text)
    assert found.is_believed
    assert found.readings[0].text == "2020年，云桥镇新建茶园3万亩。"
    assert all("2019年" not in one.text for one in found.readings)


def test_no_hits_give_no_reading_and_no_belief():
    found = judged(ACREAGE, threshold=0.0)
    assert (found.readings, found.probability, found.is_believed) == ((), 0.0, False)
    assert found.nearest_title == ""


def test_the_turn_before_is_read_too():
    leaning = Turn("有多少亩？", ("云桥镇2019年新建了茶园吗？",))
    assert judged(leaning, ROADS, TEA).readings[0].article is TEA


def test_the_reader_is_asked_once_for_all_hits():
    reader = OverlapReader()
    judge = overlap_judge(reader=reader)  # of few hits none is read to measure the speed
    judge.judge(ACREAGE, [hit_of(TEA), hit_of(ROADS)], {TEA.id: TEA, ROADS.id: ROADS})
    assert [len(passages) for _, passages in reader.asked] == [2]


def test_the_hits_come_in_the_order_of_what_was_made_of_them():
    found = judged(ACREAGE, ROADS, TEA)
    assert [hit.source for hit in found.hits] == ["a.txt", "b.txt"]
    assert [hit.score for hit in found.hits] == sorted((h.score for h in found.hits), reverse=True)
    by_id = {TEA.id: TEA, ROADS.id: ROADS}
    ranked = overlap_judge().ranked(ACREAGE, [hit_of(ROADS), hit_of(TEA)], by_id)
    assert [hit.source for hit in ranked] == ["a.txt", "b.txt"]
    assert overlap_judge().ranked(ACREAGE, [], {}) == []


# --- The probability --------------------------------------------------------------------------


def test_the_features_of_a_reading_are_named_finite_and_not_repeated():
    best, other = reading_of(TEA, "1.2万亩"), reading_of(ROADS, "36公里", answers=-2.0, place=1)
    for readings in ([best], [best, other], [replace(best, share=0.0, certainty=0.0)]):
        row = judge_row(readings[0])
        assert row.shape == (len(JUDGE_FEATURES),)
        assert np.isfinite(row).all()
    assert len(set(JUDGE_FEATURES)) == len(JUDGE_FEATURES)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_probability_rises_with_the_log_odds_and_stays_between_zero_and_one(
    one: float, other: float
):
    low, high = sorted((one, other))
    assert 0 <= probability(low) <= probability(high) <= 1
    assert probability(0.0) == 0.5
    assert math.isclose(probability(one) + probability(-one), 1.0)


def test_a_surer_reader_makes_a_surer_judge():
    texts = ["云桥镇新建茶园1.2万亩。", "云桥镇有茶园1.2万亩。", "白沙镇有茶园1.2万亩。", "有茶。"]
    asked = Turn("云桥镇新建了多少亩茶园？")
    found = [judged(asked, article_of(text)).probability for text in texts]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


# --- Several parts ----------------------------------------------------------------------------


def test_the_parts_of_a_question_are_read_in_one_go_and_judged_each_for_itself():
    reader = OverlapReader()
    hits = [hit_of(TEA, score=1.0), hit_of(ROADS, score=0.9)]
    turns = [ACREAGE, Turn("白沙镇修路多少公里？"), Turn("东江高新区有多少名员工？")]
    found = overlap_judge(reader=reader).judge_parts(
        turns, ["", "", ""], [hits] * 3, {one.id: one for one in (TEA, ROADS)}
    )
    assert [one.is_believed for one in found] == [True, True, False]
    assert [one.readings[0].fact for one in found[:2]] == ["1.2万亩", "36公里"]
    assert [turn for turn, _ in reader.asked] == turns


def test_what_several_articles_tell_are_the_readings_that_would_be_believed_alone():
    copy = article_of("据悉，2019年云桥镇新建茶园1.2万亩。", "云桥镇的茶", source="c.txt")
    found = judged(ACREAGE, TEA, ROADS, copy)
    assert {one.article.source for one in found.believed} == {"a.txt", "c.txt"}
    assert found.believed[0] == found.readings[0]
    assert judged(Turn("东江高新区有多少名员工？"), TEA, ROADS).believed == ()


def test_a_sentence_of_another_place_or_day_is_left_out():
    ningbo = article_of("截至3月5日，宁波的茶厂有12家。", "茶厂")
    assert judged(Turn("3月5日宁波的茶厂有多少家？"), ningbo).is_believed
    for asked in ("3月5日台州的茶厂有多少家？", "3月9日宁波的茶厂有多少家？"):
        assert not judged(Turn(asked), ningbo, threshold=0.0).is_believed


def test_a_hit_answers_no_more_than_the_sentences_that_are_left_of_it():
    text = article_of("清源大学现有院系56个。北桥大学藏书800万册。")
    hit = hit_of(text)
    told = reading_of(text, "56个", hit=hit, share=0.9)
    left = reading_of(text, "800万册", hit=hit, share=0.1)
    (first,) = of_asked("清源大学有多少院系？", (told, left))
    assert first == replace(told, answers=told.answers + math.log(0.9))
    (only,) = of_asked("北桥大学有多少院系？", (told, left))
    assert only == replace(left, answers=left.answers + math.log(0.1))
    assert of_asked("有多少院系？", (told, left)) == (told, left)
