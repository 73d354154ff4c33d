"""Files of a data folder: lines, rows of JSON, articles by name; packed or not.

In goes a path; out come lines or rows with their places. What is missing or broken is a DataError
of one Chinese line: which file, what is wrong with it, what to do. Knows nothing of what the rows
mean.
"""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Row = TypeVar("Row")


class DataError(ValueError):
    """Data that is missing or wrong; one Chinese line: what, where, what to do."""


def read_packed_lines(path: Path) -> Iterator[str]:
    """Yield the lines of an .xz text file without their line feeds; OSError when it is missing."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, packed with gzip or not; DataError when it cannot be read."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} 不是 UTF-8 文本；请转成 UTF-8 再试") from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"读不了 {path}（{type(error).__name__}）；请核对 --data 和文件") from error
    return text.split("\n")


def json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    """Each line's place, for a message, and its JSON; blank lines are passed over."""
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            try:
                yield f"第 {number} 行", json.loads(line)
            except ValueError as error:
                raise DataError(
                    f"{path.name} 第 {number} 行不是 JSON（{error}）；请核对文件"
                ) from error


def parsed(
    name: str, rows: Iterable[tuple[str, Any]], parse: Callable[[Any], Row], *, wanted: str
) -> list[Row]:
    """The rows of a file as questions; DataError for the first that ``parse`` cannot take.

    ``parse`` says so by a LookupError, TypeError or ValueError; ``wanted`` tells what a row has.
    """
    found = []
    for place, row in rows:
        try:
            found.append(parse(row))
        except (LookupError, TypeError, ValueError) as error:
            raise DataError(
                f"{name} {place}不是题目（{fault(error)}）；要有 {wanted}，请核对文件"
            ) from error
    if not found:
        raise DataError(f"{name} 里没有题目；请核对文件")
    return found


def read_articles(path: Path) -> dict[str, str]:
    """The texts of a file of rows ``{"doc", "text"}``, by the name of the article."""
    found: dict[str, str] = {}
    for place, row in json_rows(path):
        try:
            name, text = row["doc"], row["text"]
        except (LookupError, TypeError) as error:
            raise DataError(f"{path.name} {place}不是文章（{fault(error)}）；请核对文件") from error
        if not isinstance(name, str) or not isinstance(text, str):
            raise DataError(f"{path.name} {place}不是文章（doc、text 要是文字）；请核对文件")
        found[name] = text
    return found


def fault(error: Exception) -> str:
    """What is wrong, in a message: a key that is lacking is named."""
    return f"缺 {error.args[0]}" if isinstance(error, KeyError) else str(error)
