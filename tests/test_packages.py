"""Formats that are packages, tables or codes: what is read of each, and what is said of the rest."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pptx
import pytest
from openpyxl.chart import BarChart

from rag.articles import read_articles, read_corpus, read_text
from rag.articles.loaders import decode_bytes
from rag.errors import ArticleError

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="a/b.opf"/></rootfiles></container>'
)
OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>溪口村志</dc:title></metadata><manifest>'
    '<item id="y" href="2.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="x" href="1.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="x"/><itemref idref="y"/></spine></package>'
)
ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>'
    "<text:p>溪口村<text:span>修了桥</text:span>。</text:p><table:table><table:table-row>"
    "<table:table-cell><text:p>月份</text:p></table:table-cell>"
    "<table:table-cell><text:p>人数</text:p></table:table-cell></table:table-row><table:table-row>"
    "<table:table-cell><text:p>8月</text:p></table:table-cell>"
    "<table:table-cell><text:p>31</text:p></table:table-cell></table:table-row></table:table>"
    "</office:text></office:body></office:document-content>"
)


def package(**members: str) -> bytes:
    """A zip of these members, ``mimetype`` first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cells(data: bytes, name: str) -> list[str]:
    decoded = decode_bytes(data, name)
    return [decoded.text[c.start : c.end] for table in decoded.tables for c in table.cells]


# --- Workbooks -------------------------------------------------------------------------------


def test_numbers_and_dates_of_a_workbook_are_written_as_they_are_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目", "投资", "完成率", "开工"])
    sheet.append(["冷库", 1234.5, 0.355, dt.date(2023, 3, 5)])
    sheet["B2"].number_format, sheet["C2"].number_format = "#,##0.00", "0.0%"
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    assert cells(workbook(book), "a.xlsx")[4:] == ["冷库", "1,234.50", "35.5%", "2023年3月5日"]


def test_what_a_workbook_hides_is_left_out_and_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["项目", "投资", "密"], ["冷库", 3, "甲"], ["暗库", 9, "乙"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("内部").append(["不公开"])
    book["内部"].sheet_state = "hidden"
    book.create_chartsheet("图").add_chart(BarChart())
    decoded = decode_bytes(workbook(book), "a.xlsx")
    assert not any(what in decoded.text for what in ("暗库", "甲", "不公开"))
    told = "；".join(decoded.remarks)
    assert all(what in told for what in ("1 行", "1 列", "“内部”", "“图”"))


def test_a_merged_cell_of_a_workbook_reaches_over_its_rows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["服务", "等级", "收费"], ["送餐", "普通", 3], [None, "加急", 4]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    (table,) = decode_bytes(workbook(book), "a.xlsx").tables
    assert [(c.row, c.column, c.rows) for c in table.cells if c.rows > 1] == [(1, 0, 2)]


def test_a_workbook_of_ten_thousand_rows_is_read_in_seconds() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("户")
    sheet.append(["户主", "人口", "亩数"])
    for number in range(10_000):
        sheet.append([f"户{number}", number % 9, number % 40 / 4])
    data = workbook(book)
    start = time.process_time()
    decoded = decode_bytes(data, "a.xlsx")
    assert time.process_time() - start < 5
    assert len(decoded.tables[0].cells) == 30_003


@pytest.mark.slow
def test_of_a_million_rows_the_first_are_read_and_the_rest_is_said() -> None:
    """The file says that it has one row, as generated ones may."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["户主", "人口"])
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>户{n}</t></is></c>'
        f'<c r="B{n}"><v>{n % 9}</v></c></row>'
        for n in range(2, 1_000_001)
    )
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(book))) as given,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in given.namelist():
            content = given.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", f"{rows}</sheetData>".encode())
            made.writestr(name, content)
    decoded = decode_bytes(data.getvalue(), "户.xlsx")
    assert decoded.text.count("\n") > 19_000
    assert any("只读了前 20000 行" in line for line in decoded.remarks)


def test_formulas_that_were_never_worked_out_are_counted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["项目", "投资"], ["冷库", 3], ["合计", "=SUM(B2:B2)"]):
        sheet.append(row)
    assert "1 个公式" in decode_bytes(workbook(book), "a.xlsx").remarks[0]


def test_a_workbook_without_text_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"空\.xlsx 里没有文字"):
        decode_bytes(workbook(openpyxl.Workbook()), "空.xlsx")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("站;水位\n上站;3,1\n下站;2,8\n", "gb18030"),
        ('站,水位\n上站,"3,1"\n下站,"2,8"\n', "utf-8-sig"),
        ("站\t水位\n上站\t3,1\n下站\t2,8\n", "utf-16"),
    ],
)
def test_delimited_text_is_a_table_whatever_parts_its_fields(text: str, encoding: str) -> None:
    assert cells(text.encode(encoding), "a.csv") == ["站", "水位", "上站", "3,1", "下站", "2,8"]


# --- Slides, books, texts ----------------------------------------------------------------------


def slides(*, pictures_only: bool = False) -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6 if pictures_only else 1])
    if not pictures_only:
        slide.shapes.title.text, slide.placeholders[1].text = "溪口村汇报", "修桥两座\n植树五百棵"
        slide.notes_slide.notes_text_frame.text = "由村长主讲。"
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def test_slides_are_read_with_their_notes_and_their_points_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(slides())
    (article,) = read_articles(tmp_path / "a.pptx")
    assert article.title == "溪口村汇报"
    assert article.text.split("\n") == ["溪口村汇报", "修桥两座", "植树五百棵", "由村长主讲。"]
    assert article.headings == ()


def test_slides_of_pictures_only_are_refused_in_one_line() -> None:
    with pytest.raises(ArticleError, match=r"a\.pptx 里没有文字（可能只有图片）"):
        decode_bytes(slides(pictures_only=True), "a.pptx")


def test_a_book_is_read_in_the_order_of_its_spine_without_its_scripts() -> None:
    page = "<html><body><h1>{}</h1><script>alert(1)</script><p>{}</p></body></html>"
    book = package(
        **{
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "a/b.opf": OPF,
            "a/2.xhtml": page.format("学堂", "学堂有九间房。"),
            "a/1.xhtml": page.format("窑火", "村里有六座窑。"),
        }
    )
    decoded = decode_bytes(book, "村志.epub")
    assert decoded.title == "溪口村志"
    assert decoded.text.split("\n\n") == ["窑火", "村里有六座窑。", "学堂", "学堂有九间房。"]


def test_a_book_of_three_hundred_chapters_is_read_whole() -> None:
    numbers = range(300)
    items = "".join(
        f'<item id="p{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers
    )
    spine = "".join(f'<itemref idref="p{n}"/>' for n in numbers)
    opf = OPF[: OPF.index("<item id")] + f"{items}</manifest><spine>{spine}</spine></package>"
    told = "".join(f"<p>第{n}座桥长{n}米，修了{n}年，用石料{n}万块。</p>" for n in range(30))
    chapters = {
        f"a/{n}.xhtml": f"<html><body><h1>第{n}章</h1>{told}</body></html>" for n in numbers
    }
    decoded = decode_bytes(
        package(
            **{"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER},
            **{"a/b.opf": opf, **chapters},
        ),
        "长.epub",
    )
    assert [f"第{n}章" in decoded.text for n in numbers] == [True] * 300


def test_an_open_document_is_read_with_its_tables() -> None:
    mime = "application/vnd.oasis.opendocument.text"
    data = package(**{"mimetype": mime, "content.xml": ODT, "META-INF/manifest.xml": "<manifest/>"})
    assert decode_bytes(data, "a.odt").text.startswith("溪口村修了桥。")
    assert cells(data, "a.odt") == ["月份", "人数", "8月", "31"]


def test_rich_text_is_read_a_paragraph_a_block() -> None:
    codes = "".join(f"\\u{ord(sign)}?" for sign in "溪口村修了桥。")
    data = f"{{\\rtf1\\ansi {codes}\\par {codes}\\par}}".encode()
    assert decode_bytes(data, "a.rtf").text == "溪口村修了桥。\n\n溪口村修了桥。"


def test_a_mail_is_its_subject_and_text_and_names_what_is_attached() -> None:
    data = (
        "Subject: =?utf-8?B?5L+u5qGl?=\r\nDate: Mon, 3 Jun 2024 09:00:00 +0800\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n溪口村修了桥。\r\n--x\r\n"
        "Content-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\nx\r\n--x--"
    ).encode()
    decoded = decode_bytes(data, "a.eml")
    assert (decoded.title, decoded.date) == ("修桥", "2024-06-03")
    assert "溪口村修了桥。" in decoded.text
    assert "a.png" in decoded.remarks[0]


# --- Archives --------------------------------------------------------------------------------


def test_the_files_of_an_archive_are_articles_of_their_own(tmp_path: Path) -> None:
    inner = package(**{"深.txt": "太深了。"})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("旧/桥.txt", "溪口桥\n\n溪口桥修好了。")
        archive.writestr("包.zip", inner)
        archive.writestr("../逃.txt", "逃出去了。")
    (tmp_path / "旧闻.zip").write_bytes(buffer.getvalue())
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["旧闻.zip!/旧/桥.txt"]
    assert read_text(tmp_path / "旧闻.zip!/旧/桥.txt") == "溪口桥\n\n溪口桥修好了。"
    assert [(one.source, "不再展开" in one.reason) for one in corpus.skipped] == [
        ("旧闻.zip!/包.zip", True)
    ]


def test_a_bomb_in_an_archive_costs_only_itself(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("炸.txt", b"0" * 30_000_000)
        archive.writestr("桥.txt", "溪口桥修好了。")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["a.zip!/桥.txt"]
    assert "压缩炸弹" in corpus.skipped[0].reason


def test_each_unknown_suffix_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "桥.txt").write_text("溪口桥修好了。", encoding="utf-8")
    for name in ("一.xyz", "二.xyz", "三.dat"):
        (tmp_path / name).write_bytes(b"1")
    told = [one.reason for one in read_corpus(tmp_path).skipped]
    assert len(told) == 2
    assert any(".xyz" in line and "2 个" in line for line in told)


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.epub", "a.odt"])
def test_a_damaged_package_is_one_line(name: str) -> None:
    with pytest.raises(ArticleError, match=rf"{name} .*") as caught:
        decode_bytes(b"PK\x03\x04" + bytes(200), name)
    assert "\n" not in str(caught.value)
