"""A chat server on loopback that streams what it is told, or fails in a way of its choice."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.hubs import serving


@dataclass
class ServerState:
    """How the next requests are met: one way for each, the last for all that follow.

    ``requests`` keeps bodies and headers; ``gone`` counts readers that left before the end.
    """

    ways: list[Callable[[Any], None]]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: int = 0
    open: int = 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        answer(200, {"data": [{"id": "tiny"}]})(self)

    def do_POST(self) -> None:
        state: ServerState = self.server.state
        length = int(self.headers["Content-Length"])
        state.requests.append(json.loads(self.rfile.read(length)))
        state.headers.append(dict(self.headers))
        way = state.ways.pop(0) if len(state.ways) > 1 else state.ways[0]
        state.open += 1
        try:
            way(self)
        except (TimeoutError, ConnectionError):
            state.gone += 1
            self.close_connection = True
        finally:
            state.open -= 1


def delta(text: str | None) -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return f"data: {json.dumps({'choices': [choice]}, ensure_ascii=False)}\n\n"


def begin(handler: Any, kind: str = "text/event-stream") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True


def write(handler: Any, text: str) -> None:
    handler.wfile.write(text.encode())
    handler.wfile.flush()


def saying(*pieces: str | None, end: str = "data: [DONE]\n\n") -> Callable[[Any], None]:
    """Streams these pieces, then ``end``; without an end the line just breaks."""

    def way(handler: Any) -> None:
        begin(handler)
        for piece in pieces:
            write(handler, delta(piece))
        write(handler, end)

    return way


def raw(*lines: str) -> Callable[[Any], None]:
    """Streams these lines as they are."""

    def way(handler: Any) -> None:
        begin(handler)
        for line in lines:
            write(handler, line)

    return way


def answer(status: int, body: Any, **headers: str) -> Callable[[Any], None]:
    """One JSON answer with a status."""

    def way(handler: Any) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        kind = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in (kind | {k.replace("_", "-"): v for k, v in headers.items()}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return way


def hang_up(handler: Any) -> None:
    """Break the line before anything was said."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def for_ever(line: str) -> Callable[[Any], None]:
    """Streams one line again and again until the reader leaves."""

    def way(handler: Any) -> None:
        begin(handler)
        while True:
            write(handler, line)
            time.sleep(0.001)

    return way


def silent(handler: Any) -> None:
    """Says nothing, not even a status, until the reader leaves."""
    handler.connection.settimeout(30)
    if handler.connection.recv(1) == b"":
        raise ConnectionError


def silent_after(*pieces: str) -> Callable[[Any], None]:
    """Streams these pieces and then nothing more, until the reader leaves."""

    def way(handler: Any) -> None:
        begin(handler)
        for piece in pieces:
            write(handler, delta(piece))
        silent(handler)

    return way


@contextmanager
def a_server(*ways: Callable[[Any], None]) -> Iterator[tuple[str, ServerState]]:
    """Its base address, ``…/v1``, and its state."""
    state = ServerState(list(ways))
    with serving(_Handler, state=state) as address:
        yield f"{address}/v1", state
