"""Question sets of the SQuAD kind as rows: one question, its paragraph, its answers.

Reads what is published (SQuAD 1.1 and 2.0, DRCD, both shapes of CMRC 2018) and rows of JSON, one a
line. Knows nothing of what is measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from corpora.files import DataError, fault, json_rows, parsed, read_lines

SUFFIXES = (".json", ".jsonl", ".json.gz", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its paragraph; without ``answers`` the paragraph does not answer it.

    ``question`` may be empty: CMRC 2018's trial set has such a row. It cannot be asked.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    context: str
    title: str

    @property
    def is_answerable(self) -> bool:
        return bool(self.answers)


def read_questions(path: Path) -> list[QuestionRow]:
    """All questions of a file in its order; DataError when it is no question set."""
    rows = json_rows(path) if ".jsonl" in path.name else _nested(path)
    return parsed(path.name, rows, _question, wanted="question、context 和 answers")


def simplified(questions: Sequence[QuestionRow]) -> list[QuestionRow]:
    """The questions in simplified characters (OpenCC ``t2s``)."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    return [
        replace(
            one,
            question=convert(one.question),
            answers=tuple(map(convert, one.answers)),
            context=convert(one.context),
            title=convert(one.title),
        )
        for one in questions
    ]


def _nested(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The questions of a file that is one JSON value, each as a flat row with its place."""
    try:
        whole = json.loads("\n".join(read_lines(path)))
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path.name} 不是 JSON（{error}）；请核对文件") from error
    try:
        paragraphs = list(_paragraphs(whole))
        for title, paragraph in paragraphs:
            context = paragraph.get("context", paragraph.get("context_text"))
            for row in paragraph["qas"]:
                yield f"题目 {_name(row)} ", {**row, "context": context, "title": title}
    except (LookupError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path.name} 不是 SQuAD 式的题库（{fault(error)}）；"
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


def _question(row: dict[str, Any]) -> QuestionRow:
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
    return QuestionRow(
        id=_name(row),
        question=text,
        answers=answers if is_answerable else (),
        context=row["context"],
        title=str(row.get("title", "")),
    )


def distinct_contexts(*sets: Sequence[QuestionRow]) -> dict[str, str]:
    """The distinct paragraphs of some sets in order, each with its title."""
    found: dict[str, str] = {}
    for one in chain(*sets):
        found.setdefault(one.context, one.title)
    return found
