"""What the chat models that run in this process have in common: a prompt's tokens to a reply.

Templates, tokens and weights are each adapter's own. Knows nothing of evidence or prompts.
"""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Sequence

from rag.errors import ModelError
from rag.models.chat_text import decode_pieces, neutralise, strip_thinking
from rag.models.loading import first_line
from rag.models.worker import Worker, turn

ChatTurn = dict[str, str]
_LEAST_KEPT = 16  # tokens of a beginning that is worth keeping


class LocalChatModel(ABC):
    """A model that is given tokens and writes tokens; greedy, one generation at a time.

    ``marks`` are what the model's own special tokens look like in text.
    """

    def __init__(self, name: str, context_tokens: int, marks: re.Pattern[str]) -> None:
        self.name = name
        self.context_tokens = context_tokens
        self._marks = marks
        self._one_at_a_time = threading.Lock()
        self._running: Worker[int] | None = None

    def count_tokens(self, turns: Sequence[ChatTurn]) -> int:
        """Tokens of the finished prompt, template included."""
        return len(self._tokens_of(self._rendered(turns)))

    def stream(
        self,
        turns: Sequence[ChatTurn],
        *,
        max_new_tokens: int,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, None]:
        """The reply in pieces, without its thoughts; a second stream waits for the first.

        See ``ChatModel.stream``.
        """
        text = self._rendered(turns)
        ids = self._tokens_of(text)
        fixed = self._fixed(turns, ids)
        room = self.context_tokens - len(ids)
        if room < 1:
            raise ModelError(
                f"提示词有 {len(ids)} 个词元，超过对话模型 {self.name} 的上限"
                f" {self.context_tokens}；请缩短问题，或换一个上下文更长的模型"
            )
        limit = min(max_new_tokens, room)
        with turn(self._one_at_a_time, stop) as has_turn:
            if not has_turn:
                return
            with Worker[int](lambda run: self._run(ids, fixed, limit, run), stop) as run:
                pieces = decode_pieces(self._tokens(run), self._decode)
                yield from strip_thinking(pieces, thinking=text.rstrip().endswith("<think>"))

    @abstractmethod
    def _render(self, turns: list[ChatTurn], *, add_generation_prompt: bool) -> str:
        """The turns in the model's template; raises whatever the template raises."""

    @abstractmethod
    def _tokens_of(self, text: str) -> list[int]:
        """The tokens of a finished prompt."""

    @abstractmethod
    def _decode(self, tokens: Sequence[int]) -> str:
        """The text of tokens."""

    @abstractmethod
    def _generate(self, ids: list[int], fixed: int, max_new_tokens: int, run: Worker[int]) -> None:
        """Write greedily into ``run``; the first ``fixed`` of ``ids`` are kept for the next prompt.

        A stop is seen in prefill, too; StoppedError then.
        """

    def _run(self, ids: list[int], fixed: int, max_new_tokens: int, run: Worker[int]) -> None:
        self._running = run
        try:
            self._generate(ids, fixed, max_new_tokens, run)
        finally:
            self._running = None

    def _tokens(self, run: Worker[int]) -> Iterator[int]:
        """New tokens as they come; ModelError where the library raised."""
        try:
            yield from run.items()
        except Exception as error:  # libraries raise what they like
            raise ModelError(
                f"对话模型 {self.name} 生成时出错（{first_line(error)}）；"
                '可以再问一次，或改用 chat_model = "builtin"'
            ) from error

    def _fixed(self, turns: Sequence[ChatTurn], ids: Sequence[int]) -> int:
        """How many tokens of a prompt are those of all turns but the last."""
        if len(turns) < 2:
            return 0
        text = self._rendered(turns[:-1], add_generation_prompt=False)
        return _beginning(ids, self._tokens_of(text))

    def _rendered(self, turns: Sequence[ChatTurn], *, add_generation_prompt: bool = True) -> str:
        safe = [one | {"content": neutralise(one["content"], self._marks)} for one in turns]
        try:
            return self._render(safe, add_generation_prompt=add_generation_prompt)
        except Exception as error:  # a template is a program: it may raise what it likes
            raise ModelError(
                f"对话模型 {self.name} 的对话模板出错（{first_line(error)}）；请换一个对话模型"
            ) from error

    def _is_stopped(self) -> bool:
        return self._running is not None and self._running.is_stopped


def _beginning(ids: Sequence[int], fixed: Sequence[int]) -> int:
    """How many tokens of a prompt are those of its fixed turns; 0 where it is not worth keeping.

    Never all: the last one has to be read to go on from it.
    """
    shared = zip(ids[:-1], fixed, strict=False)
    same = next((n for n, (one, other) in enumerate(shared) if one != other), None)
    same = min(len(ids) - 1, len(fixed)) if same is None else same
    return same if same >= _LEAST_KEPT else 0
