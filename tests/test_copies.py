"""Which passages other articles tell too: copies are found, stories of one template are not."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import article_from_text
from rag.datatypes import Article, Passage
from rag.index.copies import find_copies, signatures_of
from rag.index.records import MadeRecords
from rag.passages import split_article
from tests.stories import FIRM, RICE, SCHOOL, TEA, WATER, traditional

STORY = RICE[1]
SENTENCES = [f"{one}。" for one in STORY.split("。")[:-1]]


def article(name: str, text: str) -> Article:
    return article_from_text(f"{name}#1", "", text, name)


def passages_of(articles: list[Article]) -> list[Passage]:
    return [passage for one in articles for passage in split_article(one, passage_chars=120)]


def copies_among(articles: list[Article], passages: list[Passage]) -> dict[int, tuple[str, ...]]:
    """For each row that other articles tell too, their ids."""
    counts = [sum(one.article_id == own.id for one in passages) for own in articles]
    signatures = [signatures_of([one.text for one in texts]) for texts in (passages, articles)]
    found = find_copies(
        MadeRecords(articles),
        MadeRecords(passages),
        np.cumsum([0, *counts]),
        (signatures[0], signatures[1]),
    )
    return {row: tuple(articles[at].id for at in places) for row, places in found.copies.items()}


def copies_of(*texts: str) -> tuple[list[Passage], dict[int, tuple[str, ...]]]:
    articles = [article(str(place), text) for place, text in enumerate(texts)]
    passages = passages_of(articles)
    return passages, copies_among(articles, passages)


def told_elsewhere(*texts: str) -> dict[str, set[str]]:
    """For each article that shares a passage, by its place, the places of those it shares with."""
    passages, copies = copies_of(*texts)
    found: dict[str, set[str]] = {}
    for row, ids in copies.items():
        owner = passages[row].article_id.removesuffix("#1")
        found.setdefault(owner, set()).update(one.removesuffix("#1") for one in ids)
    return found


EDITED = {
    "the same": STORY,
    "another headline": f"早稻丰收在望\n本报讯 {STORY}",
    "a fifth cut": "".join(SENTENCES[:3] + SENTENCES[4:]),
    "the end cut": "".join(SENTENCES[:4]),
    "reordered": "".join(SENTENCES[3:] + SENTENCES[:3]),
    "reworded": STORY.replace("表示", "说").replace("帮助", "协助").replace("并补贴", "另补贴"),
    "a paragraph more": f"{STORY}\n{SCHOOL[1]}",
    "other numerals": STORY.replace("45名", "四十五名").replace("12个", "十二个"),
    "within a round-up": f"{TEA[1]}\n{STORY}\n{WATER[1]}\n{FIRM[1]}",
    "traditional": traditional(STORY),
}


@pytest.mark.parametrize("text", EDITED.values(), ids=EDITED)
def test_an_edited_copy_is_found_from_both_sides(text: str) -> None:
    assert told_elsewhere(SCHOOL[1], STORY, FIRM[1], text)["1"] >= {"3"}
    assert told_elsewhere(SCHOOL[1], STORY, FIRM[1], text)["3"] >= {"1"}


OTHERS = {
    "another figure": STORY.replace("8.6万亩", "8.9万亩"),
    "another date": STORY.replace("7月5日", "7月8日"),
    "another numeral": STORY.replace("四十公斤", "五十公斤"),
    "another person": STORY.replace("李建华", "王志强"),
    "another day's figures": STORY.replace("3200", "4100").replace("260", "310").replace("58", "73"),
}  # fmt: skip


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_story_with_another_figure_or_name_is_another(text: str) -> None:
    assert told_elsewhere(STORY, text) == {}


def test_passages_that_only_one_article_tells_have_no_copy() -> None:
    passages, copies = copies_of(STORY, f"{STORY}\n{WATER[1]}")
    others = {row for row, passage in enumerate(passages) if "水库建成后" in passage.text}
    assert others
    assert set(copies) == set(range(len(passages))) - others


def test_a_story_told_twice_in_one_article_is_no_copy() -> None:
    assert told_elsewhere(f"{STORY}\n{STORY}", TEA[1]) == {}


def test_ten_papers_all_name_one_another_in_the_order_of_the_corpus() -> None:
    papers = [f"早稻丰收{'！' * place}\n{STORY}" for place in range(10)]
    passages, copies = copies_of(*papers)
    assert set(copies) == set(range(len(passages)))
    for row, ids in copies.items():
        others = [f"{place}#1" for place in range(10)]
        others.remove(passages[row].article_id)
        assert list(ids) == others


def test_copies_are_the_same_whatever_else_is_in_the_corpus_and_in_any_order() -> None:
    texts = {"a": STORY, "b": EDITED["a fifth cut"], "c": TEA[1], "d": SCHOOL[1], "e": WATER[1]}
    found = []
    for seed in range(4):
        names = sorted(texts)
        random.Random(seed).shuffle(names)
        articles = [article(name, texts[name]) for name in names]
        passages = passages_of(articles)
        copies = copies_among(articles, passages)
        found.append({(passages[row].text, tuple(sorted(ids))) for row, ids in copies.items()})
    assert found[0]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    "texts", [(), ("",), ("短",), ("短", "短"), ("！！", "！！", "完"), ("", STORY, "")]
)
def test_texts_too_short_to_compare_are_left_alone(texts: tuple[str, ...]) -> None:
    assert told_elsewhere(*texts) == {}


@settings(max_examples=25)
@given(st.lists(st.lists(st.sampled_from([*SENTENCES, TEA[1], SCHOOL[1]]), max_size=8), max_size=5))
def test_a_row_names_other_articles_only_each_once_in_order(stories: list[list[str]]) -> None:
    articles = [article(str(place), "".join(story)) for place, story in enumerate(stories)]
    passages = passages_of(articles)
    order = [one.id for one in articles]
    for row, ids in copies_among(articles, passages).items():
        assert passages[row].article_id not in ids
        assert list(ids) == [one for one in order if one in set(ids)]
