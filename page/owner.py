"""Whose conversation it is: who has logged in, or the browser that holds the owner cookie.

The cookie is 128 random bits that scripts of the page cannot read. Knows nothing of what is owned.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "yinju_owner"
_VALUE = re.compile("[0-9a-f]{32}")
_SECONDS = 400 * 86_400  # the longest that browsers keep one


class OwnerCookie:
    """Gives a browser that opens the page without the cookie a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the page itself comes back with a cookie where there was none."""
        is_page = scope["type"] == "http" and scope["path"] == "/"
        if not is_page or _VALUE.fullmatch(HTTPConnection(scope).cookies.get(COOKIE, "")):
            await self.app(scope, receive, send)
            return
        value = f"{COOKIE}={secrets.token_hex(16)}; Path=/; Max-Age={_SECONDS}"

        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("Set-Cookie", f"{value}; HttpOnly; SameSite=Lax")
            await send(message)

        await self.app(scope, receive, stamp)


def owner_of(headers: Mapping[str, str], cookies: Mapping[str, str]) -> str:
    """The owner of what a request is about; empty for a program that keeps no cookie."""
    name = login_of(headers.get("authorization", ""))[0]
    if name:
        return f"login:{name}"
    value = cookies.get(COOKIE, "")
    return f"cookie:{value}" if _VALUE.fullmatch(value) else ""


def login_of(header: str) -> tuple[str, str]:
    """Name and password of a header for HTTP Basic authentication; both empty without one.

    Programs that know of API keys only, and send one as a bearer, write it ``name:password``.
    """
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        name, _, password = value.partition(":")
        return name, password
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password
