"""Word documents: everything shown, in order; nothing that is deleted, hidden or made to burst."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import read_articles, read_page, read_text
from rag.articles.loaders import decode_bytes
from rag.articles.loaders.docx import read_docx
from rag.articles.loaders.numbering import Numbering
from rag.errors import ArticleError
from tests.pages import assert_whole

TITLE = "北山县今年新开工三十一个项目"
STORY = ("北山县召开项目推进会，计划新开工项目三十一个。", "污水处理厂二期已经完工，群众都说好。")
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_BOX = "<w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent>"
TEXT_BOX = f"""<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>
<mc:Choice Requires='wps'><wps:txbx>{_BOX}</wps:txbx></mc:Choice>
<mc:Fallback><w:pict><v:textbox>{_BOX}</v:textbox></w:pict></mc:Fallback>
</mc:AlternateContent></w:r></w:p>"""
_GROWING = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b0 "哈哈">{_GROWING}]>'
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>"""


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def of(*paragraphs: str) -> Document:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return document


def text_of(document: Document) -> str:
    return read_docx(saved(document), "文.docx").text


def with_xml(body: str) -> str:
    """The text of a document with these elements in its body."""
    document = of(STORY[0])
    section = document.element.body[-1]
    for element in parse_xml(f"<w:body {SPACES}>{body}</w:body>"):
        section.addprevious(element)
    return text_of(document)


def changed(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one of its files changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return buffer.getvalue()


# --- Text ------------------------------------------------------------------------------------


def test_paragraphs_headings_and_tables_come_in_the_order_of_the_file() -> None:
    document = of(STORY[0])
    document.add_heading("投资", level=2)
    table = document.add_table(rows=2, cols=2)
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, text in zip(cells, ("项目", "投资", "图书馆", "0.8亿元"), strict=True):
        cell.text = text
    document.add_paragraph("")
    document.add_paragraph(STORY[1])
    assert text_of(document) == f"{STORY[0]}\n\n投资\n\n项目\t投资\n图书馆\t0.8亿元\n\n{STORY[1]}"


def test_numbers_that_word_makes_up_are_read_as_they_are_shown() -> None:
    document = of(STORY[0])
    for text in ("拆除旧桥。", "清理河道。"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("备料。", style="List Bullet")
    document.add_paragraph("架梁。", style="List Number")
    assert text_of(document).split("\n\n")[1:] == [
        "1. 拆除旧桥。",
        "2. 清理河道。",
        "备料。",
        "3. 架梁。",
    ]


def test_levels_of_numbers_are_counted_anew_and_printed_as_their_list_says() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(
            [
                ("chineseCounting", "第%1条"),
                ("chineseCountingThousand", "（%2）"),
                ("decimal", "%3)"),
            ]
        )
    )
    definitions = parse_xml(
        f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    numbering = Numbering(definitions, {})

    def shown(depth: int) -> str:
        stated = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr>'
        return numbering.number_of(parse_xml(f"<w:p {SPACES}><w:pPr>{stated}</w:pPr></w:p>"), "")

    assert [shown(depth) for depth in (0, 1, 1, 2, 0, 1)] == [
        "第一条", "（一）", "（二）", "1)", "第二条", "（一）",
    ]  # fmt: skip
    for _ in range(10):
        last = shown(0)
    assert last == "第十二条"


def test_a_table_that_lays_out_a_page_gives_its_paragraphs() -> None:
    document = docx.Document()
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    left.text = STORY[0] * 15
    left.add_paragraph(STORY[1])
    right.text = "图为现场。"
    assert text_of(document) == f"{STORY[0] * 15}\n\n{STORY[1]}\n\n图为现场。"


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        (
            "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>",
            "甲\t乙\n丙",
        ),
        (
            "<w:p><w:ins><w:r><w:t>加上的</w:t></w:r></w:ins><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p>",
            "加上的",
        ),
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见的</w:t></w:r><w:r><w:t>看得见的</w:t></w:r></w:p>",
            "看得见的",
        ),
        (
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件里的话</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "控件里的话",
        ),
        ("<w:p><w:hyperlink><w:r><w:t>链接上的话</w:t></w:r></w:hyperlink></w:p>", "链接上的话"),
        ("<w:p><w:r><w:t>二〇</w:t><w:noBreakHyphen/><w:t>二一</w:t></w:r></w:p>", "二〇-二一"),
        ("<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>", "x=1"),
        (TEXT_BOX, "正文\n\n框里的话"),
    ],
    ids=["signs", "changes", "hidden", "control", "link", "hyphen", "formula", "text box"],
)
def test_what_is_shown_is_read_once_and_what_is_not_is_left_out(element: str, shown: str) -> None:
    assert with_xml(element) == f"{STORY[0]}\n\n{shown}"


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"文\.docx 里没有文字"):
        text_of(of("", "　"))


# --- What the file says of itself --------------------------------------------------------------


def test_the_title_is_that_of_the_title_style_then_a_heading_on_top_then_what_is_stated() -> None:
    document = of(*STORY)
    document.core_properties.title = "存盘时写的题目"
    assert read_docx(saved(document), "a").title == "存盘时写的题目"
    document.paragraphs[0].insert_paragraph_before(TITLE, style="Heading 1")
    assert read_docx(saved(document), "a").title == TITLE
    document.add_paragraph("总题目", style="Title")
    assert read_docx(saved(document), "a").title == "总题目"


@pytest.mark.parametrize("stated", ["文档1", "Microsoft Word - 新建.doc", "Untitled", ""])
def test_a_title_that_a_program_made_up_is_none(stated: str) -> None:
    document = of(*STORY)
    document.core_properties.title = stated
    assert read_docx(saved(document), "a").title == ""


def test_the_day_a_document_was_made_dates_it_if_nothing_better_does(tmp_path: Path) -> None:
    document = of(*STORY)
    for name in ("文.docx", "2020-05-14.docx"):
        (tmp_path / name).write_bytes(saved(document))
        assert (read_articles(tmp_path / name)[0].date is None) == (name == "文.docx")
        document.core_properties.created = datetime(2023, 11, 8, 9)
    (tmp_path / "文.docx").write_bytes(saved(document))
    assert read_articles(tmp_path / "文.docx")[0].date == "2023-11-08"
    assert read_articles(tmp_path / "2020-05-14.docx")[0].date == "2020-05-14"


def test_a_document_is_one_article(tmp_path: Path) -> None:
    document = of(*STORY, "另一个像标题的行", "本报讯 这一段像是另一篇的开头，其实不是。")
    document.paragraphs[0].insert_paragraph_before(TITLE, style="Title")
    (tmp_path / "文.docx").write_bytes(saved(document))
    (article,) = read_articles(tmp_path / "文.docx")
    assert article.title == TITLE
    assert_whole(*read_page(tmp_path / "文.docx"), read_text(tmp_path / "文.docx"))


# --- Hostile files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("word/document2.xml", b"0" * 24_000_000),
        ("word/media/a.bin", b"0" * 300_000_000),
        ("word/media/photo.jpeg", "".join(f"<w:p>{n}" for n in range(1_500_000)).encode("utf-16")),
    ],
    ids=["xml", "whole", "disguised"],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(member: str, content: bytes) -> None:
    buffer = io.BytesIO(saved(of(*STORY)))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(member, content)
    with pytest.raises(ArticleError, match=r"炸弹\.docx 解压后有 \d+ MB.*压缩炸弹"):
        decode_bytes(buffer.getvalue(), "炸弹.docx")


def test_a_package_of_countless_files_is_refused() -> None:
    buffer = io.BytesIO(saved(of(*STORY)))
    with zipfile.ZipFile(buffer, "a") as package:
        for number in range(5_001):
            package.writestr(f"word/{number}.xml", b"")
    with pytest.raises(ArticleError, match="压缩炸弹"):
        decode_bytes(buffer.getvalue(), "多.docx")


def test_many_pictures_are_no_bomb() -> None:
    buffer = io.BytesIO(saved(of(*STORY)))
    with zipfile.ZipFile(buffer, "a") as package:
        for number in range(30):
            package.writestr(f"word/media/{number}.jpeg", bytes(range(256)) * 4_000)
    assert decode_bytes(buffer.getvalue(), "图.docx").text == "\n\n".join(STORY)


@pytest.mark.parametrize("start", [LAUGHS, OUTSIDE], ids=["billion laughs", "outside file"])
def test_entities_are_neither_swollen_nor_fetched(start: str) -> None:
    def change(xml: bytes) -> bytes:
        entity = "&b9;" if start is LAUGHS else "&x;"
        return start.encode() + xml.partition(b"?>")[2].replace("北山县".encode(), entity.encode())

    try:
        text = read_docx(changed(saved(of(*STORY)), "word/document.xml", change), "毒.docx").text
    except ArticleError as error:
        text = str(error)
    host = Path("/etc/hostname")
    assert not host.exists() or host.read_text().strip() not in text
    assert "哈" not in text


def test_an_archive_in_disguise_is_named_for_what_it_is() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("一张.jpg", b"x")
    with pytest.raises(ArticleError, match=r"表\.docx 是压缩包.*解压"):
        decode_bytes(buffer.getvalue(), "表.docx")


@pytest.mark.parametrize(
    "member",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "word/document.xml",
        "docProps/core.xml",
        "word/styles.xml",
    ],
)
def test_a_damaged_part_is_an_article_error(member: str) -> None:
    with pytest.raises(ArticleError, match=r"坏\.docx"):
        read_docx(changed(saved(of(*STORY)), member, lambda xml: xml[:-30] + b"<"), "坏.docx")


@settings(max_examples=40)
@given(st.data())
def test_any_change_of_a_document_gives_text_or_an_article_error(data: st.DataObject) -> None:
    def change(xml: bytes) -> bytes:
        spoilt = bytearray(xml)
        for _ in range(data.draw(st.integers(1, 5))):
            spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
        return bytes(spoilt)

    good = saved(of(*STORY))
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        names = package.namelist()
    spoilt = changed(good, data.draw(st.sampled_from(names)), change)
    try:
        text = read_docx(spoilt, "改.docx").text
    except ArticleError as error:
        text = str(error)
    assert text.strip()
