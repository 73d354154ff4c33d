"""Train the scorers of page repair: `python -m training.layout --data DIR`.

On pages that `corpora.newspaper_pages` makes from news that may be trained on, damaged in more ways
than are measured: joins ("does B go on where A broke off", all ways to join a page's blocks held
against one another), stories ("does a story begin at this gap"), pieces ("are these two pieces one
story").
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpora.headlines import HeadedStory, read_headed_news
from corpora.held_out import HeldOut
from corpora.news import read_news
from corpora.newspaper_pages import Damage, NewspaperPage, make_page, usable
from corpora.page_truth import PageTruth, truth_of
from rag.articles.blocks import split_blocks
from rag.articles.gap_features import GAP_FEATURES, gap_rows
from rag.articles.join_features import JOIN_FEATURES, join_candidates
from rag.articles.joins import find_joins
from rag.articles.layout import JOIN_THRESHOLD, START_THRESHOLD
from rag.articles.page_view import PageView, bigram_hashes, builtin_rarity
from rag.articles.pieces import PIECE_FEATURES, piece_pairs
from rag.articles.stories import find_pieces
from rag.articles.units import PageUnits, units_of
from rag.models.scorer import builtin_scorer
from rag.models.weights import WEIGHTS
from training.scorers import save, train_classifier, train_matching

Item = TypeVar("Item")
_RARE = 7.0
_RELATED = 10  # rare bigrams that two texts share when they tell of one thing
_WHOLE_SHARE = 0.12  # pages of one story that must be left alone
_HEADED_SHARE = 0.3  # pages whose stories have headlines of their own
_NEAR = 6  # rows of the corpus; it lists reports of one thing side by side


def features(texts: Sequence[str]) -> list[str]:
    """Long texts, each of two to four neighbouring reports that tell of one thing.

    The news are all short; a long feature comes back to its subject in every section.
    """
    rarity = builtin_rarity()
    rare = [_rare_bigrams(text, rarity) for text in texts]
    found: list[str] = []
    used: set[int] = set()
    for place in range(len(texts)):
        group = [place]
        for other in range(place + 1, min(place + _NEAR, len(texts))):
            shared = len(rare[place] & rare[other])
            # Copies of one report are no feature.
            is_copy = shared > 0.5 * min(len(rare[place]), len(rare[other]))
            if other not in used and shared >= _RELATED and not is_copy and len(group) < 4:
                group.append(other)
        if len(group) > 1 and place not in used:
            used.update(group)
            found.append("".join(texts[member] for member in group))
    return found


def _rare_bigrams(text: str, rarity: NDArray[np.float32]) -> set[int]:
    hashes = np.unique(bigram_hashes(text))
    return set(hashes[rarity[hashes] > _RARE].tolist())


@dataclass(frozen=True, slots=True)
class Stories:
    """What pages are made of: texts, long ones, and such as have headlines of their own."""

    texts: Sequence[str]
    long_texts: Sequence[str]
    headed: Sequence[HeadedStory]

    @classmethod
    def read(cls, data: Path) -> Self:
        """The news of a data folder that may be trained on."""
        held_out = HeldOut.of(data)
        texts = [text for text in read_news(data, held_out=held_out) if usable(text)]
        headed = [
            story for story in read_headed_news(data, held_out=held_out) if usable(story.text)
        ]
        return cls(texts, features(texts), headed)


def mixed_pages(stories: Stories, count: int, seed: int) -> Iterator[NewspaperPage]:
    """Pages of every kind: plain and dressed, titled or not, more and less broken.

    On some all stories have the headlines that their papers gave them.
    """
    rng = np.random.default_rng(seed)
    for _ in range(count):
        damage = Damage(
            break_rate=float(rng.choice([0.0, 0.1, 0.22, 0.22, 0.35])),
            lost_rate=float(rng.choice([0.0, 0.05])),
            section_rate=float(rng.choice([0.0, 0.0, 0.15])),
            shuffled_rate=0.5,
            has_titles=bool(rng.random() < 0.6),
            dressed_rate=0.5,
        )
        is_whole = rng.random() < _WHOLE_SHARE
        if is_whole:
            damage = replace(damage, break_rate=0.0)
        wanted = 1 if is_whole else int(rng.integers(1, damage.max_stories + 1))
        if rng.random() < _HEADED_SHARE:
            headed = _drawn(stories.headed, wanted, rng)
            headlines = {place: story.headline for place, story in enumerate(headed)}
            yield make_page([story.text for story in headed], damage, rng, headlines=headlines)
            continue
        chosen = _drawn(stories.texts, wanted, rng)
        if rng.random() < 0.35:
            chosen[0] = stories.long_texts[int(rng.integers(len(stories.long_texts)))]
        yield make_page(chosen, damage, rng)


def _drawn(items: Sequence[Item], count: int, rng: np.random.Generator) -> list[Item]:
    """So many different ones."""
    return [items[int(place)] for place in rng.choice(len(items), count, replace=False)]


def views_of(pages: Sequence[NewspaperPage]) -> list[tuple[PageView, PageTruth]]:
    """Each page as the program sees it, page furniture left out, with the truth about it."""
    found = []
    for page in pages:
        blocks = [block for block in split_blocks(page.text) if block.kind != "furniture"]
        if blocks:
            truth = truth_of(page, [block.start for block in blocks])
            found.append((PageView(blocks), truth))
    return found


def train_joins(views: Sequence[tuple[PageView, PageTruth]], out: Path, seed: int) -> None:
    """The scorer of joins."""
    rows, labels, firsts, seconds, pages = [], [], [], [], []
    for number, (view, truth) in enumerate(views):
        found = join_candidates(view)
        pairs = zip(found.first.tolist(), found.second.tolist(), strict=True)
        labels.append(np.array([truth.joins.get(a) == b for a, b in pairs], dtype=bool))
        rows.append(found.rows)
        firsts.append(found.first)
        seconds.append(found.second)
        pages.append(np.full(len(found.first), number))
    scorer = train_matching(
        JOIN_FEATURES,
        np.concatenate(rows),
        np.concatenate(labels),
        (np.concatenate(firsts), np.concatenate(seconds), np.concatenate(pages)),
        seed=seed,
    )
    save(scorer, out / "joins")


def train_stories(views: Sequence[tuple[PageView, PageTruth]], out: Path, seed: int) -> None:
    """The scorers of gaps and of pairs of pieces, after the joins that the program finds."""
    seen = []
    for view, truth in views:
        units = units_of(len(view.blocks), find_joins(view, JOIN_THRESHOLD))
        owners = [truth.stories[unit.blocks[0]] for unit in units]
        seen.append((PageUnits(view, units), owners))
    gaps = [(gap_rows(page), own) for page, own in seen if len(page) > 1]
    labels = [np.array([a != b for a, b in pairwise(own)]) for _, own in gaps]
    rows = np.concatenate([rows for rows, _ in gaps])
    scorer = train_classifier(
        GAP_FEATURES, rows, np.concatenate(labels), hidden=48, epochs=25, seed=seed
    )
    save(scorer, out / "stories")
    builtin_scorer.cache_clear()
    pair_rows, pair_labels = [], []
    for page, own in seen:
        pieces = find_pieces(page, START_THRESHOLD)
        if len(pieces) < 2:
            continue
        main = [_commonest([own[unit] for unit in piece.units]) for piece in pieces]
        pairs = piece_pairs(page, pieces)
        pair_rows.append(pairs.rows)
        pair_labels.append(np.asarray(main)[pairs.first] == np.asarray(main)[pairs.second])
    scorer = train_classifier(
        PIECE_FEATURES,
        np.concatenate(pair_rows),
        np.concatenate(pair_labels),
        hidden=32,
        epochs=12,
        seed=seed,
    )
    save(scorer, out / "pieces")


def _commonest(values: Sequence[int]) -> int:
    return max(set(values), key=values.count)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    stories = Stories.read(arguments.data)
    views = views_of(list(mixed_pages(stories, arguments.pages, arguments.seed)))
    train_joins(views, WEIGHTS, arguments.seed)
    builtin_scorer.cache_clear()
    views = views_of(list(mixed_pages(stories, arguments.pages, arguments.seed + 1)))
    train_stories(views, WEIGHTS, arguments.seed)


if __name__ == "__main__":
    main()
