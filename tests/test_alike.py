"""Parts that are held against one another, told by readings that go together."""

from __future__ import annotations

from rag.read.alike import held_alike
from rag.read.readings import Reading
from tests.readings import article_of, reading_of

EAST = article_of("东湾水库蓄水12.5万立方米。东湾水库去年修了3公里路。", "东湾", source="e.txt")
WEST = article_of("西湾水库蓄水9.8万立方米。西湾村今年种了40亩茶。", "西湾", source="w.txt")


def east(words: str, answers: float) -> Reading:
    return reading_of(EAST, words, answers=answers)


def west(words: str, answers: float) -> Reading:
    return reading_of(WEST, words, answers=answers)


def test_of_two_sentences_that_are_close_the_one_with_the_words_and_unit_of_the_other_part_leads():
    sure, close, right = east("12.5万立方米", 3.0), west("40亩", 1.0), west("9.8万立方米", 0.5)
    assert held_alike([(sure,), (close, right)]) == [(sure,), (right, close)]


def test_a_sentence_that_the_reader_likes_far_better_stays_first():
    sure, other = east("12.5万立方米", 3.0), west("40亩", 9.0)
    parts = [(sure,), (other, west("9.8万立方米", 0.5))]
    assert held_alike(parts) == parts


def test_parts_without_readings_stay_so_and_one_part_alone_keeps_its_order():
    own = (west("40亩", 1.0), west("9.8万立方米", 0.9))
    assert held_alike([(), own]) == [(), own]
    assert held_alike([]) == []


def test_no_sentence_is_moved_to_where_another_part_has_it():
    first, second = east("12.5万立方米", 3.0), east("3公里", 2.9)
    same = east("12.5万立方米", 2.9)
    assert held_alike([(first,), (second, same)]) == [(first,), (second, same)]


def test_six_parts_are_chosen_among_without_trying_all_ways():
    own = tuple(west("9.8万立方米", 1.0) for _ in range(20))
    assert [len(one) for one in held_alike([own] * 6)] == [20] * 6
