"""Blocks to units and pieces: every block in one, a piece for each place where a story begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import stories
from rag.articles.blocks import split_blocks
from rag.articles.gap_features import GAP_FEATURES, gap_rows
from rag.articles.joins import Join
from rag.articles.page_view import PageView
from rag.articles.stories import Piece, find_pieces, gap_logits
from rag.articles.units import PageUnits, Unit, units_of
from tests.pages import PAGES

TEXT = "水库的大坝上周顺利封顶了。"


class Scored:
    """A scorer that gives the scores it was made with."""

    def __init__(self, scores: Sequence[float]) -> None:
        self.scores = np.array(scores, dtype=np.float32)

    def score(self, rows: np.ndarray) -> np.ndarray:
        assert rows.shape == (len(self.scores), len(GAP_FEATURES))
        return self.scores


def joined(*pairs: tuple[int, int]) -> list[Join]:
    return [Join(first, second, 1.0, "") for first, second in pairs]


def view_of(*texts: str) -> PageView:
    return PageView(split_blocks("\n\n".join(texts)))


def page_of(view: PageView, *pairs: tuple[int, int]) -> PageUnits:
    return PageUnits(view, units_of(len(view.blocks), joined(*pairs)))


# --- Units --------------------------------------------------------------------------------------


def test_without_joins_each_block_is_a_unit() -> None:
    assert units_of(3, []) == [Unit((0,)), Unit((1,)), Unit((2,))]
    assert units_of(0, []) == []


def test_joined_blocks_are_one_unit_in_reading_order_at_the_place_of_its_first() -> None:
    assert units_of(5, joined((1, 4), (4, 0))) == [Unit((1, 4, 0)), Unit((2,)), Unit((3,))]


@given(st.integers(1, 7).flatmap(lambda count: st.permutations(range(count))), st.data())
def test_every_block_is_in_one_unit(path: list[int], data: st.DataObject) -> None:
    held = data.draw(
        st.sets(st.sampled_from(list(pairwise(path)))) if len(path) > 1 else st.just(set())
    )
    units = units_of(len(path), joined(*held))
    assert sorted(block for unit in units for block in unit.blocks) == list(range(len(path)))
    assert {pair for unit in units for pair in pairwise(unit.blocks)} == held


def test_a_unit_of_lines_that_were_joined_is_running_text() -> None:
    view = view_of("云桥镇的茶", "走出大山", TEXT)
    assert page_of(view).is_body.tolist() == [False, False, True]
    assert page_of(view, (0, 1)).is_body.tolist() == [True, True]


def test_a_unit_has_the_words_of_all_its_blocks() -> None:
    view = view_of("双河水库", "柳湾小学")
    (both,) = page_of(view, (0, 1)).weights
    assert np.array_equal(both, np.maximum(*view.weights))


# --- Gaps and pieces ----------------------------------------------------------------------------


@given(PAGES, st.booleans())
def test_gaps_of_odd_text_have_finite_features(page: str, is_joined: bool) -> None:
    view = PageView(split_blocks(page))
    count = len(view.blocks)
    units = page_of(view, *([(0, count - 1)] if is_joined and count > 1 else []))
    if len(units) > 1:
        rows = gap_rows(units)
        assert rows.shape == (len(units) - 1, len(GAP_FEATURES))
        assert np.isfinite(rows).all()
    assert gap_logits(units).shape == (max(len(units) - 1, 0),)


@given(PAGES, st.sampled_from([0.001, 0.45, 0.999]))
def test_pieces_hold_every_unit_once_in_printed_order(page: str, threshold: float) -> None:
    view = PageView(split_blocks(page))
    units = page_of(view)
    if len(units):
        pieces = find_pieces(units, threshold)
        assert [unit for piece in pieces for unit in piece.units] == list(range(len(units)))
        assert all(piece.units for piece in pieces)
        assert pieces[0].start_logit == 0


@given(PAGES, st.data())
def test_every_piece_between_the_first_and_the_last_holds_text(
    page: str, data: st.DataObject
) -> None:
    view = PageView(split_blocks(page))
    units = page_of(view)
    if len(units) < 2:
        return
    many = len(units) - 1
    given_scores = data.draw(st.lists(st.floats(-9, 9), min_size=many, max_size=many))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories, "builtin_scorer", lambda *_: Scored(given_scores))
        pieces = find_pieces(units, 0.5)
    bodies = units.is_body
    assert all(any(bodies[unit] for unit in piece.units) for piece in pieces[1:-1])


def pieces_by(monkeypatch: pytest.MonkeyPatch, view: PageView, *scores: float, threshold=0.5):
    monkeypatch.setattr(stories, "builtin_scorer", lambda *_: Scored(scores))
    return [piece.units for piece in find_pieces(page_of(view), threshold)]


def test_a_story_begins_where_the_scorer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(*[TEXT] * 4)
    assert pieces_by(monkeypatch, view, -1, 2, -1) == [(0, 1), (2, 3)]
    assert pieces_by(monkeypatch, view, -1, -1, -1) == [(0, 1, 2, 3)]


def test_a_higher_threshold_asks_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(TEXT, TEXT)
    assert pieces_by(monkeypatch, view, 2, threshold=0.8) == [(0,), (1,)]
    assert pieces_by(monkeypatch, view, 2, threshold=0.95) == [(0, 1)]


def test_between_two_texts_at_most_one_story_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(TEXT, "令彦海", "云桥镇的茶", "走出大山", TEXT)
    assert pieces_by(monkeypatch, view, 1, 3, 2, 1) == [(0, 1), (2, 3, 4)]


def test_one_block_is_one_piece() -> None:
    view = view_of(TEXT)
    assert [piece.units for piece in find_pieces(page_of(view), 0.45)] == [(0,)]


def headed_by(monkeypatch: pytest.MonkeyPatch, view: PageView, *scores: float) -> list[Piece]:
    monkeypatch.setattr(stories, "builtin_scorer", lambda *_: Scored(scores))
    return find_pieces(page_of(view), 0.5)


def test_a_headline_of_several_lines_above_a_byline_begins_where_the_scorer_is_surest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = (TEXT, "云桥镇的茶走出大山", "去年新建茶园一万亩", "记者 王小明", TEXT)
    for scores, first in (((-1, -9, -9, -9), 1), ((-9, -1, -9, -9), 2)):
        pieces = headed_by(monkeypatch, view_of(*texts), *scores)
        assert [(piece.units[0], piece.is_headed) for piece in pieces] == [
            (0, False),
            (first, True),
        ]


def test_a_story_is_headed_though_a_column_s_name_stands_above_its_headline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = view_of("民生观察", "云桥镇的茶走出大山", "记者 王小明", TEXT)
    (piece,) = headed_by(monkeypatch, view, -5, -5, -5)
    assert piece.is_headed


@pytest.mark.parametrize(("score", "begins"), [(-5.0, [0, 1]), (-7.0, [0])])
def test_signs_of_a_headline_begin_a_story_unless_the_scorer_is_sure_it_does_not(
    monkeypatch: pytest.MonkeyPatch, score: float, begins: list[int]
) -> None:
    report = "据云桥社报道，水库的大坝上周顺利封顶了。"
    pieces = headed_by(monkeypatch, view_of(TEXT, "双河上游的小桥", report), score, -9)
    assert [piece.units[0] for piece in pieces] == begins


def test_a_headline_that_asks_is_no_body_of_text() -> None:
    asking = "双河上的三座小桥修好了，过河还要绕路吗？"
    page = page_of(view_of(TEXT, asking, TEXT))
    assert page.is_body.tolist() == [True, False, True]
