"""The lists of questions and hits made: every training question searched as the program searches.

In go the question sets and the news of the data folder, out comes the file of
`training.question_lists`. What may be read for training is decided in `corpora`. Knows nothing of
networks or losses.

`python -m training.list_hits --data DIR [--work DIR]` takes some ten minutes on two cores; with
``--held-out`` only what the judge is fitted on is searched for, in three.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from corpora.held_out import HeldOut
from corpora.news import read_news
from corpora.training_questions import read_training_questions
from corpora.yinju import Range, read_cross, read_qa
from rag import Config
from rag.articles import article_from_text, corpus_in_memory
from rag.ask import check_question
from rag.datatypes import Article, Hit, Passage
from rag.index import Index, IndexSettings
from rag.models.embedder import builtin_embedder
from rag.passages import split_article
from rag.read.context import context_of
from rag.retrieve import Retriever, Searcher
from rag.text import standard_form
from training.arguments import step_parser
from training.machine import cores
from training.question_lists import (
    FILE,
    ListedPassage,
    QuestionList,
    is_held_out,
    line_of,
    write_lines,
)

_HITS = 16
_QUERY_CHARS = 300
_OTHERS = 8000
_NEWS_LENGTHS = range(200, 1500)
_SHORTEST_TELLING = 4  # characters of an answer that, found elsewhere, tells the same there
_SEED = 7
_SHARE = 64  # questions that a process takes at a time
_SHOWN = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its set has it, over the article of that id.

    ``evidence`` and ``spans`` are ranges in the article, of the sentences and of the words that
    answer; ``nearest`` is the sentence that tempts where nothing answers.
    """

    set: str
    kind: str
    question: str
    history: tuple[str, ...]
    stand_alone: str
    article_id: str
    answers: tuple[str, ...]
    evidence: tuple[Range, ...]
    spans: tuple[Range, ...]
    nearest: Range | None


def gather(data: Path) -> tuple[list[Article], list[Asked]]:
    """The articles that are searched and the questions asked of them; nothing of a dev split."""
    held_out = HeldOut.of(data)
    written, questions = _hand_written(data, held_out)
    siblings, of_siblings = _over_groups(data, held_out)
    paragraphs, more = _of_paragraphs(data, held_out)
    news = (one for one in read_news(data, held_out=held_out) if len(one) in _NEWS_LENGTHS)
    others = [
        _article(f"other/{number}", "", text) for number, text in enumerate(islice(news, _OTHERS))
    ]
    return [*written, *siblings, *paragraphs, *others], [*questions, *of_siblings, *more]


def _hand_written(data: Path, held_out: HeldOut) -> tuple[list[Article], list[Asked]]:
    read = read_qa(data, "train", held_out=held_out)
    articles = [_article(f"yinju/{name}", "", text) for name, text in read.texts.items()]
    asked = [
        Asked(
            "yinju", row.kind, row.question, row.history, row.stand_alone, f"yinju/{row.doc}",
            row.answers, row.evidence, row.short, row.nearest,
        )
        for row in read.rows
    ]  # fmt: skip
    return articles, asked


def _over_groups(data: Path, held_out: HeldOut) -> tuple[list[Article], list[Asked]]:
    """Questions over like articles, of which one answers or none.

    Those that several articles answer are asked part by part, each part a question like these.
    """
    read = read_cross(data, "train", held_out=held_out)
    articles = [_article(f"cross/{name}", "", text) for name, text in read.texts.items()]
    asked = []
    for row in read.rows:
        if row.kind == "pick":
            [part] = row.parts
            asked.append(
                Asked(
                    "cross", "plain", row.question, (), row.question, f"cross/{part.doc}",
                    part.answers, part.evidence, part.short, None,
                )
            )  # fmt: skip
        elif row.kind == "near" and row.nearest:
            name, *tempts = row.nearest
            nearest = (tempts[0], tempts[1])
            asked.append(
                Asked(
                    "cross", "near", row.question, (), row.question, f"cross/{name}",
                    (), (), (), nearest,
                )
            )  # fmt: skip
    return articles, asked


def _of_paragraphs(data: Path, held_out: HeldOut) -> tuple[list[Article], list[Asked]]:
    articles: dict[str, Article] = {}
    asked = []
    for row in read_training_questions(data, held_out=held_out):
        if not row.question.strip():
            continue  # one of CMRC 2018's trial set has none
        if row.context not in articles:
            articles[row.context] = _article(f"wiki/{len(articles)}", row.title, row.context)
        answer = next(one for one in row.answers if one in row.context)
        start = row.context.find(answer)
        span = ((start, start + len(answer)),)
        name = row.id.partition("-")[0].removesuffix("2018")
        key = articles[row.context].id
        asked.append(
            Asked(name, "plain", row.question, (), row.question, key, (answer,), span, span, None)
        )
    return list(articles.values()), asked


def _article(key: str, title: str, text: str) -> Article:
    return article_from_text(key, title, text, key)


class Lister:
    """Searches for questions and lists their hits; its verb is ``listed``."""

    def __init__(self, articles: Mapping[str, Article], searcher: Searcher) -> None:
        self._articles = articles
        self._searcher = searcher

    @classmethod
    def over(cls, articles: Sequence[Article]) -> Self:
        """A lister over articles, searched as the program does by default.

        Put together here and not by ``rag.Chatbot``, which would ask for the reader that is made
        of these lists.
        """
        settings, embedder = Config(profile="builtin"), builtin_embedder()
        index = Index.build(
            corpus_in_memory(articles),
            embedder,
            IndexSettings(passage_chars=settings.passage_chars),
        )
        searcher = Retriever(
            index,
            embedder,
            candidates=settings.candidates,
            vector_weight=settings.vector_weight,
        )
        return cls(index.articles, searcher)

    def listed(self, asked: Asked) -> QuestionList:
        """The question with its hits; its own passage is added where the search missed it."""
        typed = " ".join((*asked.history[:1], asked.question))[:_QUERY_CHARS]
        query = check_question(typed, max_chars=_QUERY_CHARS)
        passages = list(self._read(asked, self._searcher.search(query, _HITS)))
        if asked.spans and not any(one.spans for one in passages):
            missed = self._read(asked, self._own_hits(asked))
            passages += [one for one in missed if one.spans or one.is_gold]
        return QuestionList(
            set=asked.set,
            kind=asked.kind,
            question=standard_form(asked.question),
            history=tuple(map(standard_form, asked.history)),
            stand_alone=standard_form(asked.stand_alone),
            source=asked.article_id,
            answers=asked.answers,
            passages=tuple(passages),
        )

    def _read(self, asked: Asked, hits: Iterable[Hit]) -> Iterator[ListedPassage]:
        for hit in hits:
            found = listed_passage(asked, hit, self._articles[hit.passage.article_id])
            if found is not None:
                yield found

    def _own_hits(self, asked: Asked) -> list[Hit]:
        article = self._articles[asked.article_id]
        return [Hit(passage, 0.0, (), article.source, ()) for passage in split_article(article)]


def listed_passage(asked: Asked, hit: Hit, article: Article) -> ListedPassage | None:
    """A hit as it is read, ranges counted in its own text.

    None where it tells the answer and is no evidence: another article's telling of the same would
    be taught as wrong. An answer too short to tell by itself is not looked for.
    """
    passage = hit.passage
    is_own = passage.article_id == asked.article_id
    spans = _cut(asked.spans, passage) if is_own else ()
    is_gold = is_own and any(_meets(one, passage) for one in asked.evidence)
    if not is_gold and any(
        one in passage.text for one in asked.answers if len(one) >= _SHORTEST_TELLING
    ):
        return None
    return ListedPassage(
        context=context_of(article, passage),
        text=standard_form(passage.text),
        spans=spans,
        is_gold=bool(spans) or is_gold,
        is_near=is_own and asked.nearest is not None and _meets(asked.nearest, passage),
        score=float(hit.score),
    )


def _cut(ranges: Sequence[Range], passage: Passage) -> tuple[Range, ...]:
    """The ranges of which at least half lies in a passage, cut to it and counted in it."""
    found = []
    for start, end in ranges:
        a, b = max(start, passage.start), min(end, passage.end)
        if b - a >= max(1, (end - start) / 2):
            found.append((a - passage.start, b - passage.start))
    return tuple(sorted(found))


def _meets(one: Range, passage: Passage) -> bool:
    return one[0] < passage.end and passage.start < one[1]


# The lister of a process: made when the process begins, since it is too large to be sent.
_OF_PROCESS: list[Lister] = []


def _begin(data: Path) -> None:
    articles, _ = gather(data)
    _OF_PROCESS.append(Lister.over(articles))


def _line(asked: Asked) -> str:
    return line_of(_OF_PROCESS[0].listed(asked))


def lines(data: Path, asked: Sequence[Asked]) -> Iterator[str]:
    """The line of each question in order, made by a process a core.

    Each process indexes the articles for itself: one that is forked from a process whose libraries
    have started threads may wait for ever for a lock that such a thread held.
    """
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        cores(), mp_context=spawned, initializer=_begin, initargs=(data,)
    ) as pool:
        for count, line in enumerate(pool.map(_line, asked, chunksize=_SHARE)):
            if count % _SHOWN == 0:
                print(f"{count} of {len(asked)} questions", flush=True)
            yield line


def main() -> None:
    """Read the arguments, search, write the file."""
    parser = step_parser(__doc__, reads_data=True)
    parser.add_argument("--held-out", action="store_true", help="only what the judge is fitted on")
    given = parser.parse_args()
    articles, asked = gather(given.data)
    if given.held_out:
        asked = [one for one in asked if is_held_out(one.article_id)]
    # Every beginning of the file is a fair sample.
    random.Random(_SEED).shuffle(asked)
    print(f"{len(articles)} articles, {len(asked)} questions", flush=True)
    write_lines(given.work / FILE, lines(given.data, asked))


if __name__ == "__main__":
    main()
