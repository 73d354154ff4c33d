"""A chatbot that behaves, for the page: it searches by shared bigrams, quotes and streams.

The question decides the rest: 慢 streams until it is closed or stopped, 沉默 waits until it is
released or stopped, 聋 until it is released, 卡 fails, 崩溃 raises an error that nobody expects, 存疑 marks its claims, 全部 quotes every article,
天气 is not in the articles.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from page.library import Library
from page.shelf import Shelf
from rag.datatypes import (
    Answer,
    Article,
    Citation,
    Claim,
    Hit,
    Message,
    Passage,
    Searched,
    TextSpan,
)
from rag.errors import QuestionError
from rag.retrieve import Filter

HOSTILE = (
    "<script>window.__pwned=1</script><img src=x onerror='window.__pwned=1'>"
    "![图](http://192.0.2.1/a.png)[点我](javascript:window.__pwned=1)"
    "${window.__pwned=1}{{value}}@children$$\\href{http://192.0.2.1}{x}$$&lt;b&gt;\"'`**粗**"
)
NEWS = """秦巴腹地党旗红
安康高新区以党建统揽发展全局纪实
孙传泽 刘敏
近年来，安康高新区坚持创新驱动，平台建设不断提速。
全区建成院士工作站3家，博士后工作站2家。核心区八成以上群众住进了新房。
先后实施城市配套项目280余个，新增办公商业110万平方米。"""
MEETING = """石河子高新区
迎来第18批博士服务团
本报讯 近期，博士服务团一行18人到石河子高新区考察调研。石河子高新区于2013年升级为国家高新区。"""


def make_article(source: str, title: str, text: str, **fields: object) -> Article:
    """An article that is its own source: every block one span, newlines in none."""
    spans = tuple(
        TextSpan(match.start(), match.start(), len(match[0]))
        for match in re.finditer("[^\n]+", text)
    )
    return Article(f"{source}#1", title, source, text, spans, **fields)  # type: ignore[arg-type]


ARTICLES = (
    make_article(
        "000.txt",
        "秦巴腹地党旗红",
        NEWS,
        subtitle="安康高新区以党建统揽发展全局纪实",
        byline="孙传泽 刘敏",
        date="2021-06-28",
    ),
    make_article("001.txt", "石河子高新区迎来第18批博士服务团", MEETING),
    make_article("坏<b>.txt", f"恶意文章{HOSTILE}", f"恶意文章\n恶意内容说：{HOSTILE}。完了。"),
)


def bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


class FakeChatbot:
    """The interface of `rag.Chatbot` that the page uses."""

    def __init__(self, articles: Sequence[Article] = ARTICLES, notice: str = "") -> None:
        self.articles = tuple(articles)
        self.notice = notice
        self.model_name = "fake"
        self.only: Filter | None = None
        self.passage_counts = {article.id: article.text.count("\n") + 1 for article in articles}
        self.asked: list[tuple[str, tuple[Message, ...]]] = []
        self.closed = threading.Event()
        self.spoke = threading.Event()
        self.released = threading.Event()
        self.running = 0
        self.most_running = 0

    def article(self, article_id: str) -> Article:
        return next(article for article in self.articles if article.id == article_id)

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        stop: threading.Event | None = None,
        only: Filter | None = None,
    ) -> Iterator[Searched | str | Answer]:
        self.asked.append((question, tuple(history)))
        self.only = only
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            yield from self._stream(question, tuple(history), stop or threading.Event())
        finally:
            self.running -= 1
            self.closed.set()

    def _stream(
        self, question: str, history: tuple[Message, ...], stop: threading.Event
    ) -> Iterator[Searched | str | Answer]:
        if not question.strip():
            raise QuestionError("问题是空的；请输入一个问题")
        query = f"{history[-2].content}{question}" if history and len(question) < 6 else question
        hits = tuple(hit for hit in self._search(query) if self._is_in(hit))
        yield Searched(query, hits)
        if "崩溃" in question:
            raise RuntimeError("a fault of the program")
        answer = self._answer(question, query, hits)
        if "聋" in question:
            self.released.wait()
        while "沉默" in question and not (stop.is_set() or self.released.is_set()):
            threading.Event().wait(0.02)
        spoken = 0
        while "慢" in question and not stop.is_set():
            yield "慢慢"
            spoken += 1
            self.spoke.set()
            threading.Event().wait(0.05)
        if stop.is_set():
            yield Answer(question, query, "stopped", "慢慢" * spoken, "fake", hits=hits)
            return
        yield from (answer.text[i : i + 4] for i in range(0, len(answer.text), 4))
        yield answer

    def answer(self, question: str, history: Sequence[Message] = ()) -> Answer:
        *_, last = self.stream(question, history)
        assert isinstance(last, Answer)
        return last

    def search(self, question: str, top_k: int = 10) -> list[Hit]:
        return list(self._search(question)[:top_k])

    def _is_in(self, hit: Hit) -> bool:
        return self.only is None or self.only.admits(self.article(hit.passage.article_id))

    def _search(self, query: str) -> tuple[Hit, ...]:
        wanted, hits = bigrams(query), []
        for article in self.articles:
            for match in re.finditer("[^\n]+", article.text):
                shared = len(wanted & bigrams(match[0]))
                if shared or "全部" in query:
                    passage = Passage(
                        article.id, article.title, "", match[0], match.start(), match.end()
                    )
                    spans = article.source_spans(match.start(), match.end())
                    hits.append(Hit(passage, shared, ("terms",), article.source, spans))
        return tuple(sorted(hits, key=lambda hit: -hit.score)[:8])

    def _answer(self, question: str, query: str, hits: tuple[Hit, ...]) -> Answer:
        timings = {"search": 3.0, "total": 12.0}
        if "卡" in question:
            error = f"对话模型没有回应{HOSTILE}"
            return Answer(
                question, query, "failed", "", "fake", hits=hits, error=error, timings_ms=timings
            )
        if not hits or "天气" in question:
            text = "文章里没有找到能回答这个问题的内容。"
            return Answer(
                question, query, "no_evidence", text, "fake", hits=hits, timings_ms=timings
            )
        chosen = hits if "全部" in question else hits[:2]
        verdict = "partly" if "存疑" in question else "supported"
        citations, claims = [], []
        for number, hit in enumerate(chosen, 1):
            passage = hit.passage
            citations.append(
                Citation(
                    number,
                    passage.article_id,
                    passage.title,
                    hit.source,
                    passage.text,
                    passage.start,
                    passage.end,
                    hit.source_spans,
                )
            )
            claims.append(Claim(passage.text, verdict, ("数字不同",), (number,)))  # type: ignore[arg-type]
        text = "".join(f"{claim.text}[{claim.citations[0]}]" for claim in claims)
        return Answer(
            question,
            query,
            "answered",
            text,
            "fake",
            claims=tuple(claims),
            citations=tuple(citations),
            hits=hits,
            timings_ms=timings,
        )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def a_library(
    chatbot: FakeChatbot, examples: Sequence[str] = (), folder: Path | None = None
) -> Library:
    """The chatbot's articles as the page has them; their files stand in ``folder``, if anywhere."""
    if folder is not None:
        for article in chatbot.articles:
            (folder / article.source).write_text(article.text, encoding="utf-8", newline="")
    return Library(chatbot, folder, examples)  # type: ignore[arg-type]


@contextmanager
def served(
    chatbot: FakeChatbot,
    examples: Sequence[str] = (),
    folder: Path | None = None,
    places: int = 1,
    port: int = 0,
) -> Iterator[str]:
    """The address of the page over a chatbot, launched as the program launches it."""
    import app
    from page.conversations import Conversations
    from page.export import export_routes
    from page.home import home
    from page.line import Line
    from page.programs import Programs, chat_routes
    from page.serving import serving, web_app

    library, line, port = a_library(chatbot, examples, folder), Line(places), port or free_port()
    page = app.build_ui(Shelf(library), line=line)
    routers = [chat_routes(Programs(library, line)), export_routes(Conversations(home()))]
    with serving(web_app(page, routers=routers), "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"
