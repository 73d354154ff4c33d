"""The pipeline: question to stand-alone query to hits to evidence to an answer, streamed.

Knows nothing of which embedder, index or answerer it was given, nor of settings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Protocol, cast

from rag.answerers.declining import correct, decline, told_of_another
from rag.answerers.reply import Reply
from rag.datatypes import Answer, Article, Hit, Message, Searched
from rag.errors import QuestionError
from rag.evidence import EvidenceChooser, Finding, Inquirer
from rag.queries import Query, analyse, check_question, orders_the_program
from rag.retriever import Searcher, distinct

Piece = Searched | str | Answer


class Answerer(Protocol):
    """Turns to the question they ask, and findings to a reply."""

    @property
    def name(self) -> str:
        """What the answer says it was made by."""
        ...

    def stand_alone(
        self, question: str, history: Sequence[Message], *, stop: threading.Event | None = None
    ) -> str:
        """The question with what it leaves to the turns before filled in: what is searched.

        Once ``stop`` is set it ends within a second, too, with whatever can be had by then.
        """
        ...

    def stream(
        self, question: str, findings: Sequence[Finding], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """Pieces of text as they come; the generator's value is the Reply.

        Once ``stop`` is set it ends within a second, ``stopped`` where something is left out.
        """
        ...


class ChatPipeline:
    """Answers questions about one index; ``notice`` is one line for the user, or empty."""

    def __init__(
        self,
        articles: Mapping[str, Article],
        retriever: Searcher,
        chooser: EvidenceChooser,
        answerer: Answerer,
        *,
        top_k: int,
        answer_threshold: float,
        max_question_chars: int,
        notice: str = "",
    ) -> None:
        self._articles = articles
        self._retriever = retriever
        self._inquirer = Inquirer(
            articles, retriever, chooser, top_k=top_k, threshold=answer_threshold
        )
        self._answerer = answerer
        self._top_k = top_k
        self._threshold = answer_threshold
        self._max_question_chars = max_question_chars
        self.notice = notice

    @property
    def articles(self) -> list[Article]:
        """All articles, in the order of the corpus."""
        return list(self._articles.values())

    def article(self, article_id: str) -> Article:
        """One article; KeyError when there is none with this id."""
        return self._articles[article_id]

    def search(self, question: str, top_k: int = 10) -> list[Hit]:
        """The best passages for a question, best first."""
        if top_k < 1:
            raise QuestionError(f"top_k 是 {top_k}；请给一个不小于 1 的数")
        checked = check_question(question, max_chars=self._max_question_chars)
        return self._retriever.search(checked, top_k)

    def answer(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """The whole answer to a question; QuestionError when it cannot be searched."""
        *_, last = self.stream(question, history)
        return cast(Answer, last)

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        stop: threading.Event | None = None,
    ) -> Generator[Piece, None, None]:
        """One Searched, then pieces of text, then the Answer; closing it stops the work.

        Setting ``stop``, on any thread, ends it within a second with an Answer of the outcome
        ``stopped``: what was written so far, checked like any other. A bad question is refused
        here, before the first piece is asked for.
        """
        checked = check_question(question, max_chars=self._max_question_chars)
        return self._stream(checked, history, stop)

    def _stream(
        self, question: str, history: Sequence[Message], stop: threading.Event | None
    ) -> Generator[Piece, None, None]:
        clock = _Clock()
        with clock.stage("question"):
            query = self._answerer.stand_alone(question, history, stop=stop)
        with clock.stage("search"):
            analysed = analyse(query)
            sought = self._inquirer.search(analysed)
            hits = _merged([one.hits for one in sought], self._top_k)
        yield Searched(query, hits, analysed.readings)
        with clock.stage("evidence"):
            findings = self._inquirer.find(analysed, sought)
        reply = yield from clock.timed("answer", self._reply(analysed, findings, stop))
        yield Answer(
            question=question,
            query=query,
            outcome=reply.outcome,
            text=reply.text,
            model=reply.model or self._answerer.name,
            short=reply.short,
            claims=reply.claims,
            citations=reply.citations,
            hits=hits,
            error=reply.error,
            timings_ms=clock.timings_ms(),
            readings=analysed.readings,
        )

    def _reply(
        self, query: Query, findings: Sequence[Finding], stop: threading.Event | None
    ) -> Generator[str, None, Reply]:
        if stop is not None and stop.is_set():
            return Reply("stopped", "")
        best = max(findings, key=lambda finding: finding.answerable)
        is_told = bool(best.candidates) and best.answerable >= self._threshold
        if not is_told or orders_the_program(query.text):
            reply = self._refusal(query, best.nearest_title)
            yield reply.text
            return reply
        reply = yield from self._answerer.stream(query.typed, findings, stop=stop)
        if reply.outcome == "no_evidence":  # a chat model declined: say what came near, too
            return replace(decline(query.typed, best.nearest_title), model=reply.model)
        return reply

    def _refusal(self, query: Query, nearest_title: str) -> Reply:
        """A refusal that says where the like is told of another, or the question's correction."""
        # What orders the program is about no article: nothing of its like is looked for.
        elsewhere = None if orders_the_program(query.text) else self._inquirer.elsewhere(query)
        if elsewhere is None:
            return decline(query.typed, nearest_title)
        corrected = correct(query, elsewhere)
        return corrected or decline(query.typed, nearest_title, told_of_another(query, elsewhere))


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


def _merged(hits_by_part: Sequence[Sequence[Hit]], top_k: int) -> tuple[Hit, ...]:
    """Hits of all parts, each story once, in turn by rank, so that no part is crowded out."""
    merged: dict[tuple[str, int], Hit] = {}
    for rank in range(max(map(len, hits_by_part), default=0)):
        for hits in hits_by_part:
            if rank < len(hits):
                passage = hits[rank].passage
                merged.setdefault((passage.article_id, passage.start), hits[rank])
    best = list(distinct(merged.values()))[: max(top_k, 1)]
    return tuple(sorted(best, key=lambda hit: -hit.score))
