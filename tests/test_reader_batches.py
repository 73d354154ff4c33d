"""Batches: what is to be learned stands at the right pieces, and of the right rows."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice

import torch

from tests.lessons import QUESTION, ROAD, SCHOOL, WATER, pairing, passage, question_list
from training.question_lists import ListedPassage
from training.reader_batches import Batch, Pair, asked, batch, batches, chosen

PAIRING = pairing()


def pair(one: ListedPassage, question: str = QUESTION) -> Pair:
    return PAIRING.row(question, (), one.context, one.text), one


def words_at(pairs: list[Pair], given: Batch, row: int, shares: torch.Tensor) -> str:
    """The characters of the passage whose pieces are marked; the blank before it is its first's."""
    read, one = pairs[row]
    places = [int(n) - read.first for n in shares[row].nonzero()]
    ranges = dict.fromkeys((read.starts[n], read.ends[n]) for n in places)
    return "".join(one.text[start:end] for start, end in ranges)


def test_begins_ends_and_inside_stand_at_the_pieces_of_the_answer() -> None:
    pairs = [pair(passage(SCHOOL)), pair(passage(ROAD, "36公里")), pair(passage(WATER))]
    given = batch([pairs])
    assert words_at(pairs, given, 1, given.begins) == "3"
    assert words_at(pairs, given, 1, given.ends) == "里"
    assert words_at(pairs, given, 1, given.inside) == "36公里"
    assert given.answers.tolist() == [False, True, False]
    assert not given.inside[[0, 2]].any()
    for row, text in enumerate((SCHOOL, ROAD, WATER)):
        assert words_at(pairs, given, row, given.is_piece) == text


def test_several_answers_of_a_passage_are_all_marked() -> None:
    pairs = [pair(passage(ROAD, "2019年", "36公里"))]
    given = batch([pairs])
    assert words_at(pairs, given, 0, given.begins) == "23"
    assert words_at(pairs, given, 0, given.inside) == "2019年36公里"


def test_rows_are_numbered_by_their_question_and_filled_up_with_padding() -> None:
    groups = [
        [pair(passage(ROAD, "36公里")), pair(passage(SCHOOL))],
        [pair(passage(WATER), "水？")],
    ]
    given = batch(groups)
    assert given.groups.tolist() == [0, 0, 1]
    assert given.pieces.shape[1] % 8 == 0
    length = len(groups[1][0][0].pieces)
    assert (given.pieces[2, length:] == 1).all()
    assert (given.pieces[2, :length] != 1).all()


def test_one_that_answers_comes_first_and_evidence_is_never_shown_as_wrong() -> None:
    half = passage("公路修好了。", is_gold=True)
    one = question_list(passages=(passage(SCHOOL), half, passage(ROAD, "36公里"), passage(WATER)))
    order, without = random.Random(0), 0
    for _ in range(200):
        taken = chosen(one, order, 3)
        assert half not in taken
        assert len(taken) <= 3
        without += not any(p.spans for p in taken)
        assert not any(p.spans for p in taken[1:])
    assert 0 < without < 30  # now and then none of these answers


def test_where_nothing_answers_what_tempts_is_shown() -> None:
    tempts = passage(ROAD, is_near=True)
    one = question_list(answers=(), passages=(passage(SCHOOL), passage(WATER), tempts))
    assert all(chosen(one, random.Random(n), 2)[0] == tempts for n in range(20))


def test_a_follow_up_is_asked_as_typed_or_so_that_it_stands_alone() -> None:
    one = question_list("多少公里？", history=("云桥镇修路了吗？", "修了"), stand_alone=QUESTION)
    seen = {(shown.question, shown.history) for shown in asked_often(one)}
    assert seen == {(QUESTION, ()), ("多少公里？", one.history)}


def test_a_question_that_stands_alone_now_and_then_follows_one_of_no_account() -> None:
    seen = {shown.history for shown in asked_often(question_list())}
    assert seen == {(), ("水库在哪里？", "双河")}


def asked_often(one):  # type: ignore[no-untyped-def]
    other = question_list("水库在哪里？", answers=("双河",))
    order = random.Random(0)
    return [asked(one, order, [other]) for _ in range(200)]


def test_batches_hold_whole_questions_and_keep_to_their_size() -> None:
    lists = [question_list(source=f"{n}") for n in range(30)]
    lists.append(replace(lists[0], passages=()))
    made = list(islice(batches(lists, PAIRING, passages=3, pieces=500, seed=1), 12))
    for given in made:
        assert given.pieces.numel() <= 500 + 8 * len(given.pieces)
        assert given.groups.tolist() == sorted(given.groups.tolist())
        assert given.groups[0] == 0
    assert sum(int(given.groups[-1]) + 1 for given in made) >= 30


def test_the_same_seed_gives_the_same_batches() -> None:
    lists = [question_list(source=f"{n}") for n in range(9)]

    def first(seed: int) -> list[list[int]]:
        made = next(batches(lists, PAIRING, passages=2, pieces=400, seed=seed))
        return [*made.pieces.tolist()]

    assert first(1) == first(1)
    assert any(first(1) != first(seed) for seed in (2, 3, 4))
