"""The callbacks of the library tab: finding articles, limiting questions, changing the files.

Every callback gives what is shown anew: the list, the limits, the line on what was done, the
choice of libraries, the header, the conversation and its place. Knows nothing of how anything is
answered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

import rag
from page.escaping import literal
from page.files import Added
from page.library import Library
from page.listing import ORDERS, render_lines, render_list
from page.messages import render_header, render_messages, render_place
from page.notices import warn
from page.panel import render_leave
from page.scope import limited, render_scope, toggled
from page.shelf import Shelf, name_in
from page.texts import Language
from page.turns import Session

_TITLES = 3
PROGRESS = gr.Progress()  # by this default Gradio knows where to put its own


class Shown(NamedTuple):
    """What the tab's callbacks show, in the order of the components."""

    articles: Any = gr.skip()
    scope: Any = gr.skip()
    result: Any = gr.skip()
    names: Any = gr.skip()
    header: Any = gr.skip()
    messages: Any = gr.skip()
    place: Any = gr.skip()


class LibraryTab:
    """The callbacks of the tab that lists the articles of a library."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def _library(self, session: Session) -> Library:
        return session.library or self.shelf.first

    def arrive(self, session: Session) -> tuple[Any, ...]:
        """Header, list, orders, libraries and examples, for who opens the page."""
        library, say = self._library(session), session.say
        cards: list[Any] = [{"text": text} for text in library.samples]
        return (
            header_of(library, say),
            render_leave(say),
            render_list(library, say=say),
            gr.Dropdown(choices=[(say(order), order) for order in ORDERS], value=ORDERS[0]),
            self._names(library, say),
            gr.Chatbot(examples=cards),
        )

    def find(self, wanted: str, order: str, session: Session) -> str:
        """The first page of what is searched for; files that changed meanwhile are read again."""
        library, fault = self._library(session), ""
        try:
            library.follow_files()
        except rag.RagError as error:
            fault = f'<p class="yj-warning">{literal(session.say.line(error))}</p>'
        return fault + render_list(library, wanted, order, say=session.say)

    def follow_link(
        self, wanted: str, order: str, session: Session, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Turn to another page of the list, or limit questions to an article, or to none."""
        kind, which, _ = str(event.link).removeprefix("#").split("-")
        library = self._library(session)
        if kind == "list" and which.isdigit():
            page = render_list(library, wanted, order, int(which), say=session.say)
            return Shown(articles=page)
        if kind == "free":
            session.only = None
        elif article := library.article_of(which):
            session.only = toggled(session.only, article)
        return Shown(scope=render_scope(library, session.only, session.say))

    def limit(self, since: str, until: str, sources: str, session: Session) -> Any:
        """Limit questions to dates and sources."""
        try:
            session.only = limited(since, until, sources, session.only)
        except rag.RagError as error:
            warn(error, session.say)
            return gr.skip()
        return render_scope(self._library(session), session.only, session.say)

    def upload(
        self, files: list[str] | None, session: Session, progress: gr.Progress = PROGRESS
    ) -> tuple[Any, ...]:
        """Put files into the library and read it again; a line for each."""
        before, say = self._library(session), session.say
        paths = [Path(name) for name in files or ()]
        try:
            library, added = self.shelf.add(before, paths, told(progress, say))
        except rag.RagError as error:
            return Shown(result=render_lines([session.say.line(error)]))
        session.added = tuple(one.source for one in added if one.source)
        lines = [_told_of(one, say) for one in added]
        if library is not before:
            lines.append(say("放进了“{name}”，现在问的就是它", name=name_in(library.name, say)))
            _turn_to(session, library)
        undo = f'<a href="#remove-0-0">{say("撤销上传")}</a>' if session.added else ""
        return self._all(session, render_lines(lines, undo))

    def remove(self, session: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Take the file of an article out of the library, or those that were uploaded last."""
        library, key = self._library(session), str(event.link).split("-")[1]
        article = library.article_of(key)
        sources = (article.source,) if article else session.added if key == "0" else ()
        if not sources:
            return Shown(result=render_lines([session.say("这篇文章已不在文章库里")]))
        try:
            session.removed = library.remove(sources)
        except rag.RagError as error:
            return Shown(result=render_lines([session.say.line(error)]))
        session.added = ()
        undo = f'<a href="#restore-0-0">{session.say("撤销")}</a>'
        done = session.say("移除了 {names}", names="、".join(sources))
        return self._all(session, render_lines([done], undo))

    def restore(self, session: Session) -> tuple[Any, ...]:
        """Put back what was removed last."""
        try:
            back = self._library(session).restore(session.removed)
        except rag.RagError as error:
            return Shown(result=render_lines([session.say.line(error)]))
        session.removed = ""
        return self._all(
            session, render_lines([session.say("放回了 {names}", names="、".join(back))])
        )

    def rebuild(self, session: Session, progress: gr.Progress = PROGRESS) -> tuple[Any, ...]:
        """Read all files again."""
        library = self._library(session)
        try:
            library.reload(told(progress, session.say))
        except rag.RagError as error:
            return Shown(result=render_lines([session.say.line(error)]))
        count = len(library.chatbot.articles)
        return self._all(
            session, render_lines([session.say("重新读了 {count} 篇文章", count=count)])
        )

    def choose(
        self, name: str, session: Session, progress: gr.Progress = PROGRESS
    ) -> tuple[Any, ...]:
        """Ask another library from now on, in a new conversation."""
        if name == self._library(session).name:
            return Shown()
        try:
            _turn_to(session, self.shelf.open(name, told(progress, session.say)))
        except rag.RagError as error:
            kept = gr.Dropdown(value=self._library(session).name)
            return Shown(result=render_lines([session.say.line(error)]), names=kept)
        return self._all(session, "")

    def rename(self, name: str, session: Session) -> tuple[Any, ...]:
        """Give the library another name."""
        try:
            session.library = self.shelf.rename(self._library(session), name)
        except rag.RagError as error:
            return Shown(result=render_lines([session.say.line(error)]))
        done = session.say("现在叫“{name}”", name=session.library.name)
        return self._all(session, render_lines([done]))

    def _names(self, library: Library, say: Language) -> gr.Dropdown:
        choices: list[Any] = [(name_in(name, say), name) for name in self.shelf.names]
        return gr.Dropdown(choices=choices, value=library.name)

    def _all(self, session: Session, result: str) -> tuple[Any, ...]:
        """Everything that hangs on which articles there are."""
        library, say = self._library(session), session.say
        cards: list[Any] = [{"text": text} for text in library.samples]
        messages: Any = render_messages(session.turns, say)
        return Shown(
            articles=render_list(library, say=say),
            scope=render_scope(library, session.only, say),
            result=result,
            names=self._names(library, say),
            header=header_of(library, say),
            messages=gr.Chatbot(value=messages, examples=cards),
            place=render_place(session),
        )


def first_page(library: Library) -> str:
    """The list as it stands when the page is opened."""
    return render_list(library, "", ORDERS[0])


def header_of(library: Library, say: Language) -> str:
    """The head of the page over a library."""
    chatbot = library.chatbot
    return render_header(len(chatbot.articles), chatbot.model_name == "builtin", say)


def _turn_to(session: Session, library: Library) -> None:
    """Another library is another conversation: its articles know nothing of the one before."""
    session.library, session.only = library, None
    session.turns, session.id, session.is_editing = [], "", False


def _told_of(one: Added, say: Language) -> str:
    """What became of an uploaded file, in a line."""
    if one.fault:
        return say.line(one.fault if one.name in one.fault else f"{one.name}：{one.fault}")
    if not one.titles:
        return say("{source}：同样的文件已经在了，没有再放一份", source=one.name)
    more = say(" 等") if len(one.titles) > _TITLES else ""
    titles = "、".join(f"《{title}》" for title in one.titles[:_TITLES]) + more
    said = "{source}：读出 {count} 篇：{titles}"
    return say(said, source=one.name, count=len(one.titles), titles=titles)


def told(progress: gr.Progress, say: Language, unit: str = "steps") -> Any:
    """Progress of loading or fetching as Gradio shows it."""

    def tell(stage: str, done: int, total: int) -> None:
        progress((done, max(total, 1)), desc=say.line(stage), unit=unit)

    return tell
