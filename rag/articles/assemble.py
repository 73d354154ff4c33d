"""A page's stories to articles: their parts by name, one text each, and the map back to the file.

Knows nothing of how a page is repaired.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rag.articles.blocks import Block
from rag.articles.dates import credited_in, date_in, dateline_date, publisher_in, signed_in
from rag.articles.layout import PageLayout, Placed, Story
from rag.articles.roles import Role
from rag.datatypes import Article, Table, TextSpan

_MAX_TITLE_LINES = 3
_MIN_TITLE = 6
_MAX_LEAD_TITLE = 24
_CLAUSE = re.compile(r"[^，。！？；：,!?;:]+")
_ORDER: tuple[tuple[Role, ...], ...] = (
    ("headline",),
    ("byline",),
    ("heading", "paragraph"),
    ("caption",),
)


def articles_of_page(layout: PageLayout, source: str, name: str) -> list[Article]:
    """The articles of a page in the order they are printed.

    ``name``, the file's without its suffix, titles a page that has no headline, and dates one that
    says no date itself.
    """
    edge = [layout.blocks[number].text for number in layout.furniture]
    date = _first(map(date_in, [*edge, name]))
    publisher = _first(map(publisher_in, [*edge, name])) or ""
    return [
        _article(f"{source}#{number}", source, story, layout, (name, date, publisher))
        for number, story in enumerate(layout.stories, start=1)
    ]


def _article(
    article_id: str,
    source: str,
    story: Story,
    layout: PageLayout,
    page: tuple[str, str | None, str],
) -> Article:
    name, page_date, page_publisher = page
    blocks = layout.blocks
    rows = [placed for roles in _ORDER for placed in story.placed if placed.role in roles]
    text, spans = _text(rows, layout)
    parts: dict[Role, list[Block]] = {}
    for placed in rows:
        parts.setdefault(placed.role, []).append(blocks[placed.block])
    title, subtitle = _titles(story, blocks)
    body = parts.get("paragraph", [])
    if not title:
        title = name if len(layout.stories) == 1 else _lead_title(body) or name
    edges = [*parts.get("byline", []), *body[:1], *body[-1:]]
    return Article(
        id=article_id,
        title=title,
        source=source,
        text=text,
        spans=spans,
        subtitle=subtitle,
        headings=tuple(block.plain for block in parts.get("heading", ())),
        captions=tuple(block.text for block in parts.get("caption", ())),
        byline=" ".join(block.text for block in parts.get("byline", ())),
        date=_story_date(parts, page_date),
        publisher=_first(credited_in(block.text, block.form) for block in edges)
        or _first(signed_in(block.text) for block in parts.get("byline", ()))
        or page_publisher,
        tables=tuple(_tables(rows, spans, layout)),
    )


def _text(rows: Sequence[Placed], layout: PageLayout) -> tuple[str, tuple[TextSpan, ...]]:
    """The text of an article, a line a block, joined blocks on one line; and its map."""
    joined = layout.joined
    pieces: list[str] = []
    spans: list[TextSpan] = []
    length = 0
    previous = -1
    for placed in rows:
        block = layout.blocks[placed.block]
        join = joined.get(placed.block)
        if pieces and (join is None or join.first != previous):
            pieces.append("\n")
            length += 1
        for start, end in block.pieces:
            spans.append(TextSpan(length, start, end - start))
            length += end - start
        pieces.append(block.text)
        previous = placed.block
    return "".join(pieces), tuple(spans)


def _tables(
    rows: Sequence[Placed], spans: Sequence[TextSpan], layout: PageLayout
) -> Iterator[Table]:
    """The tables of the page whose rows stand in this article, in its own offsets."""
    lines = [(layout.blocks[one.block].start, layout.blocks[one.block].end) for one in rows]
    shifts = {span.source_start: span.start - span.source_start for span in spans}
    lines = sorted((a, b) for a, b in lines if a in shifts)
    for table in layout.tables:
        cells = []
        for cell in table.cells:
            place = bisect_left(lines, (cell.start + 1, 0)) - 1
            if place >= 0 and cell.end <= lines[place][1]:
                shift = shifts[lines[place][0]]
                cells.append(cell._replace(start=cell.start + shift, end=cell.end + shift))
        if cells:
            yield Table(tuple(cells), table.head_rows)


def _titles(story: Story, blocks: Sequence[Block]) -> tuple[str, str]:
    """Title and subtitle: of the headlines' groups the first long enough, and the one after it."""
    groups: list[list[str]] = []
    lines = [blocks[placed.block] for placed in story.placed if placed.role == "headline"]
    for place, line in enumerate(lines):
        goes_on = place > 0 and line.gap == 1 and line.start > lines[place - 1].start
        if goes_on and len(groups[-1]) < _MAX_TITLE_LINES and not line.text.startswith("—"):
            groups[-1].append(line.plain)
        else:
            groups.append([line.plain])
    titles = [" ".join(group) for group in groups]
    chosen = next((i for i, title in enumerate(titles) if _MIN_TITLE <= len(title) <= 60), 0)
    following = titles[chosen + 1 : chosen + 2]
    return (titles[chosen] if titles else ""), "".join(following).lstrip("—")


def _lead_title(body: Sequence[Block]) -> str:
    """A name for a story without a headline: the first clauses of its lead."""
    title = ""
    for clause in _CLAUSE.findall(body[0].text[:200]) if body else ():
        if title and len(title) + len(clause) >= _MAX_LEAD_TITLE:
            break
        title = f"{title} {clause.strip()}".strip()
        if len(title) >= _MIN_TITLE + 2:
            break
    return title if len(title) <= _MAX_LEAD_TITLE else f"{title[:_MAX_LEAD_TITLE]}…"


def _story_date(parts: dict[Role, list[Block]], page_date: str | None) -> str | None:
    """The date of a story: its byline's or its dateline's, else its page's."""
    year = page_date[:4] if page_date else None
    own = [date_in(block.form) for block in parts.get("byline", ())]
    own += [dateline_date(block.form, year) for block in parts.get("paragraph", ())[:1]]
    return _first(own) or page_date


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
