"""The page's one table of texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from page.listing import ORDERS
from page.panel import ARMS, GONE
from page.rendering import LIKELY, RATINGS, VERDICTS, WELCOME
from page.saved import CUT_OFF
from page.settings_view import BOLDNESS
from page.texts import CHINESE, ENGLISH, IN_ENGLISH, language_of
from rag import model_states

SAYERS = {"say", "SAID"}
FIELD = re.compile(r"\{\w+\}")


def said(root: Path) -> set[str]:
    """Every Chinese text that stands in a call which says it, or that is picked by one."""
    found = {*ORDERS, *ARMS.values(), GONE, *RATINGS, *VERDICTS.values(), WELCOME, CUT_OFF}
    found |= {words for _, words in LIKELY} | {word for word, _ in BOLDNESS}
    found |= {one.kind_name for one in model_states()}
    for path in [root / "app.py", *(root / "page").glob("*.py")]:
        if path.name in ("texts.py", "command.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SAYERS:
                    found |= {
                        leaf.value
                        for argument in node.args
                        for leaf in ast.walk(argument)
                        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                    }
    return {text for text in found if re.search("[一-鿿]", text)}


def test_whatever_the_page_says_stands_in_the_table(root: Path) -> None:
    assert said(root) - set(ENGLISH) == set()


def test_both_languages_fill_in_the_same_and_english_is_english() -> None:
    for chinese, english in ENGLISH.items():
        assert set(FIELD.findall(chinese)) == set(FIELD.findall(english)), chinese
        assert not re.search("[一-鿿]", english.replace("引据", "")), english


def test_a_text_of_the_table_is_used(root: Path) -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [root / "app.py", *(root / "page").glob("*.py"), *(root / "rag").rglob("*.py")]
        if path.name != "texts.py"
    )
    assert [text for text in ENGLISH if text not in code] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-TW", CHINESE),
        ("", CHINESE),
        ("*", CHINESE),
        ("en-US,en;q=0.9,zh;q=0.8", IN_ENGLISH),
        ("fr;q=0.9", IN_ENGLISH),
    ],
)
def test_the_language_is_the_one_that_the_browser_wants_first(accepted, language) -> None:
    assert language_of(accepted) == language


def test_what_is_not_in_the_table_is_said_as_it_is() -> None:
    assert IN_ENGLISH("没有这一句") == "没有这一句"
    assert IN_ENGLISH("共 {count} 篇文章", count=3) == "Articles: 3"
    assert CHINESE("共 {count} 篇文章", count=3) == "共 3 篇文章"
