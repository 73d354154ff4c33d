"""What a browser may ask of the page, and whether the page can listen where it should."""

from __future__ import annotations

import errno
import socket

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import rag

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'"
)


class PolicyHeader:
    """Adds the content security policy to every response: the page may ask nobody but us."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and stamp what comes back."""

        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = POLICY
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
