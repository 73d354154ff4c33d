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
from rag.answer.material import as_data, format_evidence
from rag.answer.reply import Reply
from rag.answer.told import Told, told_of
from rag.ask import Question
from rag.citations import (
    DECLINED,
    cite,
    declines,
    plain_text,
    split_reply,
    without_controls,
)
from rag.datatypes import AnswerPart, Citation, Evidence, Outcome
from rag.errors import ModelError
from rag.models.chat_model import ChatModel, ChatTurn
from rag.models.entailment import EntailmentModel
from rag.prompts import Prompt
from rag.read import Judged, whole_sentence
from rag.text import fold

PROMPT_NAME = "answer"
PROMPT_VARIABLES = frozenset({"question", "evidence"})
# Of a small context, the reply may claim no more than this share.
_REPLY_SHARE = 0.25

# Reading the prompt takes most of the time on a CPU: few, short pieces.
_MOST_EVIDENCE = 6


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

        The evidence for each of several facts stands together, under what it is for.
        """
        found = strongest(judged, _MOST_EVIDENCE)
        names = [wording.turn.question for wording in question.parts]
        parts = [names[at] for _, at in found] if len(judged) > 1 else []
        asked = question.typed if len(judged) > 1 else question.query
        reply = yield from self.write(
            asked, [evidence for evidence, _ in found], parts=parts, stop=stop
        )
        if len(judged) < 2 or not reply.citations:
            return reply
        told = [told_of(*pair, 0) for pair in zip(question.parts, judged, strict=True)]
        return replace(reply, parts=tuple(_cited_part(one, reply.citations) for one in told))

    def summarize(
        self,
        question: Question,
        points: Sequence[Evidence],
        *,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """Write a summary from its points; see ``write``."""
        return self.write(question.query, points, stop=stop)

    def write(
        self,
        question: str,
        evidence: Sequence[Evidence],
        *,
        parts: Sequence[str] = (),
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """The model's words as they come; the generator's value is the checked Reply.

        ``parts``, where given, has for each piece of evidence the fact that it is for.

        The Reply's text replaces what was streamed: markers are put right, markup is gone. Closing
        the generator stops the model; setting ``stop`` does so too and gives the outcome
        ``stopped``. A model that fails gives ``failed``. Both keep what was written so far.
        """
        if not evidence:
            yield DECLINED
            return self.reply("", ())
        written: list[str] = []
        try:
            turns, evidence = self._fitted(question, evidence, parts)
            with closing(
                self._chat_model.stream(turns, max_new_tokens=self._max_new_tokens, stop=stop)
            ) as pieces:
                for piece in self._shown(map(without_controls, pieces), question, evidence):
                    if stop is not None and stop.is_set():
                        break
                    written.append(piece)
                    yield piece
        except ModelError as error:
            return self.reply("".join(written), evidence, "failed", str(error))
        was_stopped = stop is not None and stop.is_set()
        outcome: Outcome = "stopped" if was_stopped else "answered"
        return self.reply("".join(written), evidence, outcome, stop=stop)

    def _shown(
        self, pieces: Iterable[str], question: str, evidence: Sequence[Evidence]
    ) -> Iterator[str]:
        """The pieces that may be shown: no template marks, no recital of the prompt."""
        prompt = f"{self._prompt.system}\n{self._prompt.user}"
        return only_shown(pieces, prompt, f"{question}\n{format_evidence(evidence)}")

    def reply(
        self,
        written: str,
        evidence: Sequence[Evidence],
        outcome: Outcome = "answered",
        error: str | None = None,
        stop: threading.Event | None = None,
    ) -> Reply:
        """The Reply that the words written so far make; also for a stream that was stopped.

        One that declines, or says nothing, becomes ``no_evidence`` where it was to be ``answered``.
        No model of inference looks at one that was stopped, nor goes on once ``stop`` is set: who
        stopped it waits a second at most.
        """
        parts = split_reply(plain_text(written))
        if declines(parts):
            if outcome == "answered":
                return Reply("no_evidence", DECLINED, model=self.name)
            return Reply(outcome, "", model=self.name, error=error)
        entailment = self._entailment if outcome == "answered" else None
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
        self, question: str, evidence: Sequence[Evidence], parts: Sequence[str]
    ) -> tuple[list[ChatTurn], Sequence[Evidence]]:
        """The prompt, and as much of the evidence, strongest first, as the context holds."""
        context = self._chat_model.context_tokens
        room = context - min(self._max_new_tokens, int(context * _REPLY_SHARE))
        for kept in range(len(evidence), 0, -1):
            turns = self._prompt.render(
                question=as_data(question),
                evidence=format_evidence(evidence[:kept], parts[:kept]),
            )
            if self._chat_model.count_tokens(turns) <= room:
                return turns, evidence[:kept]
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


def strongest(judged: Sequence[Judged], count: int) -> list[tuple[Evidence, int]]:
    """The best whole sentences of all parts in turn, each once, at most ``count``.

    Each with the number, from 0, of the part that it is for.
    """
    chosen: dict[str, tuple[Evidence, int]] = {}
    for rank in range(max((len(one.readings) for one in judged), default=0)):
        for at, one in enumerate(judged):
            if rank < len(one.readings) and len(chosen) < count:
                evidence = whole_sentence(one.readings[rank])
                chosen.setdefault(fold(evidence.text), (evidence, at))
    return list(chosen.values())


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
