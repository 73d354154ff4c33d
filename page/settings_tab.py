"""The callbacks of the settings tab: what answers and how surely, models fetched, findings.

A change holds for everybody who has the page open, and is kept in ``yinju.toml`` like one made by
``models use``. Knows nothing of how anything is answered.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import gradio as gr

import rag
from page.library import Library
from page.library_tab import PROGRESS, header_of, told
from page.line import Line
from page.listing import render_lines
from page.settings_view import (
    BOLDNESS,
    boldness_of,
    offered,
    render_findings,
    render_holdings,
    render_models,
)
from page.shelf import Shelf
from page.turns import Session

REMOTE = "openai:"
REMOTE_AT_ONCE = 4


class Shown(NamedTuple):
    """What the tab's callbacks show, in the order of the components."""

    model: Any = gr.skip()
    boldness: Any = gr.skip()
    top_k: Any = gr.skip()
    result: Any = gr.skip()
    fetched: Any = gr.skip()
    models: Any = gr.skip()
    holdings: Any = gr.skip()
    header: Any = gr.skip()


def places(config: rag.Config, chatbot: rag.Chatbot, at_once: int | None = None) -> int:
    """How many are answered side by side: a chat model in this process has one voice."""
    if chatbot.model_name == "builtin":
        return at_once or os.cpu_count() or 1
    if config.chat_model.startswith(REMOTE):
        return at_once or REMOTE_AT_ONCE
    return 1


class SettingsTab:
    """The callbacks of the settings; without ``may_set``, or settings on the shelf, only to read.

    ``at_once`` is how many the user wants answered side by side, None for as many as is well.
    """

    def __init__(
        self, shelf: Shelf, line: Line, at_once: int | None = None, *, may_set: bool = True
    ) -> None:
        self._shelf = shelf
        self._line = line
        self._at_once = at_once
        self._may_set = may_set

    @property
    def _config(self) -> rag.Config | None:
        return self._shelf.config if self._may_set else None

    def refresh(self, session: Session) -> tuple[Any, ...]:
        """Everything as it stands now."""
        library, config, say = self._library(session), self._config, session.say
        holdings = render_holdings(library, say)
        if config is None:
            return Shown(holdings=holdings)
        states = rag.model_states(config)
        current = self._answering(config)
        rows = offered(states, current, say)
        return Shown(
            model=gr.Radio(choices=[(row.label, row.value) for row in rows], value=current),
            boldness=gr.Radio(
                choices=[(say(word), word) for word, _ in BOLDNESS],
                value=boldness_of(config.answer_threshold),
            ),
            top_k=config.top_k,
            models=render_models(states, say),
            holdings=holdings,
            header=header_of(library, say),
        )

    def apply(
        self,
        model: str | None,
        server: str,
        boldness: str | None,
        top_k: float,
        session: Session,
        progress: gr.Progress = PROGRESS,
    ) -> tuple[Any, ...]:
        """Answer by other settings from now on; when these cannot be had, all stays."""
        config = self._config
        if config is None:
            return Shown()
        asked = self._asked(config, server.strip() or model, boldness, top_k)
        changes = {name: value for name, value in asked.items() if value != getattr(config, name)}
        if not changes:
            return Shown(result=render_lines([session.say("没有变化")]))

        def work() -> list[str]:
            self._shelf.change(changes, told(progress, session.say))
            return [session.say("改好了，从下一个问题起"), *self._keep(changes, session)]

        lines, shown = self._told(session, work)
        return shown._replace(result=lines)

    def pull(
        self, session: Session, event: gr.EventData, progress: gr.Progress = PROGRESS
    ) -> tuple[Any, ...]:
        """Fetch a supported model that was clicked."""
        number, states = str(event.link).split("-")[1], rag.model_states(self._config)
        if self._config is None or not number.isdigit() or int(number) >= len(states):
            return Shown()
        name = states[int(number)].name

        def work() -> list[str]:
            lines: list[str] = []
            rag.pull_model(
                name, report=lines.append, progress=told(progress, session.say, unit="B")
            )
            return [
                *map(session.say.line, lines),
                session.say("{name} 下载好了，校验和都对", name=name),
            ]

        lines, shown = self._told(session, work)
        return shown._replace(fetched=lines)

    def examine(self, session: Session) -> str:
        """What the doctor finds; reads all files, so it is done only when it is asked for."""
        if self._config is None:
            return ""
        try:
            found = rag.examine(self._config)
        except rag.RagError as error:
            return render_lines([session.say.line(error)])
        return render_findings(found, session.say)

    def _library(self, session: Session) -> Library:
        return session.library or self._shelf.first

    def _answering(self, config: rag.Config) -> str:
        """What answers now, by the name that it has in the settings."""
        name = self._shelf.first.chatbot.model_name
        known = [one.name for one in rag.model_states(config)]
        return name if name == "builtin" or name in known else config.chat_model

    def _asked(
        self, config: rag.Config, model: str | None, boldness: str | None, top_k: float
    ) -> dict[str, str | float]:
        asked: dict[str, str | float] = {"top_k": int(top_k)}
        if model and model != self._answering(config):
            asked["chat_model"] = model
        if boldness is not None:
            asked["answer_threshold"] = dict(BOLDNESS)[boldness]
        return asked

    def _keep(self, changes: dict[str, str | float], session: Session) -> list[str]:
        """Keep the changes for the next start; a line where that cannot be done."""
        if self._shelf.config is not None:
            chatbot = self._shelf.first.chatbot
            self._line.open(places(self._shelf.config, chatbot, self._at_once))
        try:
            path = rag.write_settings(changes)
        except rag.RagError as error:
            return [session.say.line(error)]
        return [session.say("记在 {path} 里", path=path)]

    def _told(self, session: Session, work: Callable[[], list[str]]) -> tuple[str, Shown]:
        """What the work tells, and everything as it stands after it."""
        try:
            lines = work()
        except rag.RagError as error:
            lines = [session.say.line(error)]
        return render_lines(lines), Shown(*self.refresh(session))
