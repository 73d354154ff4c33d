"""What the program says in Chinese, told in English on the page: errors, reasons, findings."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
from page.lines import SLOT, in_english, wordings
from page.rendering import render_answer
from page.texts import CHINESE, ENGLISH, IN_ENGLISH
from rag.articles.loaders.decoded import page_list

HAN = re.compile("[一-鿿]")
# What these say, only a terminal shows.
ON_A_TERMINAL = {"batch.py", "cli.py", "mcp_server.py", "model_commands.py", "logins.py"}
ON_A_TERMINAL |= {"serving.py", "command.py", "usage.py", "layout_view.py"}


def raised(root: Path) -> Iterator[str]:
    """The line of every error in the code, a sign for each value in it."""
    for folder in ("rag", "page"):
        for path in sorted((root / folder).rglob("*.py")):
            if path.name in ON_A_TERMINAL:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    line = filled(node.args[0])
                    if ast.unparse(node.func).endswith(("Error", "Finding")) and HAN.search(line):
                        yield line


def filled(node: ast.expr) -> str:
    """A text as it may come out; empty for what is none."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        f"<{place}>" if isinstance(part, ast.FormattedValue) else filled(part)
        for place, part in enumerate(node.values)
    )


def test_every_error_that_the_page_can_show_is_told_in_english_with_its_values(root: Path) -> None:
    lines = sorted(set(raised(root)))
    assert len(lines) > 100
    for line in lines:
        told = IN_ENGLISH.line(line)
        assert not HAN.search(told), line
        assert sorted(re.findall(r"<\d+>", told)) == sorted(re.findall(r"<\d+>", line)), told


def test_a_wording_and_its_english_have_the_same_slots_and_each_is_its_own() -> None:
    for chinese, english in wordings().items():
        assert sorted(SLOT.findall(chinese)) == sorted(SLOT.findall(english)), chinese
        assert not HAN.search(english), english
        assert chinese not in ENGLISH, chinese


def test_a_wording_stands_in_the_code(root: Path) -> None:
    """Clause by clause; else it is out of date."""
    paths = [*(root / "page").glob("*.py"), *(root / "rag").rglob("*.py")]
    # As it is read: implicit joints of texts over lines are none.
    code = re.sub(r"[\"']\s*\n\s*f?[\"']", "", "".join(p.read_text("utf-8") for p in paths))
    code = code.replace("{{", "{").replace("}}", "}")
    for wording in wordings():
        words = "\0".join(SLOT.split(wording)[::2])
        for piece in re.split("[\0，；：（）“”]", words):
            assert piece.strip("${}") in code, wording


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "跳过 甲.pdf：甲.pdf 里没有读得出的文字：每一页都是空的",
            "Skipped 甲.pdf: 甲.pdf holds no text that can be read: every page is empty",
        ),
        (
            f"{page_list([0, 1, 4])}读不出（损坏，或太费时间、内存）",
            "page 1–2、5 could not be read",
        ),
        ("模型甲 下载完了，但用不了：本机没有；请换一个模型", "used: not on this machine; take"),
        ("对话服务 http://x 答 503（忙）；它正忙，请稍后再问", "http://x answers 503"),
        ("向量模型变了（索引用的是 甲，现在是 乙），下次使用时会重建", "; it is built anew when"),
    ],
)
def test_a_line_in_a_line_is_told_too(line: str, told: str) -> None:
    assert told in IN_ENGLISH.line(line)
    assert CHINESE.line(line) == line


@pytest.mark.parametrize("line", ["", "没有这样的一句", "plain English", "甲" * 5000, "（" * 3000])
def test_an_unknown_line_is_told_as_it_is(line: str) -> None:
    assert in_english(line, {}) == line


def test_a_line_made_to_take_long_does_not() -> None:
    begun = time.perf_counter()
    for sign in ("：（", "“引文里”", "；请检查（", "x，"):
        IN_ENGLISH.line(sign * (2000 // len(sign)))
        IN_ENGLISH.line(sign * (600 // len(sign)))
    assert time.perf_counter() - begun < 10


def test_every_reason_of_a_verdict_is_told_in_english() -> None:
    evidence = rag.Evidence(
        "甲", "题", "甲.txt", "全区建成院士工作站3家，利润增长。", 0, 17, ((0, 17),), 1.0
    )
    said = ["全区建成院士工作站5家。", "全区利润下降。", "2021年5月在北京市举办了盛大的音乐节。"]
    reasons = [why for one in said for why in rag.verify(one, [evidence])[1]]
    reasons += rag.verify("全区建成院士工作站3家。", [])[1]
    assert len(reasons) >= len(said)
    for reason in reasons:
        quoted = re.sub("“[^”]*”|[0-9]+[家年月]*", "", IN_ENGLISH.line(reason))
        assert not HAN.search(quoted), reason


def test_values_of_an_error_are_shown_sign_for_sign_in_english_too() -> None:
    answer = rag.Answer("问", "问", "failed", "", "m", error="<b> 是空的；请放入有文字的文件")
    shown = render_answer(answer, 0, say=IN_ENGLISH)
    assert "<b> is empty" not in shown
    assert "&#60;b&#62; is empty" in shown
