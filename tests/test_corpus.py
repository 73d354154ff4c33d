"""Folders to articles: every visible character kept with its place, every bad file named."""

from __future__ import annotations

import os
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_pdf import lines, pdf

from rag.articles import (
    PageLayout,
    article_from_text,
    folder_digest,
    read_articles,
    read_corpus,
    read_page,
    read_text,
)
from rag.articles.corpus import corpus_in_memory
from rag.datatypes import Article, TextSpan
from rag.errors import ArticleError, CorpusError
from rag.text import sentences
from tests.pages import PAGES, assert_whole

GOOD = "安康高新区开工建设\n\n本报讯 近日，项目开工。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "文章"
    corpus.mkdir()
    (corpus / "好.txt").write_text(GOOD, encoding="utf-8")
    return corpus


@pytest.fixture(scope="module")
def seeds(root: Path) -> list[Article]:
    return read_articles(root / "seeds")


def read(page: str) -> tuple[PageLayout, list[Article]]:
    """Through a real file, as a user's page comes."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "页.txt"
        path.write_bytes(page.encode("utf-8-sig"))
        return read_page(path)


@given(PAGES)
def test_the_articles_of_a_file_hold_every_visible_character_in_its_place(page: str) -> None:
    try:
        layout, articles = read(page)
    except ArticleError:
        assert not page.strip() or any(ord(character) < 32 for character in page)
    else:
        assert_whole(layout, articles, page)


@given(PAGES, st.data())
def test_source_spans_give_any_range_back_without_the_newlines_between_blocks(
    page: str, data: st.DataObject
) -> None:
    try:
        _, articles = read(page)
    except ArticleError:
        return
    for article in articles:
        start = data.draw(st.integers(0, len(article.text)))
        end = data.draw(st.integers(start, len(article.text)))
        pieces = article.source_spans(start, end)
        assert "".join(page[a:b] for a, b in pieces) == article.text[start:end].replace("\n", "")
        assert all(a < b for a, b in pieces)
        assert all(left[1] != right[0] for left, right in pairwise(pieces))


def test_neighbouring_spans_are_given_as_one() -> None:
    article = Article(
        "a#1", "题", "a", "甲乙丙", (TextSpan(0, 5, 1), TextSpan(1, 6, 1), TextSpan(2, 1, 1))
    )
    assert article.source_spans(0, 3) == ((5, 7), (1, 2))
    assert article.source_spans(1, 1) == ()
    assert article.source_spans(2, 99) == ((1, 2),)


def test_source_spans_of_every_line_of_100_000_are_found() -> None:
    spans = tuple(TextSpan(3 * row, 4 * row, 2) for row in range(100_000))
    article = Article("a#1", "题", "a", "句。\n" * 100_000, spans)
    for row in range(100_000):
        assert article.source_spans(3 * row, 3 * row + 2) == ((4 * row, 4 * row + 2),)


def test_the_seeds_are_ten_articles_each_named_by_its_zone(seeds: list[Article]) -> None:
    expected = [
        ("000_f465b0faa3fe5660.txt#1", "安康高新区"),
        ("001_2f19dc36aec41096.txt#1", "咸阳高新区"),
        ("002_3b7b63bd7187fec8.txt#1", "石河子"),
        ("002_3b7b63bd7187fec8.txt#2", "楚雄"),
        ("002_3b7b63bd7187fec8.txt#3", "延吉"),
        ("002_3b7b63bd7187fec8.txt#4", "襄阳"),
        ("002_3b7b63bd7187fec8.txt#5", "厦门火炬"),
        ("002_3b7b63bd7187fec8.txt#6", "玉溪"),
        ("003_9bafe99c5978d7ba.txt#1", "商洛高新区"),
        ("004_b0251a56d9a8ea76.txt#1", "恒口"),
    ]
    assert [article.id for article in seeds] == [id_ for id_, _ in expected]
    for article, (_, zone) in zip(seeds, expected, strict=True):
        assert zone in article.full_title


def test_the_seeds_keep_their_authors_and_the_one_printed_date(seeds: list[Article]) -> None:
    assert [article.byline for article in seeds[:4]] == [
        "孙传泽 刘敏 王晋飞",
        "张鑫 本报记者 戈清平",
        "令彦海",
        "冯荣贵 徐志松",
    ]
    assert {article.date for article in seeds} == {None, "2020-05-14"}


def test_no_visible_character_of_the_seeds_is_lost(seeds: list[Article], root: Path) -> None:
    for path in sorted((root / "seeds").iterdir()):
        layout, articles = read_page(path)
        assert articles == [article for article in seeds if article.source == path.name]
        assert_whole(layout, articles, read_text(path))


def test_every_sentence_of_the_seeds_leads_back_to_its_file(
    seeds: list[Article], root: Path
) -> None:
    pages = {path.name: read_text(path) for path in (root / "seeds").iterdir()}
    for article in seeds:
        page = pages[article.source]
        for start, end in sentences(article.text):
            quote = article.text[start:end]
            assert "".join(page[a:b] for a, b in article.source_spans(start, end)) == quote


def test_files_of_subfolders_are_read_and_named_with_forward_slashes(folder: Path) -> None:
    (folder / "深" / "处").mkdir(parents=True)
    (folder / "深" / "处" / "b.MD").write_text(GOOD, encoding="utf-8")
    assert {a.source for a in read_articles(folder)} == {"好.txt", "深/处/b.MD"}


def test_hidden_files_are_left_out_silently_and_others_named(folder: Path) -> None:
    (folder / ".隐.txt").write_text(GOOD, encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.txt").write_text(GOOD, encoding="utf-8")
    (folder / "图.png").write_bytes(b"\x89PNG")
    (folder / "夹.txt").mkdir()
    corpus = read_corpus(folder)
    assert [file.source for file in corpus.files] == ["好.txt"]
    assert [file.source for file in corpus.skipped] == ["图.png"]


def test_a_hidden_folder_may_itself_be_the_corpus(tmp_path: Path) -> None:
    (tmp_path / ".文章").mkdir()
    (tmp_path / ".文章" / "a.txt").write_text(GOOD, encoding="utf-8")
    assert len(read_articles(tmp_path / ".文章")) == 1


def test_documents_of_other_programs_are_named_among_the_skipped(folder: Path) -> None:
    for name in ("表.xlsx", "旧.doc", "片.pptx"):
        (folder / name).write_bytes(b"PK\x03\x04")
    skipped = read_corpus(folder).skipped
    assert [file.source for file in skipped] == ["旧.doc", "片.pptx", "表.xlsx"]


def test_what_of_a_file_was_not_read_is_told_with_it(folder: Path) -> None:
    (folder / "报.pdf").write_bytes(pdf([lines(50, 100, ["第一页的话。"])] * 3))
    corpus = read_corpus(folder, max_pdf_pages=2)
    assert [len(file.remarks) for file in corpus.files] == [0, 1]
    assert len(corpus.articles) == 2


def test_the_limit_on_pages_changes_the_digest_of_a_folder_with_a_pdf_only(folder: Path) -> None:
    assert folder_digest(folder, max_pdf_pages=2) == folder_digest(folder)
    (folder / "报.txt").write_bytes(pdf([lines(50, 100, ["第一页的话。"])]))
    assert folder_digest(folder, max_pdf_pages=2) != folder_digest(folder)
    read = read_corpus(folder, max_pdf_pages=2)
    assert read.digest == folder_digest(folder, max_pdf_pages=2)


def spoil(folder: Path) -> dict[str, str]:
    """Bad files of every kind, with a word of the reason expected for each."""
    (folder / "a空.txt").write_bytes(b"\n")
    (folder / "b图.txt").write_bytes(b"\x89PNG\0\0\xff")
    (folder / "c断.txt").symlink_to(folder / "没有")
    (folder / "d圈.txt").symlink_to(folder / "d圈.txt")
    with (folder / "e大.md").open("wb") as file:
        file.truncate(200_000_000)
    return {
        "a空.txt": "空的",
        "b图.txt": "二进制|不是文本",
        "c断.txt": "读不了",
        "d圈.txt": "读不了",
        "e大.md": "200 MB",
    }


def test_bad_files_are_skipped_and_named_and_the_rest_is_read(folder: Path) -> None:
    expected = spoil(folder)
    corpus = read_corpus(folder)
    assert [article.source for article in corpus.articles] == ["好.txt"]
    reasons = {file.source: file.reason for file in corpus.skipped}
    assert list(reasons) == sorted(expected)
    for source, word in expected.items():
        assert source in reasons[source]
        assert any(form in reasons[source] for form in word.split("|"))


def test_a_file_name_in_gb18030_is_skipped_and_named_readably(folder: Path) -> None:
    raw = os.fsencode(folder) + b"/" + "旧文章.txt".encode("gb18030")
    Path(os.fsdecode(raw)).write_text(GOOD, encoding="utf-8")
    (skipped,) = read_corpus(folder).skipped
    assert skipped.source == "旧文章.txt"
    assert "改名" in skipped.reason


def test_a_folder_of_nothing_but_bad_files_is_a_corpus_error(tmp_path: Path) -> None:
    spoil(tmp_path)
    with pytest.raises(CorpusError, match="跳过 5 个") as caught:
        read_articles(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["空", "没有", "文件.txt"])
def test_a_folder_without_files_or_that_is_none_is_a_corpus_error(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "文件.txt").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CorpusError, match=name):
        read_corpus(tmp_path / name)


def test_encodings_are_listed_and_progress_counts_every_file(folder: Path) -> None:
    (folder / "国标.txt").write_bytes(GOOD.encode("gb18030"))
    (folder / "空.txt").write_bytes(b"")
    done: list[tuple[int, int]] = []
    corpus = read_corpus(folder, progress=lambda *counts: done.append(counts))
    assert {file.source: file.encoding for file in corpus.files} == {
        "好.txt": "utf-8",
        "国标.txt": "gb18030",
    }
    assert done == [(1, 3), (2, 3), (3, 3)]


def test_the_digest_changes_with_every_file_and_only_then(folder: Path) -> None:
    digests = {folder_digest(folder)}

    def is_new() -> bool:
        digest = folder_digest(folder)
        fresh = digest not in digests
        digests.add(digest)
        return fresh

    assert not is_new()
    (folder / "图.xyz").write_bytes(b"x")
    assert not is_new()
    (folder / "二.txt").write_text(GOOD, encoding="utf-8")
    assert is_new()
    (folder / "二.txt").write_text(GOOD + "。", encoding="utf-8")
    assert is_new()
    (folder / "二.txt").rename(folder / "三.txt")
    assert is_new()
    (folder / "断.txt").symlink_to(folder / "没有")
    assert is_new()


def test_the_digest_of_a_corpus_is_that_of_its_folder(folder: Path) -> None:
    assert read_corpus(folder).digest == folder_digest(folder)


def test_a_raised_limit_changes_the_digest_of_a_folder_with_a_large_file(folder: Path) -> None:
    small = folder_digest(folder)
    assert folder_digest(folder, max_file_mb=60) == small
    (folder / "大.txt").write_text("正文。" * 100, encoding="utf-8")
    assert folder_digest(folder, max_file_mb=0.0005) != folder_digest(folder, max_file_mb=1)
    assert read_corpus(folder, max_file_mb=0.0005).digest == folder_digest(
        folder, max_file_mb=0.0005
    )


def test_one_file_is_read_by_its_own_name_whatever_its_ending(tmp_path: Path) -> None:
    (tmp_path / "a.text").write_text(GOOD, encoding="utf-8")
    (article,) = read_articles(tmp_path / "a.text")
    assert (article.id, article.source) == ("a.text#1", "a.text")


def test_one_bad_file_raises_its_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(ArticleError, match="空的"):
        read_articles(tmp_path / "a.txt")


def test_a_date_in_the_file_name_dates_its_articles(tmp_path: Path) -> None:
    (tmp_path / "2021-07-01-庆祝.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "2021-17-41-乱.txt").write_text(GOOD, encoding="utf-8")
    assert {a.source[:10]: a.date for a in read_articles(tmp_path)} == {
        "2021-07-01": "2021-07-01",
        "2021-17-41": None,
    }


@given(st.text(min_size=1))
def test_a_given_text_is_taken_as_it_is(text: str) -> None:
    article = article_from_text("memory/1#1", "题", text, "memory/1")
    assert article.text == text
    assert article.source_spans(0, len(text)) == ((0, len(text)),)


def test_a_corpus_in_memory_has_another_digest_for_another_text() -> None:
    texts = [("甲", "乙丙"), ("甲乙", "丙"), ("甲", "乙")]
    corpora = [
        corpus_in_memory([article_from_text("1", title, text, "1")]) for title, text in texts
    ]
    assert len({corpus.digest for corpus in corpora}) == 3


def test_two_articles_of_one_id_are_refused_rather_than_one_lost() -> None:
    article = article_from_text("a.txt#1", "题", "正文", "a.txt")
    with pytest.raises(CorpusError, match=r"a\.txt#1"):
        corpus_in_memory([article, article])
