"""Questions with the passages that the program's own search finds for them: what the reader learns.

In go the question sets and the news of the data folder, out come lists: one question, its best
hits in their order, and in each hit the words that answer. Knows nothing of networks or losses.

`python -m training.question_lists --data DIR --work DIR` writes them, a line of JSON each; it takes
some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import rag
from corpora.held_out import HeldOut
from corpora.news import read_news
from corpora.training_questions import read_training_questions
from corpora.yinju import read_qa
from rag.articles import article_from_text
from rag.datatypes import Article, Hit
from rag.read.context import context_of
from rag.text import standard_form

_HITS = 16
_OTHERS = 8000
_NEWS_LENGTHS = range(200, 1500)
_SHORTEST_TELLING = 4  # characters of an answer that, found elsewhere, tells the same there
_HELD_OUT = 16  # of 256 sources
FILE = "question_lists.jsonl.gz"


@dataclass(frozen=True, slots=True)
class ListedPassage:
    """A hit: its context line, its words, and the ranges in them that answer.

    ``is_gold`` also where it holds evidence without a whole answer; ``is_near`` where it holds the
    sentence that tempts; ``score`` is the search's.
    """

    context: str
    text: str
    spans: tuple[tuple[int, int], ...]
    is_gold: bool
    is_near: bool
    score: float


@dataclass(frozen=True, slots=True)
class QuestionList:
    """One question with its hits, best first, in standard form throughout.

    ``history`` are the question and answer before it, or nothing; ``source`` is the article that
    it was written over: held out is by source.
    """

    set: str
    kind: str
    question: str
    history: tuple[str, ...]
    stand_alone: str
    source: str
    answers: tuple[str, ...]
    passages: tuple[ListedPassage, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether its source is kept for choosing and calibrating."""
        return hashlib.sha256(self.source.encode()).digest()[0] < _HELD_OUT


@dataclass(frozen=True, slots=True)
class _Asked:
    set: str
    kind: str
    question: str
    history: tuple[str, ...]
    stand_alone: str
    article_id: str
    answers: tuple[str, ...]
    evidence: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int], ...]
    nearest: tuple[int, int] | None


def read_lists(path: Path) -> Iterator[QuestionList]:
    """The lists of a file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            passages = tuple(
                ListedPassage(**one | {"spans": tuple(map(tuple, one["spans"]))})
                for one in row.pop("passages")
            )
            lists = {name: tuple(row[name]) for name in ("history", "answers")}
            yield QuestionList(**row | lists, passages=passages)


def gather(data: Path) -> tuple[list[Article], list[_Asked]]:
    """The articles that are searched and the questions asked of them; nothing of a dev split."""
    written, questions = _hand_written(data)
    paragraphs, more = _of_paragraphs(data)
    held_out = HeldOut.of(data)
    lengths = (one for one in read_news(data, held_out=held_out) if len(one) in _NEWS_LENGTHS)
    others = [
        article_from_text(f"other/{number}", "", text, f"other/{number}")
        for number, text in enumerate(islice(lengths, _OTHERS))
    ]
    return [*written, *paragraphs, *others], [*questions, *more]


def _hand_written(data: Path) -> tuple[list[Article], list[_Asked]]:
    read = read_qa(data, "train")
    articles = [
        article_from_text(f"yinju/{n}", "", text, f"yinju/{n}") for n, text in read.texts.items()
    ]
    asked = [
        _Asked(
            "yinju", row.kind, row.question, row.history, row.stand_alone, f"yinju/{row.doc}",
            row.answers, row.evidence, row.short, row.nearest,
        )
        for row in read.rows
    ]  # fmt: skip
    return articles, asked


def _of_paragraphs(data: Path) -> tuple[list[Article], list[_Asked]]:
    articles: dict[str, Article] = {}
    asked = []
    for row in read_training_questions(data):
        if not row.question.strip():
            continue
        if row.context not in articles:
            key = f"wiki/{len(articles)}"
            articles[row.context] = article_from_text(key, row.title, row.context, key)
        answer = next(one for one in row.answers if one in row.context)
        start = row.context.find(answer)
        span = ((start, start + len(answer)),)
        name = row.id.partition("-")[0].removesuffix("2018")
        key = articles[row.context].id
        asked.append(
            _Asked(name, "plain", row.question, (), row.question, key, (answer,), span, span, None)
        )
    return list(articles.values()), asked


_BOT: rag.Chatbot | None = None


def _listed(one: _Asked) -> dict[str, Any]:
    assert _BOT is not None
    words = " ".join((*one.history[:1], one.question))
    hits = _BOT.search(words[:300], _HITS)
    passages = [p for hit in hits if (p := _passage(one, hit)) is not None]
    if one.spans and not any(p.spans for p in passages):
        passages += [p for hit in _own(one) if (p := _passage(one, hit)) and (p.spans or p.is_gold)]
    found = QuestionList(
        one.set,
        one.kind,
        standard_form(one.question),
        tuple(map(standard_form, one.history)),
        standard_form(one.stand_alone),
        one.article_id,
        one.answers,
        tuple(passages),
    )
    return asdict(found)


def _own(one: _Asked) -> list[Hit]:
    """The passages of its own article, where the search did not find the one that answers."""
    from rag.passages import split_article

    assert _BOT is not None
    article = _BOT.article(one.article_id)
    return [Hit(p, 0.0, (), article.source, ()) for p in split_article(article)]


def _passage(one: _Asked, hit: Hit) -> ListedPassage | None:
    """The hit as it is read; None where another article tells the same answer, as far as known."""
    assert _BOT is not None
    passage = hit.passage
    article = _BOT.article(passage.article_id)
    is_own = passage.article_id == one.article_id
    if not is_own and any(
        answer in passage.text for answer in one.answers if len(answer) >= _SHORTEST_TELLING
    ):
        return None
    spans, is_gold, is_near = [], False, False
    if is_own:
        for start, end in one.spans:
            a, b = max(start, passage.start), min(end, passage.end)
            if b - a >= max(1, (end - start) / 2):
                spans.append((a - passage.start, b - passage.start))
        is_gold = any(a < passage.end and passage.start < b for a, b in one.evidence)
        if one.nearest:
            is_near = one.nearest[0] < passage.end and passage.start < one.nearest[1]
        if not is_gold and any(
            a in passage.text for a in one.answers if len(a) >= _SHORTEST_TELLING
        ):
            return None
    return ListedPassage(
        context_of(article, passage),
        standard_form(passage.text),
        tuple(sorted(spans)),
        bool(spans) or is_gold,
        is_near,
        float(hit.score),
    )


def main() -> None:
    global _BOT
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    articles, asked = gather(arguments.data)
    random.Random(7).shuffle(asked)
    print(f"{len(articles)} articles, {len(asked)} questions", flush=True)
    _BOT = rag.Chatbot.from_articles(articles, rag.Config(profile="builtin"))
    import multiprocessing

    with (
        ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool,
        gzip.open(arguments.work / FILE, "wt", encoding="utf-8", compresslevel=3) as file,
    ):
        for count, row in enumerate(pool.map(_listed, asked, chunksize=64)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            if count % 2000 == 0:
                print(count, flush=True)


if __name__ == "__main__":
    main()
