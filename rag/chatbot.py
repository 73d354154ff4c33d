"""The pipeline: ask, retrieve, read, answer; streamed.

Knows nothing of which embedder, index or answerer it was given, nor of settings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import cast

from rag.answer.answerer import Answerer
from rag.answer.decline import decline
from rag.answer.reply import Reply
from rag.ask import Question, check_question, orders_the_program, parse
from rag.datatypes import Answer, Article, Hit, Message, Searched
from rag.errors import QuestionError
from rag.read import MOST_READ, Judge, Judged
from rag.retrieve import Filter, Searcher, merged

Piece = Searched | str | Answer


class ChatPipeline:
    """Answers questions about one index; ``notice`` is one line for the user, or empty.

    ``passage_counts`` says by the articles' ids into how many passages each was cut.
    """

    def __init__(
        self,
        articles: Mapping[str, Article],
        retriever: Searcher,
        judge: Judge,
        answerer: Answerer,
        *,
        top_k: int,
        max_question_chars: int,
        notice: str = "",
        passage_counts: Mapping[str, int] | None = None,
    ) -> None:
        self._articles = articles
        self._retriever = retriever
        self._judge = judge
        self._answerer = answerer
        self._top_k = top_k
        self._max_question_chars = max_question_chars
        self.notice = notice
        self.passage_counts: Mapping[str, int] = passage_counts or {}

    @property
    def model_name(self) -> str:
        """What answers are made by: ``builtin``, or the name of a chat model."""
        return self._answerer.name

    @property
    def articles(self) -> list[Article]:
        """All articles, in the order of the corpus."""
        return list(self._articles.values())

    def article(self, article_id: str) -> Article:
        """One article; KeyError when there is none with this id."""
        return self._articles[article_id]

    def search(self, question: str, top_k: int = 10, *, only: Filter | None = None) -> list[Hit]:
        """The best passages for a question, best first; of the articles that ``only`` admits."""
        if top_k < 1:
            raise QuestionError(f"top_k 是 {top_k}；请给一个不小于 1 的数")
        checked = check_question(question, max_chars=self._max_question_chars)
        hits = self._retriever.search(checked, max(top_k, MOST_READ), only)
        turn = parse(checked).whole
        return self._judge.ranked(turn, hits, self._articles)[:top_k]

    def read(self, question: str, history: Sequence[Message] = ()) -> tuple[Judged, ...]:
        """What the hits say of each fact asked for, judged: what every answer is made from."""
        checked = check_question(question, max_chars=self._max_question_chars)
        parsed = parse(checked, history)
        return tuple(self._judged(parsed, self._found(parsed)))

    def answer(
        self, question: str, history: Sequence[Message] = (), *, only: Filter | None = None
    ) -> Answer:
        """The whole answer to a question; QuestionError when it cannot be searched."""
        *_, last = self.stream(question, history, only=only)
        return cast(Answer, last)

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        stop: threading.Event | None = None,
        only: Filter | None = None,
    ) -> Generator[Piece, None, None]:
        """One Searched, then pieces of text, then the Answer; closing it stops the work.

        With ``only``, it is answered from the articles that this admits alone.
        Setting ``stop``, on any thread, ends it within a second with an Answer of the outcome
        ``stopped``: what was written so far, checked like any other. A bad question is refused
        here, before the first piece is asked for.
        """
        checked = check_question(question, max_chars=self._max_question_chars)
        return self._stream(checked, history, stop, only)

    def _stream(
        self,
        typed: str,
        history: Sequence[Message],
        stop: threading.Event | None,
        only: Filter | None,
    ) -> Generator[Piece, None, None]:
        clock = _Clock()
        with clock.stage("question"):
            question = parse(typed, history)
        with clock.stage("search"):
            found = self._found(question, only)
        yield Searched(question.query, self._shown(found), question.readings)
        with clock.stage("evidence"):
            judged = self._judged(question, found)
        reply = yield from clock.timed("answer", self._reply(question, judged, stop))
        yield Answer(
            question=typed,
            query=question.query,
            outcome=reply.outcome,
            text=reply.text,
            model=reply.model or self._answerer.name,
            short=reply.short,
            claims=reply.claims,
            citations=reply.citations,
            hits=self._shown([one.hits for one in judged]),
            probability=round(max(one.probability for one in judged), 4),
            error=reply.error,
            timings_ms=clock.timings_ms(),
            readings=question.readings,
        )

    def _found(self, question: Question, only: Filter | None = None) -> list[tuple[Hit, ...]]:
        """The hits of each part, as many as may be read."""
        most = max(self._top_k, MOST_READ)
        found = []
        for wording in question.parts:
            by_query = [self._retriever.search(one, most, only) for one in wording.queries]
            found.append(merged(by_query, most) if len(by_query) > 1 else tuple(by_query[0]))
        return found

    def _shown(self, found: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
        """The hits to show: ``top_k`` of each part, those of several parts as one list."""
        if len(found) == 1:
            return tuple(found[0][: self._top_k])
        return merged([hits[: self._top_k] for hits in found], self._top_k * len(found))

    def _judged(self, question: Question, found: Sequence[Sequence[Hit]]) -> list[Judged]:
        return [
            self._judge.judge(wording.turn, hits, self._articles)
            for wording, hits in zip(question.parts, found, strict=True)
        ]

    def _reply(
        self, question: Question, judged: Sequence[Judged], stop: threading.Event | None
    ) -> Generator[str, None, Reply]:
        if stop is not None and stop.is_set():
            return Reply("stopped", "")
        nearest = max(judged, key=lambda one: one.probability).nearest_title
        is_told = any(one.is_believed for one in judged)
        if not is_told or orders_the_program(question.text):
            reply = decline(question, nearest)
            yield reply.text
            return reply
        reply = yield from self._answerer.stream(question, judged, stop=stop)
        if reply.outcome == "no_evidence":  # a chat model declined: say what came near, too
            return replace(decline(question, nearest), model=reply.model)
        return reply


class _Clock:
    """Milliseconds of work by stage; what the reader does between two pieces is not work."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self._spent[name] = self._spent.get(name, 0.0) + spent

    def timed(self, name: str, pieces: Generator[str, None, Reply]) -> Generator[str, None, Reply]:
        """The same pieces and the same value, each piece's making counted for the stage."""
        with closing(pieces):
            while True:
                with self.stage(name):
                    try:
                        piece = next(pieces)
                    except StopIteration as end:
                        return cast(Reply, end.value)
                yield piece

    def timings_ms(self) -> dict[str, float]:
        rounded = {name: round(spent, 2) for name, spent in self._spent.items()}
        return rounded | {"total": round(sum(self._spent.values()), 2)}
