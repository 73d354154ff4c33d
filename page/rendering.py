"""Turns, answers and articles as HTML: pure functions.

Knows nothing of Gradio. Every word of an article, a model or a reader passes through ``literal``,
so nothing of it is ever read as HTML, Markdown or a template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import rag
from page.parts_table import render_parts
from page.turns import Turn

Copies = Sequence[rag.Copy]
LISTED_ARTICLES = 100
LISTED_COPIES = 5
VERDICTS = {"supported": "有据", "partly": "部分有据", "not_found": "未找到依据"}
MARKER = re.compile(r"\[(\d{1,4})\]")
MARKERS = r"(?:\[\d{1,4}\])*"
LINK = re.compile(r"#(cite|read)-(\d{1,6})-(\d{1,6})")
LITERAL = (
    {code: f"&#{code};" for code in range(33, 127) if not chr(code).isalnum()}
    | dict.fromkeys([*range(9), *range(11, 32), 127], "\N{REPLACEMENT CHARACTER}")
    | {ord("\n"): "<br>"}
)


Sought = rag.Searched | rag.Answer  # what a line on the search is made of


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
    """The answer's text, its markers as links, every claim with its verdict."""
    numbers = frozenset(citation.number for citation in answer.citations)
    pieces, position = [], 0
    for claim in answer.claims:
        bare = MARKER.sub("", claim.text).strip()
        if not bare:
            continue
        pattern = re.compile(MARKERS.join(map(re.escape, bare)) + MARKERS)
        if found := pattern.search(answer.text, position):
            pieces.append(_linked(answer.text[position : found.start()], turn, numbers))
            pieces.append(_judged(claim, _linked(found[0], turn, numbers)))
            position = found.end()
    return "".join(pieces) + _linked(answer.text[position:], turn, numbers)


def _judged(claim: rag.Claim, shown: str) -> str:
    """A sentence with its verdict: a tick (drawn by the style sheet), or its words and reasons."""
    label = VERDICTS[claim.verdict]
    why = literal("；".join(claim.reasons) or label)
    if claim.verdict == "supported":
        return f'<span class="yj-held" title="{why}">{shown}</span>'
    return (
        f'<span class="yj-weak" title="{why}">{shown}</span><span class="yj-verdict">{label}</span>'
    )


def _counted(claims: Sequence[rag.Claim]) -> str:
    """How many sentences have which verdict, and what is wrong with those that are not supported.

    Nothing where there is no sentence.
    """
    counts = [
        f"{count} 句{label}"
        for verdict, label in VERDICTS.items()
        if (count := sum(claim.verdict == verdict for claim in claims))
    ]
    faults = [
        f"第 {number} 句：{literal('；'.join(claim.reasons))}"
        for number, claim in enumerate(claims, 1)
        if claim.verdict != "supported" and claim.reasons
    ]
    said = "<br>".join([f"逐句核对：共 {len(claims)} 句，{'，'.join(counts)}", *faults])
    return f'<p class="yj-note">{said}</p>' if counts else ""


def _from(words: str) -> str:
    return f'<span class="yj-from">{literal(words)}</span>'


def _row(number: int | None, quote: str, title: str, source: str, copies: Copies) -> str:
    mark = "" if number is None else f"<b>{literal(f'[{number}]')}</b> "
    place = _from(f"《{title}》 {source}")
    return f'{mark}<span class="yj-quote">{literal(quote)}</span>{place}{_also_in(copies)}'


def _also_in(copies: Copies) -> str:
    """The other articles that tell the same, in one line."""
    if not copies:
        return ""
    shown = "，".join(f"《{copy.title}》 {copy.source}" for copy in copies[:LISTED_COPIES])
    rest = f" 等 {len(copies)} 篇" if len(copies) > LISTED_COPIES else ""
    return _from(f"另见 {shown}{rest}")


def render_citations(answer: rag.Answer, turn: int) -> str:
    """The list under an answer: number, quote and where it stands, each row a link to its place."""
    rows = "".join(
        f'<li><a href="#cite-{turn}-{item.number}">'
        f"{_row(item.number, item.quote, item.title, _place(item), answer.also_in(item))}</a></li>"
        for item in answer.citations
    )
    return f'<ul class="yj-citations">{rows}</ul>' if rows else ""


def _place(citation: rag.Citation) -> str:
    """The file that a citation is from, and the page where it has pages."""
    return f"{citation.source} 第 {citation.page} 页" if citation.page else citation.source


def render_hits(hits: Sequence[rag.Hit]) -> str:
    """The found passages in a folded list, for an answer that failed."""
    rows = "".join(
        f"<li>{_row(None, hit.passage.text, hit.passage.title, hit.source, hit.also_in)}</li>"
        for hit in hits
    )
    return f"<details><summary>看找到的段落</summary><ul>{rows}</ul></details>" if rows else ""


def _note(question: str, searched: Sought, state: str = "") -> str:
    """How an answer came about, or how far it has come, in one discreet line."""
    parts = [f"找到 {len(searched.hits)} 个段落"]
    if searched.query.strip() != question.strip():
        parts.append(f"检索的是：{literal(searched.query)}")
    if searched.readings:
        parts.append(f"按“{literal('”“'.join(searched.readings))}”查找")
    if state:
        parts.append(state)
    return f'<p class="yj-note">{" ｜ ".join(parts)}</p>'


def render_answer(answer: rag.Answer, turn: int, seconds: float | None = None) -> str:
    """A finished answer: text, error, citations and, when it failed, the found passages, too.

    ``seconds`` is what the reader waited; without it, what the work took.
    """
    numbers = frozenset(citation.number for citation in answer.citations)
    parts = [render_parts(answer.parts, literal, lambda text: _linked(text, turn, numbers))]
    parts.append(f'<p class="yj-text">{render_text(answer, turn)}</p>' if answer.text else "")
    parts.append(_counted(answer.claims))
    if answer.outcome == "stopped":
        parts.append('<p class="yj-note">（已停止）</p>')
    if answer.error:
        parts.append(f'<p class="yj-error">没能作答：{literal(answer.error)}</p>')
    if answer.outcome != "no_evidence":
        parts.append(render_citations(answer, turn))
    if answer.outcome == "failed":
        parts.append(render_hits(answer.hits))
    times = answer.timings_ms
    worked = times.get("total", sum(times.values())) / 1000
    state = f"用时 {worked if seconds is None else seconds:.2f} 秒"
    parts.append(_note(answer.question, answer, state))
    return "".join(parts)


def render_turn(turn: Turn, number: int) -> str:
    """The assistant's side of a turn, finished or not."""
    if turn.answer is not None:
        return f'<div class="yj">{render_answer(turn.answer, number, turn.seconds)}</div>'
    parts = [f'<p class="yj-text">{literal(turn.text)}</p>' if turn.text else ""]
    if turn.error is not None:
        parts.append(f'<p class="yj-error">{literal(turn.error)}</p>')
    elif turn.stopped:
        parts.append('<p class="yj-note">（已停止）</p>')
    else:
        parts.append(_progress(turn))
    return f'<div class="yj">{"".join(parts)}</div>'


def _progress(turn: Turn) -> str:
    """What is being done for a turn that is not finished: a chat model is slow in each of these."""
    if turn.searched is not None:
        state = "正在写回答…" if turn.text else "正在读证据…"
        return _note(turn.question, turn.searched, state)
    if turn.ahead:
        state = f"排队中，前面还有 {turn.ahead} 个…"
    else:
        state = "正在联系上文理解追问并检索…" if turn.follows else "检索中…"
    return f'<p class="yj-note">{state}</p>'


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


def render_header(count: int, notice: str) -> str:
    """The head of the page: its name, how many articles it knows, and one line of notice."""
    line = f"<p>{literal(notice)}</p>" if notice else ""
    return f"<h1>引据</h1><span>问本地的 {count} 篇文章，每句回答都对照原文核对</span>{line}"
