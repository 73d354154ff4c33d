"""The list of conversations, and where who comes back begins."""

from __future__ import annotations

import html
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

import rag
from page.conversation import Conversation
from page.conversations import Conversations, Kept
from page.library import Library
from page.shelf import BUNDLED, OWN, Shelf
from page.talks import Talks, render_talks
from page.turns import Session, Turn
from tests.stories import TWO, folder_of_one

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")
ME = "cookie:" + "a" * 32
VISIT: Any = SimpleNamespace(headers={"accept-language": "zh"}, query_params={})


@pytest.fixture
def shelf(tmp_path: Path, stand_in_judge: None) -> Shelf:
    folder = folder_of_one(tmp_path)
    config = rag.Config(corpus=folder, index_dir=tmp_path / "index", chat_model="builtin")
    first = Library.load(config, BUNDLED, is_writable=False)
    shelf = Shelf(first, tmp_path / "home", config)
    (tmp_path / "乙.txt").write_text(TWO, encoding="utf-8")
    shelf.add(first, [tmp_path / "乙.txt"])
    return shelf


def arrived(shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr("page.talks.requester", lambda _: ME)
    session = Session()
    Talks(Conversation(shelf.first, folder), shelf).arrive(session, VISIT)
    return session


def write(folder: Path, number: int, corpus: str) -> None:
    Conversations(folder).write(ME, f"{number:032x}", corpus, [Turn("问", stopped=True)])
    time.sleep(0.01)  # so that the clock of the disk has gone on


def test_who_comes_back_finds_the_library_that_they_asked_last(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert arrived(shelf, tmp_path, monkeypatch).library is None
    write(tmp_path, 1, OWN)
    assert arrived(shelf, tmp_path, monkeypatch).library is shelf.open(OWN)
    write(tmp_path, 2, "没有的")
    assert arrived(shelf, tmp_path, monkeypatch).library is None
    write(tmp_path, 3, OWN)
    shelf.first.name = "别的"  # the program was started with a corpus
    assert arrived(shelf, tmp_path, monkeypatch).library is None


def test_a_conversation_finds_its_library_by_the_name_that_it_had(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 1, OWN)
    shelf.rename(shelf.rename(shelf.open(OWN), "海事"), "海上")
    library = arrived(shelf, tmp_path, monkeypatch).library
    assert library is shelf.open("海上")
    shelf.rename(library, OWN)  # there and back again
    assert arrived(shelf, tmp_path, monkeypatch).library is shelf.open(OWN)
    assert shelf.current("没有的") is None
    (tmp_path / "home" / "corpora" / ".renamed.json").write_text("[", encoding="utf-8")
    assert shelf.current("海事") is None


def test_a_library_that_cannot_be_opened_keeps_nobody_out(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 1, OWN)
    later = Shelf(shelf.first, tmp_path / "home", shelf.config)
    (tmp_path / "home" / "corpora" / OWN / "乙.txt").write_bytes(b"")
    assert arrived(later, tmp_path, monkeypatch).library is None


def test_times_are_those_of_this_machines_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        kept = Kept("a" * 32, "题", "文章", "2026-01-31T20:30:00.000001+00:00")
        assert "2026-02-01 04:30" in html.unescape(render_talks([kept], ""))
        odd = Kept("b" * 32, "题", "文章", "<b>1")
        assert "&#60;b&#62;1" in render_talks([odd], "")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_without_a_conversation_there_is_none_to_rename(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(gr, "Warning", said.append)
    Talks(Conversation(shelf.first, tmp_path), shelf).rename("新名字", Session())
    assert len(said) == 1
    assert "先问一个问题" in said[0]
