"""PDF files: columns and paragraphs by place, pages parted, and what hostile files cannot do."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pdf import Page, bomb, lines, locked, pdf, picture, words

from rag.articles import read_articles, read_corpus, read_page, read_text
from rag.articles.loaders.pdf import child, document, scan
from rag.articles.loaders.pdf.document import read_pdf
from rag.errors import ArticleError
from tests.pages import assert_whole

LEFT = [
    "　　北山县今年计划新开工项目三十",
    "一个，总投资四十二亿元，其中工业",
    "项目占了一半以上。",
]
RIGHT = [
    "　　县里每周开一次会，问题当场解",
    "决。污水处理厂二期已经完工，年底",
    "前还有六个项目要投产。",
]
LEFT_TEXT = "北山县今年计划新开工项目三十一个，总投资四十二亿元，其中工业项目占了一半以上。"
RIGHT_TEXT = "县里每周开一次会，问题当场解决。污水处理厂二期已经完工，年底前还有六个项目要投产。"


def text_of(*pages: Page | bytes) -> str:
    return read_pdf(pdf(pages), "报.pdf").text


def columns(top: float, left: list[str] = LEFT, right: list[str] = RIGHT) -> bytes:
    return lines(50, top, left) + lines(250, top, right)


# --- Reading order ---------------------------------------------------------------------------


def test_lines_of_a_paragraph_are_joined_without_a_newline() -> None:
    assert text_of(lines(50, 100, LEFT)) == LEFT_TEXT


def test_columns_are_read_one_after_the_other_whatever_the_order_in_the_file() -> None:
    rows = b"".join(
        lines(50, 100 + 15 * row, [LEFT[row]]) + lines(250, 100 + 15 * row, [RIGHT[row]])
        for row in range(3)
    )
    right_first = lines(250, 100, RIGHT) + lines(50, 100, LEFT)
    for page in (columns(100), rows, right_first):
        assert text_of(page) == f"{LEFT_TEXT}\n\n{RIGHT_TEXT}"


def test_a_headline_over_both_columns_comes_first_on_its_own_line() -> None:
    page = columns(140) + words(120, 110, 20, "北山县新开工项目过半")
    assert text_of(page) == f"北山县新开工项目过半\n\n{LEFT_TEXT}\n\n{RIGHT_TEXT}"


def test_a_short_headline_set_from_the_left_edge_is_that_of_both_columns() -> None:
    second = ["　　县城供暖比去年早五天，管网已", "经修好，居民说屋里暖和。"]
    third = ["　　热力公司说，煤也备足了，能用", "到明年三月，价格不变。"]
    page = columns(140) + words(50, 110, 20, "项目过半") + columns(270, second, third)
    page += words(50, 240, 20, "供暖提前")
    blocks = text_of(page).split("\n\n")
    assert blocks == [
        "项目过半",
        LEFT_TEXT,
        RIGHT_TEXT,
        "供暖提前",
        "县城供暖比去年早五天，管网已经修好，居民说屋里暖和。",
        "热力公司说，煤也备足了，能用到明年三月，价格不变。",
    ]


def test_stories_side_by_side_keep_their_own_headlines() -> None:
    page = columns(140) + words(50, 110, 16, "项目过半") + words(250, 110, 16, "会议很短")
    assert text_of(page) == f"项目过半\n\n{LEFT_TEXT}\n\n会议很短\n\n{RIGHT_TEXT}"


def test_a_sentence_that_runs_on_into_the_next_column_is_one() -> None:
    page = columns(100, LEFT[:2], ["项目占了一半以上，进度快于往年，", "群众都说好。"])
    assert text_of(page) == LEFT_TEXT.replace("以上。", "以上，进度快于往年，群众都说好。")


def test_the_lines_of_a_headline_stay_apart() -> None:
    page = words(50, 100, 20, "北山县新开工项目") + words(50, 126, 20, "已经过半")
    assert text_of(page + lines(50, 160, LEFT)) == f"北山县新开工项目\n已经过半\n\n{LEFT_TEXT}"


def test_an_indent_a_gap_and_a_short_line_part_paragraphs() -> None:
    gap = lines(50, 100, [line.strip("　") for line in LEFT[:2]]) + lines(50, 160, LEFT[2:])
    assert text_of(gap).count("\n\n") == 1
    indented = [*LEFT[:2], "　　县里每周开一次会，问题当场解"]
    assert text_of(lines(50, 100, indented)).count("\n\n") == 1
    flush = [line.strip("　") for line in (*LEFT, *RIGHT)]
    assert text_of(lines(50, 100, flush)).split("\n\n")[1] == RIGHT_TEXT


def test_furniture_of_the_page_is_kept_in_blocks_of_its_own() -> None:
    page = words(50, 40, 8, "北山日报") + lines(50, 100, LEFT) + words(290, 800, 8, "— 12 —")
    assert text_of(page) == f"北山日报\n\n{LEFT_TEXT}\n\n— 12 —"


def test_a_table_is_read_row_by_row() -> None:
    rows = [("项目", "投资", "进度"), ("图书馆", "0.8亿元", "完工"), ("污水厂", "3.2亿元", "在建")]
    page = b"".join(
        words(50 + 150 * column, 100 + 24 * row, 10, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    )
    assert text_of(page).split() == [cell for cells in rows for cell in cells]


def test_vertical_columns_are_read_from_the_right() -> None:
    def down(left: float, text: str) -> bytes:
        return b"".join(words(left, 100 + 12 * n, 12, sign) for n, sign in enumerate(text))

    page = down(300, "北山县今年新开工项目") + down(278, "三十一个，都在城外。")
    assert text_of(page) == "北山县今年新开工项目三十一个，都在城外。"


@pytest.mark.parametrize("turn", ["0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"])
def test_a_page_scanned_sideways_reads_as_if_it_stood_upright(turn: str) -> None:
    first, second = {
        "0 1 -1 0": ((300, 700), (315, 700)),
        "-1 0 0 -1": ((500, 700), (500, 685)),
        "0 -1 1 0": ((300, 100), (285, 100)),
    }[turn]
    text = [line.strip("　") for line in LEFT[:2]]
    page = words(*first, 10, text[0], turn) + words(*second, 10, text[1], turn)
    assert text_of(page) == "".join(text)


def test_a_watermark_across_the_page_stands_behind_its_text() -> None:
    stamp = words(100, 400, 40, "内部资料", "0.7 0.7 -0.7 0.7")
    assert text_of(stamp + lines(50, 100, LEFT)) == f"{LEFT_TEXT}\n\n内部资料"


def test_latin_words_are_parted_and_a_printed_hyphen_stays() -> None:
    page = lines(
        50, 100, ["The county opened thirty-one pro-", "jects this year and promised more", "next"]
    )
    assert (
        text_of(page) == "The county opened thirty-one pro-jects this year and promised more next"
    )


def test_spaces_stay_as_printed_and_figures_of_another_font_are_in_place() -> None:
    page = (
        words(50, 100, 10, "本报记者　王小川")
        + words(50, 130, 10, "投资")
        + words(80, 130, 10, "亿元。")
    )
    page += words(70, 130, 10, "42")
    assert text_of(page) == "本报记者　王小川\n\n投资42亿元。"


# --- Pages -----------------------------------------------------------------------------------


def test_pages_are_parted_by_one_form_feed_empty_ones_too() -> None:
    found = read_pdf(
        pdf([words(50, 100, 10, "第一页。"), b"", words(50, 100, 10, "第三页。")]), "a"
    )
    assert found.text == "第一页。\f\f第三页。"
    assert found.remarks == ("第 2 页上什么也没有（空白页，或已损坏）",)


def test_a_limit_on_pages_reads_the_start_and_says_so() -> None:
    data = pdf([words(50, 100, 10, f"第{number}页。") for number in range(1, 31)])
    found = read_pdf(data, "长.pdf", 20)
    assert found.text.count("\f") == 19
    assert read_pdf(data, "长.pdf").text.startswith(found.text)
    assert "max_pdf_pages" in found.remarks[0]
    assert "30" in found.remarks[0]


@pytest.mark.slow
def test_ten_thousand_pages_are_read_up_to_the_default_limit(tmp_path: Path) -> None:
    data = pdf([words(50, 100, 10, f"第{number}页的话。") for number in range(10_000)])
    (tmp_path / "书.pdf").write_bytes(data)
    corpus = read_corpus(tmp_path)
    assert "共 10000 页，只读前 2000 页" in corpus.files[0].remarks[0]
    assert read_text(tmp_path / "书.pdf").count("\f") == 9_999


def test_articles_of_a_pdf_lead_back_to_its_text(tmp_path: Path) -> None:
    story = columns(140) + words(50, 110, 20, "项目过半")
    (tmp_path / "报.pdf").write_bytes(
        pdf([story, columns(100)], info=b"/CreationDate (D:20231108)")
    )
    articles = read_articles(tmp_path / "报.pdf")
    assert_whole(*read_page(tmp_path / "报.pdf"), read_text(tmp_path / "报.pdf"))
    assert articles[0].date == "2023-11-08"


def test_a_date_in_the_file_name_wins_over_the_creation_date(tmp_path: Path) -> None:
    path = tmp_path / "2020-05-14.pdf"
    path.write_bytes(pdf([lines(50, 100, LEFT)], info=b"/CreationDate (D:20231108)"))
    assert read_articles(path)[0].date == "2020-05-14"


SIGNS = st.text("北山县开工，。ab1 -", min_size=1, max_size=12)
PLACED = st.tuples(st.integers(0, 500), st.integers(20, 800), st.sampled_from([8, 10, 20]), SIGNS)


@settings(max_examples=40)
@given(st.lists(PLACED, min_size=1, max_size=12, unique_by=lambda piece: (piece[0], piece[1])))
def test_no_visible_character_of_a_page_is_lost(pieces: list[tuple[int, int, int, str]]) -> None:
    raw = [
        (text, float(left), float(top), float(left + size * len(text)), float(top + size), size, 0)
        for left, top, size, text in pieces
    ]
    kept = sorted("".join(document._text(raw).split()))
    assert kept == sorted("".join("".join(piece[3] for piece in pieces).split()))


# --- Scans -----------------------------------------------------------------------------------


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "ocr_version", lambda: "")


@pytest.mark.usefixtures("without_ocr")
def test_scanned_pages_are_named_with_the_command_that_lets_them_be_read() -> None:
    scans = [picture(10, 10), lines(50, 100, LEFT), picture(10, 10), picture(10, 10)]
    found = read_pdf(pdf(scans), "扫描.pdf")
    assert found.text == f"\f{LEFT_TEXT}\f\f"
    assert found.remarks == (
        '第 1、3–4 页是图片，没有文字层；要读出来请运行 pip install "yinju[ocr]" 后重建索引',
    )


@pytest.mark.usefixtures("without_ocr")
def test_a_pdf_of_scans_only_is_refused_with_the_same_line() -> None:
    with pytest.raises(ArticleError, match=r"扫描\.pdf.*第 1–2 页是图片.*yinju\[ocr\]"):
        read_pdf(pdf([picture(10, 10)] * 2), "扫描.pdf")


@pytest.mark.usefixtures("without_ocr")
def test_a_page_number_stamped_on_a_scan_does_not_hide_it() -> None:
    stamped = Page(picture(10, 10).content + b"\n" + words(290, 800, 8, "第1页"))
    found = read_pdf(pdf([stamped, lines(50, 100, LEFT)]), "扫描.pdf")
    assert found.text.startswith("第1页\f")
    assert "第 1 页是图片" in found.remarks[0]


@pytest.mark.usefixtures("without_ocr")
def test_glyphs_that_no_font_names_are_no_text() -> None:
    told = pdf([lines(50, 100, LEFT)])
    untold = told.replace(b"/Encoding /UniGB-UCS2-H", b"/Encoding /Identity-H").replace(
        b"/Ordering (GB1)", b"/Ordering (Identity)"
    )
    with pytest.raises(ArticleError, match="第 1 页是图片"):
        read_pdf(untold, "乱.pdf")


# --- Hostile files ---------------------------------------------------------------------------


def test_a_password_is_named() -> None:
    with pytest.raises(ArticleError, match=r"锁\.pdf 有密码"):
        read_pdf(locked([lines(50, 100, LEFT)]), "锁.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7" + b"\xff" * 5000, b"no PDF at all"])
def test_what_cannot_be_opened_is_named(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"坏\.pdf 打不开"):
        read_pdf(data, "坏.pdf")


def test_damage_in_the_middle_costs_only_the_pages_that_it_hits() -> None:
    data = bytearray(pdf([lines(50, 100, [f"　　第{n}页的第一句话。"]) for n in range(9)]))
    middle = data.index("第4页".encode("utf-16-be").hex().encode())
    data[middle - 150 : middle + 450] = b"\xff" * 600
    found = read_pdf(bytes(data), "坏.pdf")
    pages = found.text.split("\f")
    assert len(pages) == 9
    assert [pages[n] for n in (0, 1, 2, 7, 8)] == [f"第{n}页的第一句话。" for n in (0, 1, 2, 7, 8)]
    lost = [n + 1 for n, page in enumerate(pages) if not page]
    assert lost
    assert all(any(str(n) in remark for remark in found.remarks) for n in lost)


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system limits no memory")


@on_linux
def test_a_page_made_to_eat_memory_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "TEXT_LIMITS", replace(scan.TEXT_LIMITS, memory_mb=160))
    pages = [words(50, 100, 10, "第一页。"), bomb(250_000), words(50, 100, 10, "第三页。")]
    found = read_pdf(pdf(pages), "炸弹.pdf")
    assert found.text == "第一页。\f\f第三页。"
    assert found.remarks == ("第 2 页读不出（损坏，或太费时间、内存）",)


def test_a_page_made_to_take_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "TEXT_LIMITS", replace(scan.TEXT_LIMITS, page_seconds=0.5))
    pages = [words(50, 100, 10, "第一页。"), bomb(1_500_000)]
    found = read_pdf(pdf(pages), "慢.pdf")
    assert found.text == "第一页。\f"
    assert "第 2 页读不出" in found.remarks[0]


@on_linux
@pytest.mark.slow
def test_after_a_few_lost_pages_the_rest_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "TEXT_LIMITS", replace(scan.TEXT_LIMITS, memory_mb=160))
    pages = [words(50, 100, 10, "第一页。"), *[bomb(250_000)] * 4, words(50, 100, 10, "末页。")]
    found = read_pdf(pdf(pages), "炸弹.pdf")
    assert found.text == "第一页。" + "\f" * 5
    assert "第 2–6 页读不出" in found.remarks[0]


def test_time_for_the_whole_file_is_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = replace(scan.TEXT_LIMITS, seconds=-1, more_seconds_a_page=0)
    monkeypatch.setattr(document, "TEXT_LIMITS", limits)
    with pytest.raises(ArticleError, match="第 1–3 页读不出"):
        read_pdf(pdf([lines(50, 100, LEFT)] * 3), "多.pdf")


def test_a_child_that_does_not_end_is_killed_and_none_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stuck = tmp_path / "stuck.py"
    stuck.write_text(
        'import time\nprint(\'{"pages": 1, "created": ""}\', flush=True)\ntime.sleep(600)\n'
    )
    monkeypatch.setattr(child, "__file__", str(stuck))
    limits = replace(scan.TEXT_LIMITS, seconds=0.2, more_seconds_a_page=0, page_seconds=0.2)
    found = scan.scan(b"", limits, max_pages=math.inf)
    assert (found.page_count, found.lost) == (1, [0])
    assert not [p for p in psutil.Process().children() if str(stuck) in p.cmdline()]


def test_the_child_loads_nothing_heavy() -> None:
    order = scan.order_of(scan.TEXT_LIMITS, 9, (), by_ocr=False, size=0)
    command = [sys.executable, "-P", "-X", "importtime", child.__file__, json.dumps(order)]
    data = pdf([lines(50, 100, LEFT)])
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert "北山县" in done.stdout.decode()
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "rag.articles.loaders.pdf.glyphs" in loaded
    assert not {"numpy", "faiss", "pydantic", "PIL", "rag.config", "rag.articles.corpus"} & loaded


def test_a_page_of_countless_lines_is_given_in_the_order_of_the_file() -> None:
    raw = [("字", float(n), 0.0, n + 9.0, 9.0, 9.0, 0) for n in range(5_000)]
    assert document._text(raw) == "\n".join("字" * 5_000)


@settings(max_examples=15)
@given(st.data())
def test_whatever_is_changed_in_a_pdf_it_gives_text_or_an_article_error(
    data: st.DataObject,
) -> None:
    good = bytearray(pdf([columns(100), lines(50, 100, LEFT)]))
    for _ in range(data.draw(st.integers(1, 20))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ArticleError):  # and nothing else
        assert read_pdf(bytes(good), "改.pdf").text.strip()
