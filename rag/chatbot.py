"""The pipeline: ask, retrieve, read, answer; streamed.

Knows nothing of which embedder, index or answerer it was given, nor of settings.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import NamedTuple, cast

from rag.answer.answerer import Answerer
from rag.answer.decline import decline
from rag.answer.desk import Desk, Prepared
from rag.answer.outline import listed_answer
from rag.answer.reply import Reply
from rag.answer.roll import told_roll
from rag.answer.series import computed_in_sentence
from rag.answer.table import computed
from rag.ask import Question, Roll, check_question, orders_the_program, parse, roll_of
from rag.datatypes import Answer, Article, Hit, Message, Searched
from rag.errors import QuestionError
from rag.read import MOST_READ, Called, Judge, Judged, RollCall, is_of_side, mentioned
from rag.retrieve import Filter, Searcher, distinct, merged
from rag.stopwatch import Stopwatch
from rag.text import find_quantities, standard_form

Piece = Searched | str | Answer


class Limits(NamedTuple):
    """How many hits of a fact are shown, and how many characters a question may have."""

    top_k: int
    question_chars: int


class ChatPipeline:
    """Answers questions about one index; ``notice`` is one line for the user, or empty.

    Without a ``desk`` small talk, questions about the library and wishes for a summary are
    questions to the articles' words like any other. ``passage_counts`` says by the articles' ids
    into how many passages each was cut.
    """

    def __init__(
        self,
        articles: Mapping[str, Article],
        retriever: Searcher,
        judge: Judge,
        answerer: Answerer,
        desk: Desk | None = None,
        *,
        limits: Limits,
        notice: str = "",
        passage_counts: Mapping[str, int] | None = None,
    ) -> None:
        self._articles = articles
        self._retriever = retriever
        self._judge = judge
        self._answerer = answerer
        self._desk = desk
        self._top_k, self._max_question_chars = limits
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
        now = copy(self)
        hits = now._retriever.search(checked, max(top_k, MOST_READ), only)
        turn = parse(checked).whole
        return now._judge.ranked(turn, hits, now._articles)[:top_k]

    def read(self, question: str, history: Sequence[Message] = ()) -> tuple[Judged, ...]:
        """What the hits say of each fact asked for, judged: what every answer is made from."""
        checked = check_question(question, max_chars=self._max_question_chars)
        parsed = parse(checked, history)
        now = copy(self)
        return tuple(now._judged(parsed, now._found(parsed)))

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
        # A copy: what has begun ends with the articles that it began with, whatever is read anew.
        return copy(self)._stream(checked, history, stop, only)

    def _stream(
        self,
        typed: str,
        history: Sequence[Message],
        stop: threading.Event | None,
        only: Filter | None,
    ) -> Generator[Piece, None, None]:
        clock = Stopwatch()
        with clock.stage("question"):
            question = parse(typed, history)
            prepared = self._prepared(question, only, yields=False)
        if prepared is not None:
            yield Searched(question.query, prepared.hits, question.readings)
            yield from self._told_by_desk(question, prepared, stop, clock)
            return
        with clock.stage("search"):
            found = self._found(question, only)
        yield Searched(question.query, self._shown(found), question.readings)
        with clock.stage("evidence"):
            judged = self._judged(question, found)
            if not any(one.is_believed for one in judged):
                prepared = self._prepared(question, only, yields=True)
            elif self._desk is not None and len(judged) == 1:
                prepared = self._desk.how(question, judged[0].readings[0])
        if prepared is not None:
            yield from self._told_by_desk(question, prepared, stop, clock)
            return
        with clock.stage("evidence"):
            called = self._called(question, judged, only)
        hits = self._shown([one.hits for one in judged])
        said = told_roll(*called) if called else self._reply(question, judged, stop)
        reply = yield from clock.timed("answer", said)
        yield self._answer(question, reply, hits, clock, round(_probability(judged), 4))

    def _prepared(
        self, question: Question, only: Filter | None, *, yields: bool
    ) -> Prepared | None:
        """What the desk has to say: at once, or only after the articles' words were asked."""
        purpose = question.purpose
        if self._desk is None or purpose is None or orders_the_program(question.typed):
            return None
        desk = self._desk.limited(only.admits) if only else self._desk
        return desk.prepared(question) if desk.yields(purpose) == yields else None

    def _holding(self, words: str, only: Filter | None) -> Iterable[Article]:
        """All articles that hold some words, and others that might; of those admitted."""
        articles = self._desk.holding(words) if self._desk else self._articles.values()
        return filter(only.admits, articles) if only else articles

    def _told_by_desk(
        self, question: Question, prepared: Prepared, stop: threading.Event | None, clock: Stopwatch
    ) -> Generator[Piece, None, None]:
        reply = yield from clock.timed("answer", self._from_desk(question, prepared, stop))
        yield self._answer(question, reply, prepared.hits, clock)

    def _from_desk(
        self, question: Question, prepared: Prepared, stop: threading.Event | None
    ) -> Generator[str, None, Reply]:
        if stop is not None and stop.is_set():
            return Reply("stopped", "")
        reply = yield from prepared.stream(question, self._answerer, stop=stop)
        if reply.outcome == "no_evidence" and prepared.points:  # a chat model declined
            return replace(decline(question, prepared.points[0].title), model=reply.model)
        return reply

    def _answer(
        self,
        question: Question,
        reply: Reply,
        hits: tuple[Hit, ...],
        clock: Stopwatch,
        probability: float | None = None,
    ) -> Answer:
        return Answer(
            question=question.typed,
            query=question.query,
            outcome=reply.outcome,
            text=reply.text,
            model=reply.model or self._answerer.name,
            short=reply.short,
            claims=reply.claims,
            citations=reply.citations,
            hits=hits,
            probability=probability,
            error=reply.error,
            timings_ms=clock.timings_ms(),
            readings=question.readings,
            parts=reply.parts,
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
        """The hits to show: ``top_k`` of each part in the order of the parts, each story once."""
        shown: dict[tuple[str, int], Hit] = {}
        for hits in found:
            for hit in hits[: self._top_k]:
                shown.setdefault((hit.passage.article_id, hit.passage.start), hit)
        return tuple(distinct(shown.values())) if len(found) > 1 else tuple(shown.values())

    def _judged(self, question: Question, found: Sequence[Sequence[Hit]]) -> list[Judged]:
        return self._judge.judge_parts(
            [wording.turn for wording in question.parts],
            [wording.label for wording in question.parts],
            found,
            self._articles,
            are_compared=question.aim in ("compare", "difference"),
        )

    def _called(
        self, question: Question, judged: Sequence[Judged], only: Filter | None
    ) -> tuple[Roll, Called] | None:
        """What article after article tells, where all of a kind are asked for and several do.

        None where one article tells as much, or where how many is told in so many words.
        """
        roll = roll_of(question.text) if len(judged) == 1 else None
        if roll is None or orders_the_program(question.typed):
            return None
        if roll.names_alone:
            named = mentioned(roll.kind, self._holding(roll.kind, only))
            return (roll, named) if named.members else None
        if judged[0].is_believed and _tells_all(roll, judged[0]):
            return None
        called = RollCall(self._judge).call(
            roll, lambda query, most: self._retriever.search(query, most, only), self._articles
        )
        best = judged[0].readings[0] if judged[0].is_believed else None
        own = best.fact.split("、") if best and is_of_side(roll, best) else []
        return (roll, called) if called.tells_more_than(own, roll.ends) else None

    def _reply(
        self, question: Question, judged: Sequence[Judged], stop: threading.Event | None
    ) -> Generator[str, None, Reply]:
        if stop is not None and stop.is_set():
            return Reply("stopped", "")
        if len(judged) == 1 and (reply := computed(question.text, judged[0].hits, self._articles)):
            yield reply.text
            return reply
        if said := computed_in_sentence(question.text, judged):
            return (yield from said)
        nearest = max(judged, key=lambda one: one.probability).nearest_title
        if not self._answerer.may_answer(judged) or orders_the_program(question.text):
            reply = decline(question, nearest)
            yield reply.text
            return reply
        reply = yield from self._answerer.stream(question, judged, stop=stop)
        if reply.outcome == "no_evidence":  # a chat model declined: say what came near, too
            return replace(decline(question, nearest), model=reply.model)
        return reply


def _tells_all(roll: Roll, judged: Judged) -> bool:
    """Whether one article tells how many there are, or has a list of them."""
    figures = find_quantities(standard_form(judged.readings[0].fact))
    return listed_answer(judged, 0.0) is not None or (roll.counts and bool(figures))


def _probability(judged: Sequence[Judged]) -> float:
    """That of the least sure part that is told; of the surest where none is."""
    told = [one.probability for one in judged if one.is_believed]
    return min(told) if told else max(one.probability for one in judged)
