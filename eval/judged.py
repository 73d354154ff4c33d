"""Sentences that real chat models wrote, judged by hand: what the checks make of each.

``written/sentences.jsonl`` has a line for each: the question's row, the sentences that it was cited
from, whether it is true to them and answers, and its half. Stretches that a model copied stand
there as ranges, so that the file holds no text of the question sets; with their folder the
sentences are put together again. The halves share no article: ``tune`` is for looking at errors,
``report`` for figures. Knows nothing of how a sentence is checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from corpora.held_out import HeldOut
from corpora.yinju import QaRow, Split, read_qa
from eval.environment import ROOT
from eval.report import ReportError

JUDGED_FILE: Final = ROOT / "eval" / "written" / "sentences.jsonl"
LONGEST_COPY: Final = 12  # characters of a set's text that may stand in the file in one run
QUESTION: Final = "question"  # names the question where an article's name may stand

Half = Literal["tune", "report"]
# true: to the cited words, and an answer; beside: true to them, and no answer to the question.
Judgement = Literal["true", "beside", "false"]
# What is false: a figure or date; a name of somebody or something; a member of a list, swapped or
# left out; a cause or a relation of two things; anything else that is said.
Fault = Literal["", "figure", "name", "member", "cause", "other"]
Place = tuple[str, int, int]
Piece = str | Place


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A line of the file: ``cited`` are places in articles, ``pieces`` make up the sentence."""

    id: str
    split: Split
    row: str
    model: str
    half: Half
    cited: tuple[Place, ...]
    pieces: tuple[Piece, ...]
    judgement: Judgement
    fault: Fault

    @property
    def docs(self) -> set[str]:
        """The articles that it is cited from."""
        return {doc for doc, _, _ in self.cited}


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence as it was written, beside its question and the words that it is cited from."""

    written: WrittenSentence
    row: QaRow
    text: str
    quotes: tuple[tuple[Place, str], ...]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """The sentences of a half, and by name the text of each article of their questions."""

    sentences: tuple[JudgedSentence, ...]
    texts: Mapping[str, str]


def read_written(path: Path = JUDGED_FILE) -> list[WrittenSentence]:
    """The lines of the file as they stand; ReportError names one that is wrong."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(_written(json.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            raise ReportError(f"{path.name} 第 {number} 行不对：{error}") from error
    return found


def read_judged(data: Path, half: Half, path: Path = JUDGED_FILE) -> JudgedSet:
    """The sentences of a half put together from a folder with ``yinju_qa``.

    DataError where that is missing, ReportError where a line does not fit it.
    """
    lines = [one for one in read_written(path) if one.half == half]
    rows: dict[tuple[str, str], QaRow] = {}
    texts: dict[str, str] = {}
    for split in get_args(Split):
        # What is measured is the whole split: nothing is held out of it.
        read = read_qa(data, split, held_out=HeldOut.from_texts(()))
        rows |= {(split, row.id): row for row in read.rows}
        texts |= read.texts
    sentences = tuple(_put_together(line, rows, texts) for line in lines)
    docs = {doc for one in sentences for doc in (one.row.doc, *one.written.docs)}
    return JudgedSet(sentences, {doc: text for doc, text in texts.items() if doc in docs})


def as_pieces(sentence: str, sources: Mapping[str, str]) -> tuple[Piece, ...]:
    """A sentence as literal text and, for each long copied run, its place in a source.

    >>> as_pieces("共有x一二三四五六七八九十百千万。", {"a": "一二三四五六七八九十百千万亿"})
    ('共有x', ('a', 0, 13), '。')
    """
    pieces: list[Piece] = []
    literal, at = "", 0
    while at < len(sentence):
        name, start, length = _longest_copy(sentence[at:], sources)
        if length > LONGEST_COPY:
            pieces += [literal] if literal else []
            pieces.append((name, start, start + length))
            literal, at = "", at + length
        else:
            literal, at = literal + sentence[at], at + 1
    return (*pieces, literal) if literal else tuple(pieces)


def _longest_copy(text: str, sources: Mapping[str, str]) -> tuple[str, int, int]:
    """Where the longest beginning of a text stands in a source, and how long that is."""
    best = ("", 0, 0)
    for name, source in sources.items():
        length = best[2]
        while length < len(text) and (start := source.find(text[: length + 1])) >= 0:
            length += 1
            best = (name, start, length)
    return best


def _put_together(
    line: WrittenSentence, rows: Mapping[tuple[str, str], QaRow], texts: Mapping[str, str]
) -> JudgedSentence:
    row = rows.get((line.split, line.row))
    if row is None or not line.docs <= texts.keys():
        raise ReportError(f"{line.id} 的题或文章不在题库里；请换成同一版的 yinju_qa")
    sources = {QUESTION: row.question, **{doc: texts[doc] for doc in {row.doc, *line.docs}}}
    literal = [piece for piece in line.pieces if isinstance(piece, str)]
    if any(_longest_copy(piece[at:], sources)[2] > LONGEST_COPY
           for piece in literal for at in range(len(piece))):  # fmt: skip
        raise ReportError(f"{line.id} 里有照抄题库的字；请存成位置")
    text = "".join(
        piece if isinstance(piece, str) else sources[piece[0]][piece[1] : piece[2]]
        for piece in line.pieces
    )
    quotes = tuple((place, texts[place[0]][place[1] : place[2]]) for place in line.cited)
    return JudgedSentence(line, row, text, quotes)


def _written(values: Mapping[str, Any]) -> WrittenSentence:
    line = WrittenSentence(
        id=values["id"],
        split=values["split"],
        row=values["row"],
        model=values["model"],
        half=values["half"],
        cited=tuple(map(_place, values["cited"])),
        pieces=tuple(one if isinstance(one, str) else _place(one) for one in values["sentence"]),
        judgement=values["judgement"],
        fault=values.get("fault", ""),
    )
    for value, allowed in (
        (line.split, Split), (line.half, Half), (line.judgement, Judgement), (line.fault, Fault),
    ):  # fmt: skip
        if value not in get_args(allowed):
            raise ValueError(f"{value!r}")
    if (line.judgement == "false") != bool(line.fault):
        raise ValueError(f"fault {line.fault!r}")
    return line


def _place(values: Sequence[Any]) -> Place:
    name, start, end = values
    if not isinstance(name, str) or not 0 <= int(start) < int(end):
        raise ValueError(f"{values!r}")
    return name, int(start), int(end)


def written_line(line: WrittenSentence) -> str:
    """A line of the file."""
    values: dict[str, Any] = {
        "id": line.id, "split": line.split, "row": line.row, "model": line.model,
        "half": line.half, "cited": line.cited, "sentence": line.pieces,
        "judgement": line.judgement,
    }  # fmt: skip
    return json.dumps(values | ({"fault": line.fault} if line.fault else {}), ensure_ascii=False)


def docs_in_both(lines: Iterable[WrittenSentence]) -> set[str]:
    """Articles that sentences of both halves are cited from."""
    by_half: dict[str, set[str]] = {half: set() for half in get_args(Half)}
    for line in lines:
        by_half[line.half] |= line.docs
    return by_half["tune"] & by_half["report"]
