"""Running heads, feet, page numbers and the prints of a browser: what repeats at the pages' edges.

In go the texts of pages, out come stretches of the whole. Knows nothing of PDF files or articles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_EDGE_LINES = 3  # of a page, from the top and from the bottom
_LONGEST = 80
_MOST_PAGES_SHARE = 0.5
_FEWEST_PAGES = 2
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
_SENTENCE_ENDS = ("。", "！", "？", "；", "，")
# What only a page's edge says, be it on one page: its number, and what browsers print there.
_PRINTED = re.compile(
    r"^(?:第?\s*\d{1,4}\s*页?\s*[/／,，]?\s*共\s*\d{1,4}\s*页|第\s*\d{1,4}\s*页|[-–—·]\s*\d{1,4}\s*[-–—·]|\d{1,4}\s*[/／]\s*\d{1,4}"
    r"|Page\s+\d+(?:\s+of\s+\d+)?|(?:https?|file)://\S+(?:\s+\d{1,4}(?:/\d{1,4})?)?"
    r"|\d{2,4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?[,，]?\s+(?:[上下]午\s*)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?(?:\s+\S.{0,60})?)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d{1,4}$")


class _Line(NamedTuple):
    start: int  # in the text of all pages
    text: str


def page_furniture(pages: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The stretches of heads and feet in the pages joined by one sign.

    A line is one where it stands at the edge of a page and says nothing but the page's number, the
    time or address of a print, or is the same at the edge of half of the pages, but for numbers.
    """
    edges = [list(_edge_lines(text, start)) for text, start in _with_starts(pages)]
    held = [page for page in edges if page]
    counts = Counter(form for page in held for form in {_form(line.text) for line in page})
    least = max(_FEWEST_PAGES, _MOST_PAGES_SHARE * len(held))
    return tuple(
        (line.start, line.start + len(line.text))
        for page in held
        for line in page
        if _PRINTED.match(line.text.strip())
        or (counts[_form(line.text)] >= least and _can_repeat(line.text, len(held)))
    )


def _with_starts(pages: Sequence[str]) -> Iterator[tuple[str, int]]:
    start = 0
    for text in pages:
        yield text, start
        start += len(text) + 1


def _edge_lines(text: str, start: int) -> Iterator[_Line]:
    """The first and last lines of a page that are short enough; never all lines of a page."""
    lines = []
    place = start
    for line in text.split("\n"):
        if line.strip():
            lines.append(_Line(place, line))
        place += len(line) + 1
    picked = {
        *range(min(_EDGE_LINES, len(lines))),
        *range(max(len(lines) - _EDGE_LINES, 0), len(lines)),
    }
    yield from (lines[at] for at in sorted(picked) if len(lines[at].text) <= _LONGEST)


def _can_repeat(line: str, pages: int) -> bool:
    """Whether a line that repeats is furniture; a lone number is where there are more pages."""
    return pages > _FEWEST_PAGES if _NUMBER.match(line.strip()) else True


def _form(line: str) -> str:
    """What two lines share that differ in their numbers; a whole sentence is only like itself."""
    form = _SPACE.sub("", line)
    return form if form.endswith(_SENTENCE_ENDS) else _DIGITS.sub("#", form)
