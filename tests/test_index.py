"""The index on disk: built, saved, loaded, reused, and never mistaken when it is damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import BigramEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import article_from_text, corpus_in_memory, read_corpus
from rag.datatypes import Corpus
from rag.errors import (
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    IndexStaleError,
    RagIndexError,
)
from rag.index import Index, IndexSettings, checksums, generations
from rag.index import vectors as vectors_module
from rag.index.generations import current_generation, write_generation
from rag.index.recipe import check
from rag.index.term_index import TermIndex
from rag.index.vectors import VectorIndex
from rag.text import terms
from tests.stories import RICE

SETTINGS = IndexSettings(passage_chars=40)


def corpus_of(*texts: str) -> Corpus:
    return corpus_in_memory(
        [
            article_from_text(f"{n}.txt#1", f"第{n}篇", text, f"{n}.txt")
            for n, text in enumerate(texts)
        ]
    )


CORPUS = corpus_of(
    "安康高新区新开工项目19个。总投资83.59亿元。",
    "咸阳高新区举行签约仪式，项目10个。" * 5,
    "恒口示范区发展毛绒玩具。😀",
)


def build(corpus: Corpus = CORPUS, **options: object) -> Index:
    return Index.build(corpus, BigramEmbedder(), SETTINGS, **options)  # type: ignore[arg-type]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """An index in a folder with a Chinese name."""
    folder = tmp_path / "索引 目录"
    build().save(folder)
    return folder


def counted(text: str) -> Counter[str]:
    """The terms of a text, each with the weight of its count."""
    return Counter(terms(text))


def assert_same(one: Index, other: Index) -> None:
    assert [*one.passages] == [*other.passages]
    assert dict(one.articles) == dict(other.articles)
    assert one.copies == other.copies
    parts = ("embedder", "tokenizer", "passage_chars", "corpus_digest")
    assert all(getattr(one.manifest, part) == getattr(other.manifest, part) for part in parts)
    rows = np.arange(len(one.passages))
    assert np.array_equal(one.vectors.vectors(rows), other.vectors.vectors(rows))
    for query in ("安康高新区项目", "毛绒玩具", "没有的词吗", "", "🎉"):
        assert np.allclose(one.terms.scores(counted(query)), other.terms.scores(counted(query)))


def test_row_i_of_everything_belongs_to_passage_i() -> None:
    index = build()
    texts = [passage.search_text for passage in index.passages]
    vectors = index.vectors.vectors(np.arange(len(texts)))
    assert np.allclose(vectors, BigramEmbedder().embed_passages(texts))
    for row, passage in enumerate(index.passages):
        assert index.articles[passage.article_id].text[passage.start : passage.end] == passage.text
        assert (
            index.terms.scores(counted(passage.text)).argmax() == row
            or passage.article_id == "1.txt#1"
        )


def test_a_saved_index_comes_back_the_same(saved: Path) -> None:
    assert_same(build(), Index.load(saved))


def test_the_index_of_the_seeds_comes_back_the_same(root: Path, tmp_path: Path) -> None:
    index = build(read_corpus(root / "seeds"))
    index.save(tmp_path / "索引")
    assert_same(index, Index.load(tmp_path / "索引"))
    assert index.manifest.articles == 10


TEXTS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=4).filter(
    lambda texts: any(text.strip() for text in texts)
)


@settings(max_examples=25)
@given(TEXTS)
def test_any_texts_come_back_as_they_were(texts: list[str]) -> None:
    index = build(corpus_of(*texts))
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "索引")
        assert_same(index, Index.load(Path(folder) / "索引"))


def test_every_field_of_an_article_comes_back(tmp_path: Path) -> None:
    (plain,) = corpus_of("正文。").articles
    article = replace(
        plain, subtitle="副题", headings=("甲", "乙"), captions=("图",), byline="某", date="2020-05"
    )
    build(Corpus((article,), "digest")).save(tmp_path / "索引")
    assert Index.load(tmp_path / "索引").articles == {article.id: article}


def test_texts_of_signs_alone_can_be_indexed(tmp_path: Path) -> None:
    index = build(corpus_of("！！！", "🎉🎉"))
    index.save(tmp_path / "索引")
    assert not Index.load(tmp_path / "索引").terms.scores(counted("安康")).any()


def test_progress_counts_the_passages_embedded() -> None:
    seen: list[tuple[int, int]] = []
    texts = [f"第{n}句话。" for n in range(600)]
    build(corpus_of(*texts), progress=lambda *counts: seen.append(counts))
    assert seen == [(256, 600), (512, 600), (600, 600)]


def test_only_new_passages_are_embedded_again() -> None:
    previous = build()
    embedder = BigramEmbedder()
    changed = corpus_of(*(article.text for article in CORPUS.articles), "新来的一篇。")
    index = Index.build(changed, embedder, SETTINGS, previous=previous)
    assert embedder.embedded == 1
    assert_same(build(changed), index)


def test_vectors_are_taken_over_from_a_loaded_index_and_a_changed_text_is_not(saved: Path) -> None:
    embedder = BigramEmbedder()
    texts = [article.text for article in CORPUS.articles]
    changed = corpus_of("安康高新区换了一句话。", *texts[1:])
    index = Index.build(changed, embedder, SETTINGS, previous=Index.load(saved))
    assert embedder.embedded == 1
    assert_same(build(changed), index)


def test_copies_are_saved_and_found_anew_when_articles_come_and_go(tmp_path: Path) -> None:
    first, second = corpus_of(RICE[1]), corpus_of(RICE[1], f"另一家报纸的标题\n{RICE[1]}")
    build(first).save(tmp_path / "索引")
    assert Index.load(tmp_path / "索引").copies == {}
    build(second, previous=Index.load(tmp_path / "索引")).save(tmp_path / "索引")
    index = Index.load(tmp_path / "索引")
    assert index.copies == build(second).copies
    assert {one for ids in index.copies.values() for one in ids} == {"0.txt#1", "1.txt#1"}
    assert build(first, previous=index).copies == {}


def test_vectors_of_another_embedder_are_not_taken_over() -> None:
    other = BigramEmbedder(32)
    index = Index.build(CORPUS, other, SETTINGS, previous=build())
    assert other.embedded == len(index.passages)
    assert index.manifest.dimension == 32


def test_an_index_that_fits_passes_its_check(saved: Path) -> None:
    check(Index.load(saved).manifest, BigramEmbedder(), SETTINGS, CORPUS.digest)


def test_a_stale_index_says_what_changed(saved: Path) -> None:
    index = Index.load(saved)
    with pytest.raises(IndexStaleError, match="向量模型变了（索引用的是 bigrams，现在是 别的）"):
        check(index.manifest, BigramEmbedder(name="别的"), SETTINGS, CORPUS.digest)
    with pytest.raises(IndexStaleError, match="设置变了"):
        check(index.manifest, BigramEmbedder(), IndexSettings(passage_chars=41), CORPUS.digest)
    with pytest.raises(IndexStaleError, match="文章变了"):
        check(index.manifest, BigramEmbedder(), SETTINGS, "别的")


FILES = ["manifest.json", "vectors", "passages.jsonl", "articles.jsonl", "copies.json"]
FILES += ["pairs"]
FILES += ["columns.json", "files.json", "passages.starts", "articles.starts", "first_rows"]
FILES += [f"terms/{name}" for name in ("keys", "starts", "rows", "counts", "lengths", "most")]
FILES += ["signatures/passages", "signatures/articles"]


def test_these_are_all_files_of_an_index(saved: Path) -> None:
    generation = current_generation(saved)
    files = {p.relative_to(generation).as_posix() for p in generation.rglob("*") if p.is_file()}
    assert files == set(FILES)


def damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "missing":
        path.unlink()
    elif kind == "a folder":
        path.unlink()
        path.mkdir()
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "longer":
        path.write_bytes(data + b"\0")
    elif kind == "a bit":
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    else:
        path.write_bytes(os.urandom(len(data)))


@pytest.mark.parametrize(
    "kind", ["missing", "a folder", "empty", "cut", "longer", "a bit", "noise"]
)
@pytest.mark.parametrize("name", FILES)
def test_any_damage_to_any_file_is_found(saved: Path, name: str, kind: str) -> None:
    damage(current_generation(saved) / name, kind)
    with pytest.raises(IndexDamagedError, match=r"损坏|不符|缺失") as caught:
        Index.load(saved)
    assert "\n" not in str(caught.value)


def test_the_files_of_a_large_index_are_read_whole_only_when_asked_to(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "_READ_WHOLE", 0)
    damage(current_generation(saved) / "passages.jsonl", "a bit")
    assert len(Index.load(saved).articles) == 3
    with pytest.raises(IndexDamagedError, match="passages"):
        Index.load(saved, is_read_whole=True)
    damage(current_generation(saved) / "vectors", "cut")
    with pytest.raises(IndexDamagedError, match="vectors"):
        Index.load(saved)


def test_a_record_that_cannot_be_read_is_damage(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "_READ_WHOLE", 0)
    path = current_generation(saved) / "passages.jsonl"
    path.write_bytes(b"\xff" * path.stat().st_size)
    index = Index.load(saved)
    with pytest.raises(IndexDamagedError, match="python -m rag index"):
        index.passages[0]


@pytest.mark.parametrize("content", [b"[]", b"[1, 2]", b"3", b"null", b'"x"', b"{}", b"\xff\xfe{"])
def test_a_manifest_of_another_shape_is_found(saved: Path, content: bytes) -> None:
    (current_generation(saved) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="清单"):
        Index.load(saved)


def test_a_changed_figure_in_the_manifest_is_found(saved: Path) -> None:
    path = current_generation(saved) / "manifest.json"
    fields = json.loads(path.read_bytes())
    path.write_text(json.dumps(fields | {"corpus_digest": "0"}), encoding="utf-8")
    with pytest.raises(IndexDamagedError, match="校验和"):
        Index.load(saved)


def test_an_index_of_an_older_version_is_stale_not_foreign(saved: Path) -> None:
    path = current_generation(saved) / "manifest.json"
    fields = json.loads(path.read_bytes())
    del fields["copies"]
    path.write_text(json.dumps(fields | {"format": "yinju-index/1"}), encoding="utf-8")
    with pytest.raises(IndexStaleError, match="旧版本"):
        Index.load(saved)


def test_an_index_of_another_format_is_foreign(saved: Path) -> None:
    path = current_generation(saved) / "manifest.json"
    fields = json.loads(path.read_bytes())
    path.write_text(json.dumps(fields | {"format": "yinju-index/9"}), encoding="utf-8")
    with pytest.raises(IndexForeignError, match="yinju-index/9"):
        Index.load(saved)


@pytest.mark.parametrize("content", [b"", b"g999999", b"../..", b"\xff\xfe\0", b"/", b"g000001/.."])
def test_a_damaged_pointer_is_found(saved: Path, content: bytes) -> None:
    (saved / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="指针"):
        Index.load(saved)


def test_a_folder_without_an_index_is_missing_one(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    for name in ("空", "没有"):
        with pytest.raises(IndexMissingError, match="python -m rag index"):
            Index.load(tmp_path / name)


def test_an_index_that_was_never_finished_is_missing(saved: Path) -> None:
    (saved / "CURRENT").unlink()
    with pytest.raises(IndexMissingError, match="没有建完"):
        Index.load(saved)


def test_a_folder_of_another_program_is_neither_read_nor_written(tmp_path: Path) -> None:
    (tmp_path / "tmp-mine").mkdir()
    (tmp_path / "tmp-mine" / "照片.txt").write_text("我的", encoding="utf-8")
    (tmp_path / "文件").write_text("我的", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    for folder in (tmp_path, tmp_path / "文件"):
        with pytest.raises(IndexForeignError, match="--index-dir"):
            Index.load(folder)
        with pytest.raises(IndexForeignError, match="--index-dir"):
            build().save(folder)
    assert sorted(tmp_path.rglob("*")) == before


def test_what_others_put_beside_an_index_stays(saved: Path) -> None:
    (saved / "tmp-mine").mkdir()
    (saved / "笔记.txt").write_text("我的", encoding="utf-8")
    for _ in range(4):
        build().save(saved)
    assert (saved / "tmp-mine").is_dir()
    assert (saved / "笔记.txt").read_text(encoding="utf-8") == "我的"


def test_half_written_generations_are_swept_by_the_next_build(saved: Path) -> None:
    (saved / "tmp-g000002").mkdir()
    (saved / "tmp-g000002" / "vectors").write_bytes(b"half")
    (saved / "tmp-CURRENT").write_text("g000002", encoding="utf-8")
    assert_same(build(), Index.load(saved))
    build().save(saved)
    assert not list(saved.glob("tmp-*"))
    assert_same(build(), Index.load(saved))


def test_a_generation_that_was_never_named_does_not_become_current(saved: Path) -> None:
    shutil.copytree(saved / "g000001", saved / "g000002")
    (saved / "g000002" / "vectors").write_bytes(b"half")
    assert_same(build(), Index.load(saved))
    build(corpus_of("另一篇。")).save(saved)
    assert (saved / "CURRENT").read_text(encoding="utf-8") == "g000003"
    assert len(Index.load(saved).articles) == 1


def test_old_generations_do_not_pile_up(saved: Path) -> None:
    for _ in range(6):
        build().save(saved)
    assert len(list(saved.glob("g*"))) <= 3
    assert_same(build(), Index.load(saved))


def test_a_damaged_index_is_mended_by_building_again(saved: Path) -> None:
    damage(current_generation(saved) / "vectors", "noise")
    build().save(saved)
    assert_same(build(), Index.load(saved))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_while_writing_leaves_the_old_index(saved: Path, error: BaseException) -> None:
    def write(folder: Path) -> None:
        (folder / "vectors").write_bytes(b"half")
        raise error

    expected = RagIndexError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_generation(saved, write)
    assert sorted(path.name for path in saved.iterdir()) == ["CURRENT", "LOCK", "g000001"]
    assert_same(build(), Index.load(saved))


def test_a_failure_before_the_pointer_is_replaced_leaves_the_old_index(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error", str(self), None, str(target))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(RagIndexError, match="索引写不进"):
            build(corpus_of("新的。")).save(saved)
    assert_same(build(), Index.load(saved))
    build(corpus_of("新的。")).save(saved)
    assert len(Index.load(saved).articles) == 1


def test_a_folder_that_cannot_be_made_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(RagIndexError, match="索引写不进") as caught:
        build().save(tmp_path / "文件" / "索引")
    assert "\n" not in str(caught.value)


def test_writers_take_turns_and_none_is_lost(saved: Path) -> None:
    corpora = [corpus_of(*["一篇。"] * count) for count in range(1, 5)]
    indexes = [build(corpus) for corpus in corpora]
    threads = [threading.Thread(target=index.save, args=(saved,)) for index in indexes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (saved / "CURRENT").read_text(encoding="utf-8") == "g000005"
    assert len(Index.load(saved).articles) in range(1, 5)


def test_a_writer_that_does_not_get_its_turn_says_so(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the lock; when it dies, the lock is free at once."""
    program = (
        "import sys, filelock\n"
        "lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(saved / "LOCK")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        assert other.stdout.readline().strip() == b"held"
        with monkeypatch.context() as patch:
            patch.setattr(generations, "_LOCK_SECONDS", 0.05)
            with pytest.raises(RagIndexError, match="另一个进程"):
                build().save(saved)
        assert_same(build(), Index.load(saved))  # readers need no lock
        other.kill()
    build(corpus_of("一篇。")).save(saved)
    assert len(Index.load(saved).articles) == 1


def test_a_loaded_index_outlives_the_generations_that_replace_it(saved: Path) -> None:
    index = Index.load(saved)
    for _ in range(5):
        build(corpus_of("另一篇。")).save(saved)
    assert_same(build(), index)


def test_nearest_vectors_come_nearest_first_and_none_that_point_away() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]], dtype=np.float32)
    index = VectorIndex.build(vectors)
    assert index.nearest(np.array([1, 0], dtype=np.float32), 10).tolist() == [0, 1]
    assert index.nearest(np.array([0, 1], dtype=np.float32), 1).tolist() == [2]
    assert index.nearest(np.zeros(2, dtype=np.float32), 10).tolist() == []
    assert len(index) == 4


def unit_rows(count: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, 64)).astype(np.float32)
    unit: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def test_many_vectors_have_codes_and_nearly_all_of_the_nearest_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = unit_rows(3000)
    exact = VectorIndex.build(rows)
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    codes = VectorIndex.build(rows, unit_rows(50, seed=1))
    assert codes.recall.wider > 0
    assert codes.recall.share >= 0.98
    data = np.frombuffer(codes.to_bytes() or b"", dtype=np.uint8)
    assert data.size < rows.nbytes / 6
    again = VectorIndex.mapped(codes.stored, data, codes.recall)
    found = 0
    for query in unit_rows(50, seed=2):
        best, near = exact.nearest(query, 20), again.nearest(query, 20)
        assert near.tolist() == codes.nearest(query, 20).tolist()
        found += len(set(near.tolist()) & set(best.tolist()))
    assert found >= 0.95 * 50 * 20


def test_vectors_that_have_much_in_common_are_found_by_their_codes_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    rows = unit_rows(3000) + 4 * unit_rows(1, seed=9)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = VectorIndex.build(rows, rows[:50])
    assert index.recall.wider == 8
    assert index.recall.share >= 0.98


def test_samples_that_say_nothing_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    rows, blank = unit_rows(1000), np.zeros((50, 64), dtype=np.float32)
    for samples in (blank, np.concatenate([blank, rows[:20]])):
        index = VectorIndex.build(rows, samples)
        assert index.recall.wider > 0
        assert index.recall.share >= 0.98


def test_the_same_vectors_have_the_same_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    one, other = (VectorIndex.build(unit_rows(1000)).to_bytes() for _ in range(2))
    assert one == other


def test_where_codes_find_too_little_all_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit_rows(500)
    exact = VectorIndex.build(rows)
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    monkeypatch.setattr(vectors_module, "_LEAST_RECALL", 1.1)
    index = VectorIndex.build(rows)
    assert index.recall.wider == 0
    assert index.to_bytes() is None
    again = VectorIndex.mapped(index.stored, None, index.recall)
    for query in unit_rows(20, seed=3):
        for among in (None, np.arange(500) % 3 == 0):
            best = exact.nearest(query, 10, among).tolist()
            assert again.nearest(query, 10, among).tolist() == best


@pytest.mark.parametrize("every", [2, 5, 20])
def test_among_chosen_rows_the_nearest_are_found(
    monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    rows, chosen = unit_rows(1000), np.arange(1000) % every == 0
    exact = VectorIndex.build(rows)
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    codes = VectorIndex.build(rows)
    for query in unit_rows(20, seed=3):
        best = exact.nearest(query, 10, chosen)
        near = codes.nearest(query, 10, chosen)
        assert chosen[near].all()
        assert len(set(near.tolist()) & set(best.tolist())) >= 9
        if every == 20:  # so few that they are compared
            assert near.tolist() == best.tolist()


def test_chosen_rows_that_codes_hardly_meet_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit_rows(1000)
    query = rows[0]
    chosen = np.argsort(-(rows @ query)).argsort() >= 800  # those that lie farthest
    exact = VectorIndex.build(rows)
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    monkeypatch.setattr(vectors_module, "_MOST_TAKEN", 600)
    codes = VectorIndex.build(rows)
    assert codes.nearest(query, 10, chosen).tolist() == exact.nearest(query, 10, chosen).tolist()
    near = set(codes.nearest(-query, 10, chosen).tolist())
    assert len(near & set(exact.nearest(-query, 10, chosen).tolist())) >= 8


def test_a_term_counts_as_much_as_it_weighs() -> None:
    index = TermIndex.build(["安康", "咸阳", "安康咸阳"])
    once, weighed = index.scores({"安": 1.0}), index.scores({"安": 2.5, "没": 9.0})
    assert np.allclose(weighed, 2.5 * once)
    assert index.scores({"安": 1.0, "阳": 0.5}).argmax() == 2
    assert index.scores({"安": 0.1, "阳": 1.0})[0] < index.scores({"安": 1.0, "阳": 0.1})[0]


def test_the_first_rows_of_articles_are_known() -> None:
    index = build(
        corpus_of("甲村有桥一座，长三十米，去年修好，今年通车，花了八百万元。" * 2, "乙。", "丙。")
    )
    owners = [passage.article_id for passage in index.passages]
    assert index.article_starts.tolist() == [owners.index(name) for name in dict.fromkeys(owners)]
    assert len(owners) > 3


def test_terms_score_the_text_that_holds_more_and_rarer_of_them() -> None:
    index = TermIndex.build(["安康高新区", "咸阳高新区", "高新区高新区", "毛绒玩具"])
    scores = index.scores(counted("咸阳高新区"))
    assert scores.argmax() == 1
    assert scores[3] == 0
    assert scores.dtype == np.float32


@pytest.mark.parametrize("query", ["", "！？", "没听说", "🎉", "\ud800"])
def test_a_query_without_a_known_term_scores_nothing(query: str) -> None:
    index = TermIndex.build(["安康高新区", "！！"])
    assert index.scores(counted(query)).tolist() == [0, 0]


def test_an_article_of_one_sentence_repeated_is_found_whole(tmp_path: Path) -> None:
    build(corpus_of("安康高新区投资50亿元。\n" * 100, "安康。")).save(tmp_path / "索引")
    assert Index.load(tmp_path / "索引").terms.scores(counted("安康")).all()
