"""A file of questions answered one after another: JSON Lines or a table in, JSON Lines out.

Knows nothing of how a question is answered, nor of the command line.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from rag.articles.loaders.plain import decode
from rag.datatypes import Answer, Message, Role
from rag.errors import ArticleError, QuestionError, RagError

_CSV = (".csv", ".tsv")
_QUESTION_HEADS = ("question", "问题", "提问", "query")
_ID_HEADS = ("id", "编号", "序号")
_HISTORY_HEADS = ("history",)
Progress = Callable[[str, int, int], None]


class Answering(Protocol):
    """What answers: a chatbot."""

    def answer(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """The whole answer to a question."""
        ...


def answer_batch(
    chatbot: Answering, batch: Path, out: Path | None, progress: Progress
) -> tuple[int, int]:
    """Answer each row into ``out`` or standard output; how many there were and how many failed.

    A row that fails gives its error, the rest goes on. QuestionError when a file cannot be opened.
    """
    if out and out.resolve() == batch.resolve():
        raise QuestionError(f"--out 和 --batch 是同一个文件 {out}；请换一个，以免盖掉问题")
    options: Any = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}
    try:
        rows = _rows(batch)
        target = out.open("w", **options) if out else sys.stdout
    except (OSError, UnicodeDecodeError, ArticleError, csv.Error) as error:
        raise QuestionError(f"打不开批量文件（{error}）；请检查路径，文件要用 UTF-8") from error
    failed = 0
    try:
        for number, row in enumerate(rows, start=1):
            result = _answered(chatbot, row, number)
            failed += "error" in result and result.get("outcome") in (None, "failed")
            target.write(json.dumps(result, ensure_ascii=False) + "\n")
            target.flush()
            progress("回答", number, len(rows))
    finally:
        if out:
            target.close()
    return len(rows), failed


def _rows(batch: Path) -> list[str | dict[str, Any]]:
    """The rows of a file: of JSON Lines as they stand, of a table with the names of its heads."""
    if batch.suffix.lower() in _CSV:
        return list(_of_table(decode(batch.read_bytes(), batch.name)[0]))
    # Not splitlines(): JSON may hold U+2028 and its like as they are.
    return [line for line in batch.read_text("utf-8-sig").split("\n") if line.strip()]


def _of_table(text: str) -> Iterator[dict[str, Any]]:
    """The questions of a table; without a head that names them, those of its first column."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = [
        row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)
    ]
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    question = _place(heads, _QUESTION_HEADS)
    if question is None:
        yield from ({"id": number, "question": row[0]} for number, row in enumerate(rows, start=1))
        return
    named, history = _place(heads, _ID_HEADS), _place(heads, _HISTORY_HEADS)
    for number, row in enumerate(rows[1:], start=1):
        cells = dict(enumerate(row))
        told = cells.get(history, "") if history is not None else ""
        yield {
            "id": cells.get(named, number) if named is not None else number,
            "question": cells.get(question, ""),
            "history": json.loads(told) if told.startswith("[") else (),
        }


def _place(heads: list[str], names: tuple[str, ...]) -> int | None:
    return next((place for place, head in enumerate(heads) if head in names), None)


def _answered(chatbot: Answering, row: str | dict[str, Any], number: int) -> dict[str, Any]:
    row_id: Any = number
    try:
        fields = json.loads(row) if isinstance(row, str) else row
        row_id = fields.get("id", number)
        question, history = str(fields["question"]), _history(fields.get("history") or ())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {
            "id": row_id,
            "error": f'第 {number} 行不是 {{"id", "question"}} 这样的 JSON（{error!r}）；请改正',
        }
    try:
        return {"id": row_id, **chatbot.answer(question, history).to_dict()}
    except RagError as error:
        return {"id": row_id, "error": str(error)}


def _history(turns: Iterable[Mapping[str, str]]) -> list[Message]:
    roles: dict[str, Role] = {"user": "user", "assistant": "assistant"}
    return [Message(roles[turn["role"]], str(turn["content"])) for turn in turns]
