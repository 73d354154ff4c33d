"""What stands over articles is looked up as if each was gone through, and read once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import PurePosixPath

import pytest

from rag.answer.heads import Head, Heads, bare
from rag.answer.library import Library
from rag.articles import article_from_text
from rag.ask import LibraryQuestion
from rag.datatypes import Article
from rag.index import Filter

TOWNS, DEEDS = ["云桥", "柳湾", "双河", "松溪"], ["水库开工", "小学搬家", "水库", "通车！", ""]
PAPERS, PEOPLE = ["云桥日报", "", "晚报"], ["何小满 王二", "赵大", "", "本报记者 何小满 云桥日报"]


def many() -> list[Article]:
    chance = random.Random(3)
    found = []
    for number, (town, deed) in enumerate(product(TOWNS, DEEDS)):
        for copy in range(chance.choice([1, 1, 2])):
            name = chance.choice([f"{town}{deed}", f"第{number}版", "水库"])
            made = article_from_text(f"{name}.txt#{copy + 1}", f"{town}{deed}", "今日。", name)
            found.append(
                Article(
                    id=f"{number}-{copy}",
                    title=f"{town}{deed}" if deed else "",
                    source=f"{town}/{name}.txt",
                    text=made.text,
                    spans=made.spans,
                    subtitle=chance.choice(["", "——今年工期五年"]),
                    byline=chance.choice(PEOPLE),
                    date=chance.choice([None, "2021", "2021-03-18", "2022-09-01"]),
                    publisher=chance.choice(PAPERS),
                )
            )
    return found


ARTICLES = many()
ASKED = [
    *(f"{a}{b}" for a, b in product([*TOWNS, ""], DEEDS)),
    "第3版",
    "水 库",
    "今年工期",
    "没有",
]


class Watched(Mapping[str, Article]):
    """Articles that count how often one is read."""

    def __init__(self) -> None:
        self.by_id = {one.id: one for one in ARTICLES}
        self.read = 0

    def __getitem__(self, id_: str) -> Article:
        self.read += 1
        return self.by_id[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self.by_id

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)


def stem(article: Article) -> str:
    return bare(PurePosixPath(article.source).stem)


@pytest.mark.parametrize("asked", ASKED)
def test_titles_are_found_as_by_going_through_all(asked: str) -> None:
    library, sought = Library({one.id: one for one in ARTICLES}), bare(asked)
    exact = [one for one in ARTICLES if sought in (bare(one.title), stem(one))]
    within = [one for one in ARTICLES if sought in bare(f"{one.title}{one.subtitle}")]
    found = exact if len(exact) == 1 else within
    assert library.titled(asked) == (found[0] if len(found) == 1 else None)
    assert library.has_title(asked) == (
        bool(sought) and sought in {bare(o.title) for o in ARTICLES}
    )


@pytest.mark.parametrize("words", [[word] for word in ASKED if word] + [["双河", "开工"], ["库"]])
def test_names_hold_the_words_that_all_hold(words: list[str]) -> None:
    found = {head.id for head in Heads({one.id: one for one in ARTICLES}).named(words)}
    longest = max(words, key=len)
    assert found == {
        one.id for one in ARTICLES if longest in bare(one.title) or longest in stem(one)
    }


@pytest.mark.parametrize("name", ["何小满", "王二", "云桥日报", "晚报", "赵大", "没有"])
def test_whose_an_article_is_is_found_as_by_going_through_all(name: str) -> None:
    library = Library({one.id: one for one in ARTICLES})
    signed = [one for one in ARTICLES if name in (*Head.of(one).authors(), one.publisher)]
    assert list(library.signed_by(name)) == signed


def test_articles_are_read_once_for_all_questions_about_them() -> None:
    articles = Watched()
    library = Library(articles)
    for asked in ASKED:
        library.titled(asked)
        library.named_by(asked, 0.5)
        library.has_title(asked)
    library.meant_by("最新的三篇报道")
    library.titles  # noqa: B018
    for question in (
        LibraryQuestion("count"),
        LibraryQuestion("titles", period="2021年"),
        LibraryQuestion("titles", by="何小满"),
        LibraryQuestion("dates"),
        LibraryQuestion("longest"),
        LibraryQuestion("authors"),
    ):
        assert library.answer(question)
    few = articles.read - len(ARTICLES)
    assert 0 <= few < len(ARTICLES)  # those that were found


def test_a_limited_library_holds_what_its_filter_admits() -> None:
    articles = Watched()
    only = Filter(sources=["双河"])
    limited = Library(articles).limited(only.admits)
    admitted = [one for one in ARTICLES if only.admits(one)]
    assert list(limited.first(99)) == admitted
    assert limited.get(admitted[0].id) == admitted[0]
    other = next(one for one in ARTICLES if not only.admits(one))
    assert limited.get(other.id) is None
    assert list(limited.dated(lambda date: date == "2021")) == [
        one for one in admitted if one.date == "2021"
    ]
