"""Question sets of the SQuAD kind as rows: one question, its paragraph, its answers.

Reads what is published (SQuAD 1.1 and 2.0, DRCD, both shapes of CMRC 2018) and rows of JSON, one a
line. Knows nothing of what is measured.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

SUFFIXES = (".json", ".jsonl", ".json.gz", ".jsonl.gz")


class BenchmarkError(ValueError):
    """A question set that is missing or wrong; one Chinese line: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its paragraph; without ``answers`` the paragraph does not answer it.

    ``text`` may be empty: CMRC 2018's trial set has such a row. It cannot be asked.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    context: str
    title: str

    @property
    def is_answerable(self) -> bool:
        return bool(self.answers)


def read_questions(path: Path) -> list[Question]:
    """All questions of a file in its order; BenchmarkError when it is no question set."""
    lines = _rows(path) if ".jsonl" in path.name else _nested(path)
    questions = []
    for place, row in lines:
        try:
            questions.append(_question(row))
        except (LookupError, TypeError, ValueError) as error:
            raise BenchmarkError(
                f"{path.name} {place}不是题目（{_fault(error)}）；"
                "要有 question、context 和 answers，请核对文件"
            ) from error
    if not questions:
        raise BenchmarkError(f"{path.name} 里没有题目；请核对文件")
    return questions


def simplified(questions: Sequence[Question]) -> list[Question]:
    """The questions in simplified characters (OpenCC ``t2s``)."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    return [
        replace(
            one,
            text=convert(one.text),
            answers=tuple(map(convert, one.answers)),
            context=convert(one.context),
            title=convert(one.title),
        )
        for one in questions
    ]


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, packed with gzip or not; BenchmarkError when it cannot be read."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BenchmarkError(f"{path.name} 不是 UTF-8 文本；请转成 UTF-8 再试") from error
    except (OSError, EOFError, zlib.error) as error:
        raise BenchmarkError(
            f"读不了 {path}（{type(error).__name__}）；请核对 --data 和文件"
        ) from error
    return text.split("\n")


def json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    """Each line's place, for a message, and its JSON; blank lines are passed over."""
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            try:
                yield f"第 {number} 行", json.loads(line)
            except ValueError as error:
                raise BenchmarkError(
                    f"{path.name} 第 {number} 行不是 JSON（{error}）；请核对文件"
                ) from error


_rows = json_rows


def _nested(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The questions of a file that is one JSON value, each as a flat row with its place."""
    try:
        whole = json.loads("\n".join(read_lines(path)))
    except ValueError as error:
        if isinstance(error, BenchmarkError):
            raise
        raise BenchmarkError(f"{path.name} 不是 JSON（{error}）；请核对文件") from error
    try:
        paragraphs = list(_paragraphs(whole))
        for title, paragraph in paragraphs:
            context = paragraph.get("context", paragraph.get("context_text"))
            for row in paragraph["qas"]:
                yield f"题目 {_name(row)} ", {**row, "context": context, "title": title}
    except (LookupError, TypeError, AttributeError) as error:
        raise BenchmarkError(
            f"{path.name} 不是 SQuAD 式的题库（{_fault(error)}）；"
            "要有 data、paragraphs、qas，或 CMRC 2018 的 context_text、qas"
        ) from error


def _paragraphs(whole: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Titles with paragraphs: under ``data`` as in SQuAD, or a bare list as CMRC 2018 first had."""
    if isinstance(whole, dict):
        for article in whole["data"]:
            for paragraph in article["paragraphs"]:
                yield str(article.get("title", "")), paragraph
    else:
        for paragraph in whole:
            yield str(paragraph.get("title", "")), paragraph


def _name(row: dict[str, Any]) -> str:
    return str(row.get("id", row.get("query_id", "（没有编号）")))


def _question(row: dict[str, Any]) -> Question:
    """A flat row as a question; LookupError, TypeError or ValueError when it is none."""
    text = row["query_text"] if "query_text" in row else row["question"]
    for words, name in ((text, "question"), (row["context"], "context")):
        if not isinstance(words, str):
            raise TypeError(f"{name} 不是文字")
    if not row["context"].strip():
        raise ValueError("context 是空的")
    found = (one["text"] if isinstance(one, dict) else one for one in row["answers"])
    answers = tuple(dict.fromkeys(str(one) for one in found if str(one).strip()))
    is_answerable = row.get("answerable", not row.get("is_impossible", False))
    if is_answerable and not answers:
        raise ValueError("没有答案，又没有标明无解")
    return Question(
        id=_name(row),
        text=text,
        answers=answers if is_answerable else (),
        context=row["context"],
        title=str(row.get("title", "")),
    )


def _fault(error: Exception) -> str:
    return f"缺 {error.args[0]}" if isinstance(error, KeyError) else str(error)


def distinct_contexts(*sets: Sequence[Question]) -> dict[str, str]:
    """The distinct paragraphs of some sets in order, each with its title."""
    found: dict[str, str] = {}
    for one in chain(*sets):
        found.setdefault(one.context, one.title)
    return found
