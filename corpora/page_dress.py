"""What newspapers set around their stories: headlines, bylines, section headings, captions.

Made from the stories' own words and from names put together at random. Knows nothing of damage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from corpora.newspaper_pages import PageBlock

Kind = Literal["headline", "byline", "heading", "paragraph", "caption", "furniture"]
# Its words, what it is, and what stands above it (None: the page's own separator).
Line = tuple[str, Kind, str | None]

_CLAUSE = re.compile(r"[，。！？；：,!?;:、（）()“”《》\s]+")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志文斌宇浩凯健俊帆雪琳晨"
_COLUMNS = ("要闻", "综合新闻", "本地新闻", "经济观察", "深度报道", "一线见闻", "特别报道", "时事")
# Where the first of a headline's two parts ends.
_PART_END = re.compile(r"\s+|】|[｜|丨]|——|[！!？?]")
_TWO_LINES = 0.3  # of the headlines in two parts stand on two lines
_WIDE = "\n\n\n\n"


def headline(lead: str, rng: np.random.Generator) -> str:
    """A headline of 8 to 28 characters from the clauses of a lead, without its end mark."""
    clauses = [clause for clause in _CLAUSE.split(lead) if len(clause) > 3]
    longest = int(rng.integers(14, 29))
    title = ""
    for clause in clauses[int(rng.integers(0, 2)) :] or clauses:
        if title and len(title) + len(clause) + 1 > longest:
            break
        title = f"{title} {clause}".strip()
        if len(title) >= 10 and rng.random() < 0.6:
            break
    return title[:28] or lead[:12]


def set_headline(words: str, rng: np.random.Generator) -> list[Line]:
    """A headline as papers set it: on one line, or on two where it has two parts."""
    cuts = [found.end() for found in _PART_END.finditer(words) if 4 < found.end() < len(words) - 4]
    if not cuts or rng.random() >= _TWO_LINES:
        return [(words, "headline", None)]
    cut = int(rng.choice(cuts))
    return [(words[:cut].strip(), "headline", None), (words[cut:].strip(), "headline", "\n")]


def caption(story: Sequence[str], rng: np.random.Generator) -> str:
    """A line under a picture: a clause of the story, plain or as captions are signed."""
    clauses = [c for c in _CLAUSE.split(story[int(rng.integers(len(story)))]) if 5 < len(c) < 25]
    words = str(rng.choice(clauses)) if clauses else "活动现场"
    style = rng.random()
    if style < 0.5:
        return words
    return f"图为{words}。" if style < 0.75 else f"{words}（资料图片）"


def names(rng: np.random.Generator) -> str:
    """One to three names of people, with a space between them."""
    return " ".join(
        str(rng.choice(list(_SURNAMES)))
        + "".join(rng.choice(list(_GIVEN), int(rng.integers(1, 3))))
        for _ in range(int(rng.integers(1, 4)))
    )


class PageDress:
    """How one page is set: its styles are drawn once and hold for all its stories."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.byline_rate, self.dateline_rate = rng.choice([0.0, 0.5, 1.0], 2)
        self.foot_rate = float(rng.choice([0.0, 0.0, 0.7]))
        self.heading_rate = float(rng.choice([0.0, 0.1, 0.25]))
        self.list_rate = float(rng.choice([0.0, 0.0, 0.3]))
        self.caption_gap = str(rng.choice(["\n\n", _WIDE]))
        self.mark = str(rng.choice(["记者", "本报记者", "► ", "通讯员", "□ 本报记者"]))
        self.has_column = rng.random() < 0.3

    def above(self, whole: list[str], *, has_title: bool, own: str = "") -> Iterator[Line]:
        """Headline lines and byline; a dateline is put before the first paragraph.

        ``own``: the headline that the story has; another is made of its words without one.
        """
        rng = self.rng
        if own:
            yield from set_headline(own, rng)
        elif has_title:
            lead = whole[0] if rng.random() < 0.6 else whole[int(rng.integers(len(whole)))]
            title = headline(lead, rng)
            cut = len(title) // 2 if len(title) > 12 and rng.random() < 0.4 else len(title)
            yield title[:cut].strip(), "headline", None
            if title[cut:].strip():
                yield title[cut:].strip(), "headline", "\n"
            if rng.random() < 0.15:
                yield f"——{headline(whole[-1], rng)[:16]}", "headline", None
        if rng.random() < self.byline_rate:
            yield f"{self.mark} {names(rng)}", "byline", None
        elif rng.random() < self.dateline_rate:
            place = "".join(rng.choice(list(_GIVEN), 2))
            lines = ["本报讯 ", f"本报讯（记者 {names(rng)}）", f"新华社{place}8月3日电 "]
            whole[0] = str(rng.choice(lines)) + whole[0]
        if rng.random() < 0.15:
            yield caption(whole, rng), "caption", _WIDE

    def between(self, whole: list[str], place: int) -> Iterator[Line]:
        """A section heading, or the sign of a list before the paragraph itself."""
        rng = self.rng
        if not place:
            return
        if rng.random() < self.heading_rate:
            words = headline(whole[min(place + int(rng.integers(2)), len(whole) - 1)], rng)[:18]
            cut = len(words) // 2 if rng.random() < 0.2 and " " not in words else len(words)
            yield words[:cut].strip(), "heading", None
            if words[cut:].strip():
                yield words[cut:].strip(), "heading", "\n"
        elif rng.random() < self.list_rate:
            whole[place] = "——" + whole[place]

    def below(self, whole: list[str]) -> Iterator[Line]:
        """The authors' names, and captions of pictures that stood beside the story."""
        if self.rng.random() < self.foot_rate:
            yield names(self.rng), "byline", None
        while self.rng.random() < 0.12:
            yield caption(whole, self.rng), "caption", _WIDE

    def page(self, blocks: Sequence[PageBlock]) -> list[PageBlock]:
        """The page with the name of its column above, and its editors above or below."""
        from corpora.newspaper_pages import PageBlock

        rng = self.rng
        found = list(blocks)
        if self.has_column:
            found.insert(0, PageBlock(str(rng.choice(_COLUMNS)), found[0].story, -1, "headline"))
        edge = f"责任编辑 {names(rng)} 美编 {names(rng)}"
        if rng.random() < 0.3:
            place = 0 if rng.random() < 0.5 else len(found)
            found.insert(place, PageBlock(edge, -1, 0, "furniture"))
        return found
