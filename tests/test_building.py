"""An index kept up to date: as if built anew, whatever came and went, and whenever it was killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import BigramEmbedder

from rag import file_batches
from rag.articles import digest_of
from rag.building import Folder, Recipe, Shard, make_share, update_index
from rag.errors import CorpusError, IndexMissingError, RagIndexError
from rag.index import Index, IndexSettings
from rag.index.generations import current_generation
from rag.watching import stamp_of, watch
from tests.stories import FIRM, RICE, SCHOOL, TEA, WATER

STORIES = [story[1] for story in (RICE, SCHOOL, TEA, WATER, FIRM)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "文章"
    (folder / "早").mkdir(parents=True)
    for number, story in enumerate(STORIES):
        (folder / f"{number}.txt").write_text(story, encoding="utf-8")
    (folder / "早" / "转.txt").write_text(f"转载。\n{STORIES[0]}", encoding="utf-8")
    return folder


def updated(
    corpus: Path, index_dir: Path, embedder: BigramEmbedder | None = None, **options: object
) -> Index:
    """The index after an update of what is there."""
    try:
        previous = Index.load(index_dir)
    except IndexMissingError:
        previous = None
    recipe = Recipe(embedder or BigramEmbedder(), IndexSettings(120))
    folder = Folder(corpus, 50, 100)
    return update_index(index_dir, folder, recipe, previous=previous, **options)  # type: ignore[arg-type]


def contents(index_dir: Path) -> dict[str, bytes]:
    """The bytes of all files of the current generation."""
    generation = current_generation(index_dir)
    files = [path for path in generation.rglob("*") if path.is_file()]
    return {path.relative_to(generation).as_posix(): path.read_bytes() for path in files}


def test_an_update_touches_the_changed_file_alone(corpus: Path, tmp_path: Path) -> None:
    updated(corpus, tmp_path / "索引")
    (corpus / "2.txt").write_text("茶园今年新修水渠三千米。", encoding="utf-8")
    embedder = BigramEmbedder()
    said: list[str] = []
    updated(corpus, tmp_path / "索引", embedder, report=said.append)
    assert embedder.embedded == 1
    assert said == ["1 个文件是新的或改过，其余 5 个不用重读"]


def change(corpus: Path, chance: random.Random) -> None:
    """A file comes, goes or changes."""
    files = sorted(corpus.rglob("*.txt"))
    kind = chance.choice(["add", "change", "remove"])
    if kind == "add" or len(files) < 3:
        name = f"{chance.randint(0, 99)}.txt"
        (corpus / name).write_text(chance.choice(STORIES) + name, encoding="utf-8")
    elif kind == "change":
        chance.choice(files).write_text("".join(chance.sample(STORIES, 2)), encoding="utf-8")
    else:
        chance.choice(files).unlink()


@pytest.mark.parametrize("seed", range(4))
def test_however_files_come_and_go_the_index_is_that_of_a_fresh_build(
    corpus: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    updated(corpus, tmp_path / "索引")
    for step in range(5):
        for _ in range(chance.randint(1, 3)):
            change(corpus, chance)
        updated(corpus, tmp_path / "索引")
        updated(corpus, tmp_path / f"新 {step}")
        one, other = contents(tmp_path / "索引"), contents(tmp_path / f"新 {step}")
        assert [name for name in one if one[name] != other.get(name)] == []
        assert one.keys() == other.keys()


def test_deleted_text_is_nowhere_in_the_index(corpus: Path, tmp_path: Path) -> None:
    (corpus / "秘密.txt").write_text("鹦鹉螺号潜艇昨夜抵达。", encoding="utf-8")
    index_dir = tmp_path / "索引"
    assert updated(corpus, index_dir).terms.scores({"鹦鹉": 1.0}).any()
    (corpus / "秘密.txt").unlink()
    index = updated(corpus, index_dir)
    assert not index.terms.scores({"鹦鹉": 1.0}).any()
    for path in index_dir.rglob("*"):
        assert path.is_dir() or "鹦鹉螺".encode() not in path.read_bytes()


def test_a_reader_keeps_the_generation_that_it_opened(corpus: Path, tmp_path: Path) -> None:
    before = updated(corpus, tmp_path / "索引")
    texts = [passage.text for passage in before.passages]
    for _ in range(3):
        change(corpus, random.Random(7))
        (corpus / "新.txt").write_text("新的。" * 9, encoding="utf-8")
        updated(corpus, tmp_path / "索引")
    assert [passage.text for passage in before.passages] == texts
    assert before.terms.scores_of({"早": 1.0}, np.arange(len(texts))).shape == (len(texts),)


def test_an_index_of_another_recipe_is_built_anew(corpus: Path, tmp_path: Path) -> None:
    updated(corpus, tmp_path / "索引")
    other = BigramEmbedder(32)
    index = updated(corpus, tmp_path / "索引", other)
    assert other.embedded == len(index.passages)


def test_a_folder_whose_last_article_went_leaves_the_index(corpus: Path, tmp_path: Path) -> None:
    updated(corpus, tmp_path / "索引")
    shutil.rmtree(corpus)
    corpus.mkdir()
    with pytest.raises(CorpusError):
        updated(corpus, tmp_path / "索引")
    assert len(Index.load(tmp_path / "索引").articles) == 6


class _CutError(Exception):
    """The build is cut off."""


def test_a_build_that_was_cut_off_goes_on_where_it_stopped(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_batches, "_BATCH_FILES", 2)
    updated(corpus, tmp_path / "ganz")

    def cut(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("读文章", 5):
            raise _CutError

    first, second = BigramEmbedder(), BigramEmbedder()
    with pytest.raises(_CutError):
        updated(corpus, tmp_path / "索引", first, progress=cut)
    index = updated(corpus, tmp_path / "索引", second)
    assert first.embedded > 0
    assert first.embedded + second.embedded == len(index.passages)
    assert contents(tmp_path / "索引") == contents(tmp_path / "ganz")
    assert not (tmp_path / "索引" / "batches").exists()


def test_shares_made_apart_give_the_index_of_a_plain_build(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_batches, "_BATCH_FILES", 2)
    folder, settings = Folder(corpus, 50, 100), IndexSettings(120)
    plain, last = BigramEmbedder(), BigramEmbedder()
    index = updated(corpus, tmp_path / "ganz", plain)
    embedded = []
    for number in (2, 1):
        embedder = BigramEmbedder()
        recipe = Recipe(embedder, settings)
        make_share(tmp_path / "索引", folder, recipe, Shard(number, 2), previous=None)
        embedded.append(embedder.embedded)
        with pytest.raises(IndexMissingError):
            Index.load(tmp_path / "索引")
    updated(corpus, tmp_path / "索引", last)
    assert min(embedded) > 0
    assert (sum(embedded), last.embedded) == (plain.embedded, 0)
    assert plain.embedded == len(index.passages)
    assert contents(tmp_path / "索引") == contents(tmp_path / "ganz")
    assert not (tmp_path / "索引" / "batches").exists()


def test_shares_of_an_update_leave_the_old_index_until_it_is_put_together(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = updated(corpus, tmp_path / "索引").manifest
    (corpus / "2.txt").write_text("茶园今年新修水渠三千米。", encoding="utf-8")
    recipe = Recipe(BigramEmbedder(), IndexSettings(120))
    said: list[str] = []
    for number in (1, 2):
        previous = Index.load(tmp_path / "索引")
        shard = Shard(number, 2)
        make_share(
            tmp_path / "索引",
            Folder(corpus, 50, 100),
            recipe,
            shard,
            previous=previous,
            report=said.append,
        )
    assert [line.partition("；")[0] for line in said] == [
        "第 1/2 份做好了：1 个文件，1 批",
        "第 2/2 份做好了：0 个文件，0 批",
    ]
    assert Index.load(tmp_path / "索引").manifest == before
    last = BigramEmbedder()
    updated(corpus, tmp_path / "索引", last)
    assert last.embedded == 0
    updated(corpus, tmp_path / "neu")
    assert contents(tmp_path / "索引") == contents(tmp_path / "neu")


def test_a_kept_batch_that_is_damaged_is_made_again(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_batches, "_BATCH_FILES", 2)

    def cut(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("读文章", 5):
            raise _CutError

    with pytest.raises(_CutError):
        updated(corpus, tmp_path / "索引", progress=cut)
    kept = sorted((tmp_path / "索引" / "batches").glob("*/vectors"))
    assert len(kept) == 2
    kept[0].write_bytes(b"\0" * kept[0].stat().st_size)
    embedder = BigramEmbedder()
    index = updated(corpus, tmp_path / "索引", embedder)
    assert np.allclose(
        index.vectors.vectors(np.arange(len(index.passages))),
        embedder.embed_passages([passage.search_text for passage in index.passages]),
    )


def test_progress_counts_files_and_passages_over_all_batches(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_batches, "_BATCH_FILES", 2)
    seen: list[tuple[str, int, int]] = []
    index = updated(corpus, tmp_path / "索引", progress=lambda *one: seen.append(one))
    assert [done for stage, done, total in seen if stage == "读文章"] == [1, 2, 3, 4, 5, 6]
    assert {total for stage, _, total in seen if stage == "读文章"} == {6}
    embedded = [done for stage, done, _ in seen if stage == "算向量"]
    assert embedded == sorted(embedded)
    assert embedded[-1] == len(index.passages)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")
def test_killed_at_any_moment_an_update_leaves_a_whole_index(corpus: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "索引"
    states = [digest_of(Folder(corpus, 50, 100).digests())]
    start = time.monotonic()
    updated(corpus, index_dir)
    longest = 1.5 * (time.monotonic() - start)
    chance = random.Random(5)
    outcomes = set()
    for _ in range(KILLS):
        change(corpus, chance)
        states.append(digest_of(Folder(corpus, 50, 100).digests()))
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, HERE, str(corpus), str(index_dir)],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"  # it has imported what it needs
        time.sleep(chance.uniform(0, longest))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        index = Index.load(index_dir)
        assert index.manifest.corpus_digest in states
        is_done = index.manifest.corpus_digest == states[-1]
        outcomes.add(is_done)
        longest *= 0.8 if is_done else 1.25  # about as long as an update takes, however slow it is
        assert sum(len(index.articles[id_].text) for id_ in index.articles) > 0
    assert outcomes == {True, False}  # some came in time to cut an update off, some did not
    updated(corpus, index_dir)
    updated(corpus, tmp_path / "neu")
    assert contents(index_dir) == contents(tmp_path / "neu")


HERE = str(Path(__file__).resolve().parent)
KILLS = int(os.environ.get("YINJU_TEST_KILLS", "20"))
CHILD = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]).parent)]
from test_building import updated
print("ready", flush=True)
updated(Path(sys.argv[2]), Path(sys.argv[3]))
"""


def test_a_full_disk_is_one_line_and_the_index_stays(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "索引"
    before = updated(corpus, index_dir)
    (corpus / "新.txt").write_text("新的。" * 9, encoding="utf-8")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(RagIndexError, match="磁盘空间") as caught:
            updated(corpus, index_dir)
    assert "\n" not in str(caught.value)
    assert Index.load(index_dir).manifest.corpus_digest == before.manifest.corpus_digest
    assert not list(index_dir.glob("tmp-*"))


def test_a_watched_folder_is_updated_once_its_files_have_settled(corpus: Path) -> None:
    over, updates = threading.Event(), []
    run: Callable[[], object] = lambda: updates.append(stamp_of(corpus))  # noqa: E731
    watching = threading.Thread(
        target=watch,
        args=(corpus, run),
        kwargs={"report": print, "seconds": 0.05, "is_over": over.is_set},
    )
    watching.start()
    try:
        time.sleep(0.3)
        assert updates == []
        (corpus / "新.txt").write_text("新的。", encoding="utf-8")
        for _ in range(200):
            if updates:
                break
            time.sleep(0.05)
        assert updates == [stamp_of(corpus)]
    finally:
        over.set()
        watching.join()


def test_an_index_with_codes_is_brought_up_to_date(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("vectors", "part", "index"):
        monkeypatch.setattr(f"rag.index.{name}.EXACT", 5)
    for number in range(20):
        (corpus / f"短 {number}.txt").write_text(f"第{number}号水库蓄水。", encoding="utf-8")
    before = updated(corpus, tmp_path / "索引")
    assert before.vectors.recall.wider > 0
    (corpus / "2.txt").write_text("茶园今年新修水渠三千米。", encoding="utf-8")
    index = updated(corpus, tmp_path / "索引")
    texts = [passage.text for passage in index.passages]
    assert "茶园今年新修水渠三千米。" in texts
    assert len(index.vectors) == len(texts)
    query = BigramEmbedder().embed_query("茶园今年新修水渠三千米。")
    assert texts[index.vectors.nearest(query, 1)[0]] == "茶园今年新修水渠三千米。"
    updated(corpus, tmp_path / "neu")
    assert contents(tmp_path / "索引") == contents(tmp_path / "neu")
