"""Readers for the training data folder: news, laws and question sets.

Everything here is a pure function from a folder (or a text) to typed rows; the order of the
rows is the order of the files. The rules of the folder's README live here and nowhere else:
which news rows are for measuring only, which DRCD test rows may be trained on, and the
cut-offs of glued headlines and datelines. This module does not know about models, tokens,
pages or benchmarks.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NEWS_FILE: Final = "crud_news.tsv.xz"
LAWS_FILE: Final = "laws_cn.tsv.xz"

ORIGINAL_TITLE: Final = "原标题："
_MEASURING_DIGITS: Final = ("0", "1")
_TITLE_CHARS: Final = 90  # a glued headline is looked for within this many characters
_REPEAT_KEY_CHARS: Final = 8

_DATE: Final = r"(?:\d{4}\s*年\s*)?(?:\d{1,2}\s*月\s*)?\d{1,2}\s*日"
_SIGNED: Final = r"(?:\s*[（(][^（）()]{0,60}[）)])?"
_DATELINE_BODY: Final = (
    rf"(?:[\w·“”/]{{0,20}}?\s?{_DATE}\s*(?:电|讯|消息|报道)"
    r"|[\w·]{0,16}(?:网|社|报|台|家|新闻|客户端|南都)讯)"
    rf"{_SIGNED}(?:\s*(?:记者|通讯员)[^，。！？；]{{1,20}}(?:报道|摄|发自\w{{2,4}}))?"
)
_DATELINE: Final = re.compile(rf"{_DATELINE_BODY}[\s，,：:]*")
_REPOST: Final = re.compile(
    r"(?:【[^】]{1,16}(?:新闻|讯|消息|报道)】|(?:本文)?(?:转自|来源)[：:]?\s*【[^】]{1,20}】[；;]?)\s*"
)
_DATELINE_INSIDE: Final = re.compile(
    rf"[一-鿿]{{2,6}}(?:网|社|报|台|客户端|新闻){_DATE}(?:电|讯|消息|报道){_SIGNED}[\s，：]*"
)
_LEAD_WORDS: Final = re.compile(
    r"近日|日前|近期|不久前|昨日|昨天|昨晚|今日[，,]|今天|今年\d|去年|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[，,]|上午|下午|晚|凌晨|\d{1,2}时)|据《|据[一-鿿]{2,8}(?:报道|消息)|记者从|为进一步|为深入|为有效"
)
_SENTENCE_END: Final = re.compile(r"[。！？!?…]+[”’』」）)]*")


@dataclass(frozen=True, slots=True)
class Law:
    """One law or rule: its title and its text, articles run together on one line."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of a SQuAD-style set with its gold passage.

    Every string of `answers` that occurs in `context` is found with `str.find`; at least one
    does. `title` names the article the passage is from.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    context: str
    title: str


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of an .xz text file without their line feeds."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def is_for_measuring(line: str) -> bool:
    """Tell whether a news line (title, tab, text; no line feed) is kept for measuring only."""
    return hashlib.sha256(line.encode("utf-8")).hexdigest().endswith(_MEASURING_DIGITS)


def read_news(folder: Path, *, measuring: bool = False) -> Iterator[str]:
    """Yield news texts of one side of the split, headlines and datelines cut off.

    `measuring=False` gives the rows that may be trained on (seven in eight), `measuring=True`
    the others. Rows with nothing left are skipped.
    """
    for line in read_lines(folder / NEWS_FILE):
        if is_for_measuring(line) == measuring:
            text = cut_lead_in(line.partition("\t")[2])
            if text:
                yield text


def read_laws(folder: Path) -> Iterator[Law]:
    """Yield the laws in file order."""
    for line in read_lines(folder / LAWS_FILE):
        title, _, text = line.partition("\t")
        yield Law(title=title.strip(), text=text.strip())


def read_questions(folder: Path, split: str) -> list[QuestionRow]:
    """Read one question set, for example `cmrc2018.train`, in file order."""
    path = folder / f"{split}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_question_row(json.loads(line)) for line in file]


def read_training_questions(folder: Path) -> list[QuestionRow]:
    """Read every question row that may be trained on.

    These are `cmrc2018.train`, `cmrc2018.trial` and the rows of `drcd.test` whose article
    isn't in `drcd.dev`; no dev row.
    """
    rows = [*read_questions(folder, "cmrc2018.train"), *read_questions(folder, "cmrc2018.trial")]
    return rows + allowed_drcd_test(
        read_questions(folder, "drcd.test"), read_questions(folder, "drcd.dev")
    )


def simplified(rows: Iterable[QuestionRow]) -> list[QuestionRow]:
    """Convert questions, answers, contexts and titles to simplified characters (opencc t2s)."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    return [
        QuestionRow(
            id=row.id,
            question=convert(row.question),
            answers=tuple(convert(answer) for answer in row.answers),
            context=convert(row.context),
            title=convert(row.title),
        )
        for row in rows
    ]


def allowed_drcd_test(test: Iterable[QuestionRow], dev: Iterable[QuestionRow]) -> list[QuestionRow]:
    """Keep the rows of `test` whose article title no row of `dev` has."""
    reserved = {row.title for row in dev}
    return [row for row in test if row.title not in reserved]


def split_by_context(
    rows: Iterable[QuestionRow], *, held_out_percent: int
) -> tuple[list[QuestionRow], list[QuestionRow]]:
    """Split rows into (kept, held out) by a hash of the context, so no passage is on both sides."""
    kept: list[QuestionRow] = []
    held_out: list[QuestionRow] = []
    for row in rows:
        digest = hashlib.sha256(row.context.encode("utf-8")).digest()
        bucket = int.from_bytes(digest[:4], "big") % 100
        (held_out if bucket < held_out_percent else kept).append(row)
    return kept, held_out


def cut_lead_in(text: str) -> str:
    """Cut a glued headline (`原标题：…`), a repost note and a dateline off a news text.

    The result is always a suffix of `text`. A headline has no end mark in the data: where
    none is found its whole first sentence goes, lead included.
    """
    rest = text.strip()
    if rest.startswith(ORIGINAL_TITLE):
        rest = _cut_title(rest[len(ORIGINAL_TITLE) :])
    for pattern in (_REPOST, _DATELINE):
        found = pattern.match(rest)
        if found:
            rest = rest[found.end() :]
    return rest.lstrip()


def _cut_title(text: str) -> str:
    """Cut a headline off the text it is glued to."""
    repeat = text.find(text[:_REPEAT_KEY_CHARS], _REPEAT_KEY_CHARS, _TITLE_CHARS)
    if repeat > 0:
        title = text[:repeat].rstrip()
        body = text[repeat:]
        if body.startswith(title):
            return body[len(title) :].lstrip()
        return body
    for pattern in (_DATELINE_INSIDE, _LEAD_WORDS):
        found = pattern.search(text, _REPEAT_KEY_CHARS, _TITLE_CHARS)
        if found:
            return text[found.start() :]
    end = _SENTENCE_END.search(text, _REPEAT_KEY_CHARS)
    return text[end.end() :].lstrip() if end else ""


def _question_row(row: dict[str, Any]) -> QuestionRow:
    return QuestionRow(
        id=str(row["id"]),
        question=str(row["question"]),
        answers=tuple(str(answer) for answer in row["answers"]),
        context=str(row["context"]),
        title=str(row["title"]),
    )
