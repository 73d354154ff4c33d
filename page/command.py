"""``yinju``: the commands of ``python -m rag``, and ``app``, which opens the chat page.

Holds neither page nor retrieval. Gradio is loaded only when the page is asked for, so that the
other commands start as quickly as ``python -m rag``.
"""

from __future__ import annotations

import time
from pathlib import Path
from sys import stderr
from typing import TYPE_CHECKING, Annotated

import typer

import rag
from rag.cli import app as commands
from rag.cli import main as run_commands

if TYPE_CHECKING:
    from page.logins import Logins


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
    at_once: Annotated[
        int | None, typer.Option(help="同时回答几个人；本机的对话模型总是一个一个来", min=1)
    ] = None,
    auth_file: Annotated[
        Path | None, typer.Option(help="谁能登录；用 yinju add-login 写成")
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="别人也够得着的地址上不问是谁")
    ] = False,
) -> None:
    """打开问答页面。"""
    from page.logins import Logins, check_exposure

    check_exposure(host, auth_file is not None, insecure)
    logins = Logins.read(auth_file) if auth_file is not None else None
    try:
        _serve(corpus, profile, (host, port), at_once, logins)
    except KeyboardInterrupt:
        typer.echo("引据已停止")


@commands.command("add-login")
def write_login(
    auth_file: Annotated[Path, typer.Argument(help="登录文件，没有就新建")],
    name: Annotated[str, typer.Argument(help="名字")],
    password: Annotated[
        str, typer.Option(prompt="密码", confirmation_prompt=True, hide_input=True)
    ],
) -> None:
    """写下谁能登录页面；文件里没有密码，只有它的散列。"""
    from page.logins import add_login

    add_login(auth_file, name, password)
    typer.echo(f"写好了：yinju app --host 地址 --auth-file {auth_file}", err=True)


def _serve(
    corpus: Path | None,
    profile: str | None,
    address: tuple[str, int],
    at_once: int | None,
    logins: Logins | None,
) -> None:
    """Load the corpus and serve its page until Ctrl-C; RagError says what stands in the way."""
    from app import build_ui
    from page.conversations import Conversations
    from page.export import export_routes
    from page.home import home
    from page.library import Library
    from page.line import Line
    from page.logins import is_loopback
    from page.programs import Programs, chat_routes
    from page.serving import check_port, serving, web_app
    from page.settings_tab import places
    from page.shelf import Shelf

    host, port = address
    check_port(host, port)
    config = rag.Config.from_environment({"corpus": corpus, "profile": profile})
    library = Library.load(
        config,
        _name(config),
        is_writable=not _is_bundled(config),
        report=_report,
        progress=_progress if stderr.isatty() else None,
    )
    line = Line(places(config, library.chatbot, at_once))
    # Where nobody is asked who they are, strangers must not fetch models or turn to other servers.
    may_set = logins is not None or is_loopback(host)
    page = build_ui(Shelf(library, home(), config), home(), line, at_once, may_set)
    routers = [chat_routes(Programs(library, line)), export_routes(Conversations(home()))]
    site = web_app(page, routers=routers, logins=logins, max_file_mb=config.max_file_mb)
    check_port(host, port)
    with serving(site, host, port):
        if logins is None and not is_loopback(host):
            typer.echo("注意：同一网络里的人都能打开这个页面，它没有密码", err=True)
        typer.echo(f"引据已启动：http://{host}:{port}")
        while True:
            time.sleep(3600)


def _is_bundled(config: rag.Config) -> bool:
    """Whether the corpus is the one that came with the program, which stays as it is."""
    bundled: Path = rag.Config.model_fields["corpus"].get_default(call_default_factory=True)
    return config.corpus.expanduser().resolve() == bundled.resolve()


def _name(config: rag.Config) -> str:
    from page.shelf import BUNDLED

    return BUNDLED if _is_bundled(config) else config.corpus.expanduser().resolve().name


def _report(line: str) -> None:
    typer.echo(line, err=True)


def _progress(stage: str, done: int, total: int) -> None:
    typer.echo(f"\r{stage} {done}/{total}", err=True, nl=done >= total)


if __name__ == "__main__":
    main()
