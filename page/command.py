"""``yinju``: the commands of ``python -m rag``, and ``app``, which opens the chat page.

Holds neither page nor retrieval. Gradio is loaded only when the page is asked for, so that the
other commands start as quickly as ``python -m rag``.
"""

from __future__ import annotations

import time
from pathlib import Path
from sys import stderr
from typing import Annotated

import typer

import rag
from rag.cli import app as commands
from rag.cli import main as run_commands


def main() -> None:
    """Run the command line with ``app`` among its commands."""
    run_commands()


@commands.command("app")
def open_page(
    corpus: Annotated[Path | None, typer.Option(help="文章文件夹；默认用自带的文章")] = None,
    port: Annotated[int, typer.Option(help="端口", min=1, max=65535)] = 7860,
    host: Annotated[str, typer.Option(help="地址；默认只有本机能打开")] = "127.0.0.1",
    profile: Annotated[
        str | None, typer.Option(help="一套模型：builtin、cpu 或 gpu；先用 models pull 下载")
    ] = None,
) -> None:
    """打开问答页面。"""
    try:
        _serve(corpus, profile, host, port)
    except KeyboardInterrupt:
        typer.echo("引据已停止")


def _serve(corpus: Path | None, profile: str | None, host: str, port: int) -> None:
    """Load the corpus and serve its page until Ctrl-C; RagError says what stands in the way."""
    from app import build_ui
    from page.serving import check_port, serving, web_app

    check_port(host, port)
    config = rag.Config.from_environment({"corpus": corpus, "profile": profile})
    chatbot = rag.load(config, report=_report, progress=_progress if stderr.isatty() else None)
    page = build_ui(chatbot)
    check_port(host, port)
    with serving(web_app(page, config.max_file_mb), host, port):
        if host in ("0.0.0.0", "::"):  # noqa: S104
            typer.echo("注意：同一网络里的人都能打开这个页面，它没有密码", err=True)
        typer.echo(f"引据已启动：http://{host}:{port}")
        while True:
            time.sleep(3600)


def _report(line: str) -> None:
    typer.echo(line, err=True)


def _progress(stage: str, done: int, total: int) -> None:
    typer.echo(f"\r{stage} {done}/{total}", err=True, nl=done >= total)


if __name__ == "__main__":
    main()
