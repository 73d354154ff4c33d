"""The callbacks of the page over one chatbot.

Does no retrieval. A reply is stopped by marking its turn and setting the event that its stream was
given: the chatbot ends it within a second, and only then the next in line is answered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr

import rag
from page.line import Line
from page.rendering import render_contents, render_link, render_messages
from page.turns import Turn, history

# How long a waiting reply is silent: a closed tab is noticed when it next speaks.
_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class _Running:
    """A reply in the making: the session it is for, and the event that stops it."""

    session: str
    stop: threading.Event


class Conversation:
    """The callbacks of the page over one chatbot; a session is the list of its turns."""

    def __init__(self, chatbot: rag.Chatbot) -> None:
        self.chatbot = chatbot
        self._line = Line()
        self._running: dict[int, _Running] = {}

    def show(self, turns: list[Turn], panel: str | None = None) -> tuple[Any, ...]:
        """Messages, panel (left as it is when None) and stop button."""
        running = bool(turns) and not turns[-1].finished
        return render_messages(turns), panel or gr.skip(), gr.Button(interactive=running)

    def begin(self, question: str, turns: list[Turn]) -> tuple[Any, ...]:
        """Take a question in, stopping the one before it, and empty the box."""
        self.stop(turns)
        turns.append(Turn(question, ahead=len(self._line), follows=bool(history(turns))))
        return *self.show(turns), ""

    def begin_example(self, turns: list[Turn], event: gr.SelectData) -> tuple[Any, ...]:
        """Take in the example that was clicked."""
        return self.begin(str(event.value["text"]), turns)

    def reply(
        self, turns: list[Turn], request: gr.Request | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Stream the reply to the last question, in its turn; closing this stops the chatbot."""
        panel = None
        if turns and not turns[-1].finished:
            turn, place = turns[-1], len(turns) - 1
            session = str(request.session_hash) if request is not None else ""
            running = self._running[id(turn)] = _Running(session, threading.Event())
            try:
                with self._line.stand() as ticket:
                    yield from self._wait(ticket, turn, turns)
                    yield from self._stream(turn, turns, history(turns[:place]), running.stop)
            except rag.RagError as error:
                turn.error = str(error)
            finally:
                del self._running[id(turn)]
            is_last = bool(turns) and turns[-1] is turn  # or the reader has gone on by now
            if is_last and turn.answer is not None and turn.answer.citations:
                first = turn.answer.citations[0].number
                panel = render_link(self.chatbot, turns, f"#cite-{place}-{first}")
        yield self.show(turns, panel)

    def _wait(self, ticket: object, turn: Turn, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """Show how many are ahead until none is; Gradio closes only what yields now and then."""
        turn.ahead = self._line.ahead(ticket)
        yield self.show(turns)
        while turn.ahead and not turn.finished:
            turn.ahead = self._line.ahead(ticket, patience_s=_PATIENCE_S)
            yield self.show(turns)

    def _stream(
        self,
        turn: Turn,
        turns: list[Turn],
        earlier: tuple[rag.Message, ...],
        stop: threading.Event,
    ) -> Iterator[tuple[Any, ...]]:
        """What the chatbot says; of a stopped turn only the Answer, which holds what was said."""
        if turn.finished:
            return
        turn.begin()
        with closing(self.chatbot.stream(turn.question, earlier, stop=stop)) as events:
            for event in events:
                if turn.finished and not isinstance(event, rag.Answer):
                    return
                turn.receive(event)
                yield self.show(turns)

    def stop(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Stop the running turn; what it has said so far stays."""
        if turns and not turns[-1].finished:
            turns[-1].stopped = True
            if running := self._running.get(id(turns[-1])):
                running.stop.set()
        return self.show(turns)

    def leave(self, request: gr.Request) -> None:
        """Stop what is being made for a session whose tab was closed."""
        for running in list(self._running.values()):
            if running.session == request.session_hash:
                running.stop.set()

    def fail(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Say in the conversation that the program broke; the terminal has the traceback."""
        if turns and not turns[-1].finished:
            turns[-1].error = "程序内部出错，详情见启动引据的终端窗口；可以接着提问"
        return self.show(turns)

    def clear(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Start anew."""
        self.stop(turns)
        turns.clear()
        return self.show(turns, render_contents(self.chatbot.articles))

    def open(self, turns: list[Turn], event: gr.EventData) -> Any:
        """Show what the clicked link leads to."""
        return render_link(self.chatbot, turns, str(event.link)) or gr.skip()
