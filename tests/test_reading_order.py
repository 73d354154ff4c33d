"""The blocks of a story as they are read: joins first, then the page, never in a circle."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rag.articles.blocks import Block, split_blocks
from rag.articles.joins import Join
from rag.articles.reading_order import reading_order

CLOSED, OPEN = "这一句话说到了头。", "这一句话没有说到"


def blocks_of(*texts: str) -> list[Block]:
    return split_blocks("\n\n".join(texts))


def order(blocks: Sequence[Block], *joins: tuple[int, int], members: Sequence[int] | None = None):
    made = [Join(a, b, 0.9, "") for a, b in joins]
    return reading_order(range(len(blocks)) if members is None else members, made, blocks)


def test_without_joins_a_story_is_read_as_it_is_printed() -> None:
    assert order(blocks_of(*[CLOSED] * 4)) == [0, 1, 2, 3]
    assert order(blocks_of(*[CLOSED] * 4), members=[0, 2, 3]) == [0, 2, 3]


def test_a_join_puts_the_second_half_right_after_the_first() -> None:
    assert order(blocks_of(OPEN, CLOSED, CLOSED), (0, 2)) == [0, 2, 1]


def test_what_follows_the_second_half_goes_with_it() -> None:
    assert order(blocks_of(CLOSED, OPEN, CLOSED, CLOSED, CLOSED, CLOSED), (1, 4)) == [
        0,
        1,
        4,
        5,
        2,
        3,
    ]


def test_columns_printed_in_another_order_are_put_back() -> None:
    # Printed: column 1, column 3, column 2; each breaks off in the middle of a sentence.
    blocks = blocks_of(CLOSED, OPEN, CLOSED, CLOSED, CLOSED, OPEN)
    assert order(blocks, (1, 4), (5, 2)) == [0, 1, 4, 5, 2, 3]


def test_a_join_may_lead_back_up_the_page() -> None:
    assert order(blocks_of(CLOSED, CLOSED, OPEN), (2, 1)) == [0, 2, 1]


def test_a_circle_is_broken_below_a_sentence_that_stays_open() -> None:
    assert order(blocks_of(CLOSED, OPEN, CLOSED, OPEN), (3, 0)) == [2, 3, 0, 1]


def test_of_a_circle_of_joins_the_least_sure_is_left_out() -> None:
    blocks = blocks_of(OPEN, OPEN, OPEN)
    joins = [Join(0, 1, 0.6, ""), Join(1, 2, 0.9, ""), Join(2, 0, 0.8, "")]
    assert reading_order([0, 1, 2], joins, blocks) == [1, 2, 0]


def test_joins_to_blocks_of_other_stories_are_not_followed() -> None:
    assert order(blocks_of(OPEN, CLOSED, CLOSED), (0, 2), members=[0, 1]) == [0, 1]


@given(st.data())
def test_every_member_is_read_once_whatever_the_joins(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    blocks = blocks_of(
        *data.draw(st.lists(st.sampled_from([OPEN, CLOSED]), min_size=count, max_size=count))
    )
    places = st.integers(0, count - 1)
    members = sorted(data.draw(st.sets(places, min_size=1)))
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=8))
    joins = [Join(a, b, data.draw(st.floats(0, 1)), "") for a, b in pairs]
    assert sorted(reading_order(members, joins, blocks)) == members
