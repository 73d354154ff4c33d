"""Fields of a row of JSON, each checked: strings, truth values, ranges of a text.

In goes a row and a field's name; out comes its value as a tuple, str, bool or range. What is wrong
is a LookupError, TypeError or ValueError that names the field, for ``corpora.files.parsed`` to
tell. Knows no row's meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text_of(texts: Mapping[str, str], name: str) -> str:
    """The article of that name."""
    if name not in texts:
        raise ValueError(f"docs 里没有文章 {name}")
    return texts[name]


def string(row: Any, name: str, default: str | None = None) -> str:
    """A string; without ``default`` it has to be there."""
    value = row[name] if default is None else row.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name} 不是文字")
    return value


def strings(row: Any, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """A list of strings; without ``default`` it has to be there."""
    value = row[name] if default is None else row.get(name, default)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"{name} 不是一列文字")
    return tuple(value)


def truth(row: Any, name: str) -> bool:
    """A truth value."""
    if not isinstance(row[name], bool):
        raise TypeError(f"{name} 不是真假值")
    return bool(row[name])


def range_in(value: Any, text: str, name: str) -> tuple[int, int]:
    """A range that is not empty and lies in a text."""
    start, end = value
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{name} 的 [{start}, {end}] 不在文章里")
    return start, end


def ranges_in(row: Any, name: str, text: str) -> tuple[tuple[int, int], ...]:
    """A list of ranges of a text."""
    return tuple(range_in(value, text, name) for value in row[name])


def answers_at(row: Any, ranges: tuple[tuple[int, int], ...], text: str) -> tuple[str, ...]:
    """The answers, each of which stands at the range with its number."""
    answers = strings(row, "answers")
    if answers != tuple(text[start:end] for start, end in ranges):
        raise ValueError("answers 不是 short 处的原文")
    return answers
