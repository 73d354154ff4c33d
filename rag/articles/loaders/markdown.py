"""Markdown as it is written: front matter, tables, and whether the file is one story.

The text stays as it is and offsets count in it; what is found are places. Knows nothing of how
articles are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from rag.articles.loaders.decoded import Decoded
from rag.datatypes import Cell, Table

_FRONT = re.compile(
    r"\ufeff?(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)^(?P=mark)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_MOST_FRONT_CHARS = 20_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DELIMITERS = re.compile(r"^\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_BAR = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"^#\s+\S", re.MULTILINE)
_ANY_HEADING = re.compile(r"^#{1,6}\s+\S", re.MULTILINE)
_TITLES, _DATES = ("title", "标题"), ("date", "日期", "published", "发布日期")
_ORIGINS = ("source", "来源", "publisher")
_SHOWN = re.compile(r"^(?:author|authors|作者|source|来源|publisher)\s*[:=：]", re.IGNORECASE)
_DATE = re.compile(r"^\s*(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?")


class _Line(NamedTuple):
    start: int
    text: str  # without its end


def read_markdown(text: str, encoding: str) -> Decoded:
    """A Markdown file: its text with what its front matter says, and where its tables stand.

    It is one story unless several headings of the first level stand in it, as the stories of a
    page may; lines of the front matter that name neither author nor source are furniture.
    """
    front, end = _front_matter(text)
    tables, delimiters = markdown_tables(text)
    heads = len(_HEADING.findall(text))
    hidden, shown = _front_lines(text, end) if front else ((), ())
    return Decoded(
        text,
        encoding,
        title=_said(front, _TITLES),
        date=_date(front),
        origin=_said(front, _ORIGINS),
        is_one_story=bool(front) or (heads <= 1 and bool(_ANY_HEADING.search(text))),
        tables=tables,
        furniture=(*hidden, *delimiters),
        bylines=shown,
    )


def markdown_tables(text: str) -> tuple[tuple[Table, ...], tuple[tuple[int, int], ...]]:
    """The pipe tables of a text, and its lines of dashes, which are no rows."""
    if "|" not in text or "--" not in text:
        return (), ()
    tables: list[Table] = []
    delimiters: list[tuple[int, int]] = []
    rows: list[_Line] = []
    previous: _Line | None = None
    for line in _unfenced(text):
        is_row = "|" in line.text and bool(line.text.strip())
        if rows and is_row:
            rows.append(line)
            continue
        _add(tables, rows)
        rows = []
        if previous and "|" in previous.text and "-" in line.text and _DELIMITERS.match(line.text):
            rows = [previous]
            delimiters.append((line.start, line.start + len(line.text)))
        previous = line
    _add(tables, rows)
    return tuple(tables), tuple(delimiters)


def _add(tables: list[Table], rows: list[_Line]) -> None:
    cells = [cell for number, line in enumerate(rows) for cell in _cells(line, number)]
    if len(rows) > 1 and max(cell.column for cell in cells) > 0:
        tables.append(Table(tuple(cells), head_rows=1))


def _cells(line: _Line, row: int) -> Iterator[Cell]:
    """The cells of a row that hold something, without the spaces around them."""
    edges = [match.start() for match in _BAR.finditer(line.text)]
    if not line.text.lstrip().startswith("|"):
        edges.insert(0, -1)
    if not line.text.rstrip().endswith("|"):
        edges.append(len(line.text))
    for column, (left, right) in enumerate(pairwise(edges)):
        held = line.text[left + 1 : right]
        if held.strip():
            start = line.start + left + 1 + len(held) - len(held.lstrip())
            yield Cell(start, start + len(held.strip()), row, column)


def _unfenced(text: str) -> Iterator[_Line]:
    """The lines that stand in no block of code; an empty one for each of such a block."""
    fence = ""
    for match in _LINE.finditer(text):
        line = match.group().rstrip("\r\n")
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence):
            fence, line = "", ""
        yield _Line(match.start(), "" if fence else line)
        if match.end() == len(text):
            return


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    """What the block at the top says, and where it ends; nothing where there is none."""
    match = _FRONT.match(text[:_MOST_FRONT_CHARS])
    if not match:
        return {}, 0
    try:
        said = _parsed(match["mark"], match["body"])
    except ValueError:
        return {}, 0
    if not isinstance(said, dict) or not said:
        return {}, 0
    return {str(key).lower(): value for key, value in said.items()}, match.end()


def _parsed(mark: str, body: str) -> Any:
    """YAML between dashes, TOML between plus signs; ValueError for what is neither."""
    if mark == "+++":
        import tomllib

        return tomllib.loads(body)
    import yaml

    try:
        return yaml.safe_load(body)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _front_lines(text: str, end: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Lines of the front matter that are none of the story's, and those that say whose it is."""
    lines = [match for match in _LINE.finditer(text, 0, end) if match.group().strip()]
    shown = tuple(line.span() for line in lines if _SHOWN.match(line.group()))
    return tuple(line.span() for line in lines if line.span() not in shown), shown


def _said(front: dict[str, Any], names: tuple[str, ...]) -> str:
    value = next((front[name] for name in names if front.get(name)), "")
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return " ".join(str(value).split())


def _date(front: dict[str, Any]) -> str | None:
    value = next((front[name] for name in _DATES if front.get(name)), None)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    match = _DATE.match(str(value)) if value is not None else None
    if not match:
        return None
    year, month, day = match.groups()
    try:
        date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])
