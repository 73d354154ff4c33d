"""Joins: probabilities compete, no block is used twice, odd text gives finite features."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import joins as joins_module
from rag.articles.blocks import split_blocks
from rag.articles.join_features import JOIN_FEATURES, WINDOW, Candidates, join_candidates
from rag.articles.joins import Join, assign, find_joins, join_probabilities
from rag.articles.page_view import PageView
from tests.pages import PAGES
from training.scorers import match_logits


def view_of(*texts: str) -> PageView:
    return PageView(split_blocks("\n\n".join(texts)))


def candidates(*pairs: tuple[int, int]) -> Candidates:
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Candidates(first, second, np.zeros((len(pairs), len(JOIN_FEATURES)), np.float32))


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


# --- Probabilities ------------------------------------------------------------------------------


def test_a_lone_pair_competes_only_with_going_nowhere() -> None:
    found = join_probabilities(candidates((0, 1), (2, 3)), scores(0.0, 2.0))
    assert found == pytest.approx([0.5, 1 / (1 + np.exp(-2))], rel=1e-5)


@pytest.mark.parametrize("pairs", [((0, 1), (0, 2)), ((0, 2), (1, 2))], ids=["first", "second"])
def test_pairs_that_share_a_block_share_its_probability(pairs) -> None:
    alone = join_probabilities(candidates(pairs[0]), scores(1.0))
    found = join_probabilities(candidates(*pairs), scores(1.0, 1.0))
    assert found[0] == found[1] < alone[0]
    assert found.sum() < 1


def test_a_surer_rival_lowers_a_pair_more() -> None:
    pairs = candidates((0, 1), (0, 2))
    weak, strong = (join_probabilities(pairs, scores(1.0, rival))[0] for rival in (-3.0, 3.0))
    assert weak > strong


@given(st.lists(st.floats(-1e9, 1e9, width=32), min_size=4, max_size=4))
def test_probabilities_are_probabilities_whatever_the_scores(values: list[float]) -> None:
    found = join_probabilities(candidates((0, 1), (0, 2), (3, 1), (3, 2)), scores(*values))
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_a_rival_that_is_surely_taken_hardly_counts() -> None:
    pairs, values = candidates((0, 1), (0, 2), (3, 2)), (1.0, 1.0, -9.0)
    free = join_probabilities(pairs, scores(*values))[0]
    taken = join_probabilities(pairs, scores(*values[:2], 9.0))[0]
    alone = join_probabilities(candidates((0, 1)), scores(1.0))[0]
    assert free < taken == pytest.approx(alone, abs=0.01)


@given(st.lists(st.floats(-4, 4), min_size=4, max_size=4))
def test_where_pairs_form_no_ring_a_probability_is_the_share_of_the_ways_that_hold_it(
    values: list[float],
) -> None:
    pairs = [(0, 5), (0, 6), (1, 6), (1, 7)]
    ways = [
        rows
        for size in range(len(pairs) + 1)
        for rows in combinations(range(len(pairs)), size)
        if all(len({pairs[row][side] for row in rows}) == size for side in (0, 1))
    ]
    weight = {rows: np.exp(sum(values[row] for row in rows)) for rows in ways}
    shares = [sum(weight[rows] for rows in ways if row in rows) for row in range(len(pairs))]
    found = join_probabilities(candidates(*pairs), scores(*values))
    assert found == pytest.approx(np.array(shares) / sum(weight.values()), abs=0.01)


def test_what_is_trained_are_the_probabilities_that_the_program_works_out() -> None:
    pairs, values = candidates((0, 1), (0, 2), (3, 2), (3, 4)), scores(2.0, 1.0, 0.5, -1.0)
    sides = [
        torch.from_numpy(np.unique(of, return_inverse=True)[1])
        for of in (pairs.first, pairs.second)
    ]
    trained = torch.sigmoid(match_logits(torch.from_numpy(values), sides)).numpy()
    assert trained == pytest.approx(join_probabilities(pairs, values), abs=0.01)


# --- The assignment -----------------------------------------------------------------------------

PAIRS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7, unique=True
)


@given(PAIRS, st.data())
def test_the_likeliest_joins_are_chosen_and_no_block_twice(pairs, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.floats(0.01, 0.99), min_size=len(pairs), max_size=len(pairs)))
    chosen = assign(candidates(*pairs), scores(*values), 0.5)

    def gain(rows) -> float:
        return sum(np.log(np.float32(values[row]) / 0.5) for row in rows)

    def holds(rows) -> bool:
        firsts, seconds = [pairs[row][0] for row in rows], [pairs[row][1] for row in rows]
        return len(set(firsts)) == len(firsts) and len(set(seconds)) == len(seconds)

    assert holds(chosen)
    assert all(np.float32(values[row]) > 0.5 for row in chosen)
    every = [
        rows for size in range(len(pairs) + 1) for rows in combinations(range(len(pairs)), size)
    ]
    best = max(gain(rows) for rows in every if holds(rows))
    assert gain(chosen) == pytest.approx(best, abs=1e-4)


def test_two_good_joins_are_taken_before_the_best_one() -> None:
    pairs = candidates((0, 1), (0, 2), (3, 1))
    assert assign(pairs, scores(0.9, 0.8, 0.8), 0.5) == [1, 2]


def test_nothing_over_the_threshold_is_no_join() -> None:
    assert assign(candidates((0, 1)), scores(0.5), 0.5) == []
    assert assign(candidates(), scores(), 0.5) == []


# --- Candidates ---------------------------------------------------------------------------------


@given(PAGES)
def test_candidates_of_odd_text_have_finite_features(page: str) -> None:
    view = PageView(split_blocks(page))
    found = join_candidates(view)
    assert found.rows.shape == (len(found.first), len(JOIN_FEATURES))
    assert len(found.first) == len(found.second)
    assert np.isfinite(found.rows).all()
    for first, second in zip(found.first, found.second, strict=True):
        assert first != second
        assert abs(first - second) <= WINDOW
        assert view.blocks[first].is_open


@given(PAGES)
def test_joins_use_no_block_twice_and_lead_in_no_circle(page: str) -> None:
    joins = find_joins(PageView(split_blocks(page)), 0.5)
    following = {join.first: join.second for join in joins}
    assert len(following) == len(set(following.values())) == len(joins)
    assert all(0.5 < join.confidence <= 1 and join.reason for join in joins)
    for start in following:
        at, seen = start, set()
        while at in following:
            assert at not in seen
            seen.add(at)
            at = following[at]


class ScoredPairs:
    """A scorer that says yes to some pairs of blocks, as surely as it was told, and no to others."""

    def __init__(self, found: Candidates, logits: dict[tuple[int, int], float]) -> None:
        pairs = zip(found.first.tolist(), found.second.tolist(), strict=True)
        self.scores = scores(*(logits.get(pair, -9.0) for pair in pairs))

    def score(self, rows: np.ndarray) -> np.ndarray:
        assert rows.shape == (len(self.scores), len(JOIN_FEATURES))
        return self.scores


@pytest.mark.parametrize(
    ("logits", "expected"),
    [
        ({(0, 1): 3.0, (1, 0): 5.0}, {(1, 0)}),
        ({(0, 1): 6.0, (1, 2): 5.0, (2, 0): 4.0}, {(0, 1), (1, 2)}),
        ({(0, 2): 6.0, (1, 0): 5.0}, {(0, 2), (1, 0)}),
    ],
    ids=["two", "three", "none"],
)
def test_of_joins_in_a_circle_the_least_sure_is_left_open(
    monkeypatch: pytest.MonkeyPatch, logits, expected
) -> None:
    view = view_of("茶园里的人们", "水库边上的学校", "山外的集市")
    scorer = ScoredPairs(join_candidates(view), logits)
    monkeypatch.setattr(joins_module, "builtin_scorer", lambda *_: scorer)
    assert {(join.first, join.second) for join in find_joins(view, 0.5)} == expected


@pytest.mark.parametrize(
    "text",
    ["村里修了一条路通到山外的", "、", "1", "😀", "字" * 5_000_000],
    ids=["sentence", "comma", "digit", "emoji", "long"],
)
def test_a_lone_block_that_breaks_off_goes_on_nowhere(text: str) -> None:
    assert find_joins(view_of(text), 0.5) == []


def test_a_page_where_every_sentence_ends_has_no_join() -> None:
    assert find_joins(view_of("水库开工了。", "学校搬家了。", "茶园扩大了。"), 0.5) == []


def test_the_window_bounds_how_far_a_sentence_goes_on() -> None:
    page = [
        "镇里制定了《云桥镇茶产",
        *["水库开工了。"] * (WINDOW + 5),
        "业发展规划》，引进茶厂6家。",
    ]
    assert find_joins(view_of(*page), 0.5) == []


FIRST = "去年以来，云桥镇引进制茶企业6家，带动农户3200户，又请来专家制定了《云桥镇茶产业发展规"
SECOND = "划》，提出在五年之内把茶园面积扩大到两万亩，让每一户茶农都能在家门口卖出鲜叶。"
OTHER = "双河水库的大坝上周顺利封顶，施工人员连夜清理现场，为下个月的蓄水验收做好了准备。"


@pytest.mark.parametrize("end", ["\f", "\n\f\n", "\n\n\n"], ids=["page", "lines", "gap"])
def test_a_sentence_is_joined_over_the_end_of_a_page_as_over_any_gap(end: str) -> None:
    page = f"{OTHER}\n{FIRST}{end}{SECOND}\n{OTHER}"
    (join,) = find_joins(PageView(split_blocks(page)), 0.5)
    assert (join.first, join.second) == (1, 2)


def test_a_sentence_that_plainly_goes_on_is_joined_and_the_reason_named() -> None:
    (join,) = find_joins(view_of(FIRST, SECOND, OTHER), 0.5)
    assert (join.first, join.second) == (0, 1)
    assert "《" in join.reason
    assert isinstance(join, Join)
