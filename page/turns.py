"""A conversation: its questions, what has come of each so far, and what is shown beside it.

Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import rag
from page.library import Library
from page.texts import CHINESE, Language

HISTORY_TURNS = 6


@dataclass(slots=True, eq=False)
class Turn:
    """One question of a conversation and what has come of it so far.

    ``follows`` says that earlier turns are read with it, ``alone`` that they must not be; ``only``
    is what it is limited to;
    ``seconds`` is how long the reader waited for the answer once it was their turn.
    """

    question: str
    ahead: int = 0
    follows: bool = False
    alone: bool = False
    stopped: bool = False
    searched: rag.Searched | None = None
    text: str = ""
    answer: rag.Answer | None = None
    error: str | None = None
    seconds: float | None = None
    begun: float | None = None
    rating: str = ""
    only: rag.Filter | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.stopped or self.answer is not None or self.error is not None

    @property
    def hits(self) -> tuple[rag.Hit, ...]:
        """The passages that were found, as far as they are known."""
        found = self.answer or self.searched
        return found.hits if found is not None else ()

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


@dataclass(slots=True)
class Session:
    """What one tab of a browser has before it; ``id`` names the conversation once it has begun.

    ``library`` is the one that was chosen, None for the first; ``only`` is what questions are
    limited to. ``is_editing`` says that the next question takes the place of the last one;
    ``rated`` is the turn that was rated last, with the id of the row that keeps it; ``added`` are
    the files that were uploaded last, ``removed`` is the key of those that were removed last;
    ``say`` is the language of the browser.
    """

    turns: list[Turn] = field(default_factory=list)
    id: str = ""
    is_editing: bool = False
    rated: tuple[int, str] | None = None
    library: Library | None = None
    only: rag.Filter | None = None
    added: tuple[str, ...] = ()
    removed: str = ""
    say: Language = CHINESE


def history(turns: Sequence[Turn]) -> tuple[rag.Message, ...]:
    """The last turns that got a reply, as plain messages."""
    messages: list[rag.Message] = []
    for turn in [turn for turn in turns if turn.text][-HISTORY_TURNS:]:
        messages.append(rag.Message("user", turn.question))
        messages.append(rag.Message("assistant", turn.text))
    return tuple(messages)
