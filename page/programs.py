"""What other programs ask: OpenAI's way to chat, and three named endpoints of Gradio's.

In go messages or a question, out come answers as JSON, from the library that the page opens with.
Everybody stands in the same line as the readers of the page. Knows nothing of HTML.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Literal

import gradio as gr
from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

import rag
from page.library import Library
from page.line import Line

MODEL = "yinju"
_PATIENCE_S = 0.5


class ChatMessage(BaseModel):
    """One message of a request: its text, or parts of which the texts are read."""

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(str(part.get("text", "")) for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """What is read of a request for a chat completion; the rest is of no use here."""

    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool = False


class Programs:
    """Answers for programs from one library, in the line of the page."""

    def __init__(self, library: Library, line: Line) -> None:
        self._library = library
        self._line = line

    def answer(self, question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The answer to a question as JSON; ``history`` are turns with ``role`` and ``content``."""
        with _told(), self._turn():
            earlier = _history(history or [])
            return self._library.chatbot.answer(question, earlier).to_dict()

    def search(self, question: str, top_k: int = 10) -> list[dict[str, Any]]:
        """The best passages for a question, best first, each with its score and its place."""
        with _told(), self._turn():
            return [hit.to_dict() for hit in self._library.chatbot.search(question, int(top_k))]

    def articles(self) -> list[dict[str, Any]]:
        """All articles: id, title, date, source, and how many passages they have."""
        library = self._library
        return [
            {
                "id": one.id,
                "title": one.full_title,
                "date": one.date,
                "source": one.source,
                "publisher": one.publisher,
                "passages": library.passage_count(one),
            }
            for one in library.chatbot.articles
        ]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Stand in line until it is one's turn, which lasts as long as the block."""
        with self._line.stand() as ticket:
            while self._line.ahead(ticket, patience_s=_PATIENCE_S):
                pass
            yield

    def complete(self, question: str, earlier: tuple[rag.Message, ...]) -> rag.Answer:
        """The whole answer."""
        with self._turn():
            return self._library.chatbot.answer(question, earlier)

    def pieces(self, question: str, earlier: tuple[rag.Message, ...]) -> Iterator[str | rag.Answer]:
        """The answer piece by piece, and then whole; closing this stops it."""
        with self._turn(), closing(self._library.chatbot.stream(question, earlier)) as events:
            for event in events:
                if not isinstance(event, rag.Searched):
                    yield event


@contextmanager
def _told() -> Iterator[None]:
    """What a user can mend reaches the program that asked; anything else does not."""
    try:
        yield
    except rag.RagError as error:
        raise gr.Error(str(error), print_exception=False) from None


def _history(turns: list[dict[str, str]]) -> tuple[rag.Message, ...]:
    roles: dict[str, Literal["user", "assistant"]] = {"user": "user", "assistant": "assistant"}
    return tuple(
        rag.Message(roles[turn["role"]], str(turn["content"]))
        for turn in turns
        if turn.get("role") in roles and turn.get("content")
    )


def chat_routes(programs: Programs) -> APIRouter:
    """``GET /v1/models`` and ``POST /v1/chat/completions``, as OpenAI's clients call them.

    The quoted sources follow the answer's text, for who reads it in a chat window, and stand in
    the field ``citations``, too; ``yinju`` is the whole answer as JSON.
    """
    routes = APIRouter(prefix="/v1")

    @routes.get("/models")
    def models() -> dict[str, Any]:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "yinju"}
        return {"object": "list", "data": [model]}

    @routes.post("/chat/completions")
    def complete(request: ChatRequest) -> Response:
        *before, last = request.messages
        earlier = _history([{"role": one.role, "content": one.text} for one in before])
        try:
            if request.stream:
                pieces = programs.pieces(last.text, earlier)
                first = next(pieces)  # a bad question is told before anything is sent
                return StreamingResponse(_events(first, pieces), media_type="text/event-stream")
            answer = programs.complete(last.text, earlier)
        except rag.RagError as error:
            fault = {"message": str(error), "type": "invalid_request_error", "code": None}
            return JSONResponse({"error": fault}, status_code=400)
        message = {"role": "assistant", "content": answer.text + sources_of(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        named = _named("chat.completion") | {"choices": [choice], "usage": usage}
        return JSONResponse(named | _extra(answer))

    return routes


def sources_of(answer: rag.Answer) -> str:
    """The citations of an answer as lines of text."""
    lines = [
        f"[{one.number}] 《{one.title}》 {one.source}：{one.quote}" for one in answer.citations
    ]
    return "\n\n" + "\n".join(lines) if lines else ""


def _named(kind: str) -> dict[str, Any]:
    name = f"chatcmpl-{uuid.uuid4().hex}"
    return {"id": name, "object": kind, "created": int(time.time()), "model": MODEL}


def _extra(answer: rag.Answer) -> dict[str, Any]:
    whole = answer.to_dict()
    return {"citations": whole["citations"], "yinju": whole}


def _events(first: str | rag.Answer, others: Iterator[str | rag.Answer]) -> Iterator[str]:
    """The answer as server-sent events; a fault in its midst is the last of them."""
    named = _named("chat.completion.chunk")

    def event(delta: Mapping[str, str], end: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        chunk = json.dumps(named | {"choices": [choice]} | more, ensure_ascii=False)
        return f"data: {chunk}\n\n"

    yield event({"role": "assistant", "content": ""})
    piece: str | rag.Answer | None = first
    while piece is not None:
        if isinstance(piece, rag.Answer):
            said = sources_of(piece) or (piece.error or "")
            yield event({"content": said})
            yield event({}, "stop", **_extra(piece))
        else:
            yield event({"content": piece})
        piece = next(others, None)
    yield "data: [DONE]\n\n"
