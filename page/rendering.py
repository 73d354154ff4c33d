"""Answers as HTML: pure functions.

Knows nothing of Gradio. Every word of an article, a model or a reader passes through ``literal``,
so nothing of it is ever read as HTML, Markdown or a template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import rag
from page.escaping import literal
from page.parts_table import render_parts
from page.texts import CHINESE, Language

Copies = Sequence[rag.Copy]
LISTED_COPIES = 5
VERDICTS = {"supported": "有据", "partly": "部分有据", "not_found": "未找到依据"}
MARKER = re.compile(r"\[(\d{1,4})\]")
MARKERS = r"(?:\[\d{1,4}\])*"
Sought = rag.Searched | rag.Answer  # what a line on the search is made of
# How likely it is that the quoted words answer, in words; the probability is the judge's.
LIKELY = ((0.8, "很可能"), (0.5, "可能"), (0.0, "请核对"))
RATINGS = ("赞", "答案不对", "出处不对", "该拒答")
WELCOME = "就你的中文文章提问：每句回答都标出处，点编号就看到原文里的那句话；没有写到的会直说。"
NEAREST = 3


def _linked(text: str, turn: int, quotes: Mapping[int, str], say: Language = CHINESE) -> str:
    """Escaped text whose markers lead to their citations; unknown numbers stay text.

    The quote stands in the marker's title, which the page's script shows beside it.
    """
    parts = MARKER.split(text)  # every second part is a number
    for place, part in enumerate(parts):
        shown = literal(f"[{part}]" if place % 2 else part)
        if place % 2 and int(part) in quotes:
            number = int(part)
            said = say("引用 {number}：{quote}", number=number, quote=quotes[number])
            label = literal(said).replace("<br>", " ")
            link = f'class="yj-cite" href="#cite-{turn}-{number}" title="{label}"'
            shown = f"<a {link}>{shown}</a>"
        parts[place] = shown
    return "".join(parts)


def render_text(answer: rag.Answer, turn: int, say: Language = CHINESE) -> str:
    """The answer's text, its markers as links, every claim with its verdict."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    pieces, position = [], 0
    for claim in answer.claims:
        bare = MARKER.sub("", claim.text).strip()
        if not bare:
            continue
        pattern = re.compile(MARKERS.join(map(re.escape, bare)) + MARKERS)
        if found := pattern.search(answer.text, position):
            pieces.append(_linked(answer.text[position : found.start()], turn, quotes, say))
            pieces.append(_judged(claim, _linked(found[0], turn, quotes, say), say))
            position = found.end()
    return "".join(pieces) + _linked(answer.text[position:], turn, quotes, say)


def _judged(claim: rag.Claim, shown: str, say: Language) -> str:
    """A sentence with its verdict: a tick (drawn by the style sheet), or its words and reasons."""
    label = say(VERDICTS[claim.verdict])
    why = literal(_reasons(claim, say) or label)
    if claim.verdict == "supported":
        return f'<span class="yj-held" title="{why}">{shown}</span>'
    return (
        f'<span class="yj-weak" title="{why}">{shown}</span><span class="yj-verdict">{label}</span>'
    )


def _reasons(claim: rag.Claim, say: Language) -> str:
    return say("；").join(map(say.line, claim.reasons))


def _counted(claims: Sequence[rag.Claim], say: Language) -> str:
    """How many sentences have which verdict, and what is wrong with those that are not supported.

    Nothing where there is no sentence.
    """
    counts = [
        say("{count} 句{verdict}", count=count, verdict=say(label))
        for verdict, label in VERDICTS.items()
        if (count := sum(claim.verdict == verdict for claim in claims))
    ]
    faults = [
        say("第 {number} 句：{faults}", number=number, faults=literal(_reasons(claim, say)))
        for number, claim in enumerate(claims, 1)
        if claim.verdict != "supported" and claim.reasons
    ]
    if not counts:
        return ""
    said = say("逐句核对：共 {all} 句，{counts}", all=len(claims), counts="，".join(counts))
    return f'<p class="yj-note">{"<br>".join([said, *faults])}</p>'


def _from(words: str) -> str:
    return f'<span class="yj-from">{literal(words)}</span>'


def quoted_row(
    number: int | None,
    quote: str,
    place: tuple[str, str],
    copies: Copies,
    say: Language = CHINESE,
) -> str:
    """A quote with its number and its title and source, and where else it is told."""
    mark = "" if number is None else f"<b>{literal(f'[{number}]')}</b> "
    at = _from("《{}》 {}".format(*place))
    return f'{mark}<span class="yj-quote">{literal(quote)}</span>{at}{_also_in(copies, say)}'


def _also_in(copies: Copies, say: Language) -> str:
    """The other articles that tell the same, in one line."""
    if not copies:
        return ""
    shown = "，".join(f"《{copy.title}》 {copy.source}" for copy in copies[:LISTED_COPIES])
    if len(copies) > LISTED_COPIES:
        return _from(say("另见 {titles} 等 {count} 篇", titles=shown, count=len(copies)))
    return _from(say("另见 {titles}", titles=shown))


def render_citations(answer: rag.Answer, turn: int, say: Language = CHINESE) -> str:
    """The list under an answer: number, quote and where it stands, each row a link to its place."""
    rows = "".join(
        f'<li><a href="#cite-{turn}-{item.number}">'
        f"{quoted_row(item.number, item.quote, place, answer.also_in(item), say)}</a></li>"
        for item in answer.citations
        for place in [(item.title, _place(item, say))]
    )
    return f'<ul class="yj-citations">{rows}</ul>' if rows else ""


def _place(citation: rag.Citation, say: Language) -> str:
    """The file that a citation is from, and the page where it has pages."""
    if not citation.page:
        return citation.source
    return say("{source} 第 {page} 页", source=citation.source, page=citation.page)


def render_hits(hits: Sequence[rag.Hit], say: Language = CHINESE) -> str:
    """The found passages in a folded list, for an answer that failed."""
    rows = "".join(
        f"<li>{quoted_row(None, hit.passage.text, place, hit.also_in, say)}</li>"
        for hit in hits
        for place in [(hit.passage.title, hit.source)]
    )
    heading = say("看找到的段落")
    return f"<details><summary>{heading}</summary><ul>{rows}</ul></details>" if rows else ""


def note(
    question: str, searched: Sought, say: Language, state: str, turn: int | None = None
) -> str:
    """How an answer came about, or how far it has come, in one discreet line."""
    articles = len({hit.passage.article_id for hit in searched.hits})
    counts = {"count": len(searched.hits), "articles": articles}
    parts = [say("找到 {count} 个段落（{articles} 篇文章）", **counts)] if articles else []
    if searched.query.strip() != question.strip():
        asis = f' <a href="#asis-{turn}-0">{say("按原话问")}</a>' if turn is not None else ""
        parts.append(say("检索的是：{query}", query=literal(searched.query)) + asis)
    if searched.readings:
        parts.append(say("按“{readings}”查找", readings=literal("”“".join(searched.readings))))
    if state:
        parts.append(state)
    return f'<p class="yj-note">{" ｜ ".join(parts)}</p>'


def likelihood(probability: float | None) -> str:
    """In words, how likely it is that an answer answers; empty where nobody judged."""
    if probability is None:
        return ""
    return next(words for least, words in LIKELY if probability >= least)


def _trust(answer: rag.Answer, say: Language) -> str:
    """Two things that are not the same: how the sentences stand up, and whether they answer."""
    if answer.outcome != "answered":
        return _counted(answer.claims, say)
    words = say(likelihood(answer.probability))
    asked = f'{say("答到所问：")}<b class="yj-likely">{words}</b>' if words else ""
    if answer.model == "builtin":
        said = " ｜ ".join(filter(None, (say("✓ 原文如此（逐字引用）"), asked)))
        return f'<p class="yj-note">{said}</p>'
    return _counted(answer.claims, say) + (f'<p class="yj-note">{asked}</p>' if asked else "")


def _fact_first(answer: rag.Answer, shown: str) -> str:
    """The shown text with the bare fact in front of it and bold."""
    if not answer.short:
        return f'<p class="yj-text">{shown}</p>'
    lead = literal(f"{answer.short}：")
    if answer.text.startswith(f"{answer.short}："):
        return f'<p class="yj-text">{shown.replace(lead, f"<b>{lead}</b>", 1)}</p>'
    fact = f'<p class="yj-short"><b>{literal(answer.short)}</b></p>'
    return f'{fact}<p class="yj-text">{shown}</p>'


def _nearest(answer: rag.Answer, turn: int, say: Language) -> str:
    """The articles that came nearest to a question that was declined, each once, as links."""
    first: dict[str, int] = {}
    for place, hit in enumerate(answer.hits, 1):
        first.setdefault(hit.passage.article_id, place)
    # Those that the answer itself names come first.
    named = sorted(
        first.values(), key=lambda at: answer.hits[at - 1].passage.title not in answer.text
    )
    places = named[:NEAREST]
    titles = [literal(f"《{answer.hits[place - 1].passage.title}》") for place in places]
    links = [
        f'<a href="#hit-{turn}-{place}">{title}</a>'
        for place, title in zip(places, titles, strict=True)
    ]
    return f'<p class="yj-near">{say("最接近的文章：")}{"，".join(links)}</p>' if links else ""


def render_answer(
    answer: rag.Answer, turn: int, seconds: float | None = None, say: Language = CHINESE
) -> str:
    """A finished answer: text, error, citations and, when it failed, the found passages, too.

    ``seconds`` is what the reader waited; without it, what the work took.
    """
    quotes = {citation.number: citation.quote for citation in answer.citations}
    parts = [render_parts(answer.parts, literal, lambda one: _linked(one, turn, quotes, say), say)]
    parts.append(_fact_first(answer, render_text(answer, turn, say)) if answer.text else "")
    parts.append(_trust(answer, say))
    if answer.outcome == "stopped":
        parts.append(f'<p class="yj-note">{say("（已停止）")}</p>')
    if answer.error:
        told = say("没能作答：{error}", error=say.line(answer.error))
        parts.append(f'<p class="yj-error">{literal(told)}</p>')
    if answer.outcome == "no_evidence":
        parts.append(_nearest(answer, turn, say))
    else:
        parts.append(render_citations(answer, turn, say))
    if answer.outcome == "failed":
        parts.append(render_hits(answer.hits, say))
    times = answer.timings_ms
    worked = times.get("total", sum(times.values())) / 1000
    spent = f"{worked if seconds is None else seconds:.2f}"
    state = say("用时 {seconds} 秒", seconds=spent)
    parts.append(note(answer.question, answer, say, state, turn))
    return "".join(parts)
