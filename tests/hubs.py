"""Small hubs on loopback that serve a model folder, and that can be told to misbehave.

`/api/models/…` and `/resolve/…` are those of the Hugging Face hub, `/api/v1/models/…` are those of
ModelScope, with the redirect, the checksums and the ranges that the real ones have.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class HubState:
    """What a hub serves, what it was asked, and how it fails.

    ``cut_after`` bytes of a file the line breaks, ``cuts`` times. ``changed`` says what the listing
    tells of a file instead of the truth. ``statuses`` are answered before anything else.
    """

    models: dict[str, Path]
    cut_after: int | None = None
    cuts: int = 10**6
    no_ranges: bool = False
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    extra: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


def _checksums(content: bytes) -> tuple[str, str]:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    return hashlib.sha256(content).hexdigest(), blob.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        state: HubState = self.server.state
        url = urlsplit(self.path)
        state.asked.append((url.path, self.headers["Range"], self.headers["Authorization"]))
        for pattern, status in state.statuses.items():
            if re.search(pattern, self.path):
                self._send(status, b'{"error": "no"}')
                return
        self._route(state, unquote(url.path), parse_qs(url.query))

    def _route(self, state: HubState, path: str, query: dict[str, list[str]]) -> None:
        if match := re.fullmatch(r"/api/models/(.+/.+)/revision/main", path):
            self._list_hub(state, match[1])
        elif match := re.fullmatch(rf"/(.+/.+)/resolve/{REVISION}/(.+)", path):
            self.send_response(302)
            self.send_header("Location", f"/cdn/{match[1]}?path={quote(match[2])}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif match := re.fullmatch(r"/cdn/(.+)", path):
            self._file(state, match[1], query["path"][0])
        elif match := re.fullmatch(r"/api/v1/models/(.+/.+)/repo/files", path):
            self._list_modelscope(state, match[1])
        elif match := re.fullmatch(r"/api/v1/models/(.+/.+)/repo", path):
            self._file(state, match[1], query["FilePath"][0])
        else:
            self._send(404, b"{}")

    def _list_hub(self, state: HubState, model: str) -> None:
        if model not in state.models:
            self._send(401, b'{"error": "Repository not found"}')
            return
        rows = []
        for path, content in _files(state.models[model]):
            sha256, blob = _checksums(content)
            row: dict[str, Any] = {"rfilename": path, "size": len(content), "blobId": blob}
            if path.endswith(".safetensors"):
                row["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 134}
            rows.append(row | state.changed.get(path, {}))
        body = {"id": model, "sha": REVISION, "siblings": rows + state.extra}
        self._send(200, json.dumps(body).encode())

    def _list_modelscope(self, state: HubState, model: str) -> None:
        if model not in state.models:
            self._send(404, b'{"Code": 10010205001, "Success": false}')
            return
        rows: list[dict[str, Any]] = [{"Path": "1_Pooling", "Type": "tree", "Size": 0}]
        for path, content in _files(state.models[model]):
            row = {"Path": path, "Type": "blob", "Size": len(content)}
            row["Sha256"] = _checksums(content)[0]
            rows.append(row | state.changed.get(path, {}))
        body = {"Code": 200, "Data": {"Files": rows + state.extra}, "Success": True}
        self._send(200, json.dumps(body).encode())

    def _file(self, state: HubState, model: str, path: str) -> None:
        content = (state.models[model] / path).read_bytes()
        start = 0
        if (asked := self.headers["Range"]) and not state.no_ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        body = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if state.cut_after is not None and len(body) > state.cut_after and state.cuts > 0:
            state.cuts -= 1
            self.wfile.write(body[: state.cut_after])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(body)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], **attributes: Any) -> Iterator[str]:
    """A server on a free port of loopback with these attributes; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    for name, value in attributes.items():
        setattr(server, name, value)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def a_hub(state: HubState) -> Iterator[str]:
    """Both hubs at one address."""
    with serving(_Handler, state=state) as address:
        yield address
