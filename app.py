"""The chat page: questions on the left, the cited article with its quoted words on the right.

Only lays out Gradio and starts it: what is shown is made in ``page/``, what is answered in ``rag``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from sys import stderr
from typing import Annotated, Any

import gradio as gr
import typer
from starlette.middleware import Middleware

import rag
from page.conversation import Conversation
from page.rendering import render_contents, render_header
from page.serving import PolicyHeader, check_port

PAGE = Path(__file__).resolve().parent / "page"
SEED_EXAMPLES = (
    "安康高新区建了几家院士工作站？",
    "石河子高新区哪一年升级为国家高新区？",
    "厦门软件园有多少名党员？",
    "商洛高新区为非公党建每年设立多少经费？",
)
HEAD = "<script>document.documentElement.lang = 'zh-CN'</script>"
# The line itself is the conversation's, which shows each one their place in it.
LONGEST_LINE = 32
LIGHT = "() => document.body.classList.remove('dark')"


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


def launch(page: gr.Blocks, host: str, port: int) -> None:
    """Serve the page in the background; it answers when this returns."""
    direct = [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), host, "127.0.0.1"]
    os.environ["no_proxy"] = ",".join(filter(None, direct))  # Gradio asks its own server once
    page.launch(
        server_name=host,
        server_port=port,
        share=False,
        ssr_mode=False,
        quiet=True,
        prevent_thread_lock=True,
        show_error=False,
        enable_monitoring=False,
        strict_cors=True,
        allowed_paths=[],
        max_file_size="1mb",
        footer_links=[],
        run_history=False,
        pwa=False,
        state_session_capacity=200,
        app_kwargs={"middleware": [Middleware(PolicyHeader)]},
        css=(PAGE / "style.css").read_text(encoding="utf-8"),
        head=HEAD,
        js=LIGHT,
        theme=gr.themes.Base(font="sans-serif", font_mono="monospace"),
    )


def _report(line: str) -> None:
    typer.echo(line, err=True)


def _progress(stage: str, done: int, total: int) -> None:
    typer.echo(f"\r{stage} {done}/{total}", err=True, nl=done >= total)


def serve(corpus: Path | None, profile: str | None, host: str, port: int) -> None:
    """Load the corpus and serve its page until Ctrl-C; RagError says what stands in the way."""
    check_port(host, port)
    config = rag.Config.from_environment({"corpus": corpus, "profile": profile})
    chatbot = rag.load(config, report=_report, progress=_progress if stderr.isatty() else None)
    page = build_ui(chatbot, SEED_EXAMPLES if config.corpus == rag.Config().corpus else ())
    check_port(host, port)
    launch(page, host, port)
    if host in ("0.0.0.0", "::"):  # noqa: S104
        typer.echo("注意：同一网络里的人都能打开这个页面，它没有密码", err=True)
    typer.echo(f"引据已启动：http://{host}:{port}")
    while True:
        time.sleep(3600)


def main(
    corpus: Annotated[Path | None, typer.Option(help="文章文件夹；默认用自带的文章")] = None,
    port: Annotated[int, typer.Option(help="端口", min=1, max=65535)] = 7860,
    host: Annotated[str, typer.Option(help="地址；默认只有本机能打开")] = "127.0.0.1",
    profile: Annotated[
        str | None, typer.Option(help="一套模型：builtin、cpu 或 gpu；先用 models pull 下载")
    ] = None,
) -> None:
    """打开引据的问答页面。"""
    try:
        serve(corpus, profile, host, port)
    except rag.RagError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("引据已停止")


if __name__ == "__main__":
    program = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    program.command()(main)
    program()
