"""Articles to passages: offsets, limits, headings, and no sentence lost."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from test_text import ANY

from rag.articles import article_from_text, read_articles
from rag.datatypes import Article
from rag.passages import split_article
from rag.text import sentences


def article(text: str, headings: tuple[str, ...] = ()) -> Article:
    made = article_from_text("a#1", "题目", text, "a")
    return Article(made.id, made.title, made.source, text, made.spans, "副题", headings)


@given(ANY, st.integers(1, 60))
def test_a_passage_is_the_text_at_its_offsets_and_within_the_limit(text: str, limit: int) -> None:
    for passage in split_article(article(text), passage_chars=limit):
        assert text[passage.start : passage.end] == passage.text
        assert 0 < len(passage.text) <= limit
        assert passage.text.strip()


@given(ANY, st.integers(1, 60))
def test_passages_hold_every_visible_character_once_and_in_order(text: str, limit: int) -> None:
    passages = split_article(article(text), passage_chars=limit)
    covered = [place for passage in passages for place in range(passage.start, passage.end)]
    assert covered == sorted(set(covered))
    assert all(text[place].isspace() for place in set(range(len(text))) - set(covered))


@given(ANY, st.integers(1, 60))
def test_a_sentence_that_fits_is_never_cut(text: str, limit: int) -> None:
    passages = split_article(article(text), passage_chars=limit)
    for start, end in sentences(text):
        if end - start <= limit:
            assert any(passage.start <= start and end <= passage.end for passage in passages)


def test_sentences_are_packed_until_the_limit() -> None:
    passages = split_article(article("一二三。四五六。七八九。"), passage_chars=8)
    assert [passage.text for passage in passages] == ["一二三。四五六。", "七八九。"]


def test_a_sentence_over_the_limit_is_cut_at_it() -> None:
    passages = split_article(article("字" * 25), passage_chars=10)
    assert [len(passage.text) for passage in passages] == [10, 10, 5]


def test_a_passage_stays_within_its_section_and_carries_its_heading() -> None:
    text = "导语。\n完善机制\n第一。\n## 提质 ##\n第二。\n# 结语\n第三。"
    passages = split_article(article(text, ("完善机制", "提质", "结语")))
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("", "导语。"),
        ("完善机制", "完善机制\n第一。"),
        ("提质", "## 提质 ##\n第二。"),
        ("结语", "# 结语\n第三。"),
    ]


def test_a_heading_of_hashes_without_a_blank_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "年度总结报告\n\n正文。\n\n#学习\n\n又一句。\n", encoding="utf-8"
    )
    (read,) = read_articles(tmp_path / "a.txt")
    assert [passage.heading for passage in split_article(read)] == ["", *read.headings]


def test_what_is_searched_stands_under_title_subtitle_and_heading() -> None:
    (passage,) = split_article(article("机制\n正文。", ("机制",)))
    assert passage.title == "题目 副题"
    assert passage.search_text == "题目 副题\n机制\n机制\n正文。"


def test_an_article_without_text_has_no_passage() -> None:
    assert split_article(article("")) == []
    assert split_article(article(" \n　")) == []


def test_a_line_of_five_megabytes_and_100_000_lines_are_cut_to_the_end() -> None:
    for text in ("安康高新区投资50亿元，" * 400_000, "安康高新区投资50亿元。\n" * 100_000):
        passages = split_article(article(text))
        assert passages[-1].end == len(text.rstrip())
        assert max(len(passage.text) for passage in passages) <= 240


def test_the_passages_of_the_seeds_lead_back_to_their_files(root: Path) -> None:
    for read in read_articles(root / "seeds"):
        page = (root / "seeds" / read.source).read_bytes().decode()
        for passage in split_article(read):
            spans = read.source_spans(passage.start, passage.end)
            assert "".join(page[a:b] for a, b in spans) == passage.text.replace("\n", "")
