"""The page as it came, and where on it a quote stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from page.originals import OriginalError, original

TEXT = "第一行\n第二行有引文\n第三行"
SPANS = ((6, 8),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "甲.txt").write_text(TEXT, encoding="utf-8", newline="")
    return tmp_path


def test_the_file_is_given_whole_with_the_line_of_the_quote(folder: Path) -> None:
    shown = original(folder, "甲.txt", SPANS, TEXT[6:8])
    assert (shown.text, shown.start, shown.number) == (TEXT, 0, 2)


def test_of_a_long_file_the_stretch_around_the_quote_is_given(folder: Path) -> None:
    text = "甲" * 30_000 + "引文" + "乙" * 30_000
    (folder / "长.txt").write_text(text, encoding="utf-8")
    shown = original(folder, "长.txt", ((30_000, 30_002),), "引文")
    assert len(shown.text) < 30_000
    assert shown.text[30_000 - shown.start :].startswith("引文")


def test_a_file_that_was_changed_is_told_and_seen_again_once_it_is_back(folder: Path) -> None:
    (folder / "甲.txt").write_text(f"新{TEXT}", encoding="utf-8", newline="")
    with pytest.raises(OriginalError, match="改过"):
        original(folder, "甲.txt", SPANS, TEXT[6:8])
    (folder / "甲.txt").write_text(TEXT, encoding="utf-8", newline="")
    assert original(folder, "甲.txt", SPANS, TEXT[6:8]).text == TEXT


@pytest.mark.parametrize("source", ["没有.txt", "../外.txt", "a.zip!/b.txt", "/etc/passwd"])
def test_what_is_gone_or_outside_the_folder_is_one_line(folder: Path, source: str) -> None:
    (folder.parent / "外.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(OriginalError) as error:
        original(folder, source, SPANS, TEXT[6:8])
    assert "\n" not in str(error.value)


def test_articles_from_no_file_have_no_page() -> None:
    with pytest.raises(OriginalError, match="没有原件"):
        original(None, "甲.txt", SPANS, "引文")
