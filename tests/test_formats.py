"""A folder of every format: questions are answered from each, and quotes lead back to the file."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

import docx
import pytest

import rag
from tests.stories import FIRM, SCHOOL, TEA, WATER, assert_quotes_hold
from tests.tiny_pdf import lines, locked, pdf, words


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "文章"
    folder.mkdir()
    title, text = TEA
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines()[1:])
    page = f"<html><meta charset=gb2312><h1>{title}</h1>{paragraphs}<p>版权所有 镇政府</p></html>"
    (folder / "茶.html").write_bytes(page.encode("gb18030"))
    document = docx.Document()
    document.add_heading(WATER[0], level=1)
    for line in WATER[1].splitlines()[1:]:
        document.add_paragraph(line)
    document.save(str(folder / "水库.docx"))
    _, *body = SCHOOL[1].splitlines()
    printed = [f"　　{paragraph}" for paragraph in body]
    columns = [wrap(paragraph, 16, drop_whitespace=False) for paragraph in printed]
    (folder / "小学.pdf").write_bytes(
        pdf(
            [
                words(50, 90, 18, SCHOOL[0])
                + lines(50, 120, columns[0])
                + lines(260, 120, columns[1])
            ]
        )
    )
    (folder / "年报.txt").write_text(FIRM[1], encoding="utf-8")
    (folder / "锁.pdf").write_bytes(locked([b""]))
    (folder / "表.xlsx").write_bytes(b"PK\x03\x04")
    return folder


@pytest.mark.usefixtures("stand_in_judge")
def test_each_format_answers_and_every_quote_leads_back_to_its_file(
    corpus: Path, tmp_path: Path
) -> None:
    config = rag.Config(corpus=corpus, index_dir=tmp_path / "index", chat_model="builtin")
    told: list[str] = []
    bot = rag.load(config, report=told.append)
    texts = {article.source: rag.read_text(corpus / article.source) for article in bot.articles}
    asked = {
        "云桥镇2019年新建了多少亩茶园？": ("茶.html", "1.2万亩"),
        "双河水库的工期是几年？": ("水库.docx", "5年"),
        "新校舍占地多少亩？": ("小学.pdf", "45亩"),
        "公司现有员工多少人？": ("年报.txt", "2600人"),
    }
    for question, (source, short) in asked.items():
        answer = bot.answer(question)
        assert (answer.citations[0].source, answer.short) == (source, short)
        assert_quotes_hold(answer, list(bot.articles), texts)
    assert {article.title for article in bot.articles} == {
        story[0] for story in (TEA, WATER, SCHOOL, FIRM)
    }
    assert [line for line in told if "锁.pdf 有密码" in line]
    assert [line for line in told if "表.xlsx" in line]


@pytest.mark.usefixtures("stand_in_judge")
def test_a_citation_of_a_pdf_names_its_page_and_others_none(tmp_path: Path) -> None:
    (tmp_path / "年报.pdf").write_bytes(
        pdf(
            [
                words(50, 90, 12, "渡口乡去年修桥三座，全部通车。"),
                words(50, 90, 12, "渡口乡今年种茶四百亩，分给八十户。"),
            ]
        )
    )
    (tmp_path / "通知.txt").write_text("渡口乡明年办学校两所，都在镇上。", encoding="utf-8")
    chatbot = rag.load(rag.Config(corpus=tmp_path, chat_model="builtin"))

    def pages(question: str) -> set[int | None]:
        return {citation.page for citation in chatbot.answer(question).citations}

    assert pages("渡口乡今年种茶多少亩？") == {2}
    assert pages("渡口乡明年办学校几所？") == {None}
