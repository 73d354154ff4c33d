"""What a chat server sends, read with care: lines of its event stream, its complaints.

Knows nothing of requests or of what is done with the words. Everything here comes from outside, so
it is bounded, and whatever does not fit is told as ModelError.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx

from rag.errors import ModelError

_MAX_LINE_CHARS = 1_000_000
_MAX_ERROR_BYTES = 10_000


class Event(NamedTuple):
    """A piece of the reply, which may be empty, and whether it is the last."""

    text: str
    is_last: bool


async def read_lines(response: httpx.Response, name: str) -> AsyncIterator[str]:
    """Lines of the body; ModelError for one that never ends."""
    pending = ""
    async for text in response.aiter_text():
        *whole, pending = (pending + text).split("\n")
        for line in whole:
            yield line.rstrip("\r")
        if len(pending) > _MAX_LINE_CHARS:
            raise ModelError(f"对话模型 {name} 的服务发来一行没有尽头的话；请检查那个服务")
    if pending:
        yield pending


def read_event(line: str, name: str) -> Event | None:
    """What one line of the stream says; None for comments, blanks and other fields.

    The last one has a reason for the end, or is ``[DONE]``; not every server sends both.
    """
    if not line.startswith("data:"):
        return None
    data = line.removeprefix("data:").strip()
    if data == "[DONE]":
        return Event("", True)
    try:
        value = json.loads(data)
        if value.get("error"):
            raise ModelError(f"对话模型 {name} 的服务半路报错（{_message(value)}）；可以再问一次")
        choices = value["choices"]
        text = (choices[0].get("delta") or {}).get("content") if choices else ""
        is_last = bool(choices and choices[0].get("finish_reason"))
        if not isinstance(text, str | None):
            raise TypeError(type(text).__name__)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(
            f"对话模型 {name} 的服务发来的话看不懂（{data[:60]}）；请检查那个服务"
        ) from error
    return Event(text or "", is_last)


async def read_complaint(response: httpx.Response) -> str:
    """What an error page says, in brackets and cut short; nothing where it says nothing."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MAX_ERROR_BYTES:
            break
    try:
        message = _message(json.loads(body))
    except ValueError:
        message = body.decode("utf-8", "replace")
    message = "".join(c for c in " ".join(message.split()) if c.isprintable())
    return f"（{message[:160]}）" if message else ""


def _message(value: Any) -> str:
    error = value.get("error", value) if isinstance(value, dict) else value
    message = error.get("message") or error.get("detail") if isinstance(error, dict) else error
    return str(message)[:160]


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that the server asks for; a date, or nothing sensible, counts as none."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None
