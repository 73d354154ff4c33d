"""Who may open the page, where others on the network can reach it.

A file holds a line for each: a name and what scrypt makes of the password. Asked for by HTTP Basic
authentication, so that the page, its downloads and the interfaces for programs stand behind one
wall. Knows nothing of what is behind it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
import secrets
from pathlib import Path

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

import rag
from page.owner import login_of

_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}
_LINE = re.compile(r"([^\s:]{1,64}):scrypt:([0-9A-Za-z+/=]+):([0-9A-Za-z+/=]+)")
_SHORTEST = 8
_REMEMBERED = 256


class LoginError(rag.RagError):
    """The file of logins cannot be used, or the page must not be opened to the network so."""


def login_line(name: str, password: str) -> str:
    """The line of the file for a name and its password; LoginError for one that is no good."""
    if not re.fullmatch(r"[^\s:]{1,64}", name):
        raise LoginError(f"名字 {name!r:.40} 不行：要 1 到 64 个字，没有空白和冒号")
    if len(password) < _SHORTEST:
        raise LoginError(f"密码太短；至少要 {_SHORTEST} 个字")
    salt = secrets.token_bytes(16)
    encoded = (base64.b64encode(part).decode() for part in (salt, _hashed(password, salt)))
    return f"{name}:scrypt:{':'.join(encoded)}"


def _hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST)


def add_login(path: Path, name: str, password: str) -> None:
    """Write a login into the file, in the place of an older one of this name."""
    line = login_line(name, password)
    others = [] if not path.is_file() else path.read_text(encoding="utf-8").splitlines()
    kept = [one for one in others if one.partition(":")[0] != name]
    try:
        path.touch(mode=0o600)
        path.write_text("\n".join([*kept, line, ""]), encoding="utf-8")
    except OSError as error:
        raise LoginError(f"写不了 {path}（{error.strerror}）；请检查权限") from error


class Logins:
    """The logins of a file; its verb is ``admits``."""

    def __init__(self, known: dict[str, tuple[bytes, bytes]]) -> None:
        self._known = known
        self._admitted: set[bytes] = set()

    @classmethod
    def read(cls, path: Path) -> Logins:
        """The logins of a file; LoginError says which line is none."""
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise LoginError(f"登录文件 {path} 读不出来（{error}）；请检查路径") from error
        known = {}
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line.strip())
            if match is None:
                raise LoginError(
                    f"登录文件 {path} 第 {number} 行读不懂；请用 yinju add-login {path} 名字 来加"
                )
            known[match[1]] = (base64.b64decode(match[2]), base64.b64decode(match[3]))
        if not known:
            raise LoginError(f"登录文件 {path} 里没有人；请先运行 yinju add-login {path} 名字")
        return cls(known)

    def admits(self, header: str) -> bool:
        """Whether an Authorization header names one of them with the password.

        One that was right is known again by its digest, as scrypt is slow on purpose; a name that
        is not there takes as long as a wrong password.
        """
        digest = hashlib.sha256(header.encode()).digest()
        if digest in self._admitted:
            return True
        name, password = login_of(header)
        if not name:
            return False
        salt, expected = self._known.get(name, (b"\0" * 16, b""))
        is_right = hmac.compare_digest(_hashed(password, salt), expected)
        if is_right and len(self._admitted) < _REMEMBERED:
            self._admitted.add(digest)
        return is_right


class LoginWall:
    """Lets nobody through who has not logged in."""

    def __init__(self, app: ASGIApp, logins: Logins) -> None:
        self.app = app
        self.logins = logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or ask for name and password."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if self.logins.admits(HTTPConnection(scope).headers.get("authorization", "")):
            await self.app(scope, receive, send)
            return
        asks = {"WWW-Authenticate": 'Basic realm="Yinju", charset="UTF-8"'}
        await PlainTextResponse("请先登录", status_code=401, headers=asks)(scope, receive, send)


class NoLogins:
    """Where nobody is asked who they are nobody can say it: a name that was not checked is gone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without its Authorization header."""
        if scope["type"] in ("http", "websocket"):
            kept = [one for one in scope["headers"] if one[0].lower() != b"authorization"]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


def check_exposure(host: str, has_logins: bool, is_insecure: bool) -> None:
    """Raise LoginError for an address that others reach and where nobody is asked who they are."""
    if has_logins or is_insecure or is_loopback(host):
        return
    raise LoginError(
        f"{host} 是别人也够得着的地址：请用 --auth-file 登录文件"
        "（先运行 yinju add-login 登录文件 名字），或写明 --insecure：谁都能打开、上传和移除"
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
