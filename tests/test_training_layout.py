"""What page repair learns from: pages of every kind, some with their papers' own headlines."""

from __future__ import annotations

from collections import Counter

import numpy as np

from corpora.headlines import HeadedStory
from tests.test_newspaper_pages import TEXTS
from training.layout import Stories, mixed_pages, views_of

HEADED = [
    HeadedStory(f"【小城】第{number}座小桥修好了：过河不再绕路？", text)
    for number, text in enumerate(TEXTS[:20])
]
STORIES = Stories(TEXTS, TEXTS[:4], HEADED)


def test_some_pages_have_their_stories_own_headlines_and_no_page_has_them_in_part() -> None:
    kinds: Counter[str] = Counter()
    for page in mixed_pages(STORIES, 120, 3):
        own = {b.story for b in page.blocks if b.text.startswith("【小城】")}
        printed = {b.story for b in page.blocks} - {-1}
        assert own in (set(), printed)
        titled = any(block.kind == "headline" for block in page.blocks)
        kinds["own" if own else "titled" if titled else "bare"] += 1
    assert min(kinds["own"], kinds["titled"], kinds["bare"]) > 10


def test_the_same_seed_makes_the_same_pages_and_another_one_others() -> None:
    first, again, other = ([page.text for page in mixed_pages(STORIES, 5, s)] for s in (1, 1, 2))
    assert first == again != other


def test_every_block_that_is_seen_has_its_story_told() -> None:
    for view, truth in views_of(list(mixed_pages(STORIES, 20, 4))):
        assert len(truth.stories) == len(view.blocks)
        assert np.isfinite(view.meanings).all()
