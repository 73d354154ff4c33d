"""Whether a cell of a table can be of the matter that a question asks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rag

TABLE = """# 云岭县茶园普查

| 乡镇 | 2022年产量（吨） | 2023年产量（吨） | 票价（元） |
| --- | --- | --- | --- |
| 石梁镇 | 151.0 | 148.2 | 30 |
| 竹坪乡 | 99.5 | 103.7 | 25 |
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], rag.Answer]:
    folder = tmp_path_factory.mktemp("茶")
    (folder / "茶园.md").write_text(TABLE, encoding="utf-8")
    return rag.load(rag.Config(corpus=folder, chat_model="builtin")).answer


def test_a_column_that_is_not_there_is_refused(ask: Callable[[str], rag.Answer]):
    assert ask("石梁镇有多少茶农？").outcome == "no_evidence"


def test_a_column_called_otherwise_is_found_by_a_sign_in_common(ask: Callable[[str], rag.Answer]):
    assert ask("竹坪乡2023年产了多少吨茶？").short == "103.7吨"
