"""Articles to passages: cut on sentence ends, title and heading carried along.

A table is passages of its own, a few rows each, with what they say as sentences.

Knows nothing of vectors, terms or questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rag.datatypes import Article, Passage, Saying, Table
from rag.tables import Grid, Told, grid_of, told_rows
from rag.text import Range, sentences

DEFAULT_PASSAGE_CHARS = 240
_LONGEST_CAPTION = 80
_BARS = "| \t\n"
_POINTS_BELOW = re.compile(r"[下附]表|如下|见表|单位")


def split_article(article: Article, *, passage_chars: int = DEFAULT_PASSAGE_CHARS) -> list[Passage]:
    """The passages of an article, in order, each within one section and at most ``passage_chars``.

    Whole sentences are packed greedily; a single longer sentence is cut at the limit. Every
    sentence of the article stands in exactly one passage.
    """
    found: list[Passage] = []
    for heading, section in _sections(article):
        for stretch, table in _stretches(article, section):
            if table:
                found.extend(_of_table(article, table, heading, passage_chars))
                continue
            found.extend(
                _passage(article, heading, start, end)
                for start, end in _packed(article.text, stretch, passage_chars)
            )
    return found


def caption_of(article: Article, table: Table) -> str:
    """What is printed over a table and says what it is: its title, or the sentence before it."""
    above = article.text[: table.start].rstrip(_BARS).rsplit("\n", 1)[-1].strip("# *")
    if len(above) <= _LONGEST_CAPTION and not above.endswith("。"):
        return above
    last = sentences(above)[-1:] if above else []
    said = [above[start:end] for start, end in last]
    return next((one for one in said if _POINTS_BELOW.search(one)), "")


def grid_of_article(article: Article, table: Table) -> Grid:
    """A table of an article with its heads found and what is printed over it."""
    return grid_of(article.text, table, caption_of(article, table))


def _passage(article: Article, heading: str, start: int, end: int) -> Passage:
    text = article.text[start:end]
    return Passage(article.id, article.full_title, heading, text, start, end)


def _stretches(article: Article, section: Range) -> Iterator[tuple[Range, Table | None]]:
    """The tables of a section and what stands between them."""
    start = section.start
    for table in article.tables:
        if not section.start <= table.start < section.end:
            continue
        if between := _bare(article.text, start, table.start, section):
            yield between, None
        yield Range(table.start, table.end), table
        start = table.end
    if between := _bare(article.text, start, section.end, section):
        yield between, None


def _bare(text: str, start: int, end: int, section: Range) -> Range | None:
    """The stretch without the bars of the rows beside it; None where nothing is."""
    while section.start < start < end and text[start] in _BARS:
        start += 1
    while start < end < section.end and text[end - 1] in _BARS:
        end -= 1
    return Range(start, end) if start < end else None


def _of_table(article: Article, table: Table, heading: str, limit: int) -> Iterator[Passage]:
    """A table's rows, packed; heads and rows without a saying stand with those next to them."""
    grid = grid_of_article(article, table)
    caption = caption_of(article, table)
    named = caption if heading in caption else f"{heading} {caption}".strip()
    start = table.start
    packed: list[Told] = []
    for told in told_rows(grid, limit, heading):
        if packed and sum(len(one.text) for one in packed) + len(told.text) > limit:
            yield _of_rows(article, named, packed, start)
            start, packed = told.start, []
        packed.append(told)
    if packed:
        yield replace(
            _of_rows(article, named, packed, start),
            end=table.end,
            text=article.text[start : table.end],
        )
    else:
        yield _passage(article, heading, table.start, table.end)


def _of_rows(article: Article, heading: str, packed: list[Told], start: int) -> Passage:
    sayings: list[Saying] = []
    length = 0
    for told in packed:
        sayings.extend(
            one._replace(
                start=one.start + length,
                end=one.end + length,
                value_start=one.value_start + length,
                value_end=one.value_end + length,
            )
            for one in told.sayings
        )
        length += len(told.text)
    return replace(
        _passage(article, heading, start, packed[-1].end),
        told="".join(one.text for one in packed),
        sayings=tuple(sayings),
    )


def _sections(article: Article) -> list[tuple[str, Range]]:
    """Headings with the range of text under each, the heading line included."""
    starts: list[tuple[int, str]] = [(0, "")]
    position = 0
    wanted = set(article.headings)
    for line in article.text.split("\n"):
        plain = next((form for form in (line.strip(), line.strip("# ")) if form in wanted), None)
        if plain:
            starts.append((position, plain))
        position += len(line) + 1
    ends = [start for start, _ in starts[1:]] + [len(article.text)]
    return [
        (heading, Range(start, end))
        for (start, heading), end in zip(starts, ends, strict=True)
        if start < end
    ]


def _packed(text: str, section: Range, limit: int) -> list[Range]:
    packed: list[Range] = []
    for piece in _pieces(text, section, limit):
        if packed and piece.end - packed[-1].start <= limit:
            packed[-1] = Range(packed[-1].start, piece.end)
        else:
            packed.append(piece)
    return packed


def _pieces(text: str, section: Range, limit: int) -> list[Range]:
    """Sentences of a section, those over the limit cut into stretches of it."""
    pieces: list[Range] = []
    for sentence in sentences(text[section.start : section.end]):
        start, end = section.start + sentence.start, section.start + sentence.end
        stretches = (Range(a, min(a + limit, end)) for a in range(start, end, limit))
        pieces.extend(stretch for stretch in stretches if text[slice(*stretch)].strip())
    return pieces
