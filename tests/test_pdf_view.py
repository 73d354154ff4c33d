"""A page of a PDF as a picture, the quoted words boxed."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest

import rag
from page.library import Library
from page.panel import render_link
from page.pdf_picture import PictureError, draw_page
from page.turns import Turn
from tests.fake_chatbot import FakeChatbot
from tests.tiny_pdf import lines, pdf

FIRST = ["城东泵站昨日竣工", "全站装机六台，投资四百万元", "城东居民不再受涝"]
SECOND = ["城西新桥通车", "桥长三百米，投资四百万元", "往来更便"]
WIDTH = 1200 / 595  # pixels a point


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "甲.pdf").write_bytes(pdf([lines(72, 100, FIRST, 20), lines(72, 100, SECOND, 20)]))
    return corpus


def cited(folder: Path, words: str) -> Turn:
    """A turn whose answer quotes these words of the second page."""
    text = rag.read_text(folder / "甲.pdf")
    start = text.index(words, text.index("\f"))
    article = next(one for one in rag.read_articles(folder / "甲.pdf") if words in one.text)
    at = article.text.rindex(words)
    spans = article.source_spans(at, at + len(words))
    assert spans[0][0] == start
    citation = rag.Citation(
        1, article.id, article.title, "甲.pdf", words, at, at + len(words), spans, 2
    )
    turn = Turn("问")
    turn.receive(rag.Answer("问", "问", "answered", words, "builtin", citations=(citation,)))
    return turn


def test_the_words_are_boxed_where_they_stand_on_the_page(folder: Path) -> None:
    picture = draw_page(folder / "甲.pdf", 1, ["投资四百万元", "不在这一页上"], 0.5)
    (box,), nothing = picture.boxes
    assert nothing == ()
    left, top, right, bottom = (edge / WIDTH for edge in box)
    assert left == pytest.approx(72 + 6 * 20, abs=6)
    assert right == pytest.approx(72 + 12 * 20, abs=6)
    assert top < 130 < bottom + 6
    drawn = base64.b64decode(picture.jpeg)
    from PIL import Image

    assert Image.open(io.BytesIO(drawn)).size == picture.size


def test_words_over_two_lines_have_a_box_on_each(folder: Path) -> None:
    picture = draw_page(folder / "甲.pdf", 0, ["六台，投资四百万元\n城东居民"], 0.5)
    upper, lower = picture.boxes[0]
    assert upper[1] < lower[1]


def test_of_words_that_stand_twice_the_nearest_are_boxed(tmp_path: Path) -> None:
    path = tmp_path / "乙.pdf"
    path.write_bytes(pdf([lines(72, 100, ["甲乙丙丁"] * 9, 20)]))
    tops = [draw_page(path, 0, ["甲乙"], at).boxes[0][0][1] for at in (0.0, 0.5, 1.0)]
    assert tops == sorted(set(tops))


def test_the_page_as_it_came_is_a_picture_with_the_current_words_boxed(folder: Path) -> None:
    turn = cited(folder, "投资四百万元")
    library = Library(FakeChatbot(rag.read_articles(folder / "甲.pdf")), folder)  # type: ignore[arg-type]
    shown = render_link(library, [turn], "#page-0-1")
    assert shown is not None
    assert "第 2 页" in shown
    assert shown.count('<mark class="now"') == 1
    assert re.search(r'<img alt="[^"]*甲[^"]*" src="data:image/jpeg;base64,', shown)
    assert "file=" not in shown


def test_a_page_that_cannot_be_drawn_is_one_line_and_its_text_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = cited(folder, "投资四百万元")
    library = Library(FakeChatbot(rag.read_articles(folder / "甲.pdf")), folder)  # type: ignore[arg-type]
    monkeypatch.setattr("page.pdf_picture._SECONDS", 0.001)
    (folder / "甲.pdf").touch()  # or it would still be known how the page looks
    shown = render_link(library, [turn], "#page-0-1")
    assert shown is not None
    assert "画不出来" in shown
    assert '<mark class="now">投资四百万元</mark>' in shown


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"GIF89a"])
def test_a_file_that_is_no_pdf_is_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "坏.pdf"
    path.write_bytes(data)
    with pytest.raises(PictureError, match="画不出来"):
        draw_page(path, 0, ["字"], 0.0)


def test_a_page_that_is_not_there_is_one_line(folder: Path) -> None:
    with pytest.raises(PictureError, match="第 9 页"):
        draw_page(folder / "甲.pdf", 8, ["字"], 0.0)
