"""The panel beside the conversation as HTML: an article with its quoted words, or its file.

Pure functions. Knows nothing of Gradio; every word of an article passes through ``literal``. Links
are fragments ``#KIND-WHICH-NUMBER``: ``cite`` and ``page`` a citation of a turn, in its article and
in its file; ``hit`` and ``file`` a found passage likewise; ``found`` all that was found; ``read``
an article by its key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import rag
from page.escaping import literal
from page.library import Library
from page.marked import render_body, render_original
from page.originals import Original, original
from page.pdf_view import render_pdf_page
from page.texts import CHINESE, Language
from page.turns import Turn

LINK = re.compile(r"#(cite|page|hit|file|found|read)-([0-9a-f]{1,12})-(\d{1,6})")
ARMS = {"terms": "词项", "vectors": "向量"}
_AS_IT_CAME = {"cite": "page", "hit": "file"}
_REPAIRED = {came: own for own, came in _AS_IT_CAME.items()}
_EXCERPT_CHARS = 90


class Link(NamedTuple):
    """What a link leads to: its kind, the turn or the article's key, and which of its places."""

    kind: str
    which: str
    number: int


WHOLE = Link("read", "0", 0)
GONE = "这篇文章已不在文章库里；它可能被移走或改过，请重新提问。"


def render_back(say: Language) -> str:
    """The way back to the list of articles."""
    return f'<a class="yj-back" href="#all-0-0">{say("← 全部文章")}</a>'


def render_leave(say: Language = CHINESE) -> str:
    """The way back to the answer, where the right column is a sheet over it."""
    return f'<a class="yj-narrow" href="#back-0-0">{say("↩ 回到回答")}</a>'


def render_empty(say: Language = CHINESE) -> str:
    """The panel before anything was opened."""
    hint = say("点击回答里的编号，这里显示原文，并标出所引的字句。")
    return (
        f'<div class="yj-head">{render_back(say)}</div><div class="yj-paper" tabindex="0" '
        f'role="region" aria-label="{say("原文")}"><p class="yj-hint">{hint}</p></div>'
    )


def render_article(
    library: Library,
    article: rag.Article,
    citations: Sequence[rag.Citation] = (),
    link: Link = WHOLE,
    below: str = "",
    say: Language = CHINESE,
) -> str:
    """An article, or its file, with where it is from, links to the quotes, and what is below.

    ``link`` is the one that leads here: kind, turn or key, and number of the citation in question.
    """
    quoted = next((one for one in citations if one.number == link.number), None)
    came, fault = None, ""
    if quoted is not None:
        try:
            came = original(library.folder, article.source, quoted.source_spans, quoted.quote)
        except rag.RagError as error:
            fault = str(error) if link.kind in _REPAIRED else ""
    shape = ""
    if link.kind in _REPAIRED and came is not None:
        body, fault = _as_it_came(library, came, citations, link.number, say)
        shape = " yj-raw"
    else:
        body = render_body(article, citations, link.number)
    links = _numbers(citations, link, say) + _switch(link, came, say)
    head = _head(article, came, links, say)
    warning = f'<p class="yj-warning">{literal(say.line(fault))}</p>' if fault else ""
    label = literal(say("原文 {title}", title=article.title))
    return (
        f'{head}<article class="yj-paper{shape}" tabindex="0" role="region" aria-label="{label}">'
        f"{warning}{body}</article>{below}"
    )


def _as_it_came(
    library: Library,
    came: Original,
    citations: Sequence[rag.Citation],
    current: int,
    say: Language,
) -> tuple[str, str]:
    """The file of a quote, of a PDF the picture of its page, and why that is not to be had."""
    fault = ""
    if came.is_pdf:
        try:
            return render_pdf_page(library.folder, came, citations, current, say), ""
        except rag.RagError as error:
            fault = str(error)
    return render_original(came, citations, current), fault


def _head(article: rag.Article, came: Original | None, links: str, say: Language) -> str:
    """Title, date, file and place of an article, under the way back to all of them."""
    place = say(came.place, number=came.number) if came else ""
    facts = [article.date or "", article.publisher, article.source, place]
    meta = literal(" · ".join(filter(None, facts)))
    return (
        f'<div class="yj-head">{render_back(say)}<nav aria-label="{say("引用")}">{links}</nav>'
        f'<span class="yj-origin"><b>{literal(f"《{article.title}》")}</b> {meta}</span></div>'
    )


def _numbers(citations: Sequence[rag.Citation], link: Link, say: Language) -> str:
    """Links to the quotes of an answer, the one that is shown stressed."""
    if link.kind not in ("cite", "page"):
        return ""
    links = "".join(
        f'<a class="yj-cite{" now" if one.number == link.number else ""}" '
        f'href="#{link.kind}-{link.which}-{one.number}" '
        f'aria-label="{say("引用 {number}", number=one.number)}">{one.number}</a>'
        for one in citations
    )
    return f"{say('引用')} {links}"


def _switch(link: Link, came: Original | None, say: Language) -> str:
    """The way between the article and its file, where there is a file that says the same."""
    words, others = "看整理后的文章", _REPAIRED
    if link.kind in _AS_IT_CAME:
        words, others = "看原来的版面", _AS_IT_CAME
    if link.kind not in others or (came is None and others is _AS_IT_CAME):
        return ""
    target = f"#{others[link.kind]}-{link.which}-{link.number}"
    return f'<a class="yj-switch" href="{target}">{say(words)}</a>'


def render_found(
    hits: Sequence[rag.Hit],
    turn: str,
    but: Sequence[rag.Citation] = (),
    say: Language = CHINESE,
) -> str:
    """The passages that were found, without those that were cited; each a link to its place."""
    rows = [
        f'<li><a href="#hit-{turn}-{place}">{_found_row(hit, say)}</a></li>'
        for place, hit in enumerate(hits, 1)
        if not any(_is_from(one, hit) for one in but)
    ]
    return f'<ol class="yj-found">{"".join(rows)}</ol>' if rows else ""


def _found_row(hit: rag.Hit, say: Language) -> str:
    text = hit.passage.text.replace("\n", " ")
    text = text[:_EXCERPT_CHARS] + "…" if len(text) > _EXCERPT_CHARS else text
    arms = say("和").join(say(ARMS.get(name, name)) for name in hit.found_by)
    facts = say(
        "《{title}》 {source} · {arms}找到 · 得分 {score}",
        title=hit.passage.title,
        source=hit.source,
        arms=arms,
        score=f"{hit.score:.2f}",
    )
    return f'{literal(text)}<span class="yj-from">{literal(facts)}</span>'


def _is_from(citation: rag.Citation, hit: rag.Hit) -> bool:
    passage = hit.passage
    return (
        passage.article_id == citation.article_id
        and passage.start < citation.end
        and citation.start < passage.end
    )


def _uncited(turn: Turn, which: str, say: Language) -> str:
    """What was found and not cited, folded, for the foot of the panel."""
    cited = turn.answer.citations if turn.answer is not None else ()
    rows = render_found(turn.hits, which, cited, say)
    count = rows.count("<li>")
    if not rows:
        return ""
    heading = say("找到而没有引用的 {count} 个段落", count=count)
    return f'<details class="yj-uncited"><summary>{heading}</summary>{rows}</details>'


def render_found_panel(turn: Turn, which: str, say: Language = CHINESE) -> str:
    """The panel beside a refusal: what came near, each passage a link into its article."""
    rows = render_found(turn.hits, which, say=say)
    said = say("没有可引用的原文。最接近的段落：" if rows else "没有找到相近的段落。")
    return (
        f'<div class="yj-head">{render_back(say)}</div><div class="yj-paper" tabindex="0" '
        f'role="region" aria-label="{say("找到的段落")}"><p class="yj-hint">{said}</p>{rows}</div>'
    )


def _gone(say: Language) -> str:
    head = f'<div class="yj-head">{render_back(say)}</div>'
    return f'{head}<div class="yj-paper"><p>{say(GONE)}</p></div>'


def _as_citation(hit: rag.Hit, place: int) -> rag.Citation:
    """A found passage, to be marked like a quote."""
    passage = hit.passage
    at = (passage.start, passage.end, hit.source_spans)
    return rag.Citation(place, passage.article_id, passage.title, hit.source, passage.text, *at)


def _open_citation(library: Library, turn: Turn, link: Link, say: Language) -> str | None:
    citations = turn.answer.citations if turn.answer is not None else ()
    wanted = next((one for one in citations if one.number == link.number), None)
    if wanted is None:
        return None
    article = library.article(wanted.article_id)
    if article is None:
        return _gone(say)
    return render_article(library, article, citations, link, _uncited(turn, link.which, say), say)


def _open_hit(library: Library, turn: Turn, link: Link, say: Language) -> str | None:
    if not 1 <= link.number <= len(turn.hits):
        return None
    hit = turn.hits[link.number - 1]
    article = library.article(hit.passage.article_id)
    if article is None:
        return _gone(say)
    found = (_as_citation(hit, link.number),)
    return render_article(library, article, found, link, _uncited(turn, link.which, say), say)


def render_link(
    library: Library, turns: Sequence[Turn], link: str, say: Language = CHINESE
) -> str | None:
    """What a link opens in the panel; None when it leads nowhere."""
    match = LINK.fullmatch(link)
    if match is None:
        return None
    wanted = Link(match[1], match[2], int(match[3]))
    if wanted.kind == "read":
        article = library.article_of(wanted.which)
        return render_article(library, article, (), wanted, say=say) if article else None
    if not wanted.which.isdigit() or int(wanted.which) >= len(turns):
        return None
    turn = turns[int(wanted.which)]
    if wanted.kind == "found":
        return render_found_panel(turn, wanted.which, say)
    if wanted.kind in ("cite", "page"):
        return _open_citation(library, turn, wanted, say)
    return _open_hit(library, turn, wanted, say)
