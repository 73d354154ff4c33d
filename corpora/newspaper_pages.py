"""Newspaper pages with known truth, made from whole articles: cut up, broken, mixed, captioned.

Pure functions of a random generator; knows nothing of how a page is repaired. A *part* is a piece
of a paragraph that a break left; a part *carried* stands after another story of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from corpora.page_dress import Kind, Line, PageDress, caption, headline, set_headline

MIN_BROKEN_CHARS = 60
_SENTENCE = re.compile(r"[^。！？!?]*(?:[。！？!?]+[”’」』）)]*|$)")
NOT_BEFORE_A_CUT = "。！？!?；;…”’」』"
NOT_AFTER_A_CUT = NOT_BEFORE_A_CUT + "，、："
_NOISE = re.compile(
    r"https?:|\([\d., +%-]+\)|[|<>{}\\]|责任编辑|编辑[ ：:]|校对[ ：:]|点击|原标题"
    r"|版权|爆料|转载|热线|来\s?源[：:]"
)


@dataclass(frozen=True, slots=True)
class Damage:
    """How a page is broken; the defaults are the least damage that is measured."""

    break_rate: float = 0.22
    carried_share: float = 0.5
    caption_rate: float = 0.25
    lost_rate: float = 0.0  # later parts that stand on another page
    section_rate: float = 0.0  # stories whose last paragraphs stand after another story
    shuffled_rate: float = 0.0  # pages of one story whose columns stand in the wrong order
    has_titles: bool = False
    dressed_rate: float = 0.0  # pages set as papers set them: see ``corpora.page_dress``
    max_stories: int = 6


UNDAMAGED = Damage(break_rate=0.0, caption_rate=0.0, max_stories=1)


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block as printed: its text, its story, its place in it, and whether it goes on.

    ``continues`` is true of a part whose first half is the block before it in the story; ``gap``
    is what stands above the block, None for the page's own separator. Page furniture has the
    story -1.
    """

    text: str
    story: int
    order: int
    kind: Kind = "paragraph"
    continues: bool = False
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class NewspaperPage:
    """A page's blocks in the order they are printed."""

    blocks: tuple[PageBlock, ...]
    separator: str = "\n\n"

    @property
    def text(self) -> str:
        """The page as a file holds it."""
        return "".join(self._gap(place) + block.text for place, block in enumerate(self.blocks))

    @property
    def starts(self) -> list[int]:
        """Where each block begins in ``text``."""
        places, position = [], 0
        for place, block in enumerate(self.blocks):
            position += len(self._gap(place))
            places.append(position)
            position += len(block.text)
        return places

    def continued(self) -> list[tuple[int, int]]:
        """The printed places of both parts of every broken sentence whose parts are here."""
        place_of = {(block.story, block.order): place for place, block in enumerate(self.blocks)}
        pairs = []
        for place, block in enumerate(self.blocks):
            before = block.order - 1
            while block.continues and (at := place_of.get((block.story, before))) is not None:
                if self.blocks[at].kind == "paragraph":
                    pairs.append((at, place))
                    break
                before -= 1
        return pairs

    def _gap(self, place: int) -> str:
        gap = self.blocks[place].gap
        return "" if place == 0 else self.separator if gap is None else gap


def usable(text: str) -> bool:
    """Whether a news text is prose of a story's length, without tables, links or page remains."""
    if not 200 <= len(text) <= 3000 or _NOISE.search(text):
        return False
    marks = sum(text.count(mark) for mark in "。！？")
    digits = sum(character.isdigit() for character in text)
    return marks >= 4 and len(text) / marks < 150 and digits < len(text) / 8


def paragraphs(text: str, rng: np.random.Generator) -> list[str]:
    """A text cut at sentence ends into paragraphs of one to five sentences."""
    found: list[str] = []
    current, wanted = "", _wanted(rng)
    for sentence in _SENTENCE.findall(text):
        current += sentence
        if len(current) >= wanted:
            found.append(current.strip())
            current, wanted = "", _wanted(rng)
    if current.strip():
        found.append(current.strip())
    return [paragraph for paragraph in found if paragraph]


def _wanted(rng: np.random.Generator) -> int:
    return int(np.clip(rng.lognormal(4.5, 0.6), 25, 400))


def make_page(
    texts: Sequence[str],
    damage: Damage,
    rng: np.random.Generator,
    *,
    headlines: Mapping[int, str] | None = None,
) -> NewspaperPage:
    """A page of the given stories, one text each.

    ``headlines``: those that stories have of their own, by their place among the texts; the others
    get one made of their words where the damage says ``has_titles``.
    """
    dress = PageDress(rng) if rng.random() < damage.dressed_rate else None
    own = headlines or {}
    stories = [
        _story(text, own.get(number, ""), number, damage, dress, rng)
        for number, text in enumerate(texts)
    ]
    separator = "\n\n" if dress or rng.random() < 0.5 else "\n"
    if len(stories) == 1:
        damage = replace(damage, carried_share=0.0, section_rate=0.0)
        if rng.random() < damage.shuffled_rate:
            stories = [_shuffled(stories[0], rng)]
    kept, carried = [], []
    for story in stories:
        stay, leave = _carry(story, damage, rng)
        kept.append(stay)
        carried.extend(leave)
    for group in carried:
        others = [number for number in range(len(stories)) if number != group[0].story]
        kept[int(rng.choice(others))].extend(group)
    blocks = [block for story in kept for block in story]
    return NewspaperPage(tuple(dress.page(blocks) if dress else blocks), separator)


def _story(
    text: str,
    title: str,
    number: int,
    damage: Damage,
    dress: PageDress | None,
    rng: np.random.Generator,
) -> list[PageBlock]:
    """Blocks of one story in reading order, paragraphs broken, captions between their parts."""
    whole = paragraphs(text, rng)
    lines = list(_above(whole, title, damage, dress, rng))
    continued: set[int] = set()
    gap = dress.caption_gap if dress else None
    for place in range(len(whole)):
        if dress:
            lines += dress.between(whole, place)
        paragraph = whole[place]
        cut = _break(paragraph, damage, rng)
        lines.append((paragraph[:cut], "paragraph", None))
        if cut < len(paragraph):
            if rng.random() < damage.caption_rate:
                lines.append((caption(whole, rng), "caption", gap))
            continued.add(len(lines))
            lines.append((paragraph[cut:], "paragraph", gap))
    if dress:
        lines += dress.below(whole)
    return [
        PageBlock(words, number, order, kind, order in continued, above)
        for order, (words, kind, above) in enumerate(lines)
    ]


def _above(
    whole: list[str], title: str, damage: Damage, dress: PageDress | None, rng: np.random.Generator
) -> Iterable[Line]:
    """What stands above a story's text."""
    if dress:
        return dress.above(whole, has_title=damage.has_titles, own=title)
    if title:
        return set_headline(title, rng)
    return [(headline(whole[0], rng), "headline", None)] if damage.has_titles else []


def is_mid_sentence(text: str, cut: int) -> bool:
    """Whether a text cut there is broken within a sentence, and not just before a comma."""
    return text[cut - 1] not in NOT_BEFORE_A_CUT and text[cut] not in NOT_AFTER_A_CUT


def _break(paragraph: str, damage: Damage, rng: np.random.Generator) -> int:
    """Where a paragraph is broken, its length when it is not: never at a sentence's end."""
    if len(paragraph) <= MIN_BROKEN_CHARS or rng.random() >= damage.break_rate:
        return len(paragraph)
    for _ in range(20):
        cut = int(rng.integers(12, len(paragraph) - 12))
        if is_mid_sentence(paragraph, cut) and " " not in paragraph[cut - 1 : cut + 1]:
            return cut
    return len(paragraph)


def _carry(
    story: list[PageBlock], damage: Damage, rng: np.random.Generator
) -> tuple[list[PageBlock], list[list[PageBlock]]]:
    """The blocks that stay, and the groups that will stand after another story."""
    stay: list[PageBlock] = []
    leave: list[list[PageBlock]] = []
    body = sum(block.kind == "paragraph" for block in story)
    if body >= 6 and rng.random() < damage.section_rate:
        cut = len(story) - int(rng.integers(2, 4))
        leave.append(story[cut:])
        story = story[:cut]
    for block in story:
        if block.continues and rng.random() < damage.lost_rate:
            continue
        if block.continues and rng.random() < damage.carried_share:
            leave.append([block])
        else:
            stay.append(block)
    return stay, leave


def _shuffled(story: list[PageBlock], rng: np.random.Generator) -> list[PageBlock]:
    """Columns of one story, cut at its breaks, in another order; the first stays first."""
    cuts = [0, *(place for place, block in enumerate(story) if block.continues), len(story)]
    columns = [story[a:b] for a, b in pairwise(cuts)]
    order = [0, *(int(place) + 1 for place in rng.permutation(len(columns) - 1))]
    return [block for place in order for block in columns[place]]


def make_pages(texts: Sequence[str], count: int, damage: Damage, seed: int) -> list[NewspaperPage]:
    """So many pages of one to ``max_stories`` stories each, no text used twice."""
    rng = np.random.default_rng(seed)
    order = iter(rng.permutation(len(texts)))
    pages = []
    for _ in range(count):
        wanted = int(rng.integers(1, damage.max_stories + 1))
        chosen = [texts[int(next(order))] for _ in range(wanted)]
        pages.append(make_page(chosen, damage, rng))
    return pages
