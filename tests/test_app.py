"""The page: what it renders, and the running program over HTTP. The browser has its own file."""

from __future__ import annotations

import html
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from hypothesis import given
from hypothesis import strategies as st

import app
from rag.datatypes import Answer, Article, Citation, Claim, Message, Searched
from tests.fake_chatbot import ARTICLES, HOSTILE, FakeChatbot, free_port, make_article, served

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")
VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=60)
ALLOWED_TAGS = {
    *("a", "article", "b", "br", "details", "div", "h1", "h2", "li", "mark", "nav", "ol", "p"),
    *("span", "summary", "ul"),
}


class Page(HTMLParser):
    """The text of a page, the class of the mark each sign stands in, and every tag."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marks: list[str | None] = []
        self._mark: str | None = None
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "mark":
            self._mark = dict(attrs)["class"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._mark = None

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marks += [self._mark] * len(data)


def quote(article: Article, number: int, start: int, end: int) -> Citation:
    spans = article.source_spans(start, end)
    text = article.text[start:end]
    return Citation(number, article.id, article.title, article.source, text, start, end, spans)


def finished(question: str, history: tuple[Message, ...] = ()) -> app.Turn:
    turn = app.Turn(question)
    for event in FakeChatbot().stream(question, history):
        turn.receive(event)
    return turn


@st.composite
def quoted_articles(draw: st.DrawFn) -> tuple[Article, list[Citation]]:
    article = make_article("a.txt", draw(VISIBLE), draw(VISIBLE.filter(bool)))
    places = st.integers(0, len(article.text))
    ranges = draw(st.lists(st.tuples(places, places), max_size=5))
    return article, [
        quote(article, number, min(pair), max(pair)) for number, pair in enumerate(ranges, 1)
    ]


@given(VISIBLE)
def test_literal_text_is_shown_sign_for_sign_and_holds_nothing_to_interpret(text: str) -> None:
    shown = app.literal(text)
    assert html.unescape(shown.replace("<br>", "\n")) == text
    assert not re.search(r"""[<>"'`*_\[\](){}$@!|~\\:/.-]""", shown.replace("<br>", ""))


def test_control_characters_are_shown_as_replaced() -> None:
    assert app.literal("a\x00\x1b[31m\rb") == "a\ufffd\ufffd&#91;31m\ufffdb"


@given(quoted_articles(), st.integers(0, 5))
def test_the_shown_article_is_its_text_with_exactly_the_quoted_words_marked(
    quoted: tuple[Article, list[Citation]], current: int
) -> None:
    article, citations = quoted
    page = Page(app.render_body(article, citations, current))
    assert page.text == article.text
    for place, sign in enumerate(article.text):
        over = [item.number for item in citations if item.start <= place < item.end]
        expected = None if not over else "now" if current in over else ""
        assert page.marks[place] == (None if sign == "\n" else expected)


def test_overlapping_quotes_and_quotes_over_blocks_keep_their_words() -> None:
    article = make_article("a.txt", "题", "甲乙丙丁\n戊己庚辛")
    citations = [quote(article, 1, 1, 6), quote(article, 2, 3, 8)]
    page = Page(app.render_body(article, citations, 2))
    shown = "".join(sign for sign, mark in zip(page.text, page.marks, strict=True) if mark == "now")
    assert page.text == article.text
    assert shown == "丁戊己庚"


def test_quotes_of_other_articles_are_not_marked() -> None:
    citations = [quote(ARTICLES[1], 1, 0, 5)]
    assert "<mark" not in app.render_body(ARTICLES[0], citations, 1)


def test_title_byline_and_caption_lines_are_told_apart() -> None:
    article = make_article(
        "a.txt", "大标题", "大标题\n张三\n正文大标题。\n图一", byline="张三", captions=("图一",)
    )
    classes = [tag[1]["class"] for tag in Page(app.render_body(article, ())).tags]
    assert classes == ["headline", "byline", "", "caption"]


def hostile_markup() -> Iterator[str]:
    """Every rendering, with hostile words wherever words of others can stand."""
    turns = [finished(word) for word in ("全部恶意", "卡住恶意内容", "全部存疑恶意", HOSTILE)]
    turns += [app.Turn(HOSTILE, text=HOSTILE, error=HOSTILE)]
    turns += [app.Turn(HOSTILE, searched=Searched(f"{HOSTILE}!", ()))]
    yield from (message["content"] for message in app.render_messages(turns))
    bad = make_article(
        HOSTILE, HOSTILE, f"{HOSTILE}\n{HOSTILE}", date=HOSTILE, byline=HOSTILE, captions=(HOSTILE,)
    )
    citations = [quote(bad, 1, 0, 20), quote(bad, 2, 10, len(bad.text))]
    yield app.render_article(bad, citations, 0, 1)
    yield app.render_contents([bad])
    yield app._header(1, HOSTILE)
    reasons = (Claim(HOSTILE, "not_found", (HOSTILE,), (7,)),)
    text = f"{HOSTILE}[7]\n\n# {HOSTILE}"
    yield app.render_answer(Answer("", HOSTILE, "answered", text, HOSTILE, claims=reasons), 0)


@pytest.mark.parametrize("markup", list(hostile_markup()), ids=str.__len__)
def test_words_of_articles_models_and_readers_never_become_markup(markup: str) -> None:
    page = Page(markup)
    assert HOSTILE[:30] in page.text or not page.text.strip("恶意内容卡住存疑全部")
    for tag, attributes in page.tags:
        assert tag in ALLOWED_TAGS
        assert set(attributes) <= {"class", "href", "title"}
        assert re.fullmatch(r"#(cite|read)-\d+-\d+|", attributes.get("href") or "")
    without_ours = re.sub(r"</p>\n|<[^<>]*>", "", markup)
    assert not re.search(r"[<>`*_\[\](){}$@!\\\n]", without_ours)


def test_markers_lead_to_their_citations_and_unknown_numbers_stay_text() -> None:
    citations = (quote(ARTICLES[0], 1, 0, 4),)
    answer = Answer("问", "问", "answered", "甲[1]乙[9]。", "m", citations=citations)
    page = Page(app.render_text(answer, 3))
    assert page.text == answer.text
    assert [tag[1]["href"] for tag in page.tags] == ["#cite-3-1"]


@pytest.mark.parametrize(("verdict", "label"), app.VERDICTS.items())
@pytest.mark.parametrize("text", ["甲.有（二）[1]。", "甲.有（二）。"])
def test_a_claim_that_is_not_supported_is_marked(verdict: Any, label: str, text: str) -> None:
    claims = (
        Claim("头一句[1]。", "supported", (), (1,)),
        Claim(text, verdict, ("数字不同", "<地名>不同"), (1,)),
    )
    answer = Answer("问", "问", "answered", "头一句[1]。甲.有（二）[1]。尾。", "m", claims=claims)
    page = Page(app.render_text(answer, 0))
    assert page.text == f"头一句[1]。甲.有（二）[1]。{label}尾。"
    assert page.tags[0][1] == {"class": "yj-weak", "title": "数字不同；<地名>不同"}


def test_an_answer_shows_number_quote_title_and_file_of_each_citation() -> None:
    turn = finished("安康高新区建了几家院士工作站？")
    assert turn.answer is not None
    text = Page(app.render_turn(turn, 0)).text
    for item in turn.answer.citations:
        assert f"[{item.number}] {item.quote}《{item.title}》 {item.source}" in text


def test_a_refusal_shows_no_citation() -> None:
    markup = app.render_turn(finished("石河子天气"), 0)
    assert "没有找到" in markup
    assert "#cite-" not in markup
    assert "<details" not in markup


def test_a_failed_answer_shows_its_error_and_folds_the_found_passages() -> None:
    markup = app.render_turn(finished("卡住的石河子高新区"), 0)
    assert "没能作答：对话模型没有回应" in Page(markup).text
    assert re.search(r"<details><summary>[^<]+</summary><ul><li>", markup)
    assert "石河子高新区于2013年升级为国家高新区" in Page(markup).text
    assert "#cite-" not in markup


def test_a_query_that_differs_from_the_question_is_shown() -> None:
    earlier = (Message("user", "石河子高新区"), Message("assistant", "好"))
    assert (
        "检索的是：石河子高新区何时？" in Page(app.render_turn(finished("何时？", earlier), 0)).text
    )
    assert "检索的是" not in app.render_turn(finished("石河子高新区何时升级？"), 0)


def test_the_states_of_a_turn_are_told_in_words() -> None:
    assert "检索中…" in app.render_turn(app.Turn("问"), 0)
    assert "排队中" in app.render_turn(app.Turn("问", waiting=True), 0)
    assert "找到 0 个段落" in app.render_turn(app.Turn("问", searched=Searched("问", ())), 0)
    stopped = app.render_turn(app.Turn("问", text="半句", stopped=True), 0)
    assert Page(stopped).text == "半句（已停止）"


def test_history_is_the_last_six_replies_as_plain_text() -> None:
    turns = [app.Turn(f"问{i}", text=f"<答>{i}[1]") for i in range(8)]
    turns.insert(7, app.Turn("没有回答", error="坏了"))
    assert app.history(turns) == tuple(
        message
        for i in range(2, 8)
        for message in (Message("user", f"问{i}"), Message("assistant", f"<答>{i}[1]"))
    )


def test_links_open_the_citation_or_the_article() -> None:
    chatbot, turns = FakeChatbot(), [app.Turn("问", stopped=True), finished("院士工作站几家？")]
    cited = app.render_link(chatbot, turns, "#cite-1-1")
    assert cited is not None
    page = Page(cited)
    shown = "".join(sign for sign, mark in zip(page.text, page.marks, strict=True) if mark == "now")
    assert turns[1].answer is not None
    assert shown == turns[1].answer.citations[0].quote
    assert ARTICLES[1].text in Page(app.render_link(chatbot, turns, "#read-1-0") or "").text


@pytest.mark.parametrize(
    "link",
    ["", "#cite-0-1", "#cite-1-99", "#cite-9-1", "#read-99-0", "#cite--1-1", "#cite-1-1\n", "x"],
)
def test_links_that_lead_nowhere_open_nothing(link: str) -> None:
    turns = [app.Turn("问", stopped=True), finished("院士工作站几家？")]
    assert app.render_link(FakeChatbot(), turns, link) is None


def test_closing_the_reply_closes_the_stream_and_frees_the_place() -> None:
    chatbot, turns = FakeChatbot(), []
    talk = app.Conversation(chatbot)
    talk.begin("慢慢说", turns)
    reply = talk.reply(turns)
    for _ in range(4):
        next(reply)
    reply.close()
    assert chatbot.closed.is_set()
    assert talk.begin("下一个", turns)
    assert not turns[-1].waiting


def test_the_next_question_stops_the_one_before_and_its_text_stays() -> None:
    chatbot, turns = FakeChatbot(), []
    talk = app.Conversation(chatbot)
    talk.begin("慢慢说", turns)
    reply = talk.reply(turns)
    for _ in range(4):
        next(reply)
    talk.begin("石河子", turns)
    assert turns[1].waiting
    list(reply)
    assert chatbot.closed.is_set()
    assert turns[0].stopped
    assert turns[0].text
    list(talk.reply(turns))
    assert turns[1].answer is not None
    assert [question for question, _ in chatbot.asked] == ["慢慢说", "石河子"]


def test_a_reply_to_a_cleared_conversation_shows_it_empty() -> None:
    talk, turns = app.Conversation(FakeChatbot()), []
    talk.begin("慢慢说", turns)
    reply = talk.reply(turns)
    next(reply)
    talk.clear(turns)
    assert list(reply)[-1][0] == []


def test_an_unexpected_error_is_not_swallowed_and_is_told() -> None:
    talk, turns = app.Conversation(FakeChatbot()), []
    talk.begin("石河子崩溃", turns)
    with pytest.raises(RuntimeError):
        list(talk.reply(turns))
    messages = talk.fail(turns)[0]
    assert "程序内部出错" in messages[-1]["content"]
    assert turns[0].finished


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[FakeChatbot, str]]:
    chatbot = FakeChatbot(notice="要用对话模型，请运行某命令")
    with served(chatbot) as address:
        yield chatbot, address


def ask(client: Client, question: str) -> str:
    client.predict(question, api_name="/ask")
    messages = client.predict(api_name="/reply")[0]
    return Page(messages[-1]["content"][0]["text"]).text


def test_questions_and_follow_ups_are_answered_over_http(site: tuple[FakeChatbot, str]) -> None:
    chatbot, address = site
    client = Client(address, verbose=False)
    first = ask(client, "石河子高新区何时升级？")
    assert "石河子高新区于2013年升级为国家高新区" in first
    assert "检索的是：石河子高新区何时升级？为何？" in ask(client, "为何？")
    history = chatbot.asked[-1][1]
    assert [message.role for message in history] == ["user", "assistant"]
    assert history[0].content == "石河子高新区何时升级？"
    assert history[1].content in first
    assert "<" not in history[1].content


def test_an_empty_question_is_one_line_and_the_conversation_goes_on(
    site: tuple[FakeChatbot, str],
) -> None:
    client = Client(site[1], verbose=False)
    assert ask(client, " ") == "问题是空的，请输入要问的内容"
    assert "院士工作站3家" in ask(client, "院士工作站有几家？")


def test_each_session_has_its_own_conversation(site: tuple[FakeChatbot, str]) -> None:
    chatbot, address = site
    ask(Client(address, verbose=False), "石河子高新区")
    ask(Client(address, verbose=False), "院士工作站")
    assert chatbot.asked[-1] == ("院士工作站", ())


def test_stop_ends_a_slow_reply_over_http_and_one_runs_at_a_time(
    site: tuple[FakeChatbot, str],
) -> None:
    chatbot, address = site
    client = Client(address, verbose=False)
    chatbot.closed.clear()
    client.predict("慢慢说石河子", api_name="/ask")
    job = client.submit(api_name="/reply")
    assert chatbot.spoke.wait(60)
    client.predict(api_name="/stop")
    stopped = Page(job.result(timeout=60)[0][-1]["content"][0]["text"]).text
    assert re.fullmatch("(慢慢)+（已停止）", stopped)
    assert chatbot.closed.wait(60)
    assert "院士工作站3家" in ask(client, "院士工作站有几家？")
    assert chatbot.most_running == 1
    assert chatbot.running == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/config", 200), ("/nothing", 404), ("/monitoring", 403)]
    + [(f"/gradio_api/file={path}", 403) for path in ("/etc/passwd", "app.py", "../app.py")],
)
def test_every_response_has_the_policy_and_nothing_else_is_served(
    site: tuple[FakeChatbot, str], path: str, status: int
) -> None:
    try:
        with urllib.request.urlopen(site[1] + path) as response:  # noqa: S310
            code, headers = response.status, response.headers
    except urllib.error.HTTPError as error:
        code, headers = error.code, error.headers
        error.close()
    assert code == status
    assert headers["Content-Security-Policy"] == app.POLICY


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"])
def test_a_port_that_cannot_be_had_is_one_clear_line(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(app.PortError, match=f"{port}") as error:
            app.check_port(host, port)
    assert "\n" not in str(error.value)


def start(*arguments: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, root / "app.py", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_a_port_in_use_is_told_before_anything_is_loaded(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        program = start("--port", str(port), "--corpus", "/nowhere", root=root)
        out, error = program.communicate(timeout=120)
    assert program.returncode == 1
    assert (out, error) == ("", f"端口 {port} 已被占用；请换一个，例如 make app PORT={port + 1}\n")


def test_a_missing_corpus_is_one_line(root: Path, tmp_path: Path) -> None:
    arguments = ("--port", str(free_port()), "--corpus", str(tmp_path / "没有"))
    program = start(*arguments, root=root)
    out, error = program.communicate(timeout=120)
    assert (program.returncode, out) == (1, "")
    assert "没有" in error.splitlines()[-1]
    assert "Traceback" not in error


@pytest.mark.slow
def test_the_program_serves_the_seeds_answers_and_ends_cleanly(root: Path) -> None:
    program = start("--port", str(free_port()), root=root)
    assert program.stdout is not None
    line = program.stdout.readline()
    try:
        address = line.removeprefix("引据已启动：").strip()
        assert address.startswith("http://127.0.0.1:")
        client = Client(address, verbose=False)
        for question in app.SEED_EXAMPLES:
            assert "[1]" in ask(client, question)
    finally:
        program.send_signal(signal.SIGINT)
        out, error = program.communicate(timeout=60)
    assert program.returncode == 0
    assert out == "引据已停止\n"
    assert "Traceback" not in error


def test_the_page_loads_no_torch(root: Path) -> None:
    code = "import app, sys; sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
