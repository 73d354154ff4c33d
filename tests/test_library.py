"""The files of a corpus are added, removed and put back, and the articles follow them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

import rag
from page.files import Added, FilesError, add_files, fit_name, put_back, take_out
from page.library import LastFileError, Library, ReadOnlyError
from page.shelf import OWN, Shelf, ShelfError
from tests.stories import ONE, TWO, folder_of_one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of_one(tmp_path)


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    sent = tmp_path / "upload"
    sent.mkdir()
    (sent / "乙.txt").write_text(TWO, encoding="utf-8")
    return sent / "乙.txt"


def config(folder: Path) -> rag.Config:
    return rag.Config(corpus=folder, index_dir=folder.parent / "index", chat_model="builtin")


@pytest.fixture
def library(folder: Path, stand_in_judge: None) -> Library:
    return Library.load(config(folder), "文章", is_writable=True)


def sources(library: Library) -> list[str]:
    return [article.source for article in library.chatbot.articles]


def test_an_uploaded_file_can_be_asked_removed_and_put_back(library: Library, upload: Path) -> None:
    (added,) = library.add([upload])
    assert added.source == "乙.txt"
    assert len(added.titles) == 1
    assert sources(library) == ["乙.txt", "甲.txt"]
    assert library.chatbot.search("救助船只")[0].source == "乙.txt"
    key = library.remove(["乙.txt"])
    assert sources(library) == ["甲.txt"]
    assert library.restore(key) == ["乙.txt"]
    assert sources(library) == ["乙.txt", "甲.txt"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.txt", b"", "空"),
        ("表.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "表.xls"),
        ("坏.pdf", b"%PDF-1.7\nnothing of a PDF", "坏.pdf"),
        ("假.docx", b"PK\x03\x04 no archive", "假.docx"),
    ],
)
def test_a_file_that_is_no_article_is_one_line_and_nothing_is_kept(
    folder: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (added,) = add_files(folder, [tmp_path / name])
    assert added.source is None
    assert said in added.fault
    assert "\n" not in added.fault
    assert os.listdir(folder) == ["甲.txt"]  # noqa: PTH208


def test_a_file_with_the_name_of_another_covers_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TWO, encoding="utf-8")
    first, second = add_files(folder, [tmp_path / "甲.txt", tmp_path / "甲.txt"])
    assert first.source == "甲 (2).txt"
    assert second.source is None
    assert (second.source, second.titles, second.fault) == (None, (), "")
    assert (folder / "甲.txt").read_text(encoding="utf-8") == ONE


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("../../x.txt", "x.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a:b?.txt", "a_b_.txt"),
        ("", "文章"),
        ("字" * 300 + ".txt", "字" * 66 + ".txt"),
    ],
)
def test_a_name_fits_any_system(name: str, fit: str) -> None:
    assert fit_name(name) == fit


def test_what_is_outside_the_folder_is_not_taken_out(folder: Path, upload: Path) -> None:
    with pytest.raises(FilesError):
        take_out(folder, ["../upload/乙.txt"])
    with pytest.raises(FilesError):
        put_back(folder, "../../x")
    assert upload.is_file()


def test_the_last_file_stays(library: Library) -> None:
    with pytest.raises(LastFileError):
        library.remove(["甲.txt"])
    assert sources(library) == ["甲.txt"]


def test_a_file_that_changes_beside_the_program_is_noticed(
    library: Library, folder: Path, upload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("page.library._LOOK_S", 0.0)
    assert not library.follow_files()
    upload.rename(folder / "丙.txt")
    assert library.follow_files()
    assert sources(library) == ["丙.txt", "甲.txt"]
    (folder / "丙.txt").unlink()
    assert library.follow_files()
    assert sources(library) == ["甲.txt"]


def test_who_waits_for_an_answer_does_not_wait_for_sample_questions(
    library: Library, folder: Path, upload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are tried beside the answer, and there once they are found."""
    monkeypatch.setattr("page.library._LOOK_S", 0.0)
    begun, may_end = threading.Event(), threading.Event()

    def slowly(*_: object, **__: object) -> tuple[str, ...]:
        begun.set()
        assert may_end.wait(60)
        return ("甲问？",)

    monkeypatch.setattr("rag.sample_questions", slowly)
    upload.rename(folder / "丙.txt")
    assert library.follow_files()
    assert begun.wait(60)
    assert (sources(library), library.samples) == (["丙.txt", "甲.txt"], ())
    may_end.set()
    deadline = time.monotonic() + 60
    while not library.samples and time.monotonic() < deadline:
        time.sleep(0.01)
    assert library.samples == ("甲问？",)


def test_while_files_are_being_read_for_long_what_was_read_before_is_asked(
    library: Library, folder: Path, upload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("page.library._LOOK_S", 0.0)
    monkeypatch.setattr("page.library._PATIENCE_S", 0.01)
    begun, may_end = threading.Event(), threading.Event()

    def slowly(*_: object, **__: object) -> list[Added]:
        begun.set()
        assert may_end.wait(60)
        return []

    monkeypatch.setattr("page.library.add_files", slowly)
    other = threading.Thread(target=library.add, args=([upload],))
    other.start()
    assert begun.wait(60)
    (folder / "丁.txt").write_text(upload.read_text("utf-8"), encoding="utf-8")
    assert not library.follow_files()
    assert sources(library) == ["甲.txt"]
    may_end.set()
    other.join(60)
    assert library.follow_files()


def test_a_folder_that_vanishes_is_one_line_and_the_articles_stay(
    library: Library, folder: Path
) -> None:
    folder.rename(folder.with_name("away"))
    with pytest.raises(rag.RagError) as error:
        library.reload()
    assert "\n" not in str(error.value)
    assert sources(library) == ["甲.txt"]


def test_what_was_skipped_is_said_now_and_at_the_next_start(
    folder: Path, stand_in_judge: None
) -> None:
    (folder / "空.txt").write_bytes(b"")
    first = Library.load(config(folder), "文章", is_writable=True)
    again = Library.load(config(folder), "文章", is_writable=True)
    assert first.remarks == again.remarks
    assert [line.startswith("跳过 空.txt") for line in first.remarks] == [True]


def test_a_first_upload_makes_a_library_of_the_user_and_leaves_the_first_alone(
    folder: Path, tmp_path: Path, upload: Path, stand_in_judge: None
) -> None:
    first = Library.load(config(folder), "自带的文章", is_writable=False)
    with pytest.raises(ReadOnlyError):
        first.add([upload])
    shelf = Shelf(first, tmp_path / "home", config(folder))
    own, (added,) = shelf.add(first, [upload])
    assert (own.name, added.source, sources(own)) == (OWN, "乙.txt", ["乙.txt"])
    assert sources(first) == ["甲.txt"]
    assert shelf.names == ["自带的文章", OWN]
    later = Shelf(first, tmp_path / "home", config(folder))
    assert sources(later.open(OWN)) == ["乙.txt"]
    renamed = later.rename(later.open(OWN), "海事")
    assert (renamed.name, later.names) == ("海事", ["自带的文章", "海事"])
    with pytest.raises(ShelfError):
        later.rename(first, "别名")
    with pytest.raises(ShelfError, match="没有叫"):
        later.open("../index")


def test_an_upload_of_nothing_useful_makes_no_library(
    folder: Path, tmp_path: Path, stand_in_judge: None
) -> None:
    first = Library.load(config(folder), "自带的文章", is_writable=False)
    shelf = Shelf(first, tmp_path / "home", config(folder))
    (tmp_path / "空.txt").write_bytes(b"")
    library, (added,) = shelf.add(first, [tmp_path / "空.txt"])
    assert library is first
    assert added.source is None
    assert shelf.names == ["自带的文章"]


def test_who_uploads_nothing_useful_stays_where_they_are(
    folder: Path, tmp_path: Path, upload: Path, stand_in_judge: None
) -> None:
    """Even where there is a library of their own: nobody is turned to it for a damaged file."""
    first = Library.load(config(folder), "自带的文章", is_writable=False)
    shelf = Shelf(first, tmp_path / "home", config(folder))
    own, _ = shelf.add(first, [upload])
    (tmp_path / "空.txt").write_bytes(b"")
    assert shelf.add(first, [tmp_path / "空.txt"])[0] is first
    assert shelf.add(first, [upload])[0] is own  # the same file: it is there already
