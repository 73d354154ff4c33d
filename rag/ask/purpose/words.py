"""The closed classes of ``words.toml`` as regular expressions.

Knows nothing of what they are used for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import resources

_TEXT = resources.files("rag.ask.purpose").joinpath("words.toml").read_text(encoding="utf-8")
CLASSES: dict[str, list[str]] = tomllib.loads(_TEXT)
# A year, with or without a part of it, or a part of a year.
TIME = (
    r"(?:(?:\d{4}年|[今去前]年)(?:\d{1,2}月份?(?:\d{1,2}[日号])?|[上下]半年|[一二三四]季度)?"
    r"|\d{1,2}月份?(?:\d{1,2}[日号])?|[上下]半年|[一二三四]季度)"
)
SIGNS = "，。、；：？！,.;:?!~～ …"


def any_of(*names: str) -> str:
    """A pattern for one word of some classes, the longest first."""
    words: Iterable[str] = (word for name in names for word in CLASSES[name])
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"
