"""An index on Milvus: put there whole or not at all, read as one generation, and faults in a line."""

from __future__ import annotations

import re
import signal
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import BigramEmbedder
from hypothesis import given
from hypothesis import strategies as st

import rag
from rag.articles import article_from_text, corpus_in_memory
from rag.doctor import examine
from rag.errors import (
    ConfigError,
    IndexForeignError,
    IndexMissingError,
    IndexServerError,
    RagIndexError,
)
from rag.index import Index, IndexSettings
from rag.index.milvus import Address, MilvusIndex, Server, publish
from rag.index.milvus import server as server_module
from rag.index.milvus.expressions import quoted
from rag.index.milvus.weighted import packed, query_of, score_of, weighted_rows
from rag.index.term_index import TermIndex
from tests.milvus_server import MilvusProcess, is_runnable
from tests.stories import RICE, SCHOOL, TEA, WATER, write_stories

ACREAGE = "云桥镇2019年新建了多少亩茶园？"
EMBEDDER = BigramEmbedder()
with_milvus = pytest.mark.skipif(
    find_spec("pymilvus") is None,
    reason='the extra "milvus" is not installed',
)


def index_of(*stories: tuple[str, ...]) -> Index:
    articles = [
        article_from_text(f"{n}.txt#1", story[0], story[1], f"{n}.txt")
        for n, story in enumerate(stories)
    ]
    return Index.build(corpus_in_memory(articles), EMBEDDER, IndexSettings(passage_chars=80))


OLD, NEW = index_of(RICE, SCHOOL), index_of(TEA, WATER, RICE)


@pytest.fixture
def lite(tmp_path: Path) -> Server:
    return Server(Address.of(str(tmp_path / "库"), "test"))


# --- What needs no Milvus ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "uri", "name"),
    [
        ("http://127.0.0.1:19530", "http://127.0.0.1:19530", "c"),
        ("https://milvus.example:443/#news_1", "https://milvus.example:443/", "news_1"),
        ("tcp://a:1#x", "tcp://a:1", "x"),
        ("库", "库/milvus.db", "c"),
        ("a/b.db#y", "a/b.db", "y"),
    ],
)
def test_a_setting_is_a_server_or_a_path_and_may_name_the_index(
    setting: str, uri: str, name: str
) -> None:
    assert Address.of(setting, "c") == (uri, name)


@pytest.mark.parametrize(
    "setting", ["htp://a:1", "#x", "http://", "库#新闻", "http://a:1#" + 65 * "x"]
)
def test_a_setting_that_is_no_place_is_one_line(setting: str) -> None:
    with pytest.raises(ConfigError, match="设置 index") as caught:
        Address.of(setting, "c")
    assert "\n" not in str(caught.value)


@given(st.text())
def test_a_quoted_text_is_one_literal(text: str) -> None:
    literal = quoted(text)
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', literal, re.DOTALL)
    literal.encode()


@given(
    st.lists(st.text("茶园水渠亩a1 ，。", max_size=30), min_size=1, max_size=8),
    st.text("茶园水渠亩a1", max_size=8),
)
def test_the_inner_product_of_weighted_terms_is_bm25(texts: list[str], question: str) -> None:
    terms = TermIndex.build(texts)
    weights = {term: 0.5 + len(term) for term in [*question, question]}
    query = query_of(weights)
    expected = terms.scores(weights)
    for row, one in enumerate(weighted_rows(terms)):
        assert (np.diff(one.dims.astype(np.int64)) > 0).all()
        product = sum(
            query.get(dim, 0.0) * weight
            for dim, weight in zip(one.dims.tolist(), one.weights.tolist(), strict=True)
        )
        assert product == pytest.approx(expected[row], rel=1e-4, abs=1e-6)
        assert score_of(packed(one), query) == pytest.approx(expected[row], rel=1e-4, abs=1e-6)


def test_without_the_extra_the_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexServerError, match=re.escape('pip install "yinju[milvus]"')):
        Server(Address.of(str(tmp_path), "test"))


# --- Put there whole or not at all ------------------------------------------------------------


def sources(index: MilvusIndex) -> list[str]:
    return [article.source for article in index.articles.values()]


@pytest.mark.slow
@with_milvus
def test_whatever_call_fails_the_old_generation_answers(
    lite: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(OLD, lite)
    real = Server._call
    left = 0

    def call(self: Server, name: str, *arguments: Any, **options: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise IndexServerError("断了")
        return real(self, name, *arguments, **options)

    for allowed in range(100):
        left = allowed
        monkeypatch.setattr(Server, "_call", call)
        try:
            publish(NEW, lite)
            break
        except IndexServerError:
            monkeypatch.setattr(Server, "_call", real)
            assert MilvusIndex.open(lite).told([0]) == OLD.told([0])
    assert 10 < allowed < 99
    monkeypatch.setattr(Server, "_call", real)
    assert sources(MilvusIndex.open(lite)) == ["0.txt", "1.txt", "2.txt"]
    assert len(lite.collections()) == 4  # what failed is swept up, the one before is kept


@with_milvus
def test_who_has_a_generation_open_keeps_it_until_the_next_but_one(lite: Server) -> None:
    publish(OLD, lite)
    opened = MilvusIndex.open(lite)
    publish(NEW, lite)
    assert opened.told([1]) == OLD.told([1])
    assert sources(opened) == ["0.txt", "1.txt"]
    publish(OLD, lite)
    with pytest.raises(IndexServerError, match="已换成新的；请重新载入"):
        opened.told([0])
    with pytest.raises(IndexServerError, match="已换成新的；请重新载入"):
        opened.candidates({"茶": 1.0}, EMBEDDER.embed_query("茶园"), 5)


@with_milvus
def test_an_index_that_lost_rows_is_not_used(lite: Server) -> None:
    names = publish(OLD, lite)
    lite._client.delete(names.passages, filter="row == 0")
    with pytest.raises(IndexServerError, match=r"不全.*--replace"):
        MilvusIndex.open(lite)


@with_milvus
def test_the_alias_of_another_program_is_left_alone(lite: Server) -> None:
    lite._client.create_collection("photos", dimension=4)
    lite._client.create_alias("photos", "yinju_test")
    for use in (lambda: publish(OLD, lite), lambda: MilvusIndex.open(lite)):
        with pytest.raises(IndexForeignError, match="photos"):
            use()
    assert lite.collections() == ["photos"]


@with_milvus
def test_two_indexes_of_one_server_do_not_know_each_other(tmp_path: Path) -> None:
    first = Server(Address.of(f"{tmp_path}#a", ""))
    second = Server(Address.of(f"{tmp_path}#a_g000001", ""))
    publish(OLD, first)
    publish(NEW, second)
    publish(OLD, first)
    assert len(sources(MilvusIndex.open(first))) == 2
    assert len(sources(MilvusIndex.open(second))) == 3


# --- By the settings alone --------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> rag.Config:
    return rag.Config(
        corpus=write_stories(tmp_path / "文章"),
        index_dir=tmp_path / "index",
        index=str(tmp_path / "milvus"),
        profile="builtin",
    )


def loaded(config: rag.Config) -> tuple[rag.Chatbot, list[str]]:
    lines: list[str] = []
    return rag.load(config, report=lines.append), lines


def folder_alone(config: rag.Config) -> rag.Config:
    return rag.Config(**config.model_dump() | {"index": ""})


@with_milvus
def test_answers_are_those_of_the_folder(config: rag.Config) -> None:
    here, _ = loaded(folder_alone(config))
    there, lines = loaded(config)
    assert any("索引传到了" in line for line in lines)
    for question in (ACREAGE, "有多少篇文章？", "总结一下茶园"):
        ours, theirs = here.answer(question), there.answer(question)
        assert (theirs.text, theirs.citations) == (ours.text, ours.citations)
    assert there.articles == here.articles
    assert dict(there.passage_counts) == dict(here.passage_counts)
    assert loaded(config)[1] == []


@with_milvus
def test_a_changed_file_is_brought_there_and_what_was_taken_out_is_gone(config: rag.Config) -> None:
    chatbot, _ = loaded(config)
    (config.corpus / "新.txt").write_text("西坪村的桥\n西坪村新建石桥7座。", encoding="utf-8")
    assert chatbot.reload(report=lambda line: None)
    assert chatbot.answer("西坪村新建了几座石桥？").short == "7座"
    (config.corpus / "新.txt").unlink()
    rag.build_index(config)
    lines: list[str] = []
    rag.build_index(config, report=lines.append)
    assert lines == [f"{config.index}/milvus.db#{config.corpus_name} 上的索引已是最新的"]
    for path in Path(config.index).rglob("*"):
        assert not path.is_file() or "西坪村".encode() not in path.read_bytes()


@with_milvus
def test_the_index_of_another_corpus_is_neither_used_nor_replaced_unasked(
    config: rag.Config, tmp_path: Path
) -> None:
    other = tmp_path / "别的"
    other.mkdir()
    (other / "桥.txt").write_text("西坪村的桥\n西坪村新建石桥7座。", encoding="utf-8")
    shared = {"index": f"{config.index}#shared"}
    rag.build_index(rag.Config(**config.model_dump() | shared))
    foreign = rag.Config(**config.model_dump() | shared | {"corpus": other})
    for use in (rag.load, rag.build_index):
        with pytest.raises(IndexForeignError, match=r"别的文章的索引.*--replace"):
            use(foreign)  # type: ignore[operator]
    rag.build_index(foreign, replaces=True)
    assert [one.source for one in rag.load(foreign).articles] == ["桥.txt"]


@with_milvus
def test_a_server_that_is_down_is_a_line_and_never_the_folder(
    config: rag.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    rag.build_index(folder_alone(config))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{probe.getsockname()[1]}"
    down = rag.Config(**config.model_dump() | {"index": uri})
    for use in (rag.load, rag.build_index):
        with pytest.raises(IndexServerError, match=r"连不上.*YINJU_INDEX") as caught:
            use(down)  # type: ignore[operator]
        assert "\n" not in str(caught.value)
    (finding,) = [one for one in examine(down) if one.what == "索引"]
    assert (finding.is_well, "连不上" in finding.detail) == (False, True)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err


@with_milvus
def test_a_server_that_does_not_answer_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_CONNECT_S", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(IndexServerError, match="连不上"):
            Server(Address.of(f"http://127.0.0.1:{silent.getsockname()[1]}", "test"))


@with_milvus
def test_a_server_that_is_too_old_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymilvus

    monkeypatch.setattr(
        pymilvus.MilvusClient, "get_server_version", lambda self, **options: "v2.2.16"
    )
    with pytest.raises(IndexServerError, match=r"v2\.2\.16，太旧"):
        Server(Address.of(str(tmp_path), "test"))


@with_milvus
def test_no_index_there_is_said_so(lite: Server) -> None:
    with pytest.raises(IndexMissingError, match="python -m rag index"):
        MilvusIndex.open(lite)


# --- A real server ----------------------------------------------------------------------------


@pytest.fixture
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusProcess]:
    if not is_runnable():
        pytest.skip('no Milvus server: pip install "milvus==2.3.5" (Linux x86-64)')
    process = MilvusProcess(tmp_path_factory.mktemp("milvus"))
    process.start()
    yield process
    process.stop()


@pytest.mark.slow
@with_milvus
def test_a_server_that_stalls_or_is_restarted_answers_again(
    process: MilvusProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(Address.of(process.uri, "test"))
    assert not server.has_sparse
    publish(OLD, server)
    index = MilvusIndex.open(server)
    assert "稀疏向量" in index.remark()
    assert index.told([0]) == OLD.told([0])
    monkeypatch.setattr(server_module, "_READ_S", 2.0)
    process.signal(signal.SIGSTOP)
    with pytest.raises(IndexServerError, match="没有及时应答"):
        index.told([0])
    process.signal(signal.SIGCONT)
    monkeypatch.setattr(server_module, "_READ_S", 30.0)
    assert index.told([0]) == OLD.told([0])
    process.stop()
    monkeypatch.setattr(server_module, "_READ_S", 2.0)
    with pytest.raises(RagIndexError) as caught:
        index.told([0])
    assert "\n" not in str(caught.value)
    process.start()
    monkeypatch.setattr(server_module, "_READ_S", 60.0)
    assert MilvusIndex.open(server).told([0]) == index.told([0]) == OLD.told([0])
