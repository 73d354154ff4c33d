"""A follow-up made to stand alone by a chat model, or by rule where its words are not to be used.

Knows nothing of retrieval. What the model writes is data: it is searched for only if it says
nothing that the conversation does not.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import closing

from rag.answerers.material import as_data, format_history
from rag.citations import plain_text
from rag.datatypes import Message
from rag.errors import ModelError
from rag.models.chat_model import ChatModel, ChatTurn
from rag.prompts import Prompt
from rag.queries import stand_alone
from rag.text import bigrams, fold

QUESTION_PROMPT_NAME = "question"
QUESTION_PROMPT_VARIABLES = frozenset({"history", "question"})
_HISTORY_TOKENS = 600
_LONGEST_TOKENS = 80
_LONGEST_CHARS = 72
_LEAST_SHARED = 0.5
_LABEL = re.compile(r"^(?:完整问题|改写后?的?问题|问题|追问)\s*[:：]\s*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class QuestionWriter:
    """Makes questions stand alone; ``prompt`` has the variables ``QUESTION_PROMPT_VARIABLES``.

    Of the history the model reads the latest turns, in ``history_tokens`` of its tokens at most.
    """

    def __init__(
        self, chat_model: ChatModel, prompt: Prompt, history_tokens: int = _HISTORY_TOKENS
    ) -> None:
        self._chat_model = chat_model
        self._prompt = prompt
        self._history_tokens = history_tokens

    def stand_alone(
        self, question: str, history: Sequence[Message], *, stop: threading.Event | None = None
    ) -> str:
        """The question with what it leaves to the turns before filled in.

        By rule, without the model's words, when it fails, is stopped, is cut short, or adds what
        nobody said.
        """
        known = self.latest(history)
        if not known:
            return stand_alone(question, history)
        try:
            written = self._written(question, known, stop)
        except ModelError:
            written = ""
        said = "\n".join([question, *(turn.content for turn in known)])
        return written if _says_nothing_new(written, said) else stand_alone(question, history)

    def latest(self, history: Sequence[Message]) -> list[Message]:
        """The latest turns that together stay within the tokens allowed, in order."""
        kept: list[Message] = []
        for turn in reversed(history):
            shown: list[ChatTurn] = [
                {"role": "user", "content": format_history([turn, *kept])},
            ]
            if self._chat_model.count_tokens(shown) > self._history_tokens:
                break
            kept.insert(0, turn)
        return kept

    def _written(
        self, question: str, history: Sequence[Message], stop: threading.Event | None
    ) -> str:
        turns = self._prompt.render(history=format_history(history), question=as_data(question))
        room = self._chat_model.context_tokens - self._chat_model.count_tokens(turns)
        if room < _LONGEST_TOKENS:
            return ""
        with closing(
            self._chat_model.stream(turns, max_new_tokens=_LONGEST_TOKENS, stop=stop)
        ) as pieces:
            lines = plain_text("".join(pieces)).splitlines()
        if stop is not None and stop.is_set():
            return ""
        return _LABEL.sub("", lines[0]).strip() if lines else ""


def _says_nothing_new(written: str, said: str) -> bool:
    """Whether the words are a short question made of what was said, numbers included."""
    terms, known = set(bigrams(written)), set(bigrams(said))
    numbers = set(_NUMBER.findall(fold(written)))
    return (
        bool(terms)
        and len(written) <= _LONGEST_CHARS
        and len(terms & known) >= _LEAST_SHARED * len(terms)
        and numbers <= set(_NUMBER.findall(fold(said)))
    )
