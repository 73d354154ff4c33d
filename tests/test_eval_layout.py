"""The figures of page repair, on pages and articles put together by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import rag
from corpora.newspaper_pages import NewspaperPage, PageBlock
from eval.layout import Counts, measure_pages
from rag.datatypes import Article, TextSpan

TITLE_A, A1, PHOTO, A2, A3 = "甲题", "甲一的前", "甲的图", "半。", "甲二的前"
TITLE_B, B1, A4, EDGE = "乙题", "乙一。", "后半。", "责任编辑"
PAGE = NewspaperPage(
    (
        PageBlock(TITLE_A, 0, 0, "headline"),
        PageBlock(A1, 0, 1),
        PageBlock(PHOTO, 0, 2, "caption"),
        PageBlock(A2, 0, 3, continues=True),
        PageBlock(A3, 0, 4),
        PageBlock(TITLE_B, 1, 0, "headline"),
        PageBlock(B1, 1, 1),
        PageBlock(A4, 0, 5, continues=True),
        PageBlock(EDGE, -1, 0, "furniture"),
    )
)
Parts = list[list[tuple[int, ...]]]
PERFECT: Parts = [[(0,), (1, 3), (4, 7), (2,)], [(5,), (6,)]]


def articles_of(page: NewspaperPage, stories: Parts) -> list[Article]:
    """An article of each list of lines; the blocks of one line stand with nothing between."""
    made = []
    for number, lines in enumerate(stories, start=1):
        text, spans = "", []
        for line in lines:
            text += "\n" if text else ""
            for place in line:
                words = page.blocks[place].text
                spans.append(TextSpan(len(text), page.starts[place], len(words)))
                text += words
        made.append(Article(f"页.txt#{number}", "题", "页.txt", text, tuple(spans)))
    return made


def figures(
    monkeypatch: pytest.MonkeyPatch, stories: Parts, page: NewspaperPage = PAGE
) -> dict[str, float]:
    return counts(monkeypatch, [page], [stories]).figures()


def counts(
    monkeypatch: pytest.MonkeyPatch, pages: Sequence[NewspaperPage], repaired: Sequence[Parts]
) -> Counts:
    """The counts where the program reads each page as the given stories."""
    given_pages = {
        page.text: articles_of(page, parts) for page, parts in zip(pages, repaired, strict=True)
    }

    def read_articles(path: Path) -> list[Article]:
        return given_pages[rag.read_text(path)]

    monkeypatch.setattr(rag, "read_articles", read_articles)
    return measure_pages(pages)


def test_a_perfect_repair_has_full_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, PERFECT)
    names = ("next joined", "carried joined", "own story", "boundaries F1")
    assert {name: found[name] for name in names} == dict.fromkeys(names, 1.0)
    assert (found["pages"], found["wrong joins"], found["unchanged"]) == (1, 0, 0)


def test_a_break_left_open_is_not_joined_and_not_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1,), (3,), (4,), (7,), (2,)], [(5,), (6,)]])
    assert (found["next joined"], found["carried joined"], found["wrong joins"]) == (0, 0, 0)
    assert found["own story"] == 1


def test_a_break_joined_to_another_block_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1, 7), (4, 3), (2,)], [(5,), (6,)]])
    assert (found["next joined"], found["carried joined"], found["wrong joins"]) == (0, 0, 1)


def test_a_join_where_nothing_is_broken_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1, 3), (4, 7), (2,)], [(5, 6)]])
    assert (found["next joined"], found["carried joined"], found["wrong joins"]) == (1, 1, 0.5)


def test_a_block_with_another_story_is_not_with_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1, 3), (4,), (2,)], [(5,), (6,), (7,)]])
    assert found["own story"] == 7 / 8
    assert found["boundaries F1"] == pytest.approx(2 / 3)  # found 1 of 2, none wrong


def test_two_stories_in_one_article_miss_their_boundaries(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1, 3), (4, 7), (2,), (5,), (6,)]])
    assert found["boundaries F1"] == 0
    assert found["own story"] == 6 / 8


def test_a_story_in_two_articles_has_a_boundary_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1, 3), (2,)], [(4, 7)], [(5,), (6,)]])
    assert found["boundaries F1"] == pytest.approx(4 / 5)  # two found, one wrong
    assert found["own story"] == 6 / 8


def test_a_block_that_no_article_has_is_not_with_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = figures(monkeypatch, [[(0,), (1, 3), (4, 7)], [(5,), (6,)]])
    assert found["own story"] == 7 / 8
    assert (found["next joined"], found["wrong joins"]) == (1, 0)


def test_page_furniture_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    swallowed = [PERFECT[0], [*PERFECT[1], (8,)]]
    same = ("own story", "boundaries F1", "wrong joins")
    plain, other = figures(monkeypatch, PERFECT), figures(monkeypatch, swallowed)
    assert {name: plain[name] for name in same} == {name: other[name] for name in same}


WHOLE = NewspaperPage(
    (PageBlock("题", 0, 0, "headline"), PageBlock("一。", 0, 1), PageBlock("二。", 0, 2))
)


def test_a_whole_story_is_unchanged_only_when_it_is_as_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert figures(monkeypatch, [[(0,), (1,), (2,)]], WHOLE)["unchanged"] == 1
    for changed in ([[(0,), (2,), (1,)]], [[(0,), (1, 2)]], [[(0,)], [(1,), (2,)]]):
        assert figures(monkeypatch, changed, WHOLE)["unchanged"] == 0


def test_counts_add_up_over_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    total = counts(monkeypatch, [PAGE, WHOLE], [PERFECT, [[(0,), (1,), (2,)]]])
    assert (total.pages, total.blocks, total.own_blocks, total.unchanged) == (2, 11, 11, 1)
    assert (total.next_breaks, total.carried_breaks) == (1, 1)
    assert total.bytes == len((PAGE.text + WHOLE.text).encode())
    assert total.seconds > 0


def test_no_pages_have_no_figures_to_divide() -> None:
    assert set(Counts().figures().values()) == {0.0}
