"""The sets by name: which files they come in, what is searched, and what is measured on each.

Knows nothing of how a figure is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeVar, get_args

import rag
from corpora.files import DataError
from corpora.news import NEWS_FILE, read_all_news
from corpora.questions import (
    SUFFIXES,
    QuestionRow,
    distinct_contexts,
    read_questions,
    simplified,
)
from eval.benchmarks.reading import measure_given
from eval.benchmarks.retrieval import Say, measure_retrieval
from eval.benchmarks.rgb import measure_rgb, read_rgb
from eval.benchmarks.settings import UNHURRIED
from eval.environment import describe_run
from eval.report import Figure

Row = TypeVar("Row")
Name = Literal["cmrc2018", "drcd", "rgb", "squad"]
NAMES: tuple[Name, ...] = get_args(Name)
_MEASURED = {"cmrc2018": "cmrc2018.dev", "drcd": "drcd.dev"}
# Both are searched among the paragraphs of all of these that are there.
_POOLED = ("cmrc2018.dev", "cmrc2018.trial", "drcd.dev", "drcd.test")
_RGB_FILE = "zh.json"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What was measured: the set, the figures by name, and what they were measured on."""

    name: str
    files: tuple[str, ...]
    questions: int
    paragraphs: int
    distractors: int
    figures: Mapping[str, Figure]

    def to_dict(self) -> dict[str, Any]:
        """As JSON, with the commit and the machine."""
        figures = {name: asdict(one) for name, one in self.figures.items()}
        return {**describe_run(), **asdict(self), "figures": figures}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is measured: so many questions by a seed (0: all), and so many further articles.

    ``kinds``: of the project's own sets the rows of these kinds alone, all where none is named.
    """

    questions: int = 0
    distractors: int = 0
    seed: int = 0
    kinds: tuple[str, ...] = ()


def measure_benchmark(
    name: Name, data: Path, *, file: str | None, limits: Limits, say: Say = print
) -> Benchmark:
    """All figures that the set and the files there allow; DataError says what is missing.

    With distractors only the search is measured: the rest does not depend on them.
    """
    if not data.is_dir():
        raise DataError(f"没有文件夹 {data}；请用 --data 指明题库所在的文件夹")
    if name == "rgb":
        return _measure_rgb(data / (file or _RGB_FILE), limits)
    pooled, measured = _squad_kind(name, data, file)
    pool = distinct_contexts(*pooled.values())
    askable = [one for one in measured if one.question.strip()]
    sample = sampled(askable, limits.questions, limits.seed)
    answerable = [one for one in sample if one.is_answerable]
    if not answerable:
        raise DataError(f"{'、'.join(pooled)} 里没有可答的题目；请核对文件")
    news = _news(data, limits.distractors)
    figures = measure_retrieval(answerable, pool, UNHURRIED, distractors=news, say=say)
    if not limits.distractors:
        figures |= measure_given(sample, pool, say)
    return Benchmark(name, tuple(pooled), len(sample), len(pool), len(news), figures)


def _measure_rgb(path: Path, limits: Limits) -> Benchmark:
    cases = sampled(read_rgb(path), limits.questions, limits.seed)

    def make_bot(passages: Sequence[str]) -> rag.Chatbot:
        return rag.Chatbot.from_articles((("", text) for text in passages), UNHURRIED)

    texts = {text for case in cases for text in (*case.positive, *case.negative)}
    return Benchmark("rgb", (path.name,), len(cases), len(texts), 0, measure_rgb(cases, make_bot))


def _squad_kind(
    name: Name, data: Path, file: str | None
) -> tuple[dict[str, list[QuestionRow]], list[QuestionRow]]:
    """The files whose paragraphs are searched, by name, and the questions to measure on."""
    if file or name == "squad":
        if not file:
            raise DataError("squad 要用 --file 指明文件夹里的哪个文件")
        read = read_questions(data / file)
        return {file: read}, read
    wanted = _MEASURED[name]
    if _find(data, wanted) is None:
        raise DataError(
            f"{data} 里没有 {wanted}（{'、'.join(SUFFIXES)}）；"
            "请把题库放进去，或用 --file 指明文件名"
        )
    pooled, measured = {}, []
    for split in _POOLED:
        if path := _find(data, split):
            questions = read_questions(path)
            pooled[path.name] = simplified(questions) if split.startswith("drcd") else questions
            if split == wanted:
                measured = pooled[path.name]
    return pooled, measured


def _find(folder: Path, split: str) -> Path | None:
    """The file of a split, by either of the names that are about: DRCD_dev.json, drcd.dev.jsonl."""
    names = {f"{stem}{suffix}" for stem in (split, split.replace(".", "_")) for suffix in SUFFIXES}
    return next((path for path in sorted(folder.iterdir()) if path.name.lower() in names), None)


def sampled(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """So many of the rows, the same each time, in their order; all of them for 0."""
    if not count or count >= len(rows):
        return list(rows)
    return [rows[place] for place in sorted(Random(seed).sample(range(len(rows)), count))]


def _news(data: Path, count: int) -> list[str]:
    """So many news articles; DataError when they are not there."""
    if not count:
        return []
    try:
        news = list(islice(read_all_news(data), count))
    except OSError as error:
        raise DataError(
            f"读不到 {data / NEWS_FILE}（{type(error).__name__}）；--distractors 要用它"
        ) from error
    if len(news) < count:
        raise DataError(f"{NEWS_FILE} 只有 {len(news)} 篇，不到 {count} 篇")
    return news
