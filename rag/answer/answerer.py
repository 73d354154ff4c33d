"""What every way to answer has in common.

Knows nothing of any of them.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from typing import Protocol

from rag.answer.reply import Reply
from rag.ask import Question
from rag.datatypes import Evidence
from rag.read import Judged


class Answerer(Protocol):
    """Judged readings to a reply."""

    @property
    def name(self) -> str:
        """What the answer says it was made by."""
        ...

    def may_answer(self, judged: Sequence[Judged]) -> bool:
        """Whether what was read is enough to be asked at all; else the question is declined."""
        ...

    def stream(
        self, question: Question, judged: Sequence[Judged], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """Pieces of text as they come; the generator's value is the Reply.

        ``judged`` has one for each part of the question, enough to be asked. Once
        ``stop`` is set it ends within a second, ``stopped`` where something is left out.
        """
        ...

    def summarize(
        self,
        question: Question,
        points: Sequence[Evidence],
        *,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, Reply]:
        """The points of a summary, at least one, in words, as ``stream`` gives an answer."""
        ...
