"""One contract for an index wherever it stands: in a folder, in milvus-lite, on a Milvus server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import BigramEmbedder

from rag.articles import article_from_text
from rag.datatypes import Article, Corpus
from rag.index import Filter, Index, IndexSettings, PassageIndex
from rag.index.milvus import Address, MilvusIndex, Server, publish
from rag.retrieve.search import Retriever
from rag.retrieve.terms import search_terms
from rag.text import fold
from tests.milvus_server import MilvusProcess, is_runnable
from tests.stories import FIRM, RICE, SCHOOL, TEA, WATER, traditional

EMBEDDER = BigramEmbedder()
SETTINGS = IndexSettings(passage_chars=60)
# Names with all that an expression of Milvus could take for its own.
PLACES = [
    ('报/"甲"\\_%.txt', "2021-06-28", "青浦'报"),
    ("报/乙.txt", "2021-07", "崇明报"),
    ("报社.txt", "2021", ""),
    ("网/丙.txt", None, ""),
    ("网/丁\udce4.txt", "2020-02-01", "崇明报"),
]


def articles() -> list[Article]:
    stories = [story[1] for story in (RICE, SCHOOL, TEA, WATER, FIRM)]
    made = [
        replace(
            article_from_text(f"{source}#1", f"题{source[-5]}", story, source),
            date=date,
            publisher=publisher,
        )
        for story, (source, date, publisher) in zip(stories, PLACES, strict=True)
    ]
    told_again = article_from_text(
        "转.zip!/a.txt#1", "转载", f"{stories[0]}\n又记。", "转.zip!/a.txt"
    )
    long = article_from_text(
        "长.txt#1", "长", "".join(f"第{n}条，{n * 7}人。" for n in range(6000)), "长.txt"
    )
    empty = article_from_text("空.txt#1", "空", "", "空.txt")
    return [*made, told_again, empty, long]


INDEX = Index.build(Corpus(tuple(articles()), digest="abc"), EMBEDDER, SETTINGS)
QUERIES = [
    "茶园水渠",
    "水稻亩产多少公斤？",
    "学校",
    "第12条，84人",
    "崇明",
    traditional("茶園"),
    "嗯",
    "🎉",
]
FILTERS = [
    Filter(dates=("2021", None)),
    Filter(dates=("2021-06-29", "2021-12")),
    Filter(dates=(None, "2020-03")),
    Filter(sources=["报"]),
    Filter(sources=[PLACES[0][0], "崇明报"]),
    Filter(sources=[PLACES[4][0]]),
    Filter(sources=["青浦'报", "没有"]),
    Filter(articles=[f"{PLACES[0][0]}#1", f"{PLACES[4][0]}#1"]),
    Filter(dates=("2019", "2021-07-01"), sources=["网", "报社.txt"]),
    Filter(sources=[""]),
    Filter(articles=["没有的"]),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusProcess]:
    if not is_runnable():
        pytest.skip('no Milvus server: pip install "milvus==2.3.5" (Linux x86-64)')
    process = MilvusProcess(tmp_path_factory.mktemp("milvus"))
    process.start()
    yield process
    process.stop()


def in_folder(request: pytest.FixtureRequest, folder: Path) -> PassageIndex:
    INDEX.save(folder / "索引")
    return Index.load(folder / "索引")


def in_lite(request: pytest.FixtureRequest, folder: Path) -> PassageIndex:
    pytest.importorskip("pymilvus", reason='the extra "milvus" is not installed')
    return published(str(folder / "milvus"))


def on_server(request: pytest.FixtureRequest, folder: Path) -> PassageIndex:
    pytest.importorskip("pymilvus", reason='the extra "milvus" is not installed')
    return published(request.getfixturevalue("server").uri)


def published(setting: str) -> MilvusIndex:
    connected = Server(Address.of(setting, "test"))
    publish(INDEX, connected)
    return MilvusIndex.open(connected)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(in_folder, id="folder"),
        pytest.param(in_lite, id="milvus-lite"),
        pytest.param(on_server, id="milvus-server", marks=pytest.mark.slow),
    ],
)
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PassageIndex]:
    make: Callable[[pytest.FixtureRequest, Path], PassageIndex] = request.param
    return make(request, tmp_path_factory.mktemp("index"))


@pytest.mark.parametrize("only", [None, Filter(), *FILTERS], ids=repr)
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_scoring_every_passage_finds(
    index: PassageIndex, query: str, only: Filter | None
) -> None:
    weights, vector = search_terms(query), EMBEDDER.embed_query(query)
    found = index.candidates(weights, vector, 12, only)
    admitted = [only is None or only.admits(one) for one in articles()]
    is_in = np.repeat(admitted, np.diff(INDEX.part.first_rows))
    scores = np.where(is_in, INDEX.terms.scores(weights), 0)
    cosines = np.where(is_in, INDEX.vectors.vectors(np.arange(is_in.size)) @ vector, 0)
    for rows, every in ((found.by_terms, scores), (found.by_vectors, cosines)):
        best = np.sort(every[every > 0])[::-1][:12]
        # Of rows that score alike either may be found.
        np.testing.assert_allclose(every[rows], best, rtol=1e-4, atol=1e-6)
    assert found.rows.tolist() == np.union1d(found.by_terms, found.by_vectors).tolist()
    np.testing.assert_allclose(found.terms, scores[found.rows], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.similarities, cosines[found.rows], rtol=1e-4, atol=1e-6)
    owners = np.repeat(np.arange(len(admitted)), np.diff(INDEX.part.first_rows))
    for row, beside in zip(found.rows.tolist(), found.beside.tolist(), strict=True):
        others = np.delete(scores, row)[np.delete(owners, row) == owners[row]]
        assert beside == pytest.approx(others.max(initial=0), rel=1e-4, abs=1e-6)


def test_rows_tell_passages_articles_and_copies_in_the_order_asked(index: PassageIndex) -> None:
    rows = [len(INDEX.passages) - 1, 0, 3]
    assert index.told(rows) == INDEX.told(rows)
    assert any(told.also_in for told in index.told(range(len(INDEX.passages))))
    assert index.told([]) == []


def test_the_articles_are_all_there_in_order(index: PassageIndex) -> None:
    assert list(index.articles) == list(INDEX.articles)
    assert list(index.articles.values()) == articles()
    assert len(index.articles) == len(index.articles.values()) == len(articles())
    assert index.articles[f"{PLACES[4][0]}#1"] == articles()[4]
    assert "没有的" not in index.articles
    with pytest.raises(KeyError):
        index.articles["没有的"]


def test_the_passages_of_each_article_are_counted(index: PassageIndex) -> None:
    assert dict(index.passage_counts()) == dict(INDEX.passage_counts())


@pytest.mark.parametrize("words", ["水渠", "茶", traditional("茶園"), "题", "空", "転", "。12", ""])
def test_an_article_that_holds_words_is_among_those_that_can(
    index: PassageIndex, words: str
) -> None:
    ids = index.holding(words)
    own = {one.id for one in articles() if fold(words) in fold(f"{one.full_title}\n{one.text}")}
    assert ids is None or own <= set(ids)


def test_the_manifest_says_what_it_was_made_from(index: PassageIndex) -> None:
    unstored = replace(index.manifest, sizes={}, checksums={})
    assert unstored == replace(INDEX.manifest, sizes={}, checksums={})


@pytest.mark.parametrize("query", QUERIES)
def test_the_hits_are_those_of_the_index_in_memory(index: PassageIndex, query: str) -> None:
    def search(one: PassageIndex) -> list[float]:
        retriever = Retriever(one, EMBEDDER, candidates=50, vector_weight=0.3)
        hits = retriever.search(query, 5)
        assert all(hit.source in hit.passage.article_id for hit in hits)
        return [hit.score for hit in hits]

    # Of hits that score alike either may come first, and push the other out.
    assert search(index) == pytest.approx(search(INDEX), rel=1e-4)
