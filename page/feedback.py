"""What readers thought of an answer, kept a line each with the passages as they were found.

Knows nothing of Gradio; ``python -m eval add-feedback`` reads what is written here.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import rag
from page.turns import Turn, history

FILE_NAME = "feedback.jsonl"
_writing = threading.Lock()


class FeedbackError(rag.RagError):
    """What a reader thought could not be kept."""


def write_feedback(
    folder: Path, turns: Sequence[Turn], place: int, rating: str, comment: str = "", row: str = ""
) -> str:
    """Append a rating of the answer of one turn to ``feedback.jsonl``; the id of its row.

    ``row`` is the id of a row that this one takes the place of. FeedbackError when nothing can be
    written.
    """
    answer = turns[place].answer
    if answer is None:
        raise FeedbackError("这个问题还没有回答，无从评价；请等它答完")
    row = row or uuid.uuid4().hex
    before = () if turns[place].alone else history(turns[:place])
    kept = {
        "id": row,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "rating": rating,
        "comment": comment,
        "history": [{"role": one.role, "content": one.content} for one in before],
        "answer": answer.to_dict(),
    }
    line = json.dumps(kept, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _writing, (folder / FILE_NAME).open("a", encoding="utf-8", newline="\n") as file:
            file.write(line)
    except OSError as error:
        raise FeedbackError(
            f"评价写不进 {folder / FILE_NAME}（{error.strerror}）；请检查权限和磁盘空间"
        ) from error
    return row
