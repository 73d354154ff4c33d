"""What each block of a story is: a line of its headline, a byline, a heading, text or a caption.

Decided from its place among its neighbours and the gaps around it, after the story is known.
Knows nothing of how stories are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.articles.blocks import Block, is_closed
from rag.articles.joins import Join

Role = Literal["headline", "byline", "heading", "paragraph", "caption"]

_MAX_CAPTION = 80
_MIN_TITLE = 6
_HEADING_MARKS = "*+-•·—"
_MAX_BETWEEN = 5
_MAX_TITLE_LINES = 3
_MAX_HEADLINES = 6  # lines above a story that may be its headlines
_CAPTION = re.compile(
    r"^(?:[▲△▼◀]\s*)?(?:图为|图[一二三四五六七八九十\d]{0,2}[：:]|上图|下图|左图|右图)"
    r"|[\s（(](?:资料图片?|[^（）()]{0,20}(?:摄|供图|制图))[）)]?。?$|^[▲△▼◀]"
)


def roles_of(
    order: Sequence[int], joins: Sequence[Join], blocks: Sequence[Block], usual: int
) -> dict[int, Role]:
    """What each block is, by its number.

    ``order`` is the story as it is read, ``usual`` the usual gap between the page's blocks.
    """
    page = PageRoles(blocks, usual, _inside_breaks(order, joins, blocks))
    halves = {half for join in joins for half in (join.first, join.second)}
    is_text = [number in halves or page.is_text(number) for number in order]
    asking = _headline_above(order, is_text, halves, blocks)
    is_text = [text and number not in asking for number, text in zip(order, is_text, strict=True)]
    first = is_text.index(True) if any(is_text) else len(order)
    following = _following_text(order, is_text)
    roles: dict[int, Role] = {}
    headlines: list[Block] = []
    is_signed = False
    for place, number in enumerate(order):
        if is_text[place]:
            roles[number] = "paragraph"
        elif blocks[number].kind == "byline":
            roles[number] = "byline"
        elif number in asking:
            roles[number] = "headline"
        elif place < first:
            roles[number] = page.role_above(number, headlines, is_signed=is_signed)
        else:
            is_below_text = is_text[place - 1]
            roles[number] = page.role_below(number, following[place], is_below_text=is_below_text)
        is_signed |= roles[number] == "byline"
        if roles[number] == "headline":
            headlines.append(blocks[number])
    return roles


def _headline_above(
    order: Sequence[int], is_text: Sequence[bool], halves: set[int], blocks: Sequence[Block]
) -> set[int]:
    """The first lines of a story that read as text and are its headline: long, or a question."""
    found: set[int] = set()
    for place, number in enumerate(order[:_MAX_TITLE_LINES]):
        is_set_on = place == 0 or blocks[number].gap == 1
        if not is_set_on or number in halves or not blocks[number].may_be_headline:
            break
        if is_text[place] and any(is_text[place + 1 :]):
            found.add(number)
    return found


def _following_text(order: Sequence[int], is_text: Sequence[bool]) -> list[int | None]:
    """For each place in the order, the next block that is running text."""
    found: list[int | None] = []
    following: int | None = None
    for number, text in zip(reversed(order), reversed(is_text), strict=True):
        found.append(following)
        following = number if text else following
    return found[::-1]


def _inside_breaks(
    order: Sequence[int], joins: Sequence[Join], blocks: Sequence[Block]
) -> set[int]:
    """The few short blocks printed between the two halves of a sentence, as captions are."""
    own = set(order)
    found: set[int] = set()
    for join in joins:
        between = range(join.first + 1, join.second)
        is_short = all(len(blocks[number].text) <= _MAX_CAPTION for number in between)
        if join.first in own and len(between) <= _MAX_BETWEEN and is_short:
            found.update(own.intersection(between))
    return found


@dataclass(frozen=True, slots=True)
class PageRoles:
    """The blocks of a page, their usual gap, and those printed between halves of a sentence."""

    blocks: Sequence[Block]
    usual: int
    inside: set[int]

    def stands_alone(self, number: int) -> bool:
        """Whether wider gaps than usual part a block from what is above and below it."""
        blocks = self.blocks
        above = blocks[number].gap > self.usual or number == 0
        return above and (number + 1 == len(blocks) or blocks[number + 1].gap > self.usual)

    def is_marked_heading(self, number: int) -> bool:
        """Whether a short block begins with a dash or dot as headings may, and is no list item."""
        block = self.blocks[number]
        is_item = number + 1 < len(self.blocks) and self.blocks[number + 1].has_list_mark
        is_marked = block.form[0] in _HEADING_MARKS and block.has_list_mark and block.gap > 1
        return is_marked and not is_item and len(block.text) <= 40 and not is_closed(block.form)

    def is_heading(self, number: int) -> bool:
        """Whether a block within the text is a heading by its looks."""
        return self.blocks[number].is_short or self.is_marked_heading(number)

    def is_text(self, number: int) -> bool:
        """Whether a block is running text and no caption."""
        block = self.blocks[number]
        if block.kind == "row":
            return True
        if block.kind != "paragraph" or self.is_marked_heading(number):
            return False
        if len(block.text) > _MAX_CAPTION:
            return True
        is_apart = number in self.inside or self.stands_alone(number)
        return not (_CAPTION.search(block.form) or (is_apart and len(self.blocks) > 1))

    def is_over_table(self, number: int) -> bool:
        """Whether a block stands right over a table, as its title does."""
        return number + 1 < len(self.blocks) and self.blocks[number + 1].kind == "row"

    def is_caption(self, number: int) -> bool:
        """Whether a block that is no running text says that it belongs to a picture."""
        block = self.blocks[number]
        is_sentence = block.kind == "paragraph" and not self.is_marked_heading(number)
        return is_sentence or number in self.inside or bool(_CAPTION.search(block.form))

    def role_above(self, number: int, headlines: Sequence[Block], *, is_signed: bool) -> Role:
        """A line above the text: a headline, unless authors or a picture's words."""
        block = self.blocks[number]
        if not headlines:
            return "headline"
        if block.form.startswith("##") and headlines[0].kind == "markdown":
            return "heading"
        is_titled = sum(len(line.plain) for line in headlines) >= _MIN_TITLE
        if is_titled and block.holds_only_names and block.gap >= self.usual:
            return "byline"
        is_apart = self.stands_alone(number) or (is_signed and block.gap > self.usual)
        is_apart &= block.kind != "markdown"
        if self.is_caption(number) or (is_titled and is_apart):
            return "caption"
        return "heading" if is_signed or len(headlines) >= _MAX_HEADLINES else "headline"

    def role_below(self, number: int, following: int | None, *, is_below_text: bool) -> Role:
        """A line after the text has begun: a heading if text follows, else names or a caption."""
        block = self.blocks[number]
        if self.is_over_table(number):
            return "heading"
        if self.is_caption(number):
            return "caption"
        if following is None:
            return "byline" if block.holds_only_names and is_below_text else "caption"
        is_near = 0 < following - number <= _MAX_HEADLINES
        is_apart = self.stands_alone(number) and block.kind != "markdown"
        return "heading" if is_near and not is_apart else "caption"
