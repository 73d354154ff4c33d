"""What counts as a rule in code and in data files, and the command that counts them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from eval import yardsticks
from eval.rules import (
    FileCount,
    alternatives,
    count_modules,
    count_rules,
    lines_of_code,
    rules_in_code,
    rules_in_data,
)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("茶园", 0),
        ("茶园|果园|菜园", 3),
        (r"茶园(?:里|中)\|", 2),
        ("|", 0),
        ("[|]", 0),
        (r"[\]|]", 0),
        ("[]|]", 0),
        ("[甲乙丙]", 0),
        ("[甲乙丙丁]", 3),
        ("[^甲乙丙丁戊]|茶", 6),
        ("[一-鿿]", 0),
        ("[，。；：！]", 0),
    ],
)
def test_bars_outside_of_classes_and_further_characters_of_long_classes_count(
    pattern: str, count: int
) -> None:
    assert alternatives(pattern) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('_A = re.compile(r"甲|乙")', 2),
        ('_A: Final = "甲|乙"', 2),
        ('_A = ("甲", "乙|丙", "丁")', 4),
        ('_A = frozenset({"甲", "乙"})', 2),
        ('_A = frozenset("甲乙丙丁")', 3),
        ('_A = {"甲": 1, "乙": "丙|丁"}', 3),
        ('_A = {"甲": ("一", "二"), "乙": ("三",)}', 3),
        ('_A = {1: 2}', 0),
        ('_A = "甲 乙 丙".split()', 3),
        ('_A = frozenset("甲,乙".split(","))', 2),
        ('_A = (("甲", re.compile("一|二")), ("乙", re.compile("三|四")))', 6),
        ('_A = rf"{_B}|甲{_C}"', 2),
        ("_A = rf\"(?:{'|'.join(('甲', '乙'))})丙|丁\"", 4),
        ('_A = "甲|" + _B + "|乙"', 3),
        ('_A = "甲" "|乙"', 2),
        ('_A = [word for word in ("甲", "乙")]', 2),
        ('__all__ = ["a", "b"]', 0),
        ('Kind = Literal["a", "b"]', 0),
        ('_A = 3\n_B: int', 0),
        ('"""甲|乙"""', 0),
        ('def f():\n    return "甲|乙"', 0),
    ],
)  # fmt: skip
def test_patterns_and_word_lists_at_the_top_of_a_module_count(code: str, count: int) -> None:
    assert rules_in_code(code) == count


@pytest.mark.parametrize(
    ("text", "suffix", "count"),
    [
        ("# where from\n甲\n\n乙|丙\n", ".txt", 3),
        ("# where from\n甲\t乙\n丙\t丁\n", ".tsv", 2),
        ('{"甲": ["一", "二"], "乙": 3}', ".json", 3),
        ('[\n"甲",\n"乙|丙"\n]', ".json", 3),
        ('# where from\nasks = "甲|乙"\nwords = ["丙", "丁"]\n[part]\none = 1\n', ".toml", 5),
    ],
)
def test_data_files_count_as_the_same_in_code_and_others_by_their_lines(
    text: str, suffix: str, count: int
) -> None:
    assert rules_in_data(text, suffix) == count


def test_blank_lines_and_comments_are_no_code() -> None:
    assert lines_of_code('"""Says."""\n\n# why\nx = 1  # one\n') == 2


def package(folder: Path) -> Path:
    (folder / "queries" / "words").mkdir(parents=True)
    (folder / "index").mkdir()
    (folder / "queries" / "asking.py").write_text('_A = "甲|乙"\n', encoding="utf-8")
    (folder / "queries" / "words" / "ends.txt").write_text("甲\n乙\n丙\n", encoding="utf-8")
    (folder / "queries" / "notes.md").write_text("甲|乙\n", encoding="utf-8")
    (folder / "reranking.py").write_text('"""Says."""\n_A = "甲|乙|丙"\n', encoding="utf-8")
    (folder / "passages.py").write_text('_A = "甲|乙"\n', encoding="utf-8")
    (folder / "index" / "terms.py").write_text('_A = "甲|乙"\n', encoding="utf-8")
    return folder


def test_only_the_folders_a_question_walks_through_are_counted(tmp_path: Path) -> None:
    assert count_rules(package(tmp_path)) == {
        "queries": (FileCount("asking.py", 2, 1), FileCount("words/ends.txt", 3, 0))
    }


def test_of_single_modules_only_those_on_its_way_are_counted(tmp_path: Path) -> None:
    assert count_modules(package(tmp_path)) == (FileCount("reranking.py", 3, 2),)


def test_the_command_prints_files_folders_their_total_and_below_it_the_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path / "rag")
    monkeypatch.setattr(yardsticks, "ROOT", tmp_path)
    done = CliRunner().invoke(command.app, ["rules"])
    assert done.exit_code == 0, done.output
    rows = [line.strip("│ ").split() for line in done.output.splitlines() if line.startswith("│")]
    assert [[one for one in row if one != "│"] for row in rows] == [
        ["queries/", "5", "1"],
        ["asking.py", "2", "1"],
        ["words/ends.txt", "3", "0"],
        ["文件夹合计", "5", "1"],
        ["reranking.py", "3", "2"],
    ]
