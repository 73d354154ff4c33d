"""Brackets that have no other half: found in order, closed by what follows from the last one back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.brackets import unmatched


@pytest.mark.parametrize(
    ("text", "opened", "unopened"),
    [
        ("制定《云桥镇", ["《"], []),
        ("茶产业规划》，", [], ["》"]),
        ("他说：“到了。”", [], []),
        ("“这里（那里”", ["“", "（"], ["”"]),
        ("）（", ["（"], ["）"]),
        ("（甲」", ["（"], ["」"]),
        ("((a)", ["("], []),
        ("", [], []),
    ],
)
def test_brackets_that_nothing_matches_are_found(
    text: str, opened: list[str], unopened: list[str]
) -> None:
    assert unmatched(text) == (opened, unopened)


def test_only_the_edges_of_a_long_text_are_looked_at() -> None:
    assert unmatched("（" + "字" * 10_000 + "《") == (["（", "《"], [])
    assert unmatched("字" * 5_000 + "（" + "字" * 5_000) == ([], [])


@given(st.text(alphabet="“”（）《》「」字", max_size=60))
def test_what_is_matched_and_what_is_not_make_up_all_brackets(text: str) -> None:
    opened, unopened = unmatched(text)
    brackets = sum(sign != "字" for sign in text)
    assert (brackets - len(opened) - len(unopened)) % 2 == 0
    assert all(sign in "“（《「" for sign in opened)
    assert all(sign in "”）》」" for sign in unopened)


@pytest.mark.parametrize(
    ("first", "second", "closed"),
    [
        ("制定《云桥镇茶", "产业规划》，", 1),
        ("（他说：“到", "了。”）", 2),
        ("（他说：“到", "了。）”", 0),
        ("《云桥", "双河）", 0),
        ("云桥", "双河）", 0),
    ],
)
def test_what_follows_closes_brackets_from_the_last_one_back(
    first: str, second: str, closed: int
) -> None:
    assert unmatched(first).closed_by(unmatched(second)) == closed
