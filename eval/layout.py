"""How well pages are repaired: generated pages through ``rag.read_articles``, held against truth.

Knows nothing of how the program repairs a page; it looks at the articles that come out.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

import rag
from corpora.headlines import read_headed_news
from corpora.news import read_news
from corpora.newspaper_pages import UNDAMAGED, Damage, NewspaperPage, make_page, usable

PAGES = 500
_HEADED = "headed"  # the stories have the headlines that their papers gave them
KINDS: dict[str, Damage] = {
    "plain": Damage(),
    "titled": Damage(has_titles=True),
    "dressed": Damage(has_titles=True, dressed_rate=1.0, section_rate=0.1, lost_rate=0.05),
    "whole": UNDAMAGED,
    "whole titled": replace(UNDAMAGED, has_titles=True),
    _HEADED: Damage(dressed_rate=0.5),
}


@dataclass(slots=True)
class Counts:
    """What is counted over the pages of one kind."""

    pages: int = 0
    blocks: int = 0
    own_blocks: int = 0
    boundaries_found: int = 0
    boundaries_wrong: int = 0
    boundaries_missed: int = 0
    next_breaks: int = 0
    next_joined: int = 0
    carried_breaks: int = 0
    carried_joined: int = 0
    wrong_joins: int = 0
    unchanged: int = 0
    bytes: int = 0
    seconds: float = 0.0

    def figures(self) -> dict[str, float]:
        """The published figures, shares of 1."""
        breaks = self.next_breaks + self.carried_breaks
        found = self.boundaries_found
        wrong, missed = self.boundaries_wrong, self.boundaries_missed
        return {
            "pages": self.pages,
            "next joined": _share(self.next_joined, self.next_breaks),
            "carried joined": _share(self.carried_joined, self.carried_breaks),
            "wrong joins": _share(self.wrong_joins, breaks),
            "own story": _share(self.own_blocks, self.blocks),
            "boundaries F1": _share(2 * found, 2 * found + wrong + missed),
            "unchanged": _share(self.unchanged, self.pages),
            "MB a second": self.bytes / 1e6 / max(self.seconds, 1e-9),
        }


def measure(data: Path, *, pages: int, seed: int) -> dict[str, dict[str, float]]:
    """The figures of each kind of page, made from the news rows that are for measuring only."""
    plain = [("", text) for text in read_news(data, measuring=True) if usable(text)]
    headed = [story for story in read_headed_news(data, measuring=True) if usable(story.text)]
    return {
        kind: measure_pages(
            _pages(headed if kind == _HEADED else plain, damage, pages, seed + number)
        ).figures()
        for number, (kind, damage) in enumerate(KINDS.items())
    }


def _pages(
    stories: Sequence[tuple[str, str]], damage: Damage, count: int, seed: int
) -> Iterator[NewspaperPage]:
    """Pages of one to ``max_stories`` stories, headline and text; a page has no text twice."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        wanted = int(rng.integers(1, damage.max_stories + 1))
        chosen = [stories[int(at)] for at in rng.choice(len(stories), wanted, replace=False)]
        headlines = {place: headline for place, (headline, _) in enumerate(chosen) if headline}
        yield make_page([text for _, text in chosen], damage, rng, headlines=headlines)


def measure_pages(pages: Iterable[NewspaperPage]) -> Counts:
    """Counts over pages that are written to a file and read as articles."""
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.txt"
        for page in pages:
            path.write_text(page.text, encoding="utf-8", newline="")
            started = time.perf_counter()
            articles = rag.read_articles(path)
            counts.seconds += time.perf_counter() - started
            counts.bytes += path.stat().st_size
            _count(counts, page, articles)
    return counts


def _count(counts: Counts, page: NewspaperPage, articles: Sequence[rag.Article]) -> None:
    place_of = _places(articles, len(page.text))
    ends = [start + len(block.text) for start, block in zip(page.starts, page.blocks, strict=True)]
    counts.pages += 1
    printed = [place for place, block in enumerate(page.blocks) if block.story >= 0]
    owners = [place_of[page.starts[place]][0] for place in printed]
    stories = [page.blocks[place].story for place in printed]
    counts.blocks += len(printed)
    counts.own_blocks += _own_blocks(owners, stories)
    for (a, b), (x, y) in zip(pairwise(owners), pairwise(stories), strict=True):
        counts.boundaries_found += a != b and x != y
        counts.boundaries_wrong += a != b and x == y
        counts.boundaries_missed += a == b and x != y
    _count_joins(counts, page, articles, place_of, ends)
    text = "\n".join(block.text for block in page.blocks)
    counts.unchanged += len(articles) == 1 and articles[0].text == text


def _places(articles: Sequence[rag.Article], length: int) -> list[tuple[int, int]]:
    """For each character of the page its article (-1: none) and its place in the article's text."""
    places = [(-1, -1)] * length
    for number, article in enumerate(articles):
        for span in article.spans:
            for offset in range(span.length):
                places[span.source_start + offset] = (number, span.start + offset)
    return places


def _own_blocks(owners: Sequence[int], stories: Sequence[int]) -> int:
    """Blocks whose article is the one that stands for their story, each for one story only."""
    from scipy.optimize import linear_sum_assignment

    table = np.zeros((max(owners) + 2, max(stories) + 1))
    for owner, story in zip(owners, stories, strict=True):
        table[owner + 1, story] += 1
    table[0] = 0
    rows, columns = linear_sum_assignment(-table)
    return int(table[rows, columns].sum())


def _count_joins(
    counts: Counts,
    page: NewspaperPage,
    articles: Sequence[rag.Article],
    place_of: Sequence[tuple[int, int]],
    ends: Sequence[int],
) -> None:
    continued = dict(page.continued())
    start_at = {place_of[start]: place for place, start in enumerate(page.starts)}
    for place, end in enumerate(ends):
        article, position = place_of[end - 1]
        follower = start_at.get((article, position + 1)) if article >= 0 else None
        wanted = continued.get(place)
        if wanted is None:
            counts.wrong_joins += follower is not None
            continue
        between = page.blocks[place + 1 : wanted]
        is_next = wanted > place and all(block.kind == "caption" for block in between)
        if is_next:
            counts.next_breaks += 1
            counts.next_joined += follower == wanted
        else:
            counts.carried_breaks += 1
            counts.carried_joined += follower == wanted
        counts.wrong_joins += follower is not None and follower != wanted


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
