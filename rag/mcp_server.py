"""The articles as tools for programs that speak MCP, over standard input and output.

In go a chatbot, out comes a server with ``ask``, ``search`` and ``read_article``. Knows nothing of
settings or screens. The official SDK comes with an extra and is loaded only here.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rag.assembly import Chatbot
from rag.errors import ConfigError, QuestionError, RagError

if TYPE_CHECKING:
    from mcp.server import MCPServer

INSTALL_COMMAND = 'pip install "yinju[mcp]"'
_INSTRUCTIONS = (
    "回答关于一批中文文章的问题。ask 给出带出处的回答，每处引用都是原文；文章里没有的会直说没有。"
    "search 只找段落；read_article 读一篇文章的全文。"
)


def check_sdk() -> None:
    """Raise ConfigError unless the SDK is installed; before a corpus is loaded for nothing."""
    if find_spec("mcp") is None:
        raise ConfigError(f"没有安装 MCP 的开发包；请先运行 {INSTALL_COMMAND}")


def build_server(chatbot: Chatbot) -> MCPServer:
    """The server over a chatbot; ConfigError when the SDK is not installed."""
    check_sdk()
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    server: MCPServer = MCPServer("yinju", instructions=_INSTRUCTIONS, log_level="WARNING")

    def ask(question: str) -> dict[str, Any]:
        """就文章提问。回答的每一句都带 [n]，citations 里是所引的原文和它在文件里的位置。"""
        try:
            return chatbot.answer(question).to_dict()
        except RagError as error:
            raise ToolError(str(error)) from error

    def search(query: str, top_k: int = 8) -> dict[str, Any]:
        """找与问题最相近的段落，好的在前。"""
        try:
            return {"hits": [hit.to_dict() for hit in chatbot.search(query, top_k)]}
        except RagError as error:
            raise ToolError(str(error)) from error

    def read_article(article_id: str) -> dict[str, Any]:
        """读一篇文章的全文；article_id 见 ask 和 search 的结果。"""
        try:
            return _article(chatbot, article_id)
        except RagError as error:
            raise ToolError(str(error)) from error

    for tool in (ask, search, read_article):
        server.add_tool(tool)
    return server


def _article(chatbot: Chatbot, article_id: str) -> dict[str, Any]:
    try:
        article = chatbot.article(article_id)
    except KeyError:
        raise QuestionError(f"没有编号是 {article_id!r:.80} 的文章；请用 search 找") from None
    return {
        "id": article.id,
        "title": article.full_title,
        "date": article.date,
        "source": article.source,
        "publisher": article.publisher,
        "text": article.text,
    }
