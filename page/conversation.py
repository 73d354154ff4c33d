"""The callbacks of the page over one chatbot.

Does no retrieval. A reply is stopped by marking its turn: the running callback sees the mark at the
stream's next event, closes the stream and only then frees its place in the queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

import rag
from page.rendering import render_contents, render_link, render_messages
from page.turns import Turn, history


class Conversation:
    """The callbacks of the page over one chatbot; a session is the list of its turns."""

    def __init__(self, chatbot: rag.Chatbot) -> None:
        self.chatbot = chatbot
        self._running: set[int] = set()

    def show(self, turns: list[Turn], panel: str | None = None) -> tuple[Any, ...]:
        """Messages, panel (left as it is when None) and stop button."""
        running = bool(turns) and not turns[-1].finished
        return render_messages(turns), panel or gr.skip(), gr.Button(interactive=running)

    def begin(self, question: str, turns: list[Turn]) -> tuple[Any, ...]:
        """Take a question in, stopping the one before it, and empty the box."""
        self.stop(turns)
        turns.append(Turn(question, waiting=bool(self._running)))
        return *self.show(turns), ""

    def begin_example(self, turns: list[Turn], event: gr.SelectData) -> tuple[Any, ...]:
        """Take in the example that was clicked."""
        return self.begin(str(event.value["text"]), turns)

    def reply(self, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """Stream the reply to the last question; closing this closes the chatbot's stream."""
        panel = None
        if turns and not turns[-1].finished:
            turn, place = turns[-1], len(turns) - 1
            turn.waiting = False
            self._running.add(id(turn))
            try:
                yield self.show(turns)  # before any work: Gradio closes only what has yielded
                yield from self._stream(turn, turns, history(turns[:place]))
            except rag.RagError as error:
                turn.error = str(error)
            finally:
                self._running.discard(id(turn))
            if turn.answer is not None and turn.answer.citations:
                first = turn.answer.citations[0].number
                panel = render_link(self.chatbot, turns, f"#cite-{place}-{first}")
        yield self.show(turns, panel)

    def _stream(
        self, turn: Turn, turns: list[Turn], earlier: tuple[rag.Message, ...]
    ) -> Iterator[tuple[Any, ...]]:
        with closing(self.chatbot.stream(turn.question, earlier)) as events:
            for event in events:
                if turn.finished:
                    return
                turn.receive(event)
                yield self.show(turns)

    def stop(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Mark the running turn as stopped; what it has said so far stays."""
        if turns and not turns[-1].finished:
            turns[-1].stopped = True
        return self.show(turns)

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
