"""What the page is laid out of: Gradio's components, as rows and tabs, without their callbacks.

Knows nothing of what any of them does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from page.conversation import LIBRARY_TAB, SETTINGS_TAB, SOURCE_TAB
from page.library import Library
from page.library_tab import first_page
from page.listing import ORDERS
from page.panel import render_empty, render_leave
from page.rendering import WELCOME
from page.settings_view import BOLDNESS
from page.shelf import Shelf
from page.texts import for_the_browser

PAGE = Path(__file__).resolve().parent
PLAIN: dict[str, Any] = {"apply_default_css": False}
# What Gradio's own components say is put into the browser's language there.
SAID = gr.I18n(**for_the_browser())


@dataclass(frozen=True, slots=True)
class Chat:
    """What stands on the left: the conversation and the box for the next question."""

    messages: gr.Chatbot
    box: gr.Textbox
    send: gr.Button
    halt: gr.Button
    renew: gr.Button
    place: gr.HTML
    scope: gr.HTML
    comment_row: gr.Row
    comment: gr.Textbox
    comment_send: gr.Button


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands on the right: the article that is cited, and the library."""

    leave: gr.HTML
    tabs: gr.Tabs
    panel: gr.HTML
    wanted: gr.Textbox
    order: gr.Dropdown
    articles: gr.HTML
    limits: list[gr.Textbox]
    limit: gr.Button
    files: LibraryFiles
    talks: TalkList
    settings: Settings


@dataclass(frozen=True, slots=True)
class TalkList:
    """What lists the conversations that were kept."""

    tab: gr.Tab
    talks: gr.HTML
    title: gr.Textbox
    rename: gr.Button


@dataclass(frozen=True, slots=True)
class LibraryFiles:
    """What changes the files of a library, or chooses another one."""

    result: gr.HTML
    upload: gr.UploadButton
    rebuild: gr.Button
    names: gr.Dropdown
    name: gr.Textbox
    rename: gr.Button


@dataclass(frozen=True, slots=True)
class Settings:
    """What shows the settings and changes them."""

    tab: gr.Tab
    model: gr.Radio
    server: gr.Textbox
    boldness: gr.Radio
    top_k: gr.Slider
    apply: gr.Button
    result: gr.HTML
    fetched: gr.HTML
    models: gr.HTML
    holdings: gr.HTML
    examine: gr.Button
    findings: gr.HTML


def script(name: str) -> str:
    """A script of the page, for the component that it runs in."""
    return (PAGE / name).read_text(encoding="utf-8")


def chat_column(library: Library) -> Chat:
    """The left column: the conversation, and the box for the next question."""
    small: dict[str, Any] = {"scale": 0, "min_width": 76}
    cards: list[Any] = [{"text": text} for text in library.samples]
    messages = gr.Chatbot(
        elem_id="yj-chat",
        label=SAID("对话"),
        show_label=False,
        placeholder=str(SAID(WELCOME)),
        examples=cards,
        layout="panel",
        buttons=[],
        latex_delimiters=[],
        feedback_options=None,
    )
    with gr.Row(visible=False, elem_id="yj-comment") as comment_row:
        words = gr.Textbox(
            label=SAID("补充说明"),
            placeholder=SAID("谢谢。可以补充一句：哪里不对？应该是什么？（可不填）"),
            container=False,
            scale=8,
            max_lines=4,
        )
        comment_send = gr.Button(SAID("提交"), **small)
    scope = gr.HTML("", elem_id="yj-scope", **PLAIN)
    place = gr.HTML("", elem_id="yj-place", js_on_load=script("place.js"), **PLAIN)
    with gr.Row(elem_id="yj-ask"):
        box = gr.Textbox(
            label=SAID("问题"),
            placeholder=SAID("输入问题，按回车发送"),
            container=False,
            scale=8,
            max_lines=6,
            autofocus=True,
        )
        send = gr.Button(SAID("发送"), variant="primary", **small)
        halt = gr.Button(SAID("停止"), interactive=False, **small)
        renew = gr.Button(SAID("新对话"), **small)
    return Chat(messages, box, send, halt, renew, place, scope, comment_row, words, comment_send)


def side_column(shelf: Shelf, may_set: bool = True) -> Beside:
    """The right column: source, library, conversations and settings, a tab each."""
    library = shelf.first
    leave = gr.HTML(render_leave(), elem_id="yj-leave", **PLAIN)
    with gr.Tabs(selected=LIBRARY_TAB, elem_id="yj-tabs") as tabs:
        with gr.Tab(SAID("原文"), id=SOURCE_TAB, elem_id="yj-source"):
            panel = gr.HTML(
                render_empty(), elem_id="yj-panel", js_on_load=script("panel.js"), **PLAIN
            )
        with gr.Tab(SAID("文章库"), id=LIBRARY_TAB, elem_id="yj-library"):
            with gr.Row(elem_id="yj-find"):
                wanted = gr.Textbox(
                    label=SAID("在文章库里找"),
                    placeholder=SAID("按题名、来源、日期或正文里的词找"),
                    container=False,
                    scale=3,
                    min_width=180,
                )
                order = gr.Dropdown(
                    list(ORDERS),
                    value=ORDERS[0],
                    label=SAID("排序"),
                    container=False,
                    min_width=140,
                )
            articles = gr.HTML(first_page(library), elem_id="yj-articles", **PLAIN)
            # Not among the files: an article is removed while these are folded away.
            result = gr.HTML("", elem_id="yj-result", **PLAIN)
            limits, limit = _limits()
            files = _files(shelf, result)
        talks, settings = _talks(), _settings(shelf, may_set)
    return Beside(
        leave, tabs, panel, wanted, order, articles, limits, limit, files, talks, settings
    )


def _talks() -> TalkList:
    with gr.Tab(SAID("对话"), id="talks", elem_id="yj-history") as tab:
        talks = gr.HTML("", elem_id="yj-talks", **PLAIN)
        with gr.Row():
            title = gr.Textbox(
                label=SAID("给现在的对话改名"),
                placeholder=SAID("给现在的对话改名"),
                container=False,
                max_lines=1,
                scale=3,
            )
            rename = gr.Button(SAID("改名"), scale=0, min_width=76)
    return TalkList(tab, talks, title, rename)


def _limits() -> tuple[list[gr.Textbox], gr.Button]:
    """The fields that limit questions to dates and sources."""
    plain: dict[str, Any] = {"container": False, "min_width": 110}
    with gr.Accordion(SAID("限定提问的范围"), open=False, elem_id="yj-limit"), gr.Row():
        limits = [
            gr.Textbox(label=SAID("最早日期"), placeholder=SAID("从 2021-01"), **plain),
            gr.Textbox(label=SAID("最晚日期"), placeholder=SAID("到 2021-06-28"), **plain),
            gr.Textbox(
                label=SAID("来源"), placeholder=SAID("文件、文件夹或报社"), scale=2, **plain
            ),
        ]
        limit = gr.Button(SAID("限定"), scale=0, min_width=76)
    return limits, limit


def _files(shelf: Shelf, result: gr.HTML) -> LibraryFiles:
    """What changes the files; a file of the computer is read by its own kind, not by its name."""
    with gr.Accordion(SAID("上传、移除、换文章库"), open=False, elem_id="yj-files"):
        with gr.Row():
            upload = gr.UploadButton(
                str(SAID("上传文章")),
                file_count="multiple",
                variant="primary",
                size="md",
                min_width=110,
            )
            rebuild = gr.Button(SAID("重建索引"), size="md", min_width=110)
        with gr.Row():
            names = gr.Dropdown(
                shelf.names, value=shelf.first.name, label=SAID("文章库"), min_width=140
            )
            name = gr.Textbox(
                label=SAID("改名"), placeholder=SAID("新名字"), max_lines=1, min_width=140
            )
            rename = gr.Button(SAID("改名"), scale=0, min_width=76)
    return LibraryFiles(result, upload, rebuild, names, name, rename)


def _settings(shelf: Shelf, may_set: bool) -> Settings:
    """What answers, how surely and by how much; hidden where there is nothing to change."""
    config = shelf.config
    may_change = config is not None and may_set
    with gr.Tab(SAID("设置"), id=SETTINGS_TAB, elem_id="yj-settings") as tab:
        with gr.Group(visible=may_change):
            model = gr.Radio(
                [], label=SAID("用什么回答"), info=SAID("对所有打开这个页面的人都生效")
            )
            server = gr.Textbox(
                label=SAID("或别的服务器上的对话模型"),
                placeholder=SAID("openai:网址#模型名，如 openai:http://127.0.0.1:11434/v1#qwen3"),
                max_lines=1,
            )
            boldness = gr.Radio(
                [word for word, _ in BOLDNESS],
                label=SAID("有多大把握才回答"),
                info=SAID("谨慎：少答错，多说没找到；大胆：多给答案，要多核对"),
            )
            top_k = gr.Slider(
                1, 30, config.top_k if config else 8, step=1, label=SAID("读几个段落再回答")
            )
            apply = gr.Button(SAID("改用这些设置"), variant="primary", size="md")
        result = gr.HTML("", elem_id="yj-told", **PLAIN)
        with gr.Accordion(SAID("文章库里有什么")):
            holdings = gr.HTML("", elem_id="yj-holdings", **PLAIN)
        with gr.Accordion(SAID("模型和下载"), open=False, visible=may_change):
            fetched = gr.HTML("", elem_id="yj-fetched", **PLAIN)
            models = gr.HTML("", elem_id="yj-models", **PLAIN)
        examine = gr.Button(SAID("检查一遍"), size="md", visible=may_change)
        findings = gr.HTML("", elem_id="yj-findings", **PLAIN)
    told, shown = (result, fetched, models, holdings), (examine, findings)
    return Settings(tab, model, server, boldness, top_k, apply, *told, *shown)
