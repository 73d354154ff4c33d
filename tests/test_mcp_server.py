"""Programs that speak MCP ask, search and read, with the official client."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

import rag
from rag.mcp_server import build_server

TITLE, TEXT = "海事要闻", "上海海事局局长王建国表示，全年救助船只120艘。"
QUESTION = "上海海事局全年救助船只多少艘？"


def talk(server: Any, act: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(server) as client:
            await act(client)

    asyncio.run(run())


@pytest.fixture
def server(stand_in_judge: None) -> Any:
    return build_server(
        rag.Chatbot.from_articles([(TITLE, TEXT)], rag.Config(chat_model="builtin"))
    )


def test_a_client_asks_searches_and_reads(server: Any) -> None:
    async def act(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "read_article"]
        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        assert answer is not None
        assert answer["outcome"] == "answered"
        found = (await client.call_tool("search", {"query": "救助船只"})).structured_content
        assert found is not None
        article_id = found["hits"][0]["article_id"]
        assert article_id == answer["citations"][0]["article_id"]
        read = await client.call_tool("read_article", {"article_id": article_id})
        assert read.structured_content is not None
        assert read.structured_content["text"] == TEXT

    talk(server, act)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": " "}, "问题是空的"),
        ("search", {"query": "船", "top_k": 0}, "top_k"),
        ("read_article", {"article_id": "没有#1"}, "没有编号"),
    ],
)
def test_what_cannot_be_done_is_an_error_with_its_line(
    server: Any, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async def act(client: Client) -> None:
        done = await client.call_tool(tool, arguments)
        assert done.is_error
        assert said in str(done.content)

    talk(server, act)


@pytest.mark.slow
def test_the_command_serves_over_standard_input_and_output(tmp_path: Path) -> None:
    (tmp_path / f"{TITLE}.txt").write_text(f"{TITLE}\n\n{TEXT}\n", encoding="utf-8")
    command = ["-m", "rag", "mcp", "--corpus", str(tmp_path)]
    started = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))

    async def act(client: Client) -> None:
        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        assert answer is not None
        assert "120艘" in answer["text"]

    talk(started, act)
