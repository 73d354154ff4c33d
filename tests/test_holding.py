"""Which articles can hold some words at all: none that does is left out, most others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fakes import BigramEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.library import Library, mentions
from rag.articles import article_from_text, read_articles
from rag.ask import LibraryQuestion
from rag.datatypes import Article, Corpus
from rag.index import Index, IndexSettings
from tests.stories import FIRM, RICE, SCHOOL, TEA, WATER, traditional

STORIES = [story[1] for story in (RICE, SCHOOL, TEA, WATER, FIRM)]


def indexed(articles: list[Article]) -> Index:
    corpus = Corpus(tuple(articles), digest="abc")
    return Index.build(corpus, BigramEmbedder(), IndexSettings(passage_chars=60))


MADE = [
    article_from_text(f"{n}#1", f"题{n}", text, f"{n}.txt")
    for n, text in enumerate([*STORIES, traditional(STORIES[2]), "A2 3,000 km"])
]
INDEX = indexed(MADE)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MADE), st.integers(0, 500), st.integers(1, 90))
def test_what_stands_in_an_article_finds_it_across_the_ends_of_passages(
    article: Article, start: int, length: int
) -> None:
    words = article.text[start : start + length]
    ids = INDEX.holding(words)
    assert ids is None or article.id in ids


def test_the_pages_that_are_shipped_are_found_by_any_of_their_words(root: Path) -> None:
    articles = read_articles(root / "seeds")
    index = indexed(articles)
    for article in articles:
        for start in range(0, len(article.text), 37):
            ids = index.holding(article.text[start : start + 12])
            assert ids is None or article.id in ids


@pytest.mark.parametrize("words", ["A2", "3,000", "", "…"])
def test_words_without_ideographs_tell_nothing(words: str) -> None:
    assert INDEX.holding(words) is None


def test_a_character_that_stands_nowhere_is_held_by_none() -> None:
    assert INDEX.holding("茶龘") == set()


class Counting(dict[str, Article]):
    """Articles that count how often one is read."""

    read = 0

    def __getitem__(self, key: str) -> Article:
        self.read += 1
        return super().__getitem__(key)


def of_articles(articles: Mapping[str, Article]) -> Iterator[Library]:
    yield Library(articles)
    yield Library(articles, can_hold=INDEX.holding)


@pytest.mark.parametrize("about", ["茶", "茶园", "茶园水渠", "学校", "題1", "没有的龘", "A2"])
def test_what_is_listed_is_the_same_and_less_is_read(about: str) -> None:
    asked = LibraryQuestion("titles", about=about)
    articles = Counting({one.id: one for one in MADE})
    told, read = [], []
    for library in of_articles(articles):
        articles.read = 0
        told.append(library.answer(asked))
        read.append(articles.read)
    assert told[0] == told[1]
    few = sum(mentions(one, about) for one in MADE)
    assert few <= read[1] <= read[0]


def test_articles_without_a_character_of_the_words_are_not_read() -> None:
    articles = Counting({one.id: one for one in MADE})
    library = Library(articles, can_hold=INDEX.holding)
    assert [one.id for one in library.holding("茶龘")] == []
    assert articles.read == 0
