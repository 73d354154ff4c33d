"""A web page to blocks of text, each with the element it stands in.

The parser (libxml2) reports one tag after another and no tree of the page is built, so that a page
of countless tags, levels or attributes costs little more than its text. Knows nothing of which
blocks are the main text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from rag.articles.loaders.joining import collapse, words
from rag.articles.loaders.written import Field
from rag.errors import ArticleError

_MAX_MARKUP = 10_000_000  # bytes; where libxml2 meets its own limits it reads in circles
_MAX_EFFORT = 1_000_000  # a page written in numeric entities has a piece of text a character
_TAG_EFFORT, _TEXT_EFFORT = 5, 1
_MAX_DEPTH = 200
_PICTURE = re.compile(r"data:[\w/+.-]+;base64,[\w+/=%\s]+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol p pre section summary table tbody td tfoot th thead tr ul"
)
_LEFT_OUT = words(
    "applet aside audio button canvas datalist dialog embed footer frameset iframe input map menu "
    "meter nav noframes noscript object option optgroup progress rp rt script select style svg "
    "template textarea video"
)
_LEFT_OUT_ROLES = words(
    "alert alertdialog banner complementary contentinfo dialog menu menubar navigation search "
    "tablist toolbar tooltip"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_VEILED_STYLE = re.compile(r"visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|$)", re.IGNORECASE)
_HIDDEN_CLASSES = words("sr-only visually-hidden d-none screen-reader-text")
_MAX_CELL_CHARS = 300  # more is a page laid out in a table
_MAX_CELL_BLOCKS = 1
_MAX_REACH = 1_000  # rows or columns of a merged cell
_LINE_END = "\0"  # the parser gives none


class Element:
    """A block element: its tag, the names given to it, and the element it stands in.

    ``heading`` is 1 to 6 inside h1 to h6, else 0; ``is_marked`` when the page says that it is the
    article; ``is_veiled`` when it cannot be seen until a script shows it, as the articles of some
    sites.
    """

    __slots__ = ("depth", "heading", "is_marked", "is_veiled", "names", "parent", "span", "tag")

    def __init__(self, tag: str, parent: Element | None, attributes: Mapping[str, str]) -> None:
        self.tag = tag
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        self.heading: int = _HEADINGS.get(tag, parent.heading if parent else 0)
        self.is_marked = (
            tag in ("article", "main")
            or attributes.get("role") == "main"
            or attributes.get("itemprop") == "articleBody"
        )
        self.is_veiled = _is_veiled(attributes)
        self.span = (_reach(attributes, "rowspan"), _reach(attributes, "colspan"))

    @property
    def table(self) -> Element | None:
        """The table that a row stands in."""
        above = self.parent
        while above is not None and above.tag != "table":
            above = above.parent
        return above


@dataclass(eq=False, slots=True)
class Block:
    """A paragraph, heading or row of a table as shown; ``link_chars`` of it are links.

    A row of short cells has these as ``fields``.
    """

    text: str
    element: Element
    link_chars: int = 0
    fields: tuple[Field, ...] = ()


@dataclass(slots=True)
class Page:
    """The visible blocks of a page and what its head says."""

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)  # by lower-case name, the first of each
    json: list[str] = field(default_factory=list)  # JSON-LD
    times: list[str] = field(default_factory=list)


def read_page(markup: str, name: str) -> Page:
    """The page of this markup; ArticleError when it is larger than any page that is an article."""
    data = _PICTURE.sub("", markup).encode("utf-8", "replace")
    if len(data) > _MAX_MARKUP:
        raise ArticleError(
            f"{name} 除去图片还有 {len(data) / 1e6:.0f} MB，超过网页的上限 "
            f"{_MAX_MARKUP / 1e6:.0f} MB；请只保存正文部分"
        )
    builder = _Builder(name)
    if data:
        etree.fromstring(data, etree.HTMLParser(target=builder, encoding="utf-8"))
    return builder.page


class _Open(NamedTuple):
    """A tag that is not closed yet."""

    tag: str
    element: Element
    is_hidden: bool
    is_link: bool


class _Builder:
    """Gathers blocks from the parser's events; ``_LINE_END`` in the text stands for ``br``."""

    def __init__(self, name: str) -> None:
        self.page = Page()
        self._name = name
        self._open = [_Open("", Element("", None, {}), is_hidden=False, is_link=False)]
        self._too_deep = 0
        self._effort = 0
        self._pieces: list[tuple[str, bool]] = []  # text since the last block, and is it a link
        self._title: list[str] = []
        self._is_json = False
        # For each open row, its cells and where their blocks begin.
        self._rows: list[list[tuple[Element, int]]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an opening tag; what stands too deep is left out."""
        self._spend(_TAG_EFFORT)
        if self._too_deep or len(self._open) > _MAX_DEPTH:
            self._too_deep += 1
            return
        self._note(tag, attributes)
        above = self._open[-1]
        element = above.element
        if tag in _BLOCKS:
            self._end_block()
            element = Element(tag, above.element, attributes)
        is_hidden = above.is_hidden or _is_hidden(tag, attributes)
        self._open.append(
            _Open(tag, element, is_hidden, above.is_link or (tag == "a" and "href" in attributes))
        )
        if tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append((element, len(self.page.blocks)))

    def end(self, tag: str) -> None:
        """Take a closing tag, and with it those inside it that were left open."""
        if self._too_deep:
            self._too_deep -= 1
            return
        if not any(opened.tag == tag for opened in self._open):
            return
        if tag == "br":
            self._pieces.append((_LINE_END, False))
        elif tag == "title":
            self.page.title = self.page.title or collapse("".join(self._title))
        closed = None
        while closed != tag:
            if self._open[-1].tag in _BLOCKS:
                self._end_block()
            closed, element, *_ = self._open.pop()
            if closed == "tr":
                self._end_row(self._rows.pop(), element)

    def data(self, text: str) -> None:
        """Take characters."""
        self._spend(_TEXT_EFFORT)
        opened = self._open[-1]
        if self._too_deep:
            return
        if opened.tag == "title":
            self._title.append(text)
        elif opened.tag == "script":
            if self._is_json:
                self.page.json[-1] += text
        elif not opened.is_hidden:
            shown = text.replace("\n", _LINE_END) if opened.element.tag == "pre" else text
            self._pieces.append((shown, opened.is_link))

    def close(self) -> None:
        """Take the end of the page."""
        self._end_block()

    def _spend(self, effort: int) -> None:
        self._effort += effort
        if self._effort > _MAX_EFFORT:
            raise ArticleError(
                f"{self._name} 的网页标签超过 {_MAX_EFFORT // _TAG_EFFORT} 个，不像文章；"
                "请只保存正文部分"
            )

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep what the page says of itself."""
        if tag == "meta":
            key = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
            content = collapse(attributes.get("content") or "")
            if key and content:
                self.page.meta.setdefault(key.strip().lower(), content)
        elif tag == "time" and attributes.get("datetime"):
            self.page.times.append(attributes["datetime"])
        elif tag == "script":
            self._is_json = attributes.get("type") == "application/ld+json"
            self.page.json += [""] * self._is_json

    def _end_block(self) -> None:
        """Make blocks of the text gathered so far; two line ends part them."""
        element = self._open[-1].element
        lines: list[str] = []
        link_chars = 0
        for line in (*_lines(self._pieces), []):
            text = collapse("".join(piece for piece, _ in line))
            if text:
                lines.append(text)
                link_chars += sum(len(piece.strip()) for piece, is_link in line if is_link)
            elif lines:
                self.page.blocks.append(Block("\n".join(lines), element, link_chars))
                lines, link_chars = [], 0
        self._pieces = []

    def _end_row(self, opened: list[tuple[Element, int]], element: Element) -> None:
        """Make one block of a row of short cells; other rows only lay a page out."""
        blocks = self.page.blocks
        starts = [start for _, start in opened]
        cells = [blocks[a:b] for a, b in pairwise([*starts, len(blocks)])]
        if (
            not cells
            or sum(map(len, cells)) == 0
            or any(len(cell) > _MAX_CELL_BLOCKS for cell in cells)
        ):
            return
        texts = [" ".join(block.text.replace("\n", " ") for block in cell) for cell in cells]
        is_row = len(cells) > 1 or any(cell.span != (1, 1) for cell, _ in opened)
        if is_row and all(len(text) <= _MAX_CELL_CHARS for text in texts):
            fields = tuple(
                Field(text, *cell.span, is_head=cell.tag == "th")
                for text, (cell, _) in zip(texts, opened, strict=True)
            )
            links = sum(block.link_chars for cell in cells for block in cell)
            text = "\t".join(filter(None, texts))
            blocks[starts[0] :] = [Block(text, element, links, fields)]


def _lines(pieces: Sequence[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    """The pieces of each line."""
    line: list[tuple[str, bool]] = []
    for text, is_link in pieces:
        first, *others = text.split(_LINE_END)
        line.append((first, is_link))
        for other in others:
            yield line
            line = [(other, is_link)]
    yield line


def _reach(attributes: Mapping[str, str], name: str) -> int:
    """Over how many rows or columns a cell reaches."""
    stated = (attributes.get(name) or "").strip()
    return min(max(int(stated), 1), _MAX_REACH) if stated.isascii() and stated.isdigit() else 1


def _is_veiled(attributes: Mapping[str, str]) -> bool:
    return bool(_VEILED_STYLE.search(attributes.get("style") or ""))


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    return (
        tag in _LEFT_OUT
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (attributes.get("role") or "").lower() in _LEFT_OUT_ROLES
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
        or not _HIDDEN_CLASSES.isdisjoint((attributes.get("class") or "").split())
        or (tag not in _BLOCKS and _is_veiled(attributes))
    )
