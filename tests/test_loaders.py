"""Bytes to text: the format and the encoding are found, what is no text is refused by name."""

from __future__ import annotations

import codecs
import io
import os
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_pdf import lines, pdf

from rag.articles import loaders
from rag.articles.loaders import decode, decode_file, read_text, way_of_reading
from rag.articles.loaders.plain import marked_encoding
from rag.errors import ArticleError

STORY = (
    "　　安康高新区一季度新开工项目19个，总投资83.59亿元。\r\n"
    "　　“一要快，二要稳。”负责人说，这一年带动5000余户。\r\n"
)
TRADITIONAL = "　　臺灣的圖書館藏書三萬冊，讀者可以借閱，也可以在這裡學習與討論。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (STORY.encode(), "utf-8"),
        (codecs.BOM_UTF8 + STORY.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + STORY.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + STORY.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + STORY.encode("utf-32-le"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + STORY.encode("utf-32-be"), "utf-32-be"),
        (STORY.encode("utf-16-le"), "utf-16-le"),
        (STORY.encode("utf-16-be"), "utf-16-be"),
        (STORY.encode("gb18030"), "gb18030"),
    ],
    ids=[
        "utf-8",
        "utf-8 bom",
        "16le bom",
        "16be bom",
        "32le bom",
        "32be bom",
        "16le",
        "16be",
        "gb",
    ],
)
def test_the_same_story_is_read_from_every_encoding(data: bytes, encoding: str) -> None:
    assert decode(data) == (STORY, encoding)


def test_traditional_text_is_read_from_big5_and_from_gb18030() -> None:
    assert decode(TRADITIONAL.encode("big5hkscs")) == (TRADITIONAL, "big5hkscs")
    assert decode(TRADITIONAL.encode("gb18030")) == (TRADITIONAL, "gb18030")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "Plain words, 2021.\n",
        "一、一要学习；二要工作。\n",
        "　　安康　　\n",
        "安康高新区" * 40,
        "a\n你好",
    ],
)
def test_utf16_needs_no_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    "text", ["你好", "好", "安康", "你好。\n", "1. 学习园地", "恒口：加速度", "100％"]
)
def test_a_few_characters_of_gb18030_are_enough(text: str) -> None:
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("text", ["㐀", "𠀀字典", "人名：𤭢。"])
def test_four_byte_characters_of_gb18030_are_read(text: str) -> None:
    assert decode(text.encode("gb18030")) == (text, "gb18030")


EVERYDAY = st.text(
    st.integers(0xB0, 0xD6).flatmap(
        lambda high: st.integers(0xA1, 0xFE).map(lambda low: bytes((high, low)).decode("gb2312"))
    )
    | st.sampled_from("，。\n0a"),
    min_size=12,
)


@given(EVERYDAY, st.sampled_from(["utf-8", "gb18030"]))
def test_everyday_text_comes_back_as_it_was_written(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


WITHOUT_NUL = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(WITHOUT_NUL, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_with_a_mark_any_text_comes_back_or_is_refused_as_binary(text: str, encoding: str) -> None:
    try:
        assert decode(text.encode(encoding))[0] == text
    except ArticleError as error:
        if "二进制" not in str(error) or not any(ord(character) < 32 for character in text):
            raise


@given(st.binary())
def test_bytes_give_text_or_an_article_error(data: bytes) -> None:
    try:
        text, encoding = decode(data, "文件.txt")
    except ArticleError:
        return
    # Not the other way round: Big5 has two codes for some characters.
    assert text == data[len(marked_encoding(data)[0]) :].decode(encoding, "replace")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\xff\xfe\xfd",
        b"PK\x03\x04\x14\0\0\0\x08\0",
        ("有许多空字节" + "\0" * 9).encode(),
        bytes(range(256)) * 4,
        b"\x01\x02\x03\x04" * 50,
        STORY.encode()[:90] + bytes(range(128, 256)) * 9,
    ],
    ids=["png", "zip", "nuls", "all bytes", "controls", "broken utf-8"],
)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "图.txt").write_bytes(data)
    with pytest.raises(ArticleError, match=r"图\.txt") as caught:
        read_text(tmp_path / "图.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["甲\r\n乙\r\n", "甲\n乙\n", "甲\r乙\r", "甲\f乙\v丙\u2028丁\x85戊"]
)
def test_line_ends_stay_as_in_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert read_text(tmp_path / "a.txt") == text


def test_only_the_mark_at_the_very_start_is_taken_off() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + "字".encode())[0] == "\ufeff字"


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", codecs.BOM_UTF8, "　\n".encode("gb18030")])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "空.txt").write_bytes(data)
    with pytest.raises(ArticleError, match=r"空\.txt 是空的"):
        read_text(tmp_path / "空.txt")


def test_what_cannot_be_opened_is_an_article_error(tmp_path: Path) -> None:
    (tmp_path / "夹.txt").mkdir()
    (tmp_path / "断.txt").symlink_to(tmp_path / "没有")
    for name in ("夹.txt", "断.txt", "无.txt"):
        with pytest.raises(ArticleError, match=f"读不了 {name}"):
            read_text(tmp_path / name)


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: takes no room
    with pytest.raises(ArticleError, match=r"大\.txt 有 200 MB，超过上限 50 MB.*max_file_mb"):
        decode_file(path, 50)


def test_reading_the_text_of_a_file_knows_no_limit(tmp_path: Path) -> None:
    text = "正文。" * 6_000_000
    (tmp_path / "长.txt").write_text(text, encoding="utf-8")
    assert read_text(tmp_path / "长.txt") == text


# --- Formats -----------------------------------------------------------------------------------

WEB_PAGE = "<!DOCTYPE html><html><body><p>网页上的一句话，有逗号。</p></body></html>".encode()
PRINTED = pdf([lines(50, 100, ["印出来的一句话，有逗号。"])])


def word_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("文档里的一句话，有逗号。")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".pdf", ".docx", ".html", ".doc", ""])
@pytest.mark.parametrize(
    ("data", "start"),
    [
        (PRINTED, "印出来的"),
        (word_document(), "文档里的"),
        (WEB_PAGE, "网页上的"),
        (codecs.BOM_UTF8 + b"\n<!-- saved -->\n<HTML>" + WEB_PAGE[21:], "网页上的"),
    ],
    ids=["pdf", "docx", "html", "saved html"],
)
def test_a_wrong_suffix_does_not_matter_where_the_bytes_are_plain(
    tmp_path: Path, data: bytes, start: str, suffix: str
) -> None:
    path = tmp_path / f"文件{suffix}"
    path.write_bytes(data)
    assert read_text(path).startswith(start)
    assert read_text(path) == read_text(path)


def test_a_text_about_a_format_is_a_text(tmp_path: Path) -> None:
    text = "PDF 文件以 %PDF-1.4 开头，网页以 <html> 开头，这些都写在这里。"
    (tmp_path / "说明.txt").write_text(text, encoding="utf-8")
    assert read_text(tmp_path / "说明.txt") == text


def test_comments_without_a_page_behind_them_are_a_text(tmp_path: Path) -> None:
    (tmp_path / "注.md").write_text("<!---->" * 600, encoding="utf-8")
    assert read_text(tmp_path / "注.md") == "<!---->" * 600


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"旧\.doc .*另存为 \.docx"),
        ("旧.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"旧\.txt .*另存为 \.docx"),
        ("宏.docm", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"宏\.docm .*另存为 \.docx"),
        ("空.rtf", b"{\\rtf1 }", r"空\.rtf 里没有文字"),
        ("图.png", b"\x89PNG", r"图\.png 是图片.*OCR"),
        ("包.rar", b"Rar!", r"包\.rar 是 \.rar 压缩包.*\.zip"),
        ("表.xlsx", b"PK\x03\x04", r"表\.xlsx .*"),
        ("表.xls", b"\x09\x08", r"表\.xls .*另存为 \.xlsx"),
        ("片.ppt", b"\x01", r"片\.ppt .*另存为 \.pptx"),
        ("版.ofd", b"\x01", r"版\.ofd .*另存为 \.pdf"),
        ("空.pdf", b"", r"空\.pdf 是空的"),
        ("空.docx", b" ", r"空\.docx 是空的"),
        ("假.docx", "只是文字".encode(), r"假\.docx 不是 \.docx 文件"),
        ("假.pdf", "只是文字".encode(), r"假\.pdf 打不开：不是 PDF"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ArticleError, match=message) as caught:
        read_text(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["锁.docx", "锁.txt"])
def test_a_word_document_behind_a_password_is_named(tmp_path: Path, name: str) -> None:
    package = "EncryptedPackage".encode("utf-16-le")
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + package)
    with pytest.raises(ArticleError, match=f"{name} 有密码"):
        read_text(tmp_path / name)


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "写.txt"
    path.write_text("写了一半", encoding="utf-8")
    look, looks = os.fstat, []

    def look_then_write(descriptor: int) -> os.stat_result:
        looks.append(look(descriptor))
        with path.open("a", encoding="utf-8") as file:
            file.write("，又写了一些")
        return looks[-1]

    monkeypatch.setattr(loaders.os, "fstat", look_then_write)
    with pytest.raises(ArticleError, match=r"写\.txt 正在被改写"):
        read_text(path)


def test_the_way_of_reading_names_what_the_text_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert way_of_reading("文字".encode(), "a.txt") == ""
    assert "lxml" in way_of_reading(WEB_PAGE, "a.txt")
    monkeypatch.setattr(loaders, "ocr_version", lambda: "")
    without = way_of_reading(PRINTED, "a.pdf")
    assert "pypdfium2" in without
    assert way_of_reading(PRINTED, "a.pdf", 20) != without
    monkeypatch.setattr(loaders, "ocr_version", lambda: "rapidocr 3.10.0")
    assert way_of_reading(PRINTED, "a.pdf") != without
