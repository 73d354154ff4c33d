"""The evaluation set: questions with the items a right answer holds and where they stand.

Reads the case file and the corpus it was written from; knows nothing of indexes, answers or
metrics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

import rag

Split = Literal["tune", "report"]
Kind = Literal[
    "number",
    "name",
    "date",
    "list",
    "paraphrase",
    "comparison",
    "follow_up",
    "reason",
    "near_zone",
    "near_year",
    "absent",
    "table",
    "near_table",
    "computed",
    "format",
    "noise",
    "rule",
    "small_talk",
    "library",
    "near_library",
    "across",
    "summary",
    "open",
    "near_open",
]


class CasesError(ValueError):
    """A case file cannot be used; the message names the row and the fault in one Chinese line."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Words that carry the answer: ``rag.read_text(corpus / source)[start:end]``."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """A question of the evaluation set.

    ``answers`` holds one tuple of accepted forms for each item asked for. ``evidence`` holds one
    tuple for each gold quote: every place where the quote stands, any of which will do. Both are
    empty when the corpus holds no answer; ``answers`` of ``small_talk`` are what a friendly reply
    says, ``library`` cites nothing, and of a ``summary`` and of an ``open`` question (how it was
    done, what was done) the gold quotes alone are given.
    """

    id: str
    kind: Kind
    split: Split
    question: str
    history: tuple[rag.Message, ...]
    answers: tuple[tuple[str, ...], ...]
    answerable: bool
    evidence: tuple[tuple[GoldSpan, ...], ...]


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["user", "assistant"]
    content: str


class _Quote(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    file: str
    quote: str


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    kind: Kind
    split: Split
    question: str
    history: list[_Turn]
    answers: list[list[str]]
    answerable: bool
    evidence: list[_Quote]


def load_cases(path: Path, corpus: Path) -> tuple[Case, ...]:
    """All cases of a JSON Lines file, their quotes found in the files of the ``corpus`` folder.

    Raises CasesError at the first row that is not a case, repeats an id, or quotes words that its
    file does not hold.
    """
    if not path.is_file():
        raise CasesError(f"找不到用例文件 {path}；请用 --cases 指明")
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    cases: list[Case] = []
    for number, line in _lines(path):
        where = f"{path.name} 第 {number} 行"
        row = _parse(line, where)
        if row.id in lines:
            raise CasesError(f"{where}：编号 {row.id} 与第 {lines[row.id]} 行重复")
        lines[row.id] = number
        where = f"{where}（{row.id}）"
        _check_sense(row, where)
        evidence = tuple(_locate(quote, corpus, texts, where) for quote in row.evidence)
        cases.append(_case(row, evidence))
    if not cases:
        raise CasesError(f"{path} 里没有用例")
    return tuple(cases)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CasesError(f"{path.name} 不是 UTF-8 编码：{error}") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _parse(line: str, where: str) -> _Row:
    try:
        return _Row.model_validate_json(line)
    except ValidationError as error:
        raise CasesError(f"{where}：{_fault(error)}") from None


def _fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    field = ".".join(map(str, fault["loc"]))
    explanations = {
        "json_invalid": "不是有效的 JSON",
        "missing": f"缺少字段 {field}",
        "extra_forbidden": f"没有叫 {field} 的字段",
        "literal_error": f"字段 {field} 的值 {fault['input']!r} 不认识",
    }
    return explanations.get(fault["type"], f"字段 {field} 的值不行：{fault['msg']}")


def _check_sense(row: _Row, where: str) -> None:
    faults: Mapping[str, bool] = {
        "问题是空的": not row.question.strip(),
        "可答的用例要有 answers": row.answerable
        and not row.answers
        and row.kind not in ("summary", "open"),
        "可答的用例要有 evidence": row.answerable and not row.evidence and row.kind != "library",
        "不可答的用例不能有 answers": not row.answerable
        and bool(row.answers)
        and row.kind != "small_talk",
        "不可答的用例不能有 evidence": not row.answerable and bool(row.evidence),
        "answers 里有一项没有可接受的写法": any(
            not forms or not all(form.strip() for form in forms) for forms in row.answers
        ),
    }
    for fault, is_so in faults.items():
        if is_so:
            raise CasesError(f"{where}：{fault}")


def _locate(quote: _Quote, corpus: Path, texts: dict[str, str], where: str) -> tuple[GoldSpan, ...]:
    if quote.file not in texts:
        try:
            texts[quote.file] = rag.read_text(corpus / quote.file)
        except rag.RagError as error:
            raise CasesError(
                f"{where}：语料 {corpus} 里没有文件 {quote.file}（{error}）"
            ) from error
    if not quote.quote.strip():
        raise CasesError(f"{where}：证据引文是空的")
    starts = _occurrences(texts[quote.file], quote.quote)
    if not starts:
        raise CasesError(f"{where}：{quote.file} 里没有这段引文：{quote.quote}")
    return tuple(GoldSpan(quote.file, start, start + len(quote.quote)) for start in starts)


def _occurrences(text: str, words: str) -> list[int]:
    starts: list[int] = []
    start = text.find(words)
    while start >= 0:
        starts.append(start)
        start = text.find(words, start + 1)
    return starts


def _case(row: _Row, evidence: tuple[tuple[GoldSpan, ...], ...]) -> Case:
    return Case(
        id=row.id,
        kind=row.kind,
        split=row.split,
        question=row.question,
        history=tuple(rag.Message(turn.role, turn.content) for turn in row.history),
        answers=tuple(tuple(forms) for forms in row.answers),
        answerable=row.answerable,
        evidence=evidence,
    )
