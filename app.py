"""The chat page: questions on the left, the cited article with its quoted words on the right.

Only lays out Gradio: what is shown is made in ``page/``, what is answered in ``rag``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

import rag
from page.conversation import Conversation
from page.rendering import render_contents, render_header

PAGE = Path(__file__).resolve().parent / "page"
# The line itself is the conversation's, which shows each one their place in it.
LONGEST_LINE = 32


def build_ui(chatbot: rag.Chatbot, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page over a chatbot, with questions to click in the empty conversation."""
    header, contents = render_header(len(chatbot.articles), chatbot.notice), chatbot.articles
    look: dict[str, Any] = {"apply_default_css": False}
    chat: dict[str, Any] = {"layout": "panel", "buttons": [], "latex_delimiters": []}
    small: dict[str, Any] = {"scale": 0, "min_width": 76}
    page = gr.Blocks(title="引据", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(header, elem_id="yj-top", **look)
        with gr.Row(elem_id="yj-main"):
            with gr.Column(scale=6, min_width=340):
                cards: list[Any] = [{"text": text} for text in examples]
                hint = "想问什么？" if examples else "请输入问题"
                messages = gr.Chatbot(
                    elem_id="yj-chat", show_label=False, placeholder=hint, examples=cards, **chat
                )
                with gr.Row(elem_id="yj-ask"):
                    box = gr.Textbox(
                        label="问题",
                        placeholder="输入问题，按回车发送",
                        container=False,
                        scale=8,
                        max_lines=6,
                        autofocus=True,
                    )
                    send = gr.Button("发送", variant="primary", **small)
                    halt = gr.Button("停止", interactive=False, **small)
                    renew = gr.Button("新对话", **small)
            with gr.Column(scale=5, min_width=340):
                panel = gr.HTML(
                    render_contents(contents),
                    elem_id="yj-panel",
                    js_on_load=(PAGE / "panel.js").read_text(encoding="utf-8"),
                    **look,
                )
        talk = Conversation(chatbot)
        _connect(talk, messages, panel, box, (send, halt, renew))
        page.unload(talk.leave)
    page.queue(max_size=LONGEST_LINE, default_concurrency_limit=1, api_open=False)
    return page


def _connect(
    talk: Conversation,
    messages: gr.Chatbot,
    panel: gr.HTML,
    box: gr.Textbox,
    buttons: tuple[gr.Button, gr.Button, gr.Button],
) -> None:
    """Bind the callbacks; only a reply waits in line, everything else is done at once."""
    send, halt, renew = buttons
    turns, shown = gr.State([]), [messages, panel, halt]
    now: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
    typed = gr.on(
        [box.submit, send.click],
        talk.begin,
        [box, turns],
        [*shown, box],
        api_name="ask",
        api_visibility="undocumented",
        **now,
    )
    picked = messages.example_select(
        talk.begin_example, turns, [*shown, box], api_visibility="private", **now
    )
    for started, visibility in ((typed, "undocumented"), (picked, "private")):
        started.then(
            talk.reply,
            turns,
            shown,
            api_name="reply",
            api_visibility=visibility,
            concurrency_id="reply",
            concurrency_limit=LONGEST_LINE,
            trigger_mode="multiple",
            show_progress="hidden",
        ).failure(talk.fail, turns, shown, api_visibility="private", **now)
    halt.click(talk.stop, turns, shown, api_name="stop", api_visibility="undocumented", **now)
    renew.click(talk.clear, turns, shown, api_name="clear", api_visibility="undocumented", **now)
    panel.select(
        talk.open, turns, panel, api_visibility="private", trigger_mode="always_last", **now
    )


if __name__ == "__main__":
    from page.command import main

    sys.argv.insert(1, "app")
    main()
