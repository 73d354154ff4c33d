"""The callbacks of the page over one library.

Does no retrieval. A reply is stopped by marking its turn and setting the event that its stream was
given: the chatbot ends it within a second, and only then the next in line is answered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import gradio as gr

import rag
from page.conversations import Conversations, new_id
from page.feedback import write_feedback
from page.home import home
from page.library import Library
from page.line import Line
from page.messages import render_messages, render_place
from page.notices import warn
from page.owner import owner_of
from page.panel import render_empty, render_found_panel, render_link
from page.rendering import RATINGS
from page.turns import Session, Turn, history

# How long a waiting reply is silent: a closed tab is noticed when it next speaks.
_PATIENCE_S = 0.5
SOURCE_TAB, LIBRARY_TAB, SETTINGS_TAB = "source", "library", "settings"
_TABS = {"#all": LIBRARY_TAB, "#settings": SETTINGS_TAB}


@dataclass(frozen=True, slots=True)
class _Running:
    """A reply in the making: the session it is for, and the event that stops it."""

    session: str
    stop: threading.Event


def requester(request: gr.Request | None) -> str:
    """The owner that a request of Gradio's comes from; empty where there is none."""
    if request is None or request.request is None:
        return ""
    return owner_of(request.headers, request.cookies)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a session, which may have gone on to another conversation when it is."""

    name: str
    corpus: str
    turns: list[Turn]


class Conversation:
    """The callbacks of the page over one library; what is kept goes into the folder ``kept``."""

    def __init__(
        self, library: Library, kept: Path | None = None, line: Line | None = None
    ) -> None:
        self.library = library
        self._kept = kept or home()
        self.saved = Conversations(self._kept)
        self.line = line if line is not None else Line()
        self._running: dict[int, _Running] = {}
        self._opened = count()

    def library_of(self, session: Session) -> Library:
        """The library that a session asks."""
        return session.library or self.library

    def _kept_of(self, session: Session) -> _Kept:
        return _Kept(session.id, self.library_of(session).name, session.turns)

    def show(self, session: Session, panel: str | None = None) -> tuple[Any, ...]:
        """Messages, stop button, place, panel and tab, the last two as they are without a panel."""
        running = bool(session.turns) and not session.turns[-1].finished
        shown = render_messages(session.turns, session.say), gr.Button(interactive=running)
        if panel is None:
            return *shown, render_place(session), gr.skip(), gr.skip()
        return *shown, render_place(session), panel, gr.Tabs(selected=SOURCE_TAB)

    def _keep(self, session: Session, kept: _Kept, request: gr.Request | None) -> None:
        """Keep a conversation on disk, for an owner who can be told apart from others."""
        owner = requester(request)
        if not owner or not kept.turns:
            return
        try:
            self.saved.write(owner, kept.name, kept.corpus, kept.turns)
        except rag.RagError as error:
            warn(error, session.say)

    def begin(
        self, question: str, session: Session, request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """Take a question in, stopping the one before it, and empty the box."""
        self.stop(session)
        if session.is_editing and session.turns:
            session.turns.pop()
        session.is_editing = False
        follows = bool(history(session.turns))
        turn = Turn(question, ahead=len(self.line), follows=follows, only=session.only)
        session.turns.append(turn)
        if not session.id or self.saved.is_deleted(requester(request), session.id):
            session.id = new_id()
        self._keep(session, self._kept_of(session), request)
        return *self.show(session), ""

    def begin_example(
        self, session: Session, event: gr.SelectData, request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """Take in the example that was clicked."""
        return self.begin(str(event.value["text"]), session, request)

    def begin_again(self, session: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Ask the last question once more, or the one of a turn by its own words alone."""
        act, place, _ = str(event.link).removeprefix("#").split("-")
        if not place.isdigit() or int(place) >= len(session.turns):
            return self.show(session)
        self.stop(session)
        asked = session.turns[int(place)]
        turn = Turn(asked.question, ahead=len(self.line), alone=act == "asis" or asked.alone)
        turn.only = session.only
        if act == "again":
            session.turns.pop()
        turn.follows = not turn.alone and bool(history(session.turns))
        session.turns.append(turn)
        return self.show(session)

    def edit(self, session: Session) -> Any:
        """Put the last question into the box; what is sent next takes its place."""
        if not session.turns:
            return gr.skip()
        session.is_editing = True
        return session.turns[-1].question

    def reply(
        self, session: Session, request: gr.Request | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Stream the reply to the last question, in its turn; closing this stops the chatbot."""
        panel, turns, kept = None, session.turns, self._kept_of(session)
        if turns and not turns[-1].finished:
            turn, place = turns[-1], len(turns) - 1
            asker = str(request.session_hash) if request is not None else ""
            running = self._running[id(turn)] = _Running(asker, threading.Event())
            try:
                with self.line.stand() as ticket:
                    yield from self._wait(ticket, turn, session)
                    yield from self._stream(turn, session, running.stop)
            except rag.RagError as error:
                turn.error = str(error)
            finally:
                del self._running[id(turn)]
                self._keep(session, kept, request)
            # Or the reader has gone on by now, perhaps to another conversation.
            is_last = bool(session.turns) and session.turns[-1] is turn
            panel = self._panel_after(session, place) if is_last else None
        yield self.show(session, panel)

    def _panel_after(self, session: Session, place: int) -> str | None:
        """What stands beside a new answer: its first quote, or what came near."""
        answer = session.turns[place].answer
        if answer is None:
            return None
        if answer.citations:
            link = f"#cite-{place}-{answer.citations[0].number}"
            return render_link(self.library_of(session), session.turns, link, session.say)
        if answer.outcome == "no_evidence" and answer.hits:
            return render_found_panel(session.turns[place], str(place), session.say)
        return None

    def _wait(self, ticket: object, turn: Turn, session: Session) -> Iterator[tuple[Any, ...]]:
        """Show how many are ahead until none is; Gradio closes only what yields now and then."""
        turn.ahead = self.line.ahead(ticket)
        yield self.show(session)
        while turn.ahead and not turn.finished:
            turn.ahead = self.line.ahead(ticket, patience_s=_PATIENCE_S)
            yield self.show(session)

    def _stream(
        self, turn: Turn, session: Session, stop: threading.Event
    ) -> Iterator[tuple[Any, ...]]:
        """What the chatbot says; of a stopped turn only the Answer, which holds what was said."""
        if turn.finished:
            return
        before = session.turns[:-1] if session.turns[-1:] == [turn] else []
        earlier = () if turn.alone else history(before)
        library = self.library_of(session)
        try:
            library.follow_files()
        except rag.RagError as error:  # what was read before can still be asked
            warn(error, session.say)
        turn.begin()
        asked = library.chatbot.stream(turn.question, earlier, stop=stop, only=turn.only)
        with closing(asked) as events:
            for event in events:
                if turn.finished and not isinstance(event, rag.Answer):
                    return
                turn.receive(event)
                yield self.show(session)

    def stop(self, session: Session) -> tuple[Any, ...]:
        """Stop the running turn; what it has said so far stays."""
        turns = session.turns
        if turns and not turns[-1].finished:
            turns[-1].stopped = True
            if running := self._running.get(id(turns[-1])):
                running.stop.set()
        return self.show(session)

    def leave(self, request: gr.Request) -> None:
        """Stop what is being made for a session whose tab was closed."""
        for running in list(self._running.values()):
            if running.session == request.session_hash:
                running.stop.set()

    def fail(self, session: Session) -> tuple[Any, ...]:
        """Say in the conversation that the program broke; the terminal has the traceback."""
        if session.turns and not session.turns[-1].finished:
            session.turns[-1].error = "程序内部出错，详情见启动引据的终端窗口；可以接着提问"
        return self.show(session)

    def clear(self, session: Session) -> tuple[Any, ...]:
        """Start anew, beside the library."""
        self.stop(session)
        session.turns, session.id, session.is_editing = [], "", False
        return *self.show(session)[:3], render_empty(session.say), gr.Tabs(selected=LIBRARY_TAB)

    def open(self, session: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Show in the panel what the clicked link leads to, or the library."""
        link = str(event.link)
        if tab := _TABS.get(link.partition("-")[0]):
            return gr.skip(), gr.Tabs(selected=tab)
        shown = render_link(self.library_of(session), session.turns, link, session.say)
        if shown is None:
            return gr.skip(), gr.skip()
        # Numbered, so that the browser hears of it even when it shows this already.
        return f"{shown}<!--{next(self._opened)}-->", gr.Tabs(selected=SOURCE_TAB)

    def rate(
        self, session: Session, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """Keep what the reader thinks of an answer, and ask for a comment."""
        _, place, which = str(event.link).removeprefix("#").split("-")
        turns, rating = session.turns, RATINGS[int(which) % len(RATINGS)]
        if not place.isdigit() or int(place) >= len(turns):
            return gr.skip(), gr.skip()
        try:
            row = write_feedback(self._kept, turns, int(place), rating)
        except rag.RagError as error:
            warn(error, session.say)
            return gr.skip(), gr.skip()
        turns[int(place)].rating = rating
        session.rated = (int(place), row)
        self._keep(session, self._kept_of(session), request)
        return render_messages(turns, session.say), gr.Row(visible=True)

    def comment(self, session: Session, words: str) -> tuple[Any, ...]:
        """Keep the comment to the rating that was given last."""
        if session.rated and words.strip():
            place, row = session.rated
            try:
                rating = session.turns[place].rating
                write_feedback(self._kept, session.turns, place, rating, words.strip(), row)
            except rag.RagError as error:
                warn(error, session.say)
                return gr.skip(), gr.skip()
        session.rated = None
        return "", gr.Row(visible=False)
