"""The chat page: questions on the left, the cited article with its quoted words on the right.

Holds only Gradio and functions that render HTML; it knows nothing of retrieval or models. Every
word of an article, a model or a reader passes through `literal`, so nothing of it is ever read as
HTML, Markdown or a template. A reply is stopped by marking its turn: the running callback sees the
mark at the stream's next event, closes the stream and only then frees its place in the queue.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from sys import stderr
from typing import Annotated, Any

import gradio as gr
import typer
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as AsgiMessage

import rag

HISTORY_TURNS = 6
LISTED_ARTICLES = 100
SEED_EXAMPLES = (
    "安康高新区建了几家院士工作站？",
    "恒口示范区2019年教育投入多少？",
    "可喜安集团科技大厦项目总投资多少？",
    "厦门软件园有多少党组织和党员？",
)
VERDICTS = {"partly": "部分有据", "not_found": "未找到依据"}
MARKER = re.compile(r"\[(\d{1,4})\]")
MARKERS = r"(?:\[\d{1,4}\])*"
LINK = re.compile(r"#(cite|read)-(\d{1,6})-(\d{1,6})")
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'"
)
LITERAL = (
    {code: f"&#{code};" for code in range(33, 127) if not chr(code).isalnum()}
    | dict.fromkeys([*range(9), *range(11, 32), 127], "\N{REPLACEMENT CHARACTER}")
    | {ord("\n"): "<br>"}
)


SANS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
SERIF = "'Noto Serif CJK SC', 'Source Han Serif SC', 'Songti SC', SimSun, serif"
HEAD = "<script>document.documentElement.lang = 'zh-CN'</script>"
LIGHT = "() => document.body.classList.remove('dark')"
SCRIPT = """
document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#cite-"], a[href^="#read-"]');
  if (!link) return;
  event.preventDefault();
  element.dataset.asked = 'yes';
  trigger('select', {link: link.getAttribute('href')});
});
watch('value', () => {
  const paper = element.querySelector('.yj-paper'), mark = element.querySelector('mark.now');
  paper.scrollTop = mark ? mark.offsetTop - paper.clientHeight / 3 : 0;
  if (element.dataset.asked) element.scrollIntoView({block: 'nearest', behavior: 'smooth'});
  delete element.dataset.asked;
});
"""
CSS = """
.gradio-container { --ink: #26221c; --soft: #6b6254; --rule: #d9d0be; --red: #9a2318;
  --paper: #fffdf8; --shade: #efe7d3; background: #f5f0e6 !important; color: var(--ink); }
.gradio-container .fillable, .gradio-container main { padding: 0 !important; }
main > .column { height: 100dvh; padding: 12px 24px; gap: 12px; }
#yj-top { flex: none; border-bottom: 3px double var(--ink) !important; border-radius: 0; }
#yj-top .html-container, #yj-panel .html-container { padding: 0; height: 100%; }
#yj-top h1 { display: inline; margin: 0 12px 0 0; font: 700 26px/1.4 SERIF; letter-spacing: .2em; }
#yj-top span { font: 14px SANS; color: var(--soft); }
#yj-top p { margin: 2px 0 8px; padding: 4px 10px; background: #efe0bd; font: 13.5px/1.6 SANS; }
#yj-main { flex: 1; min-height: 0; gap: 20px; }
#yj-main > .column { height: 100%; gap: 10px; }
#yj-chat { flex: 1; min-height: 0; border: 0; background: none; }
#yj-chat .icon-button-wrapper { display: none; }
#yj-chat .message-row { padding: 10px 4px 14px; border: 0; }
#yj-chat .message-row, #yj-chat .message { background: none; }
#yj-chat .user-row { padding: 8px 2px; background: #e9e1cf; border-left: 4px solid var(--red); }
#yj-chat .user-row * { margin-bottom: 0; font-weight: 600; }
#yj-chat .prose { opacity: 1; }
#yj-chat .example { padding: 12px 16px; background: var(--paper); border-color: var(--rule); }
#yj-chat .example * { margin: 0; padding: 0; }
#yj-ask { flex: none; gap: 8px; align-items: end; }
#yj-ask textarea { background: var(--paper); border-color: var(--rule); font: 15.5px/1.5 SANS; }
#yj-ask button { height: 45px; padding: 0 8px; border-radius: 4px; background: #e4dbc8;
  color: var(--ink); font: 15px SANS; white-space: nowrap; }
#yj-ask button.primary { background: var(--red); color: #fff; }
#yj-panel { height: 100%; border: 1px solid var(--rule); border-radius: 2px;
  background: var(--paper); }
#yj-panel .html-container > div { height: 100%; display: flex; flex-direction: column; }
.yj-head { display: flex; justify-content: space-between; gap: 12px; padding: 9px 20px;
  border-bottom: 1px solid var(--rule); color: var(--soft); font: 13px/1.7 SANS; }
.yj-head span { overflow-wrap: anywhere; }
.yj-head nav { text-align: right; }
.yj-paper { position: relative; flex: 1; overflow-y: auto; padding: 18px 32px 40px;
  color: var(--ink); font: 16.5px/1.9 SERIF; overflow-wrap: anywhere; }
.yj-paper p { margin: 0 0 .5em; text-indent: 2em; text-align: justify; }
.yj-paper .headline { font-size: 22px; font-weight: 700; line-height: 1.45; }
.yj-paper .byline, .yj-paper .caption { color: var(--soft); font-size: 14.5px; }
.yj-paper .headline, .yj-paper .byline, .yj-paper .caption { text-align: center; text-indent: 0; }
.yj-paper .heading { font-weight: 700; text-indent: 0; }
.yj-paper h2 { margin: 0 0 10px; font-size: 18px; font-weight: 700; }
.yj-paper ol { margin: 0; padding-left: 2em; list-style: decimal; }
.yj-paper mark { background: var(--shade); color: inherit; }
.yj-paper mark.now { background: #ffdf80; box-shadow: 0 2px 0 #b97f00; }
#yj-chat a, #yj-panel a { color: inherit; text-decoration: none; }
.yj-paper a:hover { color: var(--red) !important; }
#yj-chat a.yj-cite, #yj-panel a.yj-cite { border-radius: 3px; color: var(--red); }
#yj-chat a.yj-cite { padding: 0 1px; font-size: .85em; }
#yj-chat a.yj-cite:hover, #yj-panel a.yj-cite.now { background: var(--red); color: #fff; }
#yj-panel a.yj-cite { display: inline-block; margin-left: 4px; padding: 0 7px;
  border: 1px solid var(--rule); }
.yj { color: var(--ink); font: 15.5px/1.75 SANS; overflow-wrap: anywhere; }
#yj-chat .yj p { margin: 0 0 6px; font-size: inherit; }
#yj-chat .yj p.yj-note { margin-top: 8px; color: var(--soft); font-size: 12.5px; }
#yj-chat .yj p.yj-error { color: var(--red); }
.yj-weak { border-bottom: 2px dotted #b97f00; }
.yj-verdict { margin: 0 4px; padding: 1px 6px; border-radius: 3px; background: #f3ddb0;
  color: #6d4200; font-size: 12px; white-space: nowrap; }
#yj-chat .yj ul { margin: 8px 0 0; padding: 0; list-style: none; }
#yj-chat .yj li { margin: 0 0 4px; padding: 3px 10px; border-left: 3px solid var(--rule);
  font-size: 13.5px; line-height: 1.6; }
#yj-chat .yj-citations li:hover { border-color: var(--red); background: var(--shade); }
#yj-chat .yj-citations a { display: block; }
#yj-chat .yj-citations b { color: var(--red); }
.yj-from { display: block; color: var(--soft); font-size: 12.5px; }
.yj summary { cursor: pointer; color: var(--soft); font-size: 13.5px; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--red); }
@media (max-width: 780px) {
  main > .column { height: auto; padding: 10px 12px; }
  #yj-main > .column { height: auto; }
  #yj-ask > .block { flex-basis: 100%; }
  #yj-chat { flex: none; height: 60dvh !important; }
  #yj-panel { height: 80dvh; }
  .yj-paper { padding: 14px 18px 30px; }
}
""".replace("SERIF", SERIF).replace("SANS", SANS)


@dataclass(slots=True)
class Turn:
    """One question of a conversation and what has come of it so far."""

    question: str
    waiting: bool = False
    stopped: bool = False
    searched: rag.Searched | None = None
    text: str = ""
    answer: rag.Answer | None = None
    error: str | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.stopped or self.answer is not None or self.error is not None

    def receive(self, event: rag.Searched | str | rag.Answer) -> None:
        """Take in one event of the stream."""
        if isinstance(event, str):
            self.text += event
        elif isinstance(event, rag.Searched):
            self.searched = event
        else:
            self.answer, self.text = event, event.text


def history(turns: Sequence[Turn]) -> tuple[rag.Message, ...]:
    """The last turns that got a reply, as plain messages."""
    messages: list[rag.Message] = []
    for turn in [turn for turn in turns if turn.text][-HISTORY_TURNS:]:
        messages.append(rag.Message("user", turn.question))
        messages.append(rag.Message("assistant", turn.text))
    return tuple(messages)


def literal(text: str) -> str:
    """HTML that shows ``text`` sign for sign, whatever would interpret it."""
    return text.translate(LITERAL)


def _linked(text: str, turn: int, numbers: frozenset[int]) -> str:
    """Escaped text whose markers lead to their citations; unknown numbers stay text."""
    parts = MARKER.split(text)  # every second part is a number
    for place, part in enumerate(parts):
        shown = literal(f"[{part}]" if place % 2 else part)
        is_link = place % 2 and int(part) in numbers
        link = f'<a class="yj-cite" href="#cite-{turn}-{int(part)}">{shown}</a>' if is_link else ""
        parts[place] = link or shown
    return "".join(parts)


def render_text(answer: rag.Answer, turn: int) -> str:
    """The answer's text, its markers as links, every claim that is not supported marked."""
    numbers = frozenset(citation.number for citation in answer.citations)
    pieces, position = [], 0
    for claim in answer.claims:
        bare = MARKER.sub("", claim.text).strip()
        if claim.verdict not in VERDICTS or not bare:
            continue
        pattern = re.compile(MARKERS.join(map(re.escape, bare)) + MARKERS)
        if found := pattern.search(answer.text, position):
            pieces.append(_linked(answer.text[position : found.start()], turn, numbers))
            pieces.append(
                f'<span class="yj-weak" title="{literal("；".join(claim.reasons))}">'
                f"{_linked(found[0], turn, numbers)}</span>"
                f'<span class="yj-verdict">{VERDICTS[claim.verdict]}</span>'
            )
            position = found.end()
    return "".join(pieces) + _linked(answer.text[position:], turn, numbers)


def _row(number: int | None, quote: str, title: str, source: str) -> str:
    mark = "" if number is None else f"<b>{literal(f'[{number}]')}</b> "
    return (
        f'{mark}<span class="yj-quote">{literal(quote)}</span>'
        f'<span class="yj-from">《{literal(title)}》 {literal(source)}</span>'
    )


def render_citations(citations: Sequence[rag.Citation], turn: int) -> str:
    """The list under an answer: number, quote, title and file, each row a link to its place."""
    rows = "".join(
        f'<li><a href="#cite-{turn}-{item.number}">'
        f"{_row(item.number, item.quote, item.title, item.source)}</a></li>"
        for item in citations
    )
    return f'<ul class="yj-citations">{rows}</ul>' if rows else ""


def render_hits(hits: Sequence[rag.Hit]) -> str:
    """The found passages in a folded list, for an answer that failed."""
    rows = "".join(
        f"<li>{_row(None, hit.passage.text, hit.passage.title, hit.source)}</li>" for hit in hits
    )
    return f"<details><summary>看找到的段落</summary><ul>{rows}</ul></details>" if rows else ""


def _note(question: str, query: str, found: int, seconds: float | None = None) -> str:
    """How an answer came about, in one discreet line."""
    parts = [f"找到 {found} 个段落"]
    if query.strip() != question.strip():
        parts.append(f"检索的是：{literal(query)}")
    if seconds is not None:
        parts.append(f"用时 {seconds:.2f} 秒")
    return f'<p class="yj-note">{" ｜ ".join(parts)}</p>'


def render_answer(answer: rag.Answer, turn: int) -> str:
    """A finished answer: text, error, then its citations or, when it failed, the found passages."""
    parts = [f'<p class="yj-text">{render_text(answer, turn)}</p>' if answer.text else ""]
    if answer.outcome == "stopped":
        parts.append('<p class="yj-note">（已停止）</p>')
    if answer.error:
        parts.append(f'<p class="yj-error">没能作答：{literal(answer.error)}</p>')
    if answer.outcome == "failed":
        parts.append(render_hits(answer.hits))
    elif answer.outcome != "no_evidence":
        parts.append(render_citations(answer.citations, turn))
    times = answer.timings_ms
    seconds = times.get("total", sum(times.values())) / 1000
    parts.append(_note(answer.question, answer.query, len(answer.hits), seconds))
    return "".join(parts)


def render_turn(turn: Turn, number: int) -> str:
    """The assistant's side of a turn, finished or not."""
    if turn.answer is not None:
        return f'<div class="yj">{render_answer(turn.answer, number)}</div>'
    parts = [f'<p class="yj-text">{literal(turn.text)}</p>' if turn.text else ""]
    if turn.error is not None:
        parts.append(f'<p class="yj-error">{literal(turn.error)}</p>')
    elif turn.stopped:
        parts.append('<p class="yj-note">（已停止）</p>')
    elif turn.searched is not None:
        parts.append(_note(turn.question, turn.searched.query, len(turn.searched.hits)))
    else:
        state = "排队中，一次只回答一个问题…" if turn.waiting else "检索中…"
        parts.append(f'<p class="yj-note">{state}</p>')
    return f'<div class="yj">{"".join(parts)}</div>'


def render_messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The conversation as Gradio's messages."""
    messages = []
    for number, turn in enumerate(turns):
        question = literal(turn.question.strip()) or "（空白）"
        messages.append({"role": "user", "content": f'<div class="yj">{question}</div>'})
        messages.append({"role": "assistant", "content": render_turn(turn, number)})
    return messages


def _block_class(article: rag.Article, block: str, at_top: bool) -> str:
    if at_top and "".join(block.split()) in "".join(article.full_title.split()):
        return "headline"
    kinds = dict.fromkeys(article.captions, "caption") | dict.fromkeys(article.headings, "heading")
    return (kinds | {article.byline: "byline"}).get(block.strip(), "")


def render_body(article: rag.Article, citations: Sequence[rag.Citation], current: int = 0) -> str:
    """The article's text, sign for sign, with every quote marked and the current one stressed."""
    quotes = [item for item in citations if item.article_id == article.id]
    cuts = sorted({place for item in quotes for place in (item.start, item.end)})
    blocks, start, at_top = [], 0, True
    for block in article.text.split("\n"):
        end = start + len(block)
        kind = _block_class(article, block, at_top)
        at_top = kind == "headline"
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        pieces = []
        for low, high in pairwise(edges):
            numbers = [item.number for item in quotes if item.start <= low < item.end]
            piece, stress = literal(article.text[low:high]), "now" if current in numbers else ""
            pieces.append(f'<mark class="{stress}">{piece}</mark>' if numbers and piece else piece)
        blocks.append(f'<p class="{kind}">{"".join(pieces)}</p>')
        start = end + 1
    return "\n".join(blocks)


def render_article(
    article: rag.Article, citations: Sequence[rag.Citation], turn: int, current: int
) -> str:
    """The panel beside the conversation: the file, links to the answer's quotes, the article."""
    links = "".join(
        f'<a class="yj-cite{" now" if item.number == current else ""}" '
        f'href="#cite-{turn}-{item.number}">{item.number}</a>'
        for item in citations
    )
    origin = literal(f"《{article.title}》 {article.source} {article.date or ''}")
    return (
        f'<div class="yj-head"><span>{origin}</span><nav>{links and f"引用 {links}"}</nav></div>'
        f'<article class="yj-paper">{render_body(article, citations, current)}</article>'
    )


def render_contents(articles: Sequence[rag.Article]) -> str:
    """The panel before anything is cited: which articles there are."""
    rows = "".join(
        f'<li><a href="#read-{place}-0">{literal(item.full_title or item.source)}</a></li>'
        for place, item in enumerate(articles[:LISTED_ARTICLES])
    )
    rest = "<p>……</p>" if len(articles) > LISTED_ARTICLES else ""
    return (
        '<div class="yj-head"><span>点击回答里的编号，这里显示原文，并标出所引的字句</span></div>'
        f'<div class="yj-paper"><h2>共 {len(articles)} 篇文章</h2><ol>{rows}</ol>{rest}</div>'
    )


def render_link(chatbot: rag.Chatbot, turns: Sequence[Turn], link: str) -> str | None:
    """What ``#cite-TURN-NUMBER`` or ``#read-PLACE-0`` opens; None when it leads nowhere."""
    match = LINK.fullmatch(link)
    if match is None:
        return None
    place, number = int(match[2]), int(match[3])
    if match[1] == "read":
        articles = chatbot.articles[place : place + 1]
        return render_article(articles[0], (), 0, 0) if articles else None
    answer = turns[place].answer if place < len(turns) else None
    citations = answer.citations if answer is not None else ()
    for citation in citations:
        if citation.number == number:
            return render_article(chatbot.article(citation.article_id), citations, place, number)
    return None


class Conversation:
    """The callbacks of the page over one chatbot; a session is the list of its turns."""

    def __init__(self, chatbot: rag.Chatbot) -> None:
        self.chatbot = chatbot
        self._running: set[int] = set()

    def show(self, turns: list[Turn], panel: str | None = None) -> tuple[Any, ...]:
        """Messages, panel (left as it is when None) and stop button."""
        running = bool(turns) and not turns[-1].finished
        return render_messages(turns), panel or gr.skip(), gr.Button(interactive=running)

    def begin(self, question: str, turns: list[Turn]) -> tuple[Any, ...]:
        """Take a question in, stopping the one before it, and empty the box."""
        self.stop(turns)
        turns.append(Turn(question, waiting=bool(self._running)))
        return *self.show(turns), ""

    def begin_example(self, turns: list[Turn], event: gr.SelectData) -> tuple[Any, ...]:
        """Take in the example that was clicked."""
        return self.begin(str(event.value["text"]), turns)

    def reply(self, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """Stream the reply to the last question; closing this closes the chatbot's stream."""
        panel = None
        if turns and not turns[-1].finished:
            turn, place = turns[-1], len(turns) - 1
            turn.waiting = False
            self._running.add(id(turn))
            try:
                yield self.show(turns)  # before any work: Gradio closes only what has yielded
                yield from self._stream(turn, turns, history(turns[:place]))
            except rag.RagError as error:
                turn.error = str(error)
            finally:
                self._running.discard(id(turn))
            if turn.answer is not None and turn.answer.citations:
                first = turn.answer.citations[0].number
                panel = render_link(self.chatbot, turns, f"#cite-{place}-{first}")
        yield self.show(turns, panel)

    def _stream(
        self, turn: Turn, turns: list[Turn], earlier: tuple[rag.Message, ...]
    ) -> Iterator[tuple[Any, ...]]:
        events: Any = self.chatbot.stream(turn.question, earlier)
        with closing(events):
            for event in events:
                if turn.finished:
                    return
                turn.receive(event)
                yield self.show(turns)

    def stop(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Mark the running turn as stopped; what it has said so far stays."""
        if turns and not turns[-1].finished:
            turns[-1].stopped = True
        return self.show(turns)

    def fail(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Say in the conversation that the program broke; the terminal has the traceback."""
        if turns and not turns[-1].finished:
            turns[-1].error = "程序内部出错，详情见启动引据的终端窗口；可以接着提问"
        return self.show(turns)

    def clear(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Start anew."""
        self.stop(turns)
        turns.clear()
        return self.show(turns, render_contents(self.chatbot.articles))

    def open(self, turns: list[Turn], event: gr.EventData) -> Any:
        """Show what the clicked link leads to."""
        return render_link(self.chatbot, turns, str(event.link)) or gr.skip()


def _header(count: int, notice: str) -> str:
    line = f"<p>{literal(notice)}</p>" if notice else ""
    return f"<h1>引据</h1><span>问本地的 {count} 篇文章，每句回答都有原文为证</span>{line}"


def build_ui(chatbot: rag.Chatbot, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page over a chatbot, with questions to click in the empty conversation."""
    header, contents = _header(len(chatbot.articles), chatbot.notice), chatbot.articles
    look: dict[str, Any] = {"apply_default_css": False}
    chat: dict[str, Any] = {"layout": "panel", "buttons": [], "latex_delimiters": []}
    small: dict[str, Any] = {"scale": 0, "min_width": 76}
    page = gr.Blocks(title="引据", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(header, elem_id="yj-top", **look)
        with gr.Row(elem_id="yj-main"):
            with gr.Column(scale=6, min_width=340):
                cards: list[Any] = [{"text": text} for text in examples]
                hint = "想问什么？" if examples else "请输入问题"
                messages = gr.Chatbot(
                    elem_id="yj-chat", show_label=False, placeholder=hint, examples=cards, **chat
                )
                with gr.Row(elem_id="yj-ask"):
                    box = gr.Textbox(
                        label="问题",
                        placeholder="输入问题，按回车发送",
                        container=False,
                        scale=8,
                        max_lines=6,
                        autofocus=True,
                    )
                    send = gr.Button("发送", variant="primary", **small)
                    halt = gr.Button("停止", interactive=False, **small)
                    renew = gr.Button("新对话", **small)
            with gr.Column(scale=5, min_width=340):
                panel = gr.HTML(
                    render_contents(contents), elem_id="yj-panel", js_on_load=SCRIPT, **look
                )
        _connect(Conversation(chatbot), messages, panel, box, (send, halt, renew))
    page.queue(max_size=32, default_concurrency_limit=1, api_open=False)
    return page


def _connect(
    talk: Conversation,
    messages: gr.Chatbot,
    panel: gr.HTML,
    box: gr.Textbox,
    buttons: tuple[gr.Button, gr.Button, gr.Button],
) -> None:
    """Bind the callbacks; only a reply waits in the queue, everything else is done at once."""
    send, halt, renew = buttons
    turns, shown = gr.State([]), [messages, panel, halt]
    now: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
    typed = gr.on(
        [box.submit, send.click],
        talk.begin,
        [box, turns],
        [*shown, box],
        api_name="ask",
        api_visibility="undocumented",
        **now,
    )
    picked = messages.example_select(
        talk.begin_example, turns, [*shown, box], api_visibility="private", **now
    )
    for started, visibility in ((typed, "undocumented"), (picked, "private")):
        started.then(
            talk.reply,
            turns,
            shown,
            api_name="reply",
            api_visibility=visibility,
            concurrency_id="reply",
            trigger_mode="multiple",
            show_progress="hidden",
        ).failure(talk.fail, turns, shown, api_visibility="private", **now)
    halt.click(talk.stop, turns, shown, api_name="stop", api_visibility="undocumented", **now)
    renew.click(talk.clear, turns, shown, api_name="clear", api_visibility="undocumented", **now)
    panel.select(
        talk.open, turns, panel, api_visibility="private", trigger_mode="always_last", **now
    )


class PolicyHeader:
    """Adds the content security policy to every response: the page may ask nobody but us."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and stamp what comes back."""

        async def stamp(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = POLICY
            await send(message)

        await self.app(scope, receive, stamp)


class PortError(rag.RagError):
    """The page cannot listen at the address asked for."""


def check_port(host: str, port: int) -> None:
    """Raise PortError unless the page can listen there."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else port - 1
            message = f"端口 {port} 已被占用；请换一个，例如 make app PORT={other}"
        else:
            message = f"不能在 {host}:{port} 上打开页面（{error}）；请换一个地址或端口"
        raise PortError(message) from error


def launch(page: gr.Blocks, host: str, port: int) -> None:
    """Serve the page in the background; it answers when this returns."""
    direct = [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), host, "127.0.0.1"]
    os.environ["no_proxy"] = ",".join(filter(None, direct))  # Gradio asks its own server once
    page.launch(
        server_name=host,
        server_port=port,
        share=False,
        ssr_mode=False,
        quiet=True,
        prevent_thread_lock=True,
        show_error=False,
        enable_monitoring=False,
        strict_cors=True,
        allowed_paths=[],
        max_file_size="1mb",
        footer_links=[],
        run_history=False,
        pwa=False,
        state_session_capacity=200,
        app_kwargs={"middleware": [Middleware(PolicyHeader)]},
        css=CSS,
        head=HEAD,
        js=LIGHT,
        theme=gr.themes.Base(font="sans-serif", font_mono="monospace"),
    )


def _report(line: str) -> None:
    typer.echo(line, err=True)


def _progress(stage: str, done: int, total: int) -> None:
    typer.echo(f"\r{stage} {done}/{total}", err=True, nl=done >= total)


def serve(corpus: Path | None, host: str, port: int) -> None:
    """Load the corpus and serve its page until Ctrl-C; RagError says what stands in the way."""
    check_port(host, port)
    config = rag.Config.from_environment({"corpus": corpus})
    chatbot = rag.load(config, report=_report, progress=_progress if stderr.isatty() else None)
    page = build_ui(chatbot, SEED_EXAMPLES if config.corpus == rag.Config().corpus else ())
    check_port(host, port)
    launch(page, host, port)
    if host in ("0.0.0.0", "::"):  # noqa: S104
        typer.echo("注意：同一网络里的人都能打开这个页面，它没有密码", err=True)
    typer.echo(f"引据已启动：http://{host}:{port}")
    while True:
        time.sleep(3600)


def main(
    corpus: Annotated[Path | None, typer.Option(help="文章文件夹；默认用自带的文章")] = None,
    port: Annotated[int, typer.Option(help="端口", min=1, max=65535)] = 7860,
    host: Annotated[str, typer.Option(help="地址；默认只有本机能打开")] = "127.0.0.1",
    profile: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """打开引据的问答页面。"""
    try:
        serve(corpus, host, port)
    except rag.RagError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("引据已停止")


if __name__ == "__main__":
    program = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    program.command()(main)
    program()
