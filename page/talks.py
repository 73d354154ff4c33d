"""The callbacks of the conversations tab: kept ones listed, opened, renamed and deleted.

Knows nothing of how anything is answered, nor of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import gradio as gr

import rag
from page.conversation import Conversation, requester
from page.conversations import Kept
from page.escaping import literal
from page.library import Library
from page.messages import render_messages, render_place
from page.notices import warn
from page.panel import render_empty
from page.scope import render_scope
from page.shelf import BUNDLED, Shelf, name_in
from page.texts import CHINESE, Language, language_of
from page.turns import Session

_LISTED = 500


def render_talks(kept: Sequence[Kept], current: str, say: Language = CHINESE) -> str:
    """The list of conversations, the current one marked; an export is a plain link."""
    if not kept:
        hint = say("这里会列出你的对话；它们存在本机，重启后还在。")
        return f'<p class="yj-hint">{hint}</p>'
    rows = "".join(_row(one, one.id == current, say) for one in kept[:_LISTED])
    older = len(kept) - _LISTED
    rest = f"<p>{say('另有 {count} 个较早的', count=older)}</p>" if older > 0 else ""
    return f'<ol class="yj-talks">{rows}</ol>{rest}'


def _row(one: Kept, is_current: bool, say: Language) -> str:
    return (
        f'<li class="{"now" if is_current else ""}">'
        f'<a href="#talk-{one.id}-0">{literal(one.title)}</a>'
        f'<span class="yj-from">{literal(f"{_local(one.changed)} {name_in(one.corpus, say)}")} '
        f'<a href="export/{one.id}.md" download>{say("导出")}</a> '
        f'<a href="#drop-{one.id}-0" title="{say("删除这个对话？删了就找不回来了。")}">'
        f"{say('删除')}</a></span></li>"
    )


def _local(changed: str) -> str:
    """A time as the clocks of this machine show it; what is no time as it is."""
    try:
        return datetime.fromisoformat(changed).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return changed[:16]


class Talks:
    """The callbacks of the tab that lists conversations."""

    def __init__(self, talk: Conversation, shelf: Shelf) -> None:
        self._talk = talk
        self._shelf = shelf

    def refresh(self, session: Session, request: gr.Request | None = None) -> str:
        """The list as it stands now."""
        return render_talks(self._talk.saved.all_of(requester(request)), session.id, session.say)

    def arrive(self, session: Session, request: gr.Request | None = None) -> tuple[Any, ...]:
        """What the address of the page names: a conversation, or a new one."""
        if request is None:
            return _nothing()
        session.say = language_of(str(request.headers.get("accept-language", "")))
        owner = requester(request)
        if named := str(request.query_params.get("c", "")):
            return self._read(session, named, owner)
        session.library = self._asked_last(owner)
        return gr.skip(), gr.skip(), render_empty(session.say), gr.skip(), gr.skip()

    def _asked_last(self, owner: str) -> Library | None:
        """The library of who comes back to a program that nobody gave a corpus; None for the first.

        Who named one when the program was started wants that one.
        """
        last = self._talk.saved.latest(owner) if self._shelf.first.name == BUNDLED else None
        corpus = self._shelf.current(last.corpus) if last is not None else None
        if corpus is None:
            return None
        try:
            return self._shelf.open(corpus)
        except rag.RagError:  # it is still there to be chosen, and says then what is amiss
            return None

    def open(
        self, session: Session, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """Go on with a conversation that was clicked, or delete it."""
        act, name, _ = str(event.link).removeprefix("#").split("-")
        owner = requester(request)
        if act == "talk":
            return self._read(session, name, owner)
        try:
            self._talk.saved.delete(owner, name)
        except rag.RagError as error:
            warn(error, session.say)
            return _nothing()
        if name == session.id:
            self._talk.clear(session)
        return self._shown(session, owner)

    def rename(
        self, title: str, session: Session, request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """Give the current conversation a title."""
        owner = requester(request)
        if not session.id:
            warn("还没有可以改名的对话；先问一个问题", session.say)
            return gr.skip(), gr.skip()
        try:
            self._talk.saved.rename(owner, session.id, title)
        except rag.RagError as error:
            warn(error, session.say)
        return render_talks(self._talk.saved.all_of(owner), session.id, session.say), ""

    def _read(self, session: Session, name: str, owner: str) -> tuple[Any, ...]:
        self._talk.stop(session)
        try:
            kept, turns, lost = self._talk.saved.read(owner, name)
            if corpus := self._shelf.current(kept.corpus):
                session.library = self._shelf.open(corpus)
        except rag.RagError as error:
            warn(error, session.say)
            return _nothing()
        if lost:
            said = session.say("这个对话的文件有 {count} 处损坏，其余的都在", count=lost)
            warn(said, session.say)
        session.id, session.turns, session.is_editing = name, turns, False
        session.only = turns[-1].only if turns else None
        return self._shown(session, owner)

    def _shown(self, session: Session, owner: str) -> tuple[Any, ...]:
        """List, messages, panel, limits and place of a conversation that is opened."""
        library = self._talk.library_of(session)
        return (
            render_talks(self._talk.saved.all_of(owner), session.id, session.say),
            render_messages(session.turns, session.say),
            render_empty(session.say),
            render_scope(library, session.only, session.say),
            render_place(session),
        )


def _nothing() -> tuple[Any, ...]:
    return (gr.skip(),) * 5
