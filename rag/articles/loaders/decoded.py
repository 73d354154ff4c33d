"""What a loader gives back, and how it speaks of pages.

Knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rag.datatypes import Table

_MAX_RANGES = 8


class Decoded(NamedTuple):
    """The text of a file and what the file says of itself.

    All source offsets count in ``text``. ``date`` is when the file says it was published,
    ``created`` when it says it was made, which may be long before or after; both are
    ``YYYY-MM-DD``. ``origin`` is the newspaper or site that it names. ``is_one_story`` forbids to
    split the text into several articles. ``tables`` stand in the text. Stretches of it are known as
    ``furniture`` that belongs to no story (front matter, the heads and feet of pages), ``bylines``
    that name who wrote it, and ``paragraphs``, lines that are text however short. ``page_starts``
    is where each page of a file with pages begins. ``remarks`` are lines for the user on what of
    the file could not be read.
    """

    text: str
    encoding: str = ""  # empty for formats that know their own
    title: str = ""
    date: str | None = None
    created: str | None = None
    origin: str = ""
    is_one_story: bool = False
    tables: tuple[Table, ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()
    bylines: tuple[tuple[int, int], ...] = ()
    paragraphs: tuple[tuple[int, int], ...] = ()
    page_starts: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def page_list(numbers: Iterable[int]) -> str:
    """Pages counted from 0 as a reader counts them: ``第 1–3、7 页``."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][-1] == number:
            ranges[-1][-1] = number + 1
        else:
            ranges.append([number + 1, number + 1])
    shown = [f"{a}–{b}" if a < b else str(a) for a, b in ranges[:_MAX_RANGES]]
    more = "等" if len(ranges) > _MAX_RANGES else ""
    return f"第 {'、'.join(shown)} {more}页"
