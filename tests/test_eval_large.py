"""The bench of an index on disk, on a few articles; times are never judged."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from corpora.ways import Ways
from eval.bench import BenchError
from eval.large import measure_large, measure_passages
from rag.articles import article_from_text
from rag.datatypes import Corpus
from rag.index import Index, IndexSettings
from rag.index.term_index import TermIndex
from rag.index.vectors import VectorIndex
from rag.models.embedder import load_embedder
from tests.stories import STORIES


def news(folder: Path, copies: int) -> Path:
    folder.mkdir()
    with lzma.open(folder / "crud_news.tsv.xz", "wt", encoding="utf-8") as file:
        for number in range(copies):
            lines = [text.replace("\n", " ") for _, text in STORIES]
            file.writelines(f"\t第{number}版{text}\n" for text in lines)
    return folder


@pytest.mark.slow
def test_what_was_built_is_measured_and_taken_up_again(tmp_path: Path) -> None:
    data, said = news(tmp_path / "data", 4), []
    count = 4 * len(STORIES)
    first = measure_large(data, count, tmp_path / "work", said.append)
    assert first["articles"] == count
    assert first["passages"] >= count
    assert first["times"]["recall_at_20"] == 1.0  # exact while small
    assert {"build_s", "update_s", "load_ms", "index_mb", "bm25s_p50_ms"} <= set(first["times"])
    again = measure_large(data, count, tmp_path / "work", said.append)
    assert again["times"]["build_s"] == first["times"]["build_s"]
    assert said.count("建索引") == 1


def test_scoring_every_passage_uses_nothing_that_leaves_passages_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [
        article_from_text(f"{n}#1", "", text, f"{n}") for n, (_, text) in enumerate(STORIES)
    ]
    corpus = Corpus(tuple(articles), digest="")
    Index.build(corpus, load_embedder("builtin"), IndexSettings(240)).save(tmp_path / "索引")
    ways = Ways.of(tmp_path / "索引")
    assert ways.recall() == 1.0

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(TermIndex, "best", refuse)
    monkeypatch.setattr(VectorIndex, "nearest", refuse)
    assert ways.by_name["every_passage"](ways.questions[0])
    with pytest.raises(AssertionError):
        ways.by_name["search"](ways.questions[0])


def test_news_that_is_missing_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="--data"):
        measure_large(tmp_path / "nichts", 10, tmp_path / "work", print)


@pytest.mark.slow
def test_passages_that_are_made_are_measured_without_looking_for_copies(tmp_path: Path) -> None:
    data, said = news(tmp_path / "data", 1), []
    with lzma.open(data / "laws_cn.tsv.xz", "wt", encoding="utf-8") as file:
        file.write("水法\t第一条 为了保护水。\n")
    found = measure_passages(data, 60, tmp_path / "work", said.append)
    assert found["passages"] >= 60
    assert found["times"]["build_cpu_ms_per_passage"] > 0
    assert found["times"]["recall_at_20"] == 1.0
    (folder,) = (tmp_path / "work" / "index").iterdir()
    assert Index.load(folder).copies == {}
    assert Index.load(folder).manifest.copies == "none"
