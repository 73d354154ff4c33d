"""One question of a conversation and what has come of it so far."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import rag

HISTORY_TURNS = 6


@dataclass(slots=True)
class Turn:
    """One question of a conversation and what has come of it so far.

    ``follows`` says that earlier turns are read with it; ``seconds`` is how long the reader waited
    for the answer once it was their turn.
    """

    question: str
    ahead: int = 0
    follows: bool = False
    stopped: bool = False
    searched: rag.Searched | None = None
    text: str = ""
    answer: rag.Answer | None = None
    error: str | None = None
    seconds: float | None = None
    begun: float | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.stopped or self.answer is not None or self.error is not None

    def begin(self) -> None:
        """Note that it is answered from now on."""
        self.begun = time.monotonic()

    def receive(self, event: rag.Searched | str | rag.Answer) -> None:
        """Take in one event of the stream."""
        if isinstance(event, str):
            self.text += event
        elif isinstance(event, rag.Searched):
            self.searched = event
        else:
            self.answer, self.text = event, event.text
            if self.begun is not None:
                self.seconds = time.monotonic() - self.begun


def history(turns: Sequence[Turn]) -> tuple[rag.Message, ...]:
    """The last turns that got a reply, as plain messages."""
    messages: list[rag.Message] = []
    for turn in [turn for turn in turns if turn.text][-HISTORY_TURNS:]:
        messages.append(rag.Message("user", turn.question))
        messages.append(rag.Message("assistant", turn.text))
    return tuple(messages)
