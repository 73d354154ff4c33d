"""How many rules written by hand stand between a question and its answer, and how much code.

Counted are the folders of ``rag/`` that a question walks through, and apart from them the single
modules on its way; a rule is

- an alternative of a pattern: its ``|`` outside of character classes and one more, if it has any;
- a further Chinese character of a class ``[…]`` that has more than three of them;
- an entry of a tuple, list, set or dict of string constants, of a ``"…".split()``, and each
  character of a ``frozenset("…")`` but the first, under the rule of classes. An entry that is a
  pattern counts as its alternatives, a key with its value once.

In code these are looked for in the values of assignments at the top of a module, but ``__all__``
and ``Literal[…]``. What a pattern takes from another constant by an f-string is counted there. JSON
and TOML count as the same value in code would; of TXT and TSV each line that is no comment counts
as an entry. Lines of code are those that are neither blank nor a comment.

Knows nothing of what a rule is good for.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDERS = (
    "ask", "read", "retrieve", "answer", "queries", "evidence", "answerers", "citations",
)  # fmt: skip
MODULES = ("retriever.py", "reranking.py")
_FEWEST_IN_CLASS = 3
_CHINESE = re.compile(r"[\u4e00-\u9fff\u3007]")
# An escaped sign, a class, or an alternative; a class may begin with its closing bracket.
_TOKEN = re.compile(r"\\.|\[\^?\]?(?P<members>(?:\\.|[^\]\\])*)\]|(?P<bar>\|)", re.DOTALL)
_UNKNOWN = "\0"  # stands for what a string takes from elsewhere
_CHARACTERS_OF = ("frozenset", "set", "tuple", "list")


@dataclass(frozen=True, slots=True)
class FileCount:
    """A file, named from its folder, with its rules and its lines of code (none of a data file)."""

    name: str
    rules: int
    lines: int


def count_rules(package: Path) -> dict[str, tuple[FileCount, ...]]:
    """The files of each folder of the package that is there, files without rules and code left out.

    ValueError when a file cannot be parsed.
    """
    folders = [package / name for name in FOLDERS if (package / name).is_dir()]
    return {folder.name: tuple(_counted(folder, sorted(folder.rglob("*")))) for folder in folders}


def count_modules(package: Path) -> tuple[FileCount, ...]:
    """The single modules of the package that are there; ValueError when one cannot be parsed."""
    paths = (package / name for name in MODULES)
    return tuple(_counted(package, [path for path in paths if path.is_file()]))


def _counted(folder: Path, paths: Iterable[Path]) -> Iterator[FileCount]:
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".py":
            code = path.read_text(encoding="utf-8")
            yield FileCount(name, rules_in_code(code), lines_of_code(code))
        elif path.suffix in (".json", ".toml", ".txt", ".tsv"):
            yield FileCount(name, rules_in_data(path.read_text(encoding="utf-8"), path.suffix), 0)


def lines_of_code(code: str) -> int:
    """How many lines are neither blank nor a comment."""
    lines = (line.strip() for line in code.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def rules_in_data(text: str, suffix: str) -> int:
    """The rules of a data file of that kind."""
    if suffix == ".json":
        return _of_value(json.loads(text))
    if suffix == ".toml":
        return _of_value(tomllib.loads(text))
    lines = (line.strip() for line in text.splitlines())
    return sum(_of_entry(line) for line in lines if line and not line.startswith("#"))


def _of_value(value: Any) -> int:
    if isinstance(value, dict):
        return sum(max(1, _of_value(one)) for one in value.values())
    if isinstance(value, list):
        return sum(_of_entry(one) if isinstance(one, str) else _of_value(one) for one in value)
    return alternatives(value) if isinstance(value, str) else 0


def rules_in_code(code: str) -> int:
    """The rules of a module; ValueError (SyntaxError) when it is none."""
    return sum(_of_node(value) for value in _constants(ast.parse(code)))


def _constants(module: ast.Module) -> Iterator[ast.expr]:
    """The values of the assignments at the top of a module."""
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            targets = [statement.target]
        else:
            continue
        is_interface = any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets)
        if statement.value is not None and not is_interface:
            yield statement.value


def _of_node(node: ast.AST) -> int:
    """The rules of an expression."""
    if (text := _text(node)) is not None:
        return alternatives(text) + sum(_of_node(one) for one in _taken_in(node))
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return sum(_of_member(one) for one in node.elts)
    if isinstance(node, ast.Dict):
        return sum(_of_pair(key, value) for key, value in zip(node.keys, node.values, strict=True))
    if isinstance(node, ast.Call):
        return _of_call(node)
    if isinstance(node, ast.Subscript) and _name(node.value) == "Literal":
        return 0
    return sum(_of_node(one) for one in ast.iter_child_nodes(node))


def _of_member(node: ast.expr) -> int:
    return _of_node(node) if _text(node) is None else max(1, _of_node(node))


def _of_pair(key: ast.expr | None, value: ast.expr) -> int:
    is_of_words = any(one is not None and _text(one) is not None for one in (key, value))
    return max(int(is_of_words), _of_node(value) + (_of_node(key) if key else 0))


def _of_call(node: ast.Call) -> int:
    function, text = node.func, _text(node.args[0]) if node.args else None
    if isinstance(function, ast.Attribute) and function.attr == "split":
        words = _text(function.value)
        if words is not None:
            return sum(map(_of_entry, words.split(text)))
    if _name(function) in _CHARACTERS_OF and text is not None:
        return _of_class(text)
    return sum(_of_node(one) for one in ast.iter_child_nodes(node))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text(node: ast.AST) -> str | None:
    """A string constant, an f-string or a sum of them, a mark in it for what is taken in; None of
    other expressions."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(one) or _UNKNOWN for one in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_text(node.left), _text(node.right)]
        return None if sides == [None, None] else "".join(one or _UNKNOWN for one in sides)
    return None


def _taken_in(node: ast.AST) -> Iterator[ast.AST]:
    """The expressions whose values a string takes in."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.FormattedValue):
            yield one.value
        elif isinstance(one, ast.expr) and _text(one) is None:
            yield one
        elif not isinstance(one, ast.Constant):
            yield from _taken_in(one)


def _of_entry(text: str) -> int:
    return max(1, alternatives(text))


def alternatives(pattern: str) -> int:
    """The alternatives of a pattern and the further characters of its classes; 0 without any.

    The bar alone joins words that are counted where they stand.
    """
    if pattern == "|":
        return 0
    bars = further = 0
    for token in _TOKEN.finditer(pattern):
        bars += token["bar"] is not None
        further += _of_class(token["members"] or "")
    return bars + bool(bars) + further


def _of_class(members: str) -> int:
    chinese = len(_CHINESE.findall(members))
    return chinese - 1 if chinese > _FEWEST_IN_CLASS else 0
