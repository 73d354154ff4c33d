"""Metrics against values computed by hand, and properties of matching and overlap."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval import metrics
from eval.cases import GoldSpan


@dataclass(frozen=True)
class Words:
    """A hit or citation reduced to where it stands."""

    source: str
    source_spans: tuple[tuple[int, int], ...]


def words(*spans: tuple[int, int], source: str = "a.txt") -> Words:
    return Words(source, spans)


def gold(start: int, end: int, source: str = "a.txt") -> tuple[GoldSpan, ...]:
    return (GoldSpan(source, start, end),)


# --- matching ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("建成院士工作站3家。", "3家"),
        ("共有 1 , 234 家企业", "1234家"),
        ("投资１．３亿元", "1.3亿元"),
        ("3,500人和3500人", "3500人"),
        ("2015年，2016年", "2015年"),
        ("增长12%。", "12%"),
        ("占比2.5。", "2.5"),
        ("九户企业", "九户"),
        ("简称GEM上市", "gem"),
        ("先有13家，后有3家", "3家"),
        ("安康\n高新区", "安康高新区"),
    ],
)
def test_a_form_is_found_through_width_case_space_and_thousand_separators(
    text: str, form: str
) -> None:
    assert metrics.contains_form(text, form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("13家", "3家"),
        ("1.3家", "3家"),
        ("11.3", "1.3"),
        ("2.5", "2"),
        ("25", "2"),
        ("1.5亿元", "5亿元"),
        ("1,234家", "234家"),
        ("十九户", "九户"),
        ("二十三", "二十"),
        ("三点五家", "五家"),
        ("2015年", "2016年"),
        ("", "3家"),
    ],
)
def test_a_form_is_not_found_inside_a_longer_number(text: str, form: str) -> None:
    assert not metrics.contains_form(text, form)


def test_a_form_without_visible_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="visible"):
        metrics.contains_form("任何文字", " \n")


@given(number=st.integers(0, 10**7), other=st.integers(0, 10**7))
def test_a_number_is_found_in_a_text_exactly_when_it_is_the_number_written(
    number: int, other: int
) -> None:
    assert metrics.contains_form(f"共有{other:,}家企业", f"{number}家") == (number == other)


@given(whole=st.integers(0, 999), part=st.integers(0, 999))
def test_neither_half_of_a_decimal_number_is_found_alone(whole: int, part: int) -> None:
    text = f"投资{whole}.{part}亿元"
    assert metrics.contains_form(text, f"{whole}.{part}亿元")
    assert not metrics.contains_form(text, f"{part}亿元")
    assert not metrics.contains_form(text, f"投资{whole}")


@given(before=st.text(max_size=8), form=st.text(min_size=1, max_size=8), after=st.text(max_size=8))
def test_a_form_between_brackets_is_always_found(before: str, form: str, after: str) -> None:
    assume(metrics.fold(form))
    assume(metrics.fold(f"「{form}」") == f"「{metrics.fold(form)}」")
    assert metrics.contains_form(f"{before}「{form}」{after}", f"「{form}」")


@given(text=st.text("0123456789.,家 ３十", max_size=14), form=st.text("0123456789家十", min_size=1))
def test_what_is_found_stands_in_the_folded_text(text: str, form: str) -> None:
    if metrics.contains_form(text, form):
        assert metrics.fold(form) in metrics.fold(text)


def test_an_answer_is_right_only_with_every_item_in_one_of_its_forms() -> None:
    answers = (("3家", "三家"), ("商洛",))
    assert metrics.answer_is_right("商洛有三家。[1]", answers)
    assert not metrics.answer_is_right("安康有三家。[1]", answers)
    assert not metrics.answer_is_right("商洛有13家。[1]", answers)


def test_the_numbers_of_citation_markers_answer_nothing() -> None:
    assert not metrics.answer_is_right("商洛有许多家。[3]", (("3",),))
    assert metrics.answer_is_right("商洛2021年[1]成立。", (("2021年",),))


def test_nothing_is_right_where_nothing_was_asked_for() -> None:
    assert not metrics.answer_is_right("任何文字", ())


def test_the_length_bound_grows_with_each_further_fact() -> None:
    assert [metrics.length_bound(facts) for facts in (0, 1, 2, 4)] == [150, 150, 230, 390]


# --- spans ------------------------------------------------------------------------------------

SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair))),
    max_size=6,
)


@given(spans=SPANS, start=st.integers(0, 40), length=st.integers(0, 20))
def test_covered_characters_are_those_that_lie_in_some_span(
    spans: list[tuple[int, int]], start: int, length: int
) -> None:
    covered = {place for low, high in spans for place in range(low, high)}
    expected = len(covered & set(range(start, start + length)))
    assert metrics.covered_chars(spans, start, start + length) == expected


@given(start=st.integers(0, 40), length=st.integers(1, 20), cut=st.integers(0, 20))
def test_a_hit_finds_a_gold_from_half_of_its_characters_on(
    start: int, length: int, cut: int
) -> None:
    hit = words((start, start + cut))
    assert metrics.hit_finds(hit, gold(start, start + length)) == (2 * cut >= length)


@given(
    a=st.tuples(st.integers(0, 30), st.integers(1, 20)),
    b=st.tuples(st.integers(0, 30), st.integers(1, 20)),
)
def test_overlap_of_citation_and_gold_is_symmetric(a: tuple[int, int], b: tuple[int, int]) -> None:
    (a_start, a_length), (b_start, b_length) = a, b
    a_end, b_end = a_start + a_length, b_start + b_length
    there = metrics.citation_overlaps(words((a_start, a_end)), gold(b_start, b_end))
    back = metrics.citation_overlaps(words((b_start, b_end)), gold(a_start, a_end))
    shared = max(0, min(a_end, b_end) - max(a_start, b_start))
    assert there == back == (2 * shared >= min(a_length, b_length))


def test_the_same_offsets_in_another_source_find_and_cite_nothing() -> None:
    other = words((0, 10), source="b.txt")
    assert not metrics.hit_finds(other, gold(0, 10))
    assert not metrics.citation_overlaps(other, gold(0, 10))


def test_any_place_of_a_gold_will_do() -> None:
    places = (GoldSpan("a.txt", 0, 10), GoldSpan("b.txt", 50, 60))
    assert metrics.hit_finds(words((50, 60), source="b.txt"), places)
    assert metrics.citation_overlaps(words((50, 60), source="b.txt"), places)


def test_pieces_of_a_hit_count_together() -> None:
    assert metrics.hit_finds(words((0, 3), (8, 10)), gold(0, 10))
    assert not metrics.hit_finds(words((0, 2), (8, 10)), gold(0, 10))


def test_a_short_quote_within_a_long_gold_overlaps_and_an_empty_one_does_not() -> None:
    assert metrics.citation_overlaps(words((40, 46)), gold(0, 100))
    assert not metrics.citation_overlaps(words(), gold(0, 100))
    assert not metrics.citation_overlaps(words((40, 40)), gold(0, 100))


# --- ranking ----------------------------------------------------------------------------------


def test_ranks_count_from_one_and_are_none_for_what_is_not_found() -> None:
    hits = [words((90, 99)), words((0, 10)), words((0, 10)), words((20, 30))]
    golds = [gold(0, 10), gold(20, 30), gold(50, 60)]
    assert metrics.gold_ranks(hits, golds) == (2, 4, None)


def test_recall_is_the_share_of_golds_found_and_all_is_all_or_nothing() -> None:
    ranks = (2, 4, None)
    assert [metrics.recall_at(ranks, k) for k in (1, 2, 5)] == [0, 1 / 3, 2 / 3]
    assert [metrics.all_at((2, 4), k) for k in (3, 4)] == [0, 1]


def test_the_reciprocal_rank_is_that_of_the_first_gold_within_k() -> None:
    assert metrics.reciprocal_rank_at((4, 2, None)) == 1 / 2
    assert metrics.reciprocal_rank_at((11,)) == 0
    assert metrics.reciprocal_rank_at((None,)) == 0


def test_ndcg_equals_the_value_computed_by_hand() -> None:
    gained = 1 / log2(3) + 1 / log2(5)
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert metrics.ndcg_at((2, 4, None)) == pytest.approx(gained / ideal)
    assert metrics.ndcg_at((1, 2)) == pytest.approx(1.0)
    assert metrics.ndcg_at((1, 1)) == pytest.approx(1.0)
    assert metrics.ndcg_at((3,)) == pytest.approx(0.5)
    assert metrics.ndcg_at((None, 11)) == 0


@given(ranks=st.lists(st.none() | st.integers(1, 12), min_size=1, max_size=14))
def test_every_ranking_figure_lies_between_nought_and_one(ranks: list[int | None]) -> None:
    for k in (1, 5, 10):
        for measure in (metrics.recall_at, metrics.all_at, metrics.reciprocal_rank_at):
            assert 0 <= measure(ranks, k) <= 1
        assert 0 <= metrics.ndcg_at(ranks, k) <= 1 + 1e-9


def test_a_case_without_gold_has_no_ranking_figures() -> None:
    with pytest.raises(ValueError, match="without gold"):
        metrics.recall_at((), 5)


# --- citations, refusals, uncertainty -----------------------------------------------------------


def test_citation_precision_and_recall_count_citations_and_golds() -> None:
    citations = [words((0, 10)), words((2, 8)), words((70, 80))]
    golds = [gold(0, 10), gold(20, 30)]
    assert metrics.citation_precision(citations, golds) == pytest.approx(2 / 3)
    assert metrics.citation_recall(citations, golds) == pytest.approx(1 / 2)
    assert metrics.citation_precision([], golds) is None
    assert metrics.citation_recall([], golds) == 0
    assert metrics.citation_recall(citations, []) is None


def test_refusals_are_precise_among_the_refused_and_recalled_among_the_unanswerable() -> None:
    answerable = [True, True, False, False, False]
    refused = [True, False, True, True, False]
    assert metrics.refusals_due(answerable, refused) == [False, True, True]
    assert metrics.due_refused(answerable, refused) == [True, True, False]
    assert metrics.refusals_due([True], [False]) == []
    assert metrics.due_refused([True], [True]) == []


@given(values=st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=60))
def test_the_interval_is_repeatable_and_lies_within_the_values(values: list[float]) -> None:
    low, high = metrics.bootstrap_interval(values)
    assert (low, high) == metrics.bootstrap_interval(values)
    assert min(values) <= low <= high <= max(values)


def test_the_interval_of_a_proportion_is_about_that_of_the_normal_approximation() -> None:
    low, high = metrics.bootstrap_interval([1.0] * 80 + [0.0] * 20, resamples=4000)
    assert low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.02)
    assert high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.02)


def test_percentiles_interpolate() -> None:
    assert metrics.percentile([1, 2, 3, 4], 50) == 2.5
