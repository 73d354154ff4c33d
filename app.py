"""The chat page: questions on the left, the cited article with its quoted words on the right.

Only lays out Gradio: what is shown is made in ``page/``, what is answered in ``rag``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from page.components import PLAIN, Beside, Chat, chat_column, script, side_column
from page.conversation import Conversation
from page.library_tab import LibraryTab, header_of
from page.line import Line
from page.programs import Programs
from page.settings_tab import SettingsTab
from page.shelf import Shelf
from page.talks import Talks
from page.texts import CHINESE
from page.turns import Session

# The line itself is the conversation's, which shows each one their place in it.
LONGEST_LINE = 32
FILE_JOBS = 4
UPLOADS_KEPT_S = 3600  # Gradio's own copies, once the files are in their library
NOW: dict[str, Any] = {"queue": False, "show_progress": "hidden"}


def build_ui(
    shelf: Shelf,
    kept: Path | None = None,
    line: Line | None = None,
    at_once: int | None = None,
    may_set: bool = True,
) -> gr.Blocks:
    """The page over a shelf of libraries; what readers leave is kept in the folder ``kept``.

    All who ask stand in the ``line``, where there is one to share, ``at_once`` side by side.
    Settings can be changed, and models fetched, where ``may_set`` says so.
    """
    page = gr.Blocks(
        title="引据",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(UPLOADS_KEPT_S, UPLOADS_KEPT_S),
    )
    library = shelf.first
    with page:
        header = header_of(library, CHINESE)
        # The script of all links: no tab is in the page before it is first opened.
        top = gr.HTML(header, elem_id="yj-top", js_on_load=script("links.js"), **PLAIN)
        with gr.Row(elem_id="yj-main"):
            with gr.Column(scale=6, min_width=340):
                chat = chat_column(library)
            with gr.Column(scale=5, min_width=340, elem_id="yj-beside"):
                beside = side_column(shelf, may_set)
        talk, session = Conversation(library, kept, line), gr.State(Session())
        _connect_asking(talk, session, top, chat, beside)
        _connect_reading(talk, session, top, chat, beside)
        tab, talks = LibraryTab(shelf), Talks(talk, shelf)
        _connect_library(tab, session, top, chat, beside)
        _connect_talks(talks, session, top, chat, beside)
        _connect_settings(
            SettingsTab(shelf, talk.line, at_once, may_set=may_set), session, top, beside
        )
        _connect_arrival(talks, tab, session, page, top, chat, beside)
        _offer_to_programs(Programs(library, talk.line))
        page.unload(talk.leave)
    page.queue(max_size=LONGEST_LINE, default_concurrency_limit=1, api_open=False)
    return page


def _offer_to_programs(programs: Programs) -> None:
    """Named endpoints, which Gradio's clients find and describe."""
    for function in (programs.answer, programs.search, programs.articles):
        api(
            function,
            api_name=function.__name__,
            api_description=(function.__doc__ or "").strip(),
            concurrency_id="programs",
            concurrency_limit=LONGEST_LINE,
        )


def _connect_asking(
    talk: Conversation, session: gr.State, top: gr.HTML, chat: Chat, beside: Beside
) -> None:
    """Bind what asks; only a reply waits in line, everything else is done at once."""
    shown = [chat.messages, chat.halt, chat.place, beside.panel, beside.tabs]
    private: dict[str, Any] = {**NOW, "api_visibility": "private"}
    typed = gr.on(
        [chat.box.submit, chat.send.click],
        talk.begin,
        [chat.box, session],
        [*shown, chat.box],
        api_name="ask",
        api_visibility="undocumented",
        **NOW,
    )
    picked = chat.messages.example_select(
        talk.begin_example, session, [*shown, chat.box], **private
    )
    again = top.retry(talk.begin_again, session, shown, **private)
    for started, visibility in ((typed, "undocumented"), (picked, "private"), (again, "private")):
        started.then(
            talk.reply,
            session,
            shown,
            api_name="reply",
            api_visibility=visibility,
            concurrency_id="reply",
            concurrency_limit=LONGEST_LINE,
            trigger_mode="multiple",
            show_progress="hidden",
        ).failure(talk.fail, session, shown, **private)
    chat.halt.click(
        talk.stop, session, shown, api_name="stop", api_visibility="undocumented", **NOW
    )
    chat.renew.click(
        talk.clear, session, shown, api_name="clear", api_visibility="undocumented", **NOW
    )


def _connect_reading(
    talk: Conversation, session: gr.State, top: gr.HTML, chat: Chat, beside: Beside
) -> None:
    """Bind what is done with an answer that is there: read its sources, edit, rate."""
    private: dict[str, Any] = {**NOW, "api_visibility": "private"}
    rating = [chat.messages, chat.comment_row]
    top.select(
        talk.open, session, [beside.panel, beside.tabs], trigger_mode="always_last", **private
    )
    focus = "() => setTimeout(() => document.querySelector('#yj-ask textarea').focus(), 50)"
    top.edit(talk.edit, session, chat.box, **private).then(None, js=focus)
    queued: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    top.like(talk.rate, session, rating, **queued)
    gr.on(
        [chat.comment.submit, chat.comment_send.click],
        talk.comment,
        [session, chat.comment],
        [chat.comment, chat.comment_row],
        **queued,
    )


def _connect_arrival(
    talks: Talks,
    tab: LibraryTab,
    session: gr.State,
    page: gr.Blocks,
    top: gr.HTML,
    chat: Chat,
    beside: Beside,
) -> None:
    """Bind what the browser says when it opens the page: its language, and a conversation."""
    own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    shown = [beside.talks.talks, chat.messages, beside.panel, chat.scope, chat.place]
    around = [top, beside.leave, beside.articles, beside.order, beside.files.names]
    page.load(talks.arrive, session, shown, **own).then(
        tab.arrive, session, [*around, chat.messages], **own
    )


def _connect_settings(tab: SettingsTab, session: gr.State, top: gr.HTML, beside: Beside) -> None:
    """Bind what shows the settings and changes them."""
    own = beside.settings
    shown = [own.model, own.boldness, own.top_k, own.result, own.fetched]
    shown += [own.models, own.holdings, top]
    quick: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    slow: dict[str, Any] = {"api_visibility": "private", "concurrency_id": "settings"}
    own.tab.select(tab.refresh, session, shown, **quick)
    values = [own.model, own.server, own.boldness, own.top_k, session]
    own.apply.click(tab.apply, values, shown, show_progress_on=own.result, **slow)
    own.examine.click(tab.examine, session, own.findings, **slow)
    top.download(tab.pull, session, shown, show_progress_on=own.fetched, **slow)


def _connect_talks(
    talks: Talks, session: gr.State, top: gr.HTML, chat: Chat, beside: Beside
) -> None:
    """Bind the list of conversations that were kept."""
    own = beside.talks
    shown = [own.talks, chat.messages, beside.panel, chat.scope, chat.place]
    queued: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    own.tab.select(talks.refresh, session, own.talks, **queued)
    top.expand(talks.open, session, shown, **queued)
    gr.on(
        [own.title.submit, own.rename.click],
        talks.rename,
        [own.title, session],
        [own.talks, own.title],
        **queued,
    )


def _connect_library(
    tab: LibraryTab, session: gr.State, top: gr.HTML, chat: Chat, beside: Beside
) -> None:
    """Bind what finds articles, limits questions to some, and changes the files."""
    files, sought = beside.files, [beside.wanted, beside.order, session]
    shown = [beside.articles, chat.scope, files.result, files.names, top]
    shown += [chat.messages, chat.place]
    now: dict[str, Any] = {**NOW, "api_visibility": "private"}
    slow: dict[str, Any] = {
        "api_visibility": "private",
        "concurrency_id": "files",
        "concurrency_limit": FILE_JOBS,
        "show_progress_on": files.result,
    }
    gr.on(
        [beside.wanted.change, beside.order.change],
        tab.find,
        sought,
        beside.articles,
        trigger_mode="always_last",
        **now,
    )
    top.apply(tab.follow_link, sought, shown, **now)
    limits = [*beside.limits, session]
    beside.limit.click(
        tab.limit, limits, chat.scope, api_visibility="private", show_progress="hidden"
    )
    files.upload.upload(tab.upload, [files.upload, session], shown, **slow)
    files.rebuild.click(tab.rebuild, session, shown, **slow)
    files.names.input(tab.choose, [files.names, session], shown, **slow)
    files.rename.click(tab.rename, [files.name, session], shown, **slow)
    top.delete(tab.remove, session, shown, **slow)
    top.undo(tab.restore, session, shown, **slow)


if __name__ == "__main__":
    from page.command import main

    sys.argv.insert(1, "app")
    main()
