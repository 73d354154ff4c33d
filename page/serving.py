"""The web server under the page: its policy, its port, and how it is started and stopped.

In go a finished page and an address, out comes a running server. Knows nothing of what is shown.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import rag
from page.logins import Logins, LoginWall, NoLogins
from page.owner import OwnerCookie
from page.texts import for_the_browser

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# Chinese where the browser asks for it first, English elsewhere (``texts.language_of``).
HEAD = (
    "<script>document.documentElement.lang = "
    "/^zh/i.test(navigator.language || 'zh') ? 'zh-CN' : 'en'</script>"
)
_PAGE = Path(__file__).resolve().parent
_START_S = 60.0
_STOP_S = 1.0


class PolicyHeader:
    """Adds the content security policy to every response: the page may ask nobody but us."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and stamp what comes back."""

        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, stamp)


class PortError(rag.RagError):
    """The page cannot listen at the address asked for."""


def check_port(host: str, port: int) -> None:
    """Raise PortError unless the page can listen there."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else port - 1
            message = f"端口 {port} 已被占用；请换一个，例如 make app PORT={other}"
        else:
            message = f"不能在 {host}:{port} 上打开页面（{error}）；请换一个地址或端口"
        raise PortError(message) from error


def web_app(
    page: gr.Blocks,
    *,
    routers: Sequence[APIRouter] = (),
    logins: Logins | None = None,
    max_file_mb: float = 50.0,
) -> FastAPI:
    """The page as a web application with the policy on every response and no file to be had.

    ``routers`` are what it answers beside the page; nobody gets past ``logins`` who is not among
    them. ``max_file_mb`` is the most that one uploaded file may hold.
    """
    page.state_session_capacity = 200
    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in routers:
        site.include_router(router)
    site.add_middleware(OwnerCookie)
    if logins is None:
        site.add_middleware(NoLogins)
    else:
        site.add_middleware(LoginWall, logins=logins)
    site.add_middleware(PolicyHeader)  # the last one added is the first to see a request
    mounted: FastAPI = gr.mount_gradio_app(
        site,
        page,
        path="/",
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        allowed_paths=[],
        max_file_size=int(max_file_mb * 1_000_000),
        footer_links=[],
        i18n=gr.I18n(**for_the_browser()),
        run_history=False,
        pwa=False,
        css=(_PAGE / "style.css").read_text(encoding="utf-8"),
        head=HEAD,
        theme=gr.themes.Base(font="sans-serif", font_mono="monospace"),
    )
    return mounted


@contextmanager
def serving(site: FastAPI, host: str, port: int) -> Iterator[None]:
    """Serve in the background for as long as the block lasts; it answers when the block begins."""
    server = uvicorn.Server(uvicorn.Config(site, host=host, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, name="yinju-page", daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise PortError(f"页面没能在 {host}:{port} 上启动；请换一个端口，或看上面的提示")
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_STOP_S)  # no longer: a tab that is still open would keep it running
