"""What a web page says of itself: title, date of publication, site.

Open Graph, schema.org, Dublin Core and the names that Chinese government sites must use. Knows
nothing of the page's text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rag.articles.loaders.html.elements import Page

_TITLES = ("og:title", "articletitle", "headline", "twitter:title", "dc.title", "title")
_DATES = (
    "article:published_time",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "publish-date",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "weibo:article:create_at",
    "date",
)
_ORIGINS = ("contentsource", "mediaid", "source", "og:site_name", "sitename", "application-name")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]?\s*(\d\d?)\s*[-/.月]?\s*(\d\d?)(?!\d)")
_SITE_MARK = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|\s*--+\s*")
_MAX_TITLE, _MAX_DATE = 200, 100  # what is longer is none, or made to keep patterns busy
_MAX_JSON_CHARS = 200_000


def title_of(page: Page) -> str:
    """The article's title: the text on the page that the head repeats, else what the head says.

    Sites add their name to titles, before or behind.
    """
    stated = [page.meta.get(name, "") for name in _TITLES]
    stated += [_said(page, "headline"), page.title]
    stated = [title[:_MAX_TITLE] for title in stated if title]
    headings = [block.text for block in page.blocks if block.element.heading == 1]
    if not stated:
        return " ".join(next(iter(headings), "").split())
    shown = [
        " ".join(block.text.split())
        for block in page.blocks
        if len(block.text) <= _MAX_TITLE and any(_is_most_of(block.text, t) for t in stated)
    ]
    return max(shown, key=len, default=max(_SITE_MARK.split(stated[0]), key=len))


def _is_most_of(text: str, title: str) -> bool:
    part, whole = "".join(text.split()), "".join(title.split())
    return part in whole and 2 * len(part) >= len(whole)


def published_date(page: Page) -> str | None:
    """The date of publication that the head or the first time element states, YYYY-MM-DD."""
    stated = [page.meta.get(name, "") for name in _DATES]
    for text in (*stated, _said(page, "datePublished"), *page.times[:1]):
        if date := date_in(text):
            return date
    return None


def origin_of(page: Page) -> str:
    """The newspaper or site that the head names."""
    return next((page.meta[name] for name in _ORIGINS if name in page.meta), "")


def date_in(text: str) -> str | None:
    """The first whole date of a text, YYYY-MM-DD."""
    match = _DATE.search(text[:_MAX_DATE])
    if not match:
        return None
    year, month, day = map(int, match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _said(page: Page, key: str) -> str:
    """The first value of a key in the page's JSON-LD."""
    for text in page.json:
        if len(text) > _MAX_JSON_CHARS:
            continue
        try:
            things = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for thing in _things(things):
            if isinstance(thing.get(key), str):
                return str(thing[key])
    return ""


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """The top-level things that a JSON-LD text describes."""
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (
                (one for one in graph if isinstance(one, dict)) if isinstance(graph, list) else ()
            )
