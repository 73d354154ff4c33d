"""What a link opens in the panel: the article or its file, with the right words marked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from page.panel import GONE, render_found_panel, render_link
from page.turns import Turn
from tests.fake_chatbot import ARTICLES, FakeChatbot, a_library
from tests.shown_page import Page


def answered(question: str) -> Turn:
    turn = Turn(question)
    for event in FakeChatbot().stream(question):
        turn.receive(event)
    return turn


def opened(link: str, turn: Turn, folder: Path | None = None) -> Page:
    shown = render_link(a_library(FakeChatbot(), folder=folder), [turn], link)
    assert shown is not None
    return Page(shown)


def marked(page: Page) -> str:
    signs = zip(page.text, page.marks, strict=True)
    return "".join(sign for sign, mark in signs if mark == "now")


def links(page: Page) -> list[str]:
    return [tag[1]["href"] or "" for tag in page.tags if tag[0] == "a"]


def test_a_citation_opens_in_its_article_and_in_its_file(tmp_path: Path) -> None:
    turn = answered("石河子高新区哪年升级？")
    assert turn.answer is not None
    quote = turn.answer.citations[0].quote
    article = opened("#cite-0-1", turn, tmp_path)
    assert marked(article) == quote
    assert "#page-0-1" in links(article)
    came = opened("#page-0-1", turn, tmp_path)
    assert marked(came) == quote
    assert "001.txt · 第 3 行" in came.text
    assert "#cite-0-1" in links(came)


def test_without_the_file_the_article_is_shown_and_the_reason_said() -> None:
    turn = answered("石河子高新区哪年升级？")
    assert "#page-0-1" not in links(opened("#cite-0-1", turn))
    came = opened("#page-0-1", turn)
    assert "没有原件可看" in came.text
    assert marked(came)


def test_a_file_that_was_changed_is_not_marked_in_the_wrong_place(tmp_path: Path) -> None:
    turn, library = answered("石河子高新区哪年升级？"), a_library(FakeChatbot(), folder=tmp_path)
    (tmp_path / "001.txt").write_text("别的话" * 60, encoding="utf-8")
    shown = render_link(library, [turn], "#page-0-1")
    assert shown is not None
    assert "改过" in Page(shown).text
    assert "别的话" not in Page(shown).text


def test_a_found_passage_opens_at_its_place_with_the_others_below(tmp_path: Path) -> None:
    turn = answered("石河子天气")
    for place, hit in enumerate(turn.hits, 1):
        page = opened(f"#hit-0-{place}", turn, tmp_path)
        assert marked(page) == hit.passage.text
        assert marked(opened(f"#file-0-{place}", turn, tmp_path)) == hit.passage.text
        assert f"找到而没有引用的 {len(turn.hits)} 个段落" in page.text


def test_below_a_citation_stand_the_passages_that_were_not_cited() -> None:
    turn = answered("石河子高新区哪年升级？")
    assert turn.answer is not None
    cited = {citation.quote for citation in turn.answer.citations}
    rest = [place for place, hit in enumerate(turn.hits, 1) if hit.passage.text not in cited]
    below = [link for link in links(opened("#cite-0-1", turn)) if link.startswith("#hit-")]
    assert rest
    assert below == [f"#hit-0-{place}" for place in rest]


def test_beside_a_refusal_the_passages_stand_with_how_they_were_found() -> None:
    page = Page(render_found_panel(answered("石河子天气"), "0"))
    assert "没有可引用的原文" in page.text
    assert re.search(r"词项找到 · 得分 \d+\.\d\d", page.text)
    assert links(page)[-1].startswith("#hit-0-")
    assert "没有找到相近的段落" in Page(render_found_panel(Turn("问"), "0")).text


def test_an_article_that_went_away_is_said_to_be_gone() -> None:
    turn = answered("院士工作站有几家？")
    library = a_library(FakeChatbot(ARTICLES[1:]))
    shown = render_link(library, [turn], "#cite-0-1")
    assert shown is not None
    assert GONE in Page(shown).text


@pytest.mark.parametrize("link", ["#hit-0-0", "#hit-0-99", "#file-9-1", "#hit-abc-1", "#found-7-0"])
def test_links_to_no_passage_open_nothing(link: str) -> None:
    assert render_link(a_library(FakeChatbot()), [answered("石河子天气")], link) is None
