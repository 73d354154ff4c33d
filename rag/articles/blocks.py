"""A page's text to blocks: the lines it is printed in, and what each looks like by itself.

What a line is in its story (headline, section heading, caption) is not decided here; that takes
its neighbours. Knows nothing of files, encodings or stories.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from rag.datatypes import Table
from rag.text import standard_form

Kind = Literal["line", "paragraph", "byline", "furniture", "markdown", "row"]

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_MAX_SHORT = 40
_MAX_HEADLINE = 64
_MAX_WIDTH = 100  # of a line, a Chinese character counting two
_MAX_MARKED = 200  # a longer line is no byline or furniture, whatever its marks
_CLOSED = "。！？!?；;…：:"
_CLOSERS = "”’」』）)】》〉\"'"
_COMMAS = "，、,"
_DAMAGED = "\ufffd"  # where a file breaks off, so does a sentence
_GOES_ON = "。；;：:，、,"  # a headline may end in any other sign
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
# What sites and papers set between headline and text: 2024-03-05 08:30 来源：云桥日报 作者：王小明,
# and 云桥日报 2024年3月5日 记者 王小明.
_CREDITS = re.compile(
    r"^(?=.*(?:来源|稿源|作者|发布时间)\s*[：:]|.*\d{4}[-年/.].*(?:记者|通讯员|作者))"
    r"(?:(?:\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:(?:信息|文章|稿件)?来源|稿源|作者|记者|(?:责任)?编辑|发布(?:时间|日期))\s*[：:]\s*[^\s：:|]{2,20}"
    rf"|(?<!\S)(?:本报|特约|实习)?(?:记者|通讯员|作者)(?:\s+{_NAME}|[一-鿿]{{2,3}})"
    rf"(?:[\s、]+(?!记者|通讯员|作者){_NAME})*+(?!\S)"
    r"|《?[一-鿿]{2,8}[报网社刊台]》?(?!\S))"
    r"[\s|]*+)++$"
)
_DAY = r"\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
# What offices and firms set right below a headline: 云桥县应急管理局 2024年3月5日, (2024年3月5日).
_SIGNED = re.compile(
    rf"^(?=.*{_DAY})[（(]?(?:(?:{_DAY}|(?:本报|特约|实习)?(?:记者|通讯员|作者)[：:]?\s*{_NAME}"
    r"|(?<![^\s（(])[一-鿿·A-Za-z]{2,20})(?![^\s|）)])[\s|]*+)++[）)]?$"
)
_NAMES_ONLY = re.compile(r"^[一-鿿]{2,4}(?:\s+[一-鿿]{2,4})*$")
_FURNITURE = re.compile(
    r"^[（(]?(?:(?:总策划|责任编辑|责编|编辑|校对|美编|版式|组版|策划|组稿|图片)"
    r"(?:\s*[：:/]\s*|\s+)[一-鿿·]{2,4}(?:[\s、]+[一-鿿·]{2,4})*+[\s、；;]*)+[）)]?$"
    r"|^\d{4}年\d{1,2}月\d{1,2}日(?:\s*星期[一二三四五六日])?\s*(?:第?\s*\d{1,3}\s*版?)?$"
    r"|^(?:第\s*)?\d{1,3}\s*版$|^本版(?:图片|照片)|^图片[：:][一-鿿\s]{2,12}$"
)
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(\S.*?)\s*#*$")
_LIST_MARK = re.compile(
    r"^(?:[-*+•·]\s|——|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\D|第[一二三四五六七八九十]{1,3}[，、章节])"
)
_PAGE_GAP = 4
_MIN_WRAP = 8
_MAX_WRAP = 60
_WRAPPED_SHARE = 0.6


@dataclass(frozen=True)
class PageMarks:
    """What a loader knows of a page's lines.

    Where tables stand, what belongs to no story, which lines name who wrote it, and which short
    ones are text all the same.
    """

    tables: tuple[Table, ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()
    bylines: tuple[tuple[int, int], ...] = ()
    paragraphs: tuple[tuple[int, int], ...] = ()

    def kind_of(self, start: int, end: int) -> Kind | None:
        """What the line of this range is; None where nothing is known of it."""
        place = bisect_right(self._furniture, (start, math.inf)) - 1
        if place >= 0 and start < self._furniture[place][1]:
            return "furniture"
        if any(first <= start < last for first, last in self.bylines):
            return "byline"
        if any(first <= start < last for first, last in self.paragraphs):
            return "paragraph"
        cell = bisect_left(self._cells, start)
        return "row" if cell < len(self._cells) and self._cells[cell] < end else None

    @cached_property
    def _furniture(self) -> list[tuple[int, int]]:
        return sorted(self.furniture)

    @cached_property
    def _cells(self) -> list[int]:
        """Where the cells of all tables begin."""
        return sorted(cell.start for table in self.tables for cell in table.cells)


NO_MARKS = PageMarks()


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page, or several that only its width parted.

    ``pieces`` are half-open ranges of the page, whose texts joined are ``text``; ``form`` is its
    standard form (`rag.text`), which patterns read; ``gap`` counts the line breaks above it.
    """

    pieces: tuple[tuple[int, int], ...]
    text: str
    gap: int
    kind: Kind
    form: str

    @property
    def start(self) -> int:
        """Where the block begins in the page."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.pieces[-1][1]

    @property
    def is_short(self) -> bool:
        """Whether it could be a headline, a heading or a caption: no end mark, few words."""
        return self.kind in ("line", "markdown")

    @property
    def may_be_headline(self) -> bool:
        """Whether it could be a headline: also a long one, one that asks, or one that calls out."""
        is_clause = "。" not in self.form and self.form[-1] not in _GOES_ON
        return self.is_short or (len(self.form) <= _MAX_HEADLINE and is_clause and not self.is_row)

    @property
    def is_open(self) -> bool:
        """Whether it may break off in mid-sentence; a short line of a list needs no end mark."""
        is_item = self.has_list_mark and len(self.form) <= _MAX_SHORT and "。" not in self.form
        return self.kind in ("line", "paragraph") and not is_item and not is_closed(self.form)

    @property
    def has_dateline(self) -> bool:
        """Whether it begins as the first paragraph of a report does (本报讯 …)."""
        return bool(_DATELINE.match(self.form))

    @property
    def has_list_mark(self) -> bool:
        """Whether it begins with a number or sign of a list."""
        return bool(_LIST_MARK.match(self.form))

    @property
    def is_row(self) -> bool:
        """Whether it is an item of a list or a row of a table."""
        return self.kind == "row" or self.has_list_mark or self.form.startswith("|")

    @property
    def holds_only_names(self) -> bool:
        """Whether it is nothing but words of two to four characters, as authors are named."""
        return bool(_NAMES_ONLY.match(self.form))

    @property
    def plain(self) -> str:
        """The text without the marks of a Markdown heading."""
        heading = _MARKDOWN_HEADING.match(self.form)
        return self.text[slice(*heading.span(2))] if heading else self.text


def is_closed(text: str) -> bool:
    """Whether a text ends as a sentence does, closing signs aside, or with a colon."""
    bare = text.rstrip(_CLOSERS)
    return bare[-1:] in _CLOSED if bare else True


def split_blocks(page: str, marks: PageMarks = NO_MARKS) -> list[Block]:
    """The blocks of a page in printed order; together they hold every visible character."""
    blocks: list[Block] = []
    previous_end = 0
    form = standard_form(page)
    for match in _LINE.finditer(page):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        start = match.start() + len(line) - len(line.lstrip())
        gap = _line_breaks(page[previous_end:start])
        end = start + len(stripped)
        formed = form[start:end]
        kind = marks.kind_of(start, end) or _kind(formed)
        if kind == "line" and blocks and blocks[-1].is_short and _SIGNED.match(formed):
            kind = "byline"
        blocks.append(Block(((start, end),), stripped, gap, kind, formed))
        previous_end = end
    return _unwrapped(blocks)


def _line_breaks(between: str) -> int:
    """The line breaks between two blocks; a form feed counts as a wide gap."""
    breaks = between.count("\n") or between.count("\r") or 1
    return breaks + _PAGE_GAP * between.count("\f")


def _kind(line: str) -> Kind:
    if len(line) > _MAX_MARKED:
        return "paragraph"
    if _MARKDOWN_HEADING.match(line):
        return "markdown"
    if _BYLINE.match(line) or _CREDITS.match(line):
        return "byline"
    is_closing = line[-1] in _CLOSED + _COMMAS + _DAMAGED
    if len(line) <= 2 * _MAX_SHORT and not is_closing and _FURNITURE.search(line):
        return "furniture"
    short = not is_closing and "。" not in line and _is_short(line)
    return "line" if short and not _LIST_MARK.match(line) else "paragraph"


def _is_short(line: str) -> bool:
    """Whether a line has few enough words for a headline; Latin letters take less room."""
    if len(line) <= _MAX_SHORT or len(line) > _MAX_WIDTH:
        return len(line) <= _MAX_SHORT
    wide = sum(character > "\u2e7f" for character in line)
    return wide <= _MAX_SHORT and len(line) + wide <= _MAX_WIDTH


def usual_gap(blocks: Sequence[Block]) -> int:
    """The commonest number of line breaks between two blocks.

    Rows of a list or table are set closer than paragraphs and say nothing of these.
    """
    gaps = Counter(
        below.gap for above, below in pairwise(blocks) if not (above.is_row and below.is_row)
    ) or Counter(block.gap for block in blocks[1:])
    return max(gaps, key=lambda gap: (gaps[gap], -gap)) if gaps else 1


def _unwrapped(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with lines of a fixed width put together again.

    A group of lines without a gap is wrapped when most of its lines have the same width; a line
    goes on in the next one when it fills that width.
    """
    found: list[Block] = []
    for group in _groups(blocks):
        width = _wrap_width(group)
        runs: list[list[Block]] = []
        for block in group:
            if width and runs and _goes_on(runs[-1][-1], block, width):
                runs[-1].append(block)
            else:
                runs.append([block])
        found.extend(_merged(run) for run in runs)
    return found


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and block.gap == 1 and block.kind in ("line", "paragraph"):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _wrap_width(group: Sequence[Block]) -> int:
    """The width that a group of lines is wrapped at, 0 when it is not."""
    if len(group) < 4:
        return 0
    widths = Counter(len(block.text) for block in group[:-1])
    width = max(widths, key=lambda w: (widths[w] + widths[w - 1], w))
    full = widths[width] + widths[width - 1]
    is_wrapped = _MIN_WRAP <= width <= _MAX_WRAP and full >= _WRAPPED_SHARE * (len(group) - 1)
    return width if is_wrapped else 0


def _goes_on(line: Block, below: Block, width: int) -> bool:
    """Whether a line fills the width, and no item of a list begins below it."""
    is_next_item = below.has_list_mark and is_closed(line.form)
    return width - 1 <= len(line.text) <= width and not is_next_item


def _merged(lines: Sequence[Block]) -> Block:
    if len(lines) == 1:
        return lines[0]
    pieces = tuple(line.pieces[0] for line in lines)
    text = "".join(line.text for line in lines)
    form = "".join(line.form for line in lines)
    return Block(pieces, text, lines[0].gap, "paragraph", form)
