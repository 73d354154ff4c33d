"""The ChatModel of an OpenAI-compatible server: vLLM, SGLang, Ollama, llama.cpp's and others.

Over plain httpx. Knows nothing of evidence or prompts. What a server sends is data from outside:
bounded in length and time, and shown only as text.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import threading
import time
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from typing import Any, Self

import httpx

from rag.config import API_KEY_VARIABLE
from rag.errors import ModelError
from rag.models.catalogue import OPENAI_PREFIX, card_of
from rag.models.chat_text import neutralise, strip_thinking, template_marks
from rag.models.event_stream import Event, read_complaint, read_event, read_lines, retry_after
from rag.models.generation import ChatTurn
from rag.models.worker import Worker

_TIMEOUT = httpx.Timeout(120.0, connect=10.0, write=30.0)
_ATTEMPTS = 3
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 20.0
_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})
# A connection that is kept open with empty lines is dead all the same.
_SILENCE_S = 120.0
_LOOK_SECONDS = 0.05
# A server does not say how much it can read; all that are in use read this much.
_CONTEXT_TOKENS = 8192
_TURN_TOKENS = 8
# A Chinese token is one or two characters, an English one about four.
_MAX_TOKEN_CHARS = 12
_SPARE_CHARS = 2000
_EVENTS_A_TOKEN = 2
_SPARE_EVENTS = 1000
_THINKING_SWITCH = "chat_template_kwargs"
_MARKS = template_marks(())


class _TryLaterError(Exception):
    """The server is busy, or was not reached; ``pause`` seconds are its own wish, or None."""

    def __init__(self, fault: ModelError, pause: float | None = None) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.pause = pause


class OpenAIChatModel:
    """A model behind ``{base}/chat/completions``, streamed; any number of streams at a time."""

    context_tokens = _CONTEXT_TOKENS

    def __init__(self, base: str, model: str, key: str | None = None) -> None:
        self.name = model
        self._base = base.rstrip("/")
        self._key = key

    @classmethod
    def load(cls, address: str) -> Self:
        """The model of ``openai:http://host:port/v1#model``; the server is not asked yet.

        The key is that of ``YINJU_API_KEY`` or ``OPENAI_API_KEY``. ModelError when the address is
        none.
        """
        base, _, model = address.removeprefix(OPENAI_PREFIX).partition("#")
        try:
            url = httpx.URL(base)
        except (httpx.InvalidURL, ValueError):
            url = httpx.URL("")
        if url.scheme not in ("http", "https") or not url.host or not model:
            raise ModelError(
                f"对话模型 {address} 写得不对；应当像 openai:http://127.0.0.1:8000/v1#模型名"
            )
        key = os.environ.get(API_KEY_VARIABLE) or os.environ.get("OPENAI_API_KEY")
        return cls(base, model, key)

    def greet(self) -> str:
        """One line on the server and its model; ModelError when it does not answer."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            with httpx.Client(
                timeout=5.0, headers=headers, trust_env=not _is_near(self._base)
            ) as client:
                response = client.get(f"{self._base}/models")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._line_fault(error, has_begun=False) from error
        if response.status_code in (401, 403):
            raise self._key_fault(response.status_code)
        try:
            known = {str(row["id"]) for row in response.json()["data"]}
        except (ValueError, KeyError, TypeError):
            known = set()  # not every server has a list
        missing = f"，但它的清单里没有 {self.name}" if known and self.name not in known else ""
        return f"{self.name}，{self._base} 应答了{missing}"

    def count_tokens(self, turns: Sequence[ChatTurn]) -> int:
        """A bound from above for Chinese: a token a character, and some for each turn."""
        return sum(len(turn["content"]) + _TURN_TOKENS for turn in turns)

    def stream(
        self,
        turns: Sequence[ChatTurn],
        *,
        max_new_tokens: int,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, None]:
        """The reply in pieces, without its thoughts; see ``ChatModel.stream``.

        Before the first piece a busy or absent server is asked again, three times at most.
        """
        needed = self.count_tokens(turns)
        if needed >= self.context_tokens:
            raise ModelError(
                f"提示词约有 {needed} 个词元，超过给对话模型 {self.name} 留的"
                f" {self.context_tokens} 个；请缩短问题"
            )
        body = self._body(turns, max_new_tokens)
        with Worker[str](lambda run: asyncio.run(self._work(body, run)), stop) as run:
            yield from strip_thinking(self._bounded(run.items(), max_new_tokens))

    def _body(self, turns: Sequence[ChatTurn], max_new_tokens: int) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [turn | {"content": neutralise(turn["content"], _MARKS)} for turn in turns],
            "stream": True,
            "temperature": 0,
            "max_tokens": max_new_tokens,
        }
        card = card_of(self.name)
        if card is not None and card.has_thinking:
            body[_THINKING_SWITCH] = {"enable_thinking": False}
        return body

    async def _work(self, body: dict[str, Any], run: Worker[str]) -> None:
        """Read the reply into ``run``; cancelled, connection and all, once it is stopped."""
        reading = asyncio.ensure_future(self._read(body, run))
        while not run.is_stopped and not reading.done():
            await asyncio.wait([reading], timeout=_LOOK_SECONDS)
        if reading.done():
            reading.result()
            return
        reading.cancel()
        await asyncio.wait([reading])

    async def _read(self, body: dict[str, Any], run: Worker[str]) -> None:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        # trust_env off: a proxy for the internet is no way to a server of one's own.
        async with httpx.AsyncClient(timeout=_TIMEOUT, headers=headers, trust_env=False) as client:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    async for text in self._reply(client, body):
                        run.put(text)
                    return
                except _TryLaterError as later:
                    if attempt == _ATTEMPTS:
                        raise later.fault from later
                    pause = _FIRST_PAUSE_S * 2**attempt if later.pause is None else later.pause
                    await asyncio.sleep(min(pause, _LONGEST_PAUSE_S))

    async def _reply(self, client: httpx.AsyncClient, body: dict[str, Any]) -> AsyncIterator[str]:
        """Pieces of one reply; _TryLaterError only while nothing of it has come."""
        has_begun = False
        try:
            async with client.stream(
                "POST", f"{self._base}/chat/completions", json=body
            ) as response:
                await self._check(response, body)
                async for event in self._events(response, body["max_tokens"]):
                    if event.text:
                        has_begun = True
                        yield event.text
                    if event.is_last:
                        return
            raise httpx.RemoteProtocolError("没有结束标记就断开了")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            fault = self._line_fault(error, has_begun)
            # Who was silent for so long would be so again.
            if has_begun or isinstance(error, httpx.ReadTimeout):
                raise fault from error
            raise _TryLaterError(fault) from error

    async def _events(self, response: httpx.Response, tokens: int) -> AsyncIterator[Event]:
        """The events of a stream; an error once it is idle, or longer than its tokens make it."""
        heard, room = time.monotonic(), tokens * _EVENTS_A_TOKEN + _SPARE_EVENTS
        async for line in read_lines(response, self.name):
            if time.monotonic() - heard > _SILENCE_S:
                raise httpx.ReadTimeout(f"{_SILENCE_S:.0f} 秒没有一个字")
            event = read_event(line, self.name)
            if event is not None:
                heard, room = time.monotonic(), room - 1
                yield event
            if room < 0:
                raise self._endless()

    async def _check(self, response: httpx.Response, body: dict[str, Any]) -> None:
        """Let a stream of events pass; ModelError or _TryLaterError for anything else.

        A server that does not know the switch for thinking is asked again without it.
        """
        status = response.status_code
        if status == httpx.codes.OK:
            kind = response.headers.get("content-type", "").partition(";")[0].strip()
            if kind == "text/event-stream":
                return
            raise ModelError(
                f"{self._base} 回的不是对话流（{kind[:60] or '没有类型'}）；"
                "请检查地址，多半要以 /v1 结尾"
            )
        said = await read_complaint(response)
        if status in (401, 403):
            raise self._key_fault(status)
        fault = ModelError(
            f"对话服务 {self._base} 答 {status}{said}；"
            + (
                "它正忙，请稍后再问"
                if status in _MAY_PASS
                else f'请检查地址和模型名 {self.name}，或改用 chat_model = "builtin"'
            )
        )
        if status in _MAY_PASS:
            raise _TryLaterError(fault, retry_after(response))
        if status in (400, 422) and body.pop(_THINKING_SWITCH, None):
            raise _TryLaterError(fault, 0.0)
        raise fault

    def _bounded(self, pieces: Iterator[str], tokens: int) -> Iterator[str]:
        """The pieces; ModelError once they are longer than so many tokens can be."""
        room = tokens * _MAX_TOKEN_CHARS + _SPARE_CHARS
        for piece in pieces:
            room -= len(piece)
            if room < 0:
                raise self._endless()
            yield piece

    def _endless(self) -> ModelError:
        return ModelError(f"对话模型 {self.name} 说个不停，已经断开；请检查那个服务的 max_tokens")

    def _key_fault(self, status: int) -> ModelError:
        return ModelError(
            f"{self._base} 不让用（{status}）；请把密钥写进环境变量 {API_KEY_VARIABLE}"
        )

    def _line_fault(self, error: Exception, has_begun: bool) -> ModelError:
        reason = (str(error).splitlines() or [""])[0][:120] or type(error).__name__
        if has_begun:
            return ModelError(f"对话服务 {self._base} 答到一半断了（{reason}）；可以再问一次")
        return ModelError(
            f"连不上对话服务 {self._base}（{reason}）；请看它是否开着、地址对不对，"
            '或改用 chat_model = "builtin"'
        )


def _is_near(base: str) -> bool:
    """Whether a server is on this machine or network: the way there leads through no proxy."""
    host = httpx.URL(base).host
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host
