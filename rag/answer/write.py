"""Answers written by a chat model from numbered evidence, then held against it.

Knows nothing of retrieval or of the model behind the Protocol. What the model writes is data:
it is shown, cleaned and checked, and nothing in it is ever carried out.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from rag.answer.disclosure import only_shown
from rag.answer.given import Given, given_to_model
from rag.answer.lengths import most_chars, until_long, within
from rag.answer.material import as_data, format_evidence
from rag.answer.offered import with_quote
from rag.answer.quote import QuoteAnswerer
from rag.answer.repeats import until_repeated, without_repeats
from rag.answer.reply import Reply
from rag.answer.told import Told, told_of
from rag.ask import Question
from rag.citations import (
    DECLINED,
    Sentence,
    cite,
    declines,
    is_foreign,
    plain_text,
    split_reply,
    without_controls,
)
from rag.datatypes import AnswerPart, Citation, Evidence, Outcome
from rag.errors import ModelError
from rag.models.chat_model import ChatModel
from rag.models.entailment import EntailmentModel
from rag.models.generation import ChatTurn
from rag.prompts import Prompt
from rag.read import Judged

PROMPT_NAME = "answer"
PROMPT_VARIABLES = frozenset({"question", "evidence"})
# Of a small context, the reply may claim no more than this share.
_REPLY_SHARE = 0.25


class WriteAnswerer:
    """Writes an answer with a chat model; ``prompt`` has the variables ``PROMPT_VARIABLES``.

    ``entailment`` has a last look at what was written to its end.
    """

    def __init__(
        self,
        chat_model: ChatModel,
        prompt: Prompt,
        max_new_tokens: int = 400,
        entailment: EntailmentModel | None = None,
    ) -> None:
        self._chat_model = chat_model
        self._prompt = prompt
        self._max_new_tokens = max_new_tokens
        self._entailment = entailment

    @property
    def name(self) -> str:
        """The chat model's name."""
        return self._chat_model.name

    def stream(
        self, question: Question, judged: Sequence[Judged], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """Write an answer from the best sentences of what was read; see ``write``.

        The evidence for each of several facts stands together, under what it is for. Where the
        judge believes a quote that the model passed over, it is offered (``with_quote``); where it
        believes none, and nothing that the model wrote stands up, that is no answer.
        """
        found = given_to_model(judged)
        names = [wording.turn.question for wording in question.parts]
        parts = [names[one.part] for one in found] if len(judged) > 1 else []
        asked = question.typed if len(judged) > 1 else question.query
        most = most_chars(question)
        reply = yield from self.write(asked, found, parts=parts, most=most, stop=stop)
        if len(judged) > 1 and reply.citations:
            told = [told_of(*pair, 0) for pair in zip(question.parts, judged, strict=True)]
            reply = replace(reply, parts=tuple(_cited_part(one, reply.citations) for one in told))
        if not any(one.is_believed for one in judged):
            return self._standing(reply)

        def quote(room: int) -> Reply:
            return _drained(QuoteAnswerer(room).stream(question, judged))

        return with_quote(reply, quote, judged, question.query)

    def _standing(self, reply: Reply) -> Reply:
        """The reply, or that there is none where no sentence of it stands up."""
        if reply.outcome != "answered" or any(one.verdict == "supported" for one in reply.claims):
            return reply
        return Reply("no_evidence", DECLINED, model=self.name)

    def may_answer(self, judged: Sequence[Judged]) -> bool:
        """Whether anything comes near enough to ask a model that can decline itself."""
        return any(one.comes_near for one in judged)

    def summarize(
        self,
        question: Question,
        points: Sequence[Evidence],
        *,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """Write a summary from its points; see ``write``."""
        return self.write(question.query, list(map(Given.of, points)), stop=stop)

    def write(
        self,
        question: str,
        given: Sequence[Given],
        *,
        parts: Sequence[str] = (),
        most: int | None = None,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """The model's words as they come; the generator's value is the checked Reply.

        ``parts``, where there are any, has for each piece of the material the fact that it is for.
        The model is stopped where its words grow longer than ``most`` characters; of those only
        whole sentences are kept.

        The Reply's text replaces what was streamed: markers are put right, markup is gone. Closing
        the generator stops the model; setting ``stop`` does so too and gives the outcome
        ``stopped``. A model that fails gives ``failed``. Both keep what was written so far.
        """
        if not given:
            yield DECLINED
            return self.reply("", ())
        written: list[str] = []
        try:
            turns, given = self._fitted(question, given, parts)
            with closing(
                self._chat_model.stream(turns, max_new_tokens=self._max_new_tokens, stop=stop)
            ) as pieces:
                bare = until_long(map(without_controls, pieces), most)
                for piece in self._shown(bare, question, given):
                    if stop is not None and stop.is_set():
                        break
                    written.append(piece)
                    yield piece
        except ModelError as error:
            return self.reply("".join(written), given, "failed", str(error))
        was_stopped = stop is not None and stop.is_set()
        outcome: Outcome = "stopped" if was_stopped else "answered"
        return self.reply("".join(written), given, outcome, most=most, stop=stop)

    def _shown(self, pieces: Iterable[str], question: str, given: Sequence[Given]) -> Iterator[str]:
        """The pieces that may be shown: no template marks, no recital of the prompt, no circle."""
        material = f"{question}\n{format_evidence(given)}"
        return until_repeated(only_shown(pieces, self._prompt.said, material))

    def reply(
        self,
        written: str,
        given: Sequence[Given],
        outcome: Outcome = "answered",
        error: str | None = None,
        *,
        most: int | None = None,
        stop: threading.Event | None = None,
    ) -> Reply:
        """The Reply that the words written so far make; also for a stream that was stopped.

        One that declines, says nothing, or nothing in Chinese, becomes ``no_evidence`` where it was
        to be ``answered``; what is said twice is left out.
        No model of inference looks at one that was stopped, nor goes on once ``stop`` is set: who
        stopped it waits a second at most.
        """
        parts = within(split_reply(without_repeats(plain_text(written))), most)
        if declines(parts) or is_foreign(parts):
            if outcome == "answered":
                return Reply("no_evidence", DECLINED, model=self.name)
            return Reply(outcome, "", model=self.name, error=error)
        entailment = self._entailment if outcome == "answered" else None
        evidence = [sentence for piece in given for sentence in piece.evidence]
        parts = [_naming_sentences(part, given) for part in parts]
        cited = cite(parts, evidence, entailment and _UntilStopped(entailment, stop))
        return Reply(
            outcome,
            cited.text,
            claims=cited.claims,
            citations=cited.citations,
            model=self.name,
            error=error,
        )

    def _fitted(
        self, question: str, given: Sequence[Given], parts: Sequence[str]
    ) -> tuple[list[ChatTurn], Sequence[Given]]:
        """The prompt, and as much of the material, strongest first, as the context holds."""
        context = self._chat_model.context_tokens
        room = context - min(self._max_new_tokens, int(context * _REPLY_SHARE))
        for kept in range(len(given), 0, -1):
            turns = self._prompt.render(
                question=as_data(question),
                evidence=format_evidence(given[:kept], parts[:kept]),
            )
            if self._chat_model.count_tokens(turns) <= room:
                return turns, given[:kept]
        raise ModelError(
            f"问题和一条证据放不进对话模型 {self.name} 的 {context} 个词元；"
            "请把问题缩短，或换一个上下文更长的模型"
        )


def _cited_part(told: Told, citations: Sequence[Citation]) -> AnswerPart:
    """A part with the first citation that quotes from the sentence that tells it."""
    quote = told.evidence
    cited = (
        one.number
        for one in citations
        if quote and one.article_id == quote.article_id
        if quote and one.start < quote.end and quote.start < one.end
    )
    return told.part(next(cited, None))


def _naming_sentences(part: Sentence, given: Sequence[Given]) -> Sentence:
    """A sentence whose numbers, which named pieces of the material, name their sentences."""
    first = [0]
    for piece in given:
        first.append(first[-1] + len(piece.evidence))
    named = (number for number in part.numbers if 1 <= number <= len(given))
    numbers = (n + 1 for number in named for n in range(first[number - 1], first[number]))
    return replace(part, numbers=tuple(numbers))


def _drained(stream: Generator[str, None, Reply]) -> Reply:
    """The reply of a stream of which nothing is shown."""
    while True:
        try:
            next(stream)
        except StopIteration as end:
            reply: Reply = end.value
            return reply


class _UntilStopped:
    """A model of inference that objects to nothing once the reader has stopped waiting for it."""

    def __init__(self, entailment: EntailmentModel, stop: threading.Event | None) -> None:
        self.name = entailment.name
        self._entailment = entailment
        self._stop = stop

    def contradiction(self, text: str, sentence: str) -> float:
        if self._stop is not None and self._stop.is_set():
            return 0.0
        return self._entailment.contradiction(text, sentence)
