"""Turns and answers as HTML: pure functions.

Knows nothing of Gradio. Every word of an article, a model or a reader passes through ``literal``,
so nothing of it is ever read as HTML, Markdown or a template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import rag
from page.escaping import literal
from page.parts_table import render_parts
from page.turns import Session, Turn

Copies = Sequence[rag.Copy]
LISTED_COPIES = 5
VERDICTS = {"supported": "有据", "partly": "部分有据", "not_found": "未找到依据"}
MARKER = re.compile(r"\[(\d{1,4})\]")
MARKERS = r"(?:\[\d{1,4}\])*"
Sought = rag.Searched | rag.Answer  # what a line on the search is made of
# How likely it is that the quoted words answer, in words; the probability is the judge's.
LIKELY = ((0.8, "很可能"), (0.5, "可能"), (0.0, "请核对"))
RATINGS = ("赞", "答案不对", "出处不对", "该拒答")
WELCOME = (
    "就你的中文文章提问：每句回答都标出处，点编号就看到原文里的那句话；文章里没有的，会直说没有。"
)
NEAREST = 3
FORETASTE_CHARS = 60


def _linked(text: str, turn: int, quotes: Mapping[int, str]) -> str:
    """Escaped text whose markers lead to their citations; unknown numbers stay text.

    The quote stands in the marker's title, which the page's script shows beside it.
    """
    parts = MARKER.split(text)  # every second part is a number
    for place, part in enumerate(parts):
        shown = literal(f"[{part}]" if place % 2 else part)
        if place % 2 and int(part) in quotes:
            number = int(part)
            label = literal(f"引用 {number}：{quotes[number]}").replace("<br>", " ")
            link = f'class="yj-cite" href="#cite-{turn}-{number}" title="{label}"'
            shown = f"<a {link}>{shown}</a>"
        parts[place] = shown
    return "".join(parts)


def render_text(answer: rag.Answer, turn: int) -> str:
    """The answer's text, its markers as links, every claim with its verdict."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    pieces, position = [], 0
    for claim in answer.claims:
        bare = MARKER.sub("", claim.text).strip()
        if not bare:
            continue
        pattern = re.compile(MARKERS.join(map(re.escape, bare)) + MARKERS)
        if found := pattern.search(answer.text, position):
            pieces.append(_linked(answer.text[position : found.start()], turn, quotes))
            pieces.append(_judged(claim, _linked(found[0], turn, quotes)))
            position = found.end()
    return "".join(pieces) + _linked(answer.text[position:], turn, quotes)


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


def _note(question: str, searched: Sought, state: str = "", turn: int | None = None) -> str:
    """How an answer came about, or how far it has come, in one discreet line."""
    articles = len({hit.passage.article_id for hit in searched.hits})
    parts = [f"找到 {len(searched.hits)} 个段落" + (f"（{articles} 篇文章）" if articles else "")]
    if searched.query.strip() != question.strip():
        alone = f' <a href="#asis-{turn}-0">按原话问</a>' if turn is not None else ""
        parts.append(f"检索的是：{literal(searched.query)}{alone}")
    if searched.readings:
        parts.append(f"按“{literal('”“'.join(searched.readings))}”查找")
    if state:
        parts.append(state)
    return f'<p class="yj-note">{" ｜ ".join(parts)}</p>'


def likelihood(probability: float | None) -> str:
    """In words, how likely it is that an answer answers; empty where nobody judged."""
    if probability is None:
        return ""
    return next(words for least, words in LIKELY if probability >= least)


def _trust(answer: rag.Answer) -> str:
    """Two things that are not the same: how the sentences stand up, and whether they answer."""
    if answer.outcome != "answered":
        return _counted(answer.claims)
    words = likelihood(answer.probability)
    asked = f'答到所问：<b class="yj-likely">{words}</b>' if words else ""
    if answer.model == "builtin":
        said = " ｜ ".join(filter(None, ("✓ 原文如此（逐字引用）", asked)))
        return f'<p class="yj-note">{said}</p>'
    return _counted(answer.claims) + (f'<p class="yj-note">{asked}</p>' if asked else "")


def _fact_first(answer: rag.Answer, shown: str) -> str:
    """The shown text with the bare fact in front of it and bold."""
    if not answer.short:
        return f'<p class="yj-text">{shown}</p>'
    lead = literal(f"{answer.short}：")
    if answer.text.startswith(f"{answer.short}："):
        return f'<p class="yj-text">{shown.replace(lead, f"<b>{lead}</b>", 1)}</p>'
    fact = f'<p class="yj-short"><b>{literal(answer.short)}</b></p>'
    return f'{fact}<p class="yj-text">{shown}</p>'


def _nearest(answer: rag.Answer, turn: int) -> str:
    """The articles that came nearest to a question that was declined, each once, as links."""
    first: dict[str, int] = {}
    for place, hit in enumerate(answer.hits, 1):
        first.setdefault(hit.passage.article_id, place)
    places = list(first.values())[:NEAREST]
    titles = [literal(f"《{answer.hits[place - 1].passage.title}》") for place in places]
    links = [
        f'<a href="#hit-{turn}-{place}">{title}</a>'
        for place, title in zip(places, titles, strict=True)
    ]
    return f'<p class="yj-near">最接近的文章：{"，".join(links)}</p>' if links else ""


def render_answer(answer: rag.Answer, turn: int, seconds: float | None = None) -> str:
    """A finished answer: text, error, citations and, when it failed, the found passages, too.

    ``seconds`` is what the reader waited; without it, what the work took.
    """
    quotes = {citation.number: citation.quote for citation in answer.citations}
    parts = [render_parts(answer.parts, literal, lambda text: _linked(text, turn, quotes))]
    parts.append(_fact_first(answer, render_text(answer, turn)) if answer.text else "")
    parts.append(_trust(answer))
    if answer.outcome == "stopped":
        parts.append('<p class="yj-note">（已停止）</p>')
    if answer.error:
        parts.append(f'<p class="yj-error">没能作答：{literal(answer.error)}</p>')
    if answer.outcome == "no_evidence":
        parts.append(_nearest(answer, turn))
    else:
        parts.append(render_citations(answer, turn))
    if answer.outcome == "failed":
        parts.append(render_hits(answer.hits))
    times = answer.timings_ms
    worked = times.get("total", sum(times.values())) / 1000
    state = f"用时 {worked if seconds is None else seconds:.2f} 秒"
    parts.append(_note(answer.question, answer, state, turn))
    return "".join(parts)


def render_turn(turn: Turn, number: int, is_last: bool = True) -> str:
    """The assistant's side of a turn, finished or not."""
    if turn.answer is not None:
        shown = render_answer(turn.answer, number, turn.seconds)
        return f'<div class="yj">{shown}{_actions(turn, number, is_last)}</div>'
    parts = [f'<p class="yj-text">{literal(turn.text)}</p>' if turn.text else ""]
    if turn.error is not None:
        parts.append(f'<p class="yj-error">{literal(turn.error)}</p>')
    elif turn.stopped:
        parts.append('<p class="yj-note">（已停止）</p>')
    else:
        parts.append(_progress(turn))
    ending = _actions(turn, number, is_last) if turn.finished else ""
    return f'<div class="yj">{"".join(parts)}{ending}</div>'


def _actions(turn: Turn, number: int, is_last: bool) -> str:
    """What can be done with a finished turn, as links that the page's script passes on."""
    acts = [("copy", 0, "复制")] if turn.answer is not None else []
    if is_last:
        acts += [("again", 0, "重新回答"), ("edit", 0, "改问题")]
    links = [f'<a href="#{act}-{number}-{which}">{words}</a>' for act, which, words in acts]
    if turn.answer is not None:
        links += [
            f'<a class="yj-rate{" now" if words == turn.rating else ""}" '
            f'href="#rate-{number}-{which}">{words}</a>'
            for which, words in enumerate(RATINGS)
        ]
    return f'<p class="yj-acts">{"".join(links)}</p>'


def _progress(turn: Turn) -> str:
    """What is being done for a turn that is not finished: a chat model is slow in each of these."""
    if turn.searched is not None:
        state = "正在写回答…" if turn.text else "正在读证据…"
        found = "" if turn.text else _foretaste(turn.searched.hits)
        return _note(turn.question, turn.searched, state) + found
    if turn.ahead:
        state = f"排队中，前面还有 {turn.ahead} 个…"
    else:
        state = "正在联系上文理解追问并检索…" if turn.follows else "检索中…"
    return f'<p class="yj-note">{state}</p>'


def _foretaste(hits: Sequence[rag.Hit]) -> str:
    """The first passages that were found, for who waits for the first word."""
    begun = [(hit.passage.text[:FORETASTE_CHARS], hit.passage.title, hit.source) for hit in hits]
    rows = "".join(f"<li>{_row(None, *one, ())}</li>" for one in begun[:NEAREST])
    return f"<ul>{rows}</ul>" if rows else ""


def render_messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The conversation as Gradio's messages."""
    messages = []
    for number, turn in enumerate(turns):
        question = literal(turn.question.strip()) or "（空白）"
        messages.append({"role": "user", "content": f'<div class="yj">{question}</div>'})
        is_last = number == len(turns) - 1
        messages.append({"role": "assistant", "content": render_turn(turn, number, is_last)})
    return messages


def render_place(session: Session) -> str:
    """What the script that sets the address of the page reads."""
    return f'<a class="yj-place" hidden href="?c={session.id}"></a>' if session.id else ""


def render_header(count: int, notice: str) -> str:
    """The head of the page: its name, how many articles it knows, and one line of notice."""
    line = f"<p>{literal(notice)}</p>" if notice else ""
    library = '<a class="yj-narrow" href="#all-0-0">文章库</a>'
    said = f"<span>问本地的 {count} 篇文章，每句回答都对照原文核对</span>"
    return f"<h1>引据</h1>{said}{library}{line}"
