"""Text with stretches of it marked, as HTML: an article, or a file as it came.

Pure functions. Every word passes through ``literal``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import rag
from page.escaping import literal
from page.originals import Original


def _block_class(article: rag.Article, block: str, at_top: bool) -> str:
    if at_top and "".join(block.split()) in "".join(article.full_title.split()):
        return "headline"
    kinds = dict.fromkeys(article.captions, "caption") | dict.fromkeys(article.headings, "heading")
    return (kinds | {article.byline: "byline"}).get(block.strip(), "")


Ranges = Sequence[tuple[int, int, int]]  # number, start and end of what is marked


def _marked(text: str, offset: int, ranges: Ranges, current: int) -> str:
    """Text that begins at ``offset``, every range marked and the current one stressed."""
    end = offset + len(text)
    cuts = {place for _, *edges in ranges for place in edges if offset < place < end}
    pieces = []
    for low, high in pairwise([offset, *sorted(cuts), end]):
        numbers = [number for number, a, b in ranges if a <= low < b]
        piece, stress = literal(text[low - offset : high - offset]), ""
        if current in numbers:
            stress = "now"
        pieces.append(f'<mark class="{stress}">{piece}</mark>' if numbers and piece else piece)
    return "".join(pieces)


def render_body(article: rag.Article, citations: Sequence[rag.Citation], current: int = 0) -> str:
    """The article's text, sign for sign, with every quote marked and the current one stressed."""
    ranges = [(one.number, one.start, one.end) for one in citations if one.article_id == article.id]
    blocks, start, at_top = [], 0, True
    for block in article.text.split("\n"):
        kind = _block_class(article, block, at_top)
        at_top = kind == "headline"
        blocks.append(f'<p class="{kind}">{_marked(block, start, ranges, current)}</p>')
        start += len(block) + 1
    return "\n".join(blocks)


def render_original(shown: Original, citations: Sequence[rag.Citation], current: int) -> str:
    """The file as it came, line by line, with the words of its citations marked."""
    ranges = [
        (one.number, low, high)
        for one in citations
        if one.source == shown.source
        for low, high in one.source_spans
    ]
    lines, start = [], shown.start
    for line in shown.text.split("\n"):
        lines.append(f"<p>{_marked(line, start, ranges, current)}</p>")
        start += len(line) + 1
    return "\n".join(lines)
