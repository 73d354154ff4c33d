"""Which pieces are one story: the surest pairs first, every piece in one group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import pieces as pieces_module
from rag.articles.blocks import split_blocks
from rag.articles.page_view import PageView
from rag.articles.pieces import PIECE_FEATURES, WINDOW, merge_pieces, piece_pairs
from rag.articles.stories import Piece, find_pieces
from rag.articles.units import PageUnits, units_of
from tests.pages import PAGES

TEXT = "水库的大坝上周顺利封顶了。"


class ScoredPairs:
    """A scorer that says yes to some pairs of pieces, as surely as it was told, and no to others."""

    def __init__(self, count: int, logits: dict[tuple[int, int], float]) -> None:
        pairs = [(a, b) for a in range(count) for b in range(count) if 0 < abs(a - b) <= WINDOW]
        self.scores = np.array([logits.get(pair, -9.0) for pair in pairs], dtype=np.float32)

    def score(self, rows: np.ndarray) -> np.ndarray:
        assert rows.shape == (len(self.scores), len(PIECE_FEATURES))
        return self.scores


def page_of(count: int) -> tuple[PageUnits, list[Piece]]:
    view = PageView(split_blocks("\n\n".join([TEXT] * count)))
    return PageUnits(view, units_of(count, [])), [Piece((place,), 1.0) for place in range(count)]


def merged(
    monkeypatch: pytest.MonkeyPatch, count: int, logits: dict[tuple[int, int], float], threshold=0.5
):
    scorer = ScoredPairs(count, logits)
    monkeypatch.setattr(pieces_module, "builtin_scorer", lambda *_: scorer)
    return merge_pieces(*page_of(count), threshold)


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def test_pieces_that_nothing_puts_together_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert merged(monkeypatch, 3, {}) == [([0], 1.0), ([1], 1.0), ([2], 1.0)]


def test_a_piece_goes_to_the_story_it_is_more_of(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = merged(monkeypatch, 4, {(0, 2): 2.0})
    assert groups == [([0, 2], pytest.approx(sigmoid(2))), ([1], 1.0), ([3], 1.0)]


def test_a_group_is_as_sure_as_its_least_sure_merger(monkeypatch: pytest.MonkeyPatch) -> None:
    ((members, sureness),) = merged(monkeypatch, 3, {(0, 2): 3.0, (1, 2): 1.0})
    assert members == [0, 1, 2]
    assert sureness == pytest.approx(sigmoid(1))


def test_a_second_reason_for_the_same_group_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert merged(monkeypatch, 2, {(0, 1): 3.0, (1, 0): 1.0}) == [
        ([0, 1], pytest.approx(sigmoid(3)))
    ]


def test_a_pair_at_the_threshold_stays_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(merged(monkeypatch, 2, {(0, 1): 0.0})) == 2
    assert len(merged(monkeypatch, 2, {(0, 1): 1.0}, threshold=0.9)) == 2


@given(st.data())
def test_every_piece_is_in_one_group_and_groups_are_in_printed_order(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 7))
    places = st.integers(0, count - 1)
    logits = data.draw(st.dictionaries(st.tuples(places, places), st.floats(-5, 5)))
    with pytest.MonkeyPatch.context() as patch:
        groups = merged(patch, count, logits)
    assert sorted(place for members, _ in groups for place in members) == list(range(count))
    assert [members[0] for members, _ in groups] == sorted(members[0] for members, _ in groups)
    assert all(members == sorted(members) and 0 < sure <= 1 for members, sure in groups)


@given(PAGES)
def test_pairs_of_odd_text_have_finite_features(page: str) -> None:
    view = PageView(split_blocks(page))
    units = PageUnits(view, units_of(len(view.blocks), []))
    for pieces in ([Piece((unit,), 0.5) for unit in range(len(units))], None):
        found = pieces or (find_pieces(units, 0.45) if len(units) else [])
        if found:
            pairs = piece_pairs(units, found)
            assert pairs.rows.shape == (len(pairs.first), len(PIECE_FEATURES))
            assert np.isfinite(pairs.rows).all()


def test_pairs_are_asked_both_ways_and_no_farther_than_the_window() -> None:
    count = WINDOW + 3
    pairs = piece_pairs(*page_of(count))
    asked = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert asked == {(a, b) for a in range(count) for b in range(count) if 0 < abs(a - b) <= WINDOW}


def test_one_piece_is_sure_of_itself() -> None:
    assert merge_pieces(*page_of(1), 0.6) == [([0], 1.0)]
