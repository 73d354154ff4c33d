"""A page's text to blocks, and blocks to articles, at clear headlines only.

Knows nothing of files or encodings. What counts as clear: lines without an end mark right above
a dateline (本报讯 …) or a byline (记者 …, ► name name), as Chinese newspapers set them. Blocks are
kept in the order of the file; nothing of it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["headline", "byline", "furniture", "heading", "paragraph"]

_BLOCK = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_MAX_HEADLINE = 40
_MAX_MARKED = 200  # a longer line is no heading or byline, whatever its marks
_MAX_TITLE_LINES = 3
_ENDS = "。！？；，、：!?;,…"
_DATELINE = re.compile(
    r"^(?:本报|本刊|本网|新华社|中新社|中新网|人民网|据)[^，。]{0,24}?(?:讯|电|消息|报道)(?=[\s（(，。])"
)
_NAME = r"[一-鿿·]{2,6}"
_BYLINE = re.compile(
    rf"^(?:[►▶■●◆□]\s*{_NAME}(?:[\s、]+{_NAME})*"
    rf"|(?:{_NAME}[\s、]+)*(?:本报|本刊)?(?:特约|见习|实习)?(?:记者|通讯员|文/|撰文|作者[：:]?)\s*{_NAME}"
    # Possessive: a token such as 记者李四 fits both readings, and 2**n ways to fail are too many.
    rf"(?:[\s、]+(?:(?:本报|特约|见习|实习)?(?:记者|通讯员)\s*{_NAME}|{_NAME}))*+)\s*$"
)
_NAMES_ONLY = re.compile(r"^[一-鿿]{2,4}(?:\s+[一-鿿]{2,4})*$")
_FURNITURE = re.compile(
    r"(?:总策划|责任编辑|责编|编辑|校对|美编|版式|组版|策划|组稿)[\s：:/]*[一-鿿]{2,4}"
    r"|^\d{4}年\d{1,2}月\d{1,2}日(?:\s*星期[一二三四五六日])?\s*(?:第?\s*\d{1,3}\s*版?)?$"
    r"|^(?:第\s*)?\d{1,3}\s*版$|^本版(?:图片|照片)"
)
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(\S.*?)\s*#*$")
_SENTENCE = re.compile(r"[。！？!?]")
_MIN_TITLE = 6
_LIST_MARK = re.compile(r"^(?:[-*+•·]\s|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．])")


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page: ``page[start:end]``, ``gap`` blank lines above it, and what it is."""

    start: int
    end: int
    text: str
    gap: bool
    kind: Kind = "paragraph"


@dataclass(frozen=True, slots=True)
class Story:
    """The blocks of one article in reading order, and its parts by name."""

    blocks: tuple[Block, ...]
    title: str
    subtitle: str
    headings: tuple[str, ...]
    byline: str


def split_page(page: str, name: str) -> list[Story]:
    """The stories of a page, at least one if the page holds a visible character.

    ``name`` titles a story that has no headline of its own.
    """
    blocks = _classified(_blocks(page))
    starts = _story_starts(blocks)
    edges = [0, *starts, len(blocks)] if starts and starts[0] > 0 else [*starts, len(blocks)]
    if not starts:
        edges = [0, len(blocks)]
    pieces = [blocks[a:b] for a, b in pairwise(edges)]
    return [_story(piece, name) for piece in _without_bare_lead(pieces) if piece]


def _blocks(page: str) -> list[Block]:
    found: list[Block] = []
    previous_end = 0
    for match in _BLOCK.finditer(page):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        start = match.start() + len(line) - len(line.lstrip())
        gap = page.count("\n", previous_end, start) != 1
        found.append(Block(start, start + len(stripped), stripped, gap))
        previous_end = start + len(stripped)
    return found


def _classified(blocks: Sequence[Block]) -> list[Block]:
    return [Block(b.start, b.end, b.text, b.gap, _kind(b.text)) for b in blocks]


def _kind(line: str) -> Kind:
    if len(line) > _MAX_MARKED:
        return "paragraph"
    if _MARKDOWN_HEADING.match(line):
        return "heading"
    if _BYLINE.match(line):
        return "byline"
    if len(line) <= 2 * _MAX_HEADLINE and _FURNITURE.search(line) and line[-1] not in _ENDS:
        return "furniture"
    short = len(line) <= _MAX_HEADLINE and line[-1] not in _ENDS and "。" not in line
    return "heading" if short and not _LIST_MARK.match(line) else "paragraph"


def _is_body(block: Block) -> bool:
    return block.kind == "paragraph" and bool(_SENTENCE.search(block.text))


def _story_starts(blocks: Sequence[Block]) -> list[int]:
    """Where a headline stands: up to three title lines of one group above a dateline or byline."""
    starts: list[int] = []
    for position, block in enumerate(blocks):
        if block.kind != "byline" and not _DATELINE.match(block.text):
            continue
        first = position
        while first > 0 and position - first < 3 and blocks[first - 1].kind == "heading":
            first -= 1
            if blocks[first].gap:
                break
        if first < position and (not starts or first > starts[-1]):
            starts.append(first)
    return starts


def _without_bare_lead(pieces: list[list[Block]]) -> list[list[Block]]:
    """Join a first piece without a whole sentence (section name, captions) to the story below."""
    if len(pieces) > 1 and not any(map(_is_body, pieces[0])):
        return [pieces[0] + pieces[1], *pieces[2:]]
    return pieces


def _story(blocks: Sequence[Block], name: str) -> Story:
    body = next((i for i, block in enumerate(blocks) if _is_body(block)), len(blocks))
    groups = _headline_groups(blocks[:body])
    chosen = next((i for i, lines in enumerate(groups) if len(lines) >= _MIN_TITLE), 0)
    following = groups[chosen + 1 : chosen + 2]
    byline = _byline(blocks, body)
    return Story(
        blocks=tuple(blocks),
        title=groups[chosen] if groups else name,
        subtitle="".join(following).lstrip("—"),
        headings=tuple(
            _plain(block.text)
            for block in blocks[body:]
            if block.kind == "heading" and block.text != byline
        ),
        byline=byline,
    )


def _headline_groups(head: Sequence[Block]) -> list[str]:
    """Headline lines above the body; up to three set without a gap are one headline."""
    groups: list[str] = []
    joined = 0  # lines of the last group that the next one may join; 0 when it may not
    for block in head:
        if block.kind == "paragraph" and any(len(lines) >= _MIN_TITLE for lines in groups):
            break  # what follows a caption or a lead belongs to it, not to the headline
        if block.kind != "heading" or (groups and block.gap and _NAMES_ONLY.match(block.text)):
            joined = 0
            continue
        line = _plain(block.text)
        if 0 < joined < _MAX_TITLE_LINES and not block.gap and not line.startswith("—"):
            groups[-1] += f" {line}"
            joined += 1
        else:
            groups.append(line)
            joined = 1
    return groups


def _byline(blocks: Sequence[Block], body: int) -> str:
    """The authors: a marked byline, else bare names above the body or at the very end."""
    marked = (block.text for block in blocks if block.kind == "byline")
    bare = (
        block.text
        for block in (*blocks[1:body], blocks[-1])
        if block.kind == "heading" and _NAMES_ONLY.match(block.text)
    )
    return next(marked, None) or next(bare, "")


def _plain(line: str) -> str:
    heading = _MARKDOWN_HEADING.match(line)
    return heading.group(2) if heading else line
