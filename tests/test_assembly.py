"""Putting the parts together: indexes that are built when needed, models that are found or not."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file

import rag
from rag.articles import read_corpus
from rag.errors import CorpusError, IndexForeignError, ModelError, PromptError
from rag.index import Index, IndexSettings
from rag.index.manifest import FORMAT
from rag.models.catalogue import DEFAULT_CHAT_MODEL
from tests.fakes import BigramEmbedder, overlap_judge
from tests.faulty_server import a_server, saying
from tests.stories import assert_quotes_hold, write_stories
from tests.tiny_models import (
    make_tiny_chat_model,
    make_tiny_entailment_model,
    make_tiny_reranker,
)

ACREAGE = "云桥镇2019年新建了多少亩茶园？"
pytestmark = pytest.mark.usefixtures("stand_in_judge")


@pytest.fixture
def config(tmp_path: Path) -> rag.Config:
    corpus = write_stories(tmp_path / "文章")
    return rag.Config(corpus=corpus, index_dir=tmp_path / "index", chat_model="builtin")


def loaded(config: rag.Config) -> tuple[rag.Chatbot, list[str]]:
    """A chatbot and the lines that loading it reported."""
    lines: list[str] = []
    return rag.load(config, report=lines.append), lines


def generation(config: rag.Config) -> Path:
    pointer = config.corpus_index_dir / "CURRENT"
    return config.corpus_index_dir / pointer.read_text(encoding="utf-8").strip()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def copied(config: rag.Config, **changes: object) -> rag.Config:
    return rag.Config(**(config.model_dump() | changes))


# --- The index --------------------------------------------------------------------------------


def test_a_missing_index_is_built_and_said_so(config: rag.Config):
    chatbot, lines = loaded(config)
    assert chatbot.answer(ACREAGE).short == "1.2万亩"
    assert len(lines) == 2
    assert "正在为" in lines[0]
    assert "4 篇文章" in lines[1]


def test_a_fitting_index_is_loaded_without_a_word(config: rag.Config):
    first, _ = loaded(config)
    before = contents(config.corpus_index_dir)
    second, lines = loaded(config)
    assert lines == []
    assert contents(config.corpus_index_dir) == before
    assert second.articles == first.articles
    assert second.answer(ACREAGE).citations == first.answer(ACREAGE).citations


def test_progress_is_told_stage_by_stage_up_to_the_total(config: rag.Config):
    told: list[tuple[str, int, int]] = []
    rag.load(config, progress=lambda *step: told.append(step))
    assert {stage for stage, _, _ in told} == {"读文章", "算向量"}
    for stage in ("读文章", "算向量"):
        _, done, total = [step for step in told if step[0] == stage][-1]
        assert done == total > 0


def assert_rebuilt_in_one_line(lines: list[str], why: str) -> None:
    (rebuilt,) = [line for line in lines if "重建" in line]
    assert why in rebuilt
    assert "\n" not in rebuilt


def test_a_changed_corpus_rebuilds_the_index_in_one_line(config: rag.Config):
    loaded(config)
    (config.corpus / "新.txt").write_text(
        "西坪村的桥\n2023年，西坪村新建石桥7座。", encoding="utf-8"
    )
    chatbot, lines = loaded(config)
    assert_rebuilt_in_one_line(lines, "文章变了")
    assert "7座" in chatbot.answer("西坪村2023年新建了几座石桥？").text
    assert loaded(config)[1] == []


def test_a_removed_article_is_cited_no_more(config: rag.Config):
    loaded(config)
    (config.corpus / "云桥镇的茶.txt").unlink()
    chatbot, lines = loaded(config)
    assert_rebuilt_in_one_line(lines, "文章变了")
    assert chatbot.answer(ACREAGE).outcome == "no_evidence"


def test_changed_settings_rebuild_the_index_in_one_line(config: rag.Config):
    loaded(config)
    chatbot, lines = loaded(copied(config, passage_chars=60))
    assert_rebuilt_in_one_line(lines, "设置变了")
    assert all(len(hit.passage.text) <= 60 for hit in chatbot.search(ACREAGE))


def test_an_index_of_another_embedder_is_rebuilt_in_one_line(config: rag.Config):
    corpus = read_corpus(config.corpus)
    Index.build(corpus, BigramEmbedder(), IndexSettings(config.passage_chars)).save(
        config.corpus_index_dir
    )
    chatbot, lines = loaded(config)
    assert_rebuilt_in_one_line(lines, "bigrams")
    assert chatbot.answer(ACREAGE).short == "1.2万亩"


@pytest.mark.parametrize("name", ["manifest.json", "passages.jsonl", "articles.jsonl"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_a_damaged_index_is_rebuilt_in_one_line(config: rag.Config, name: str, damage: str):
    loaded(config)
    path = generation(config) / name
    data = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes(data[: len(data) // 2] if damage == "cut" else data)
    chatbot, lines = loaded(config)
    (rebuilt,) = [line for line in lines if "重建" in line]
    assert "\n" not in rebuilt
    assert chatbot.answer(ACREAGE).short == "1.2万亩"
    assert loaded(config)[1] == []


def test_an_index_cut_short_while_it_was_built_is_built_again(config: rag.Config):
    loaded(config)
    (config.corpus_index_dir / "CURRENT").unlink()
    chatbot, lines = loaded(config)
    assert "正在为" in lines[0]
    assert chatbot.answer(ACREAGE).short == "1.2万亩"


@pytest.mark.parametrize("use", [rag.load, rag.build_index])
def test_a_foreign_folder_is_refused_and_untouched(config: rag.Config, use: object):
    folder = config.corpus_index_dir
    (folder / "tmp-photos").mkdir(parents=True)
    (folder / "tmp-photos" / "cat.jpg").write_bytes(b"\xff\xd8cat")
    (folder / "notes.txt").write_text("别人的笔记", encoding="utf-8")
    before = contents(folder)
    with pytest.raises(IndexForeignError, match="--index-dir"):
        use(config)  # type: ignore[operator]
    assert contents(folder) == before


@pytest.mark.parametrize("use", [rag.load, rag.build_index])
def test_an_index_in_a_newer_format_is_refused_and_untouched(config: rag.Config, use: object):
    loaded(config)
    path = generation(config) / "manifest.json"
    fields = json.loads(path.read_bytes()) | {"format": "yinju-index/999"}
    path.write_text(json.dumps(fields), encoding="utf-8")
    before = contents(config.corpus_index_dir)
    with pytest.raises(IndexForeignError, match="yinju-index/999"):
        use(config)  # type: ignore[operator]
    assert contents(config.corpus_index_dir) == before


@pytest.mark.parametrize("use", [rag.load, rag.build_index])
def test_an_index_of_an_older_version_is_built_anew(config: rag.Config, use: object):
    loaded(config)
    path = generation(config) / "manifest.json"
    fields = json.loads(path.read_bytes()) | {"format": "yinju-index/1"}
    path.write_text(json.dumps(fields), encoding="utf-8")
    use(config)  # type: ignore[operator]
    assert json.loads((generation(config) / "manifest.json").read_bytes())["format"] == FORMAT


def test_building_anew_takes_over_the_vectors_of_unchanged_passages(config: rag.Config):
    loaded(config)
    told: list[tuple[str, int, int]] = []
    (config.corpus / "新.txt").write_text("西坪村的桥\n西坪村新建石桥7座。", encoding="utf-8")
    rag.build_index(config, progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "算向量"] == [("算向量", 1, 1)]
    assert loaded(config)[1] == []


def test_two_corpora_have_two_indexes_under_one_folder(config: rag.Config, tmp_path: Path):
    other = copied(config, corpus=tmp_path / "别处" / "文章")
    other.corpus.mkdir(parents=True)
    (other.corpus / "桥.txt").write_text("西坪村的桥\n西坪村新建石桥7座。", encoding="utf-8")
    first, second = loaded(config)[0], loaded(other)[0]
    assert first.answer(ACREAGE).outcome == "answered"
    assert second.answer(ACREAGE).outcome == "no_evidence"
    assert loaded(config)[1] == loaded(other)[1] == []


def test_files_that_cannot_be_read_are_named_and_the_rest_is_answered_from(config: rag.Config):
    (config.corpus / "空.txt").write_bytes(b"")
    (config.corpus / "图.txt").write_bytes(bytes(range(256)) * 20)
    (config.corpus / "国标.txt").write_bytes("西坪村的桥\n西坪村新建石桥7座。".encode("gb18030"))
    chatbot, lines = loaded(config)
    skipped = [line for line in lines if line.startswith("跳过")]
    assert len(skipped) == 2
    assert any("空.txt" in line for line in skipped)
    assert any("图.txt" in line for line in skipped)
    assert "国标.txt 的编码是 gb18030" in lines
    assert chatbot.answer(ACREAGE).short == "1.2万亩"


def test_a_corpus_that_is_missing_empty_or_a_file_is_an_error(config: rag.Config, tmp_path: Path):
    empty, file = tmp_path / "空", tmp_path / "一个.txt"
    empty.mkdir()
    file.write_text("云桥镇有茶园。", encoding="utf-8")
    for corpus in (empty, file, tmp_path / "没有"):
        with pytest.raises(CorpusError) as error:
            rag.load(copied(config, corpus=corpus))
        assert str(corpus) in str(error.value)
        assert "\n" not in str(error.value)


# --- The defaults -----------------------------------------------------------------------------


def test_settings_come_from_the_environment(config: rag.Config, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YINJU_CORPUS", str(config.corpus))
    assert {article.title for article in rag.load().articles} >= {"云桥镇的茶"}


# --- Chat models ------------------------------------------------------------------------------


def test_auto_without_a_model_answers_built_in_and_says_how_to_get_one(config: rag.Config):
    chatbot, _ = loaded(copied(config, chat_model="auto"))
    assert chatbot.answer(ACREAGE).model == "builtin"
    assert f"models pull {DEFAULT_CHAT_MODEL}" in chatbot.notice
    assert "\n" not in chatbot.notice


def test_builtin_is_silent_about_chat_models(config: rag.Config):
    assert loaded(config)[0].notice == ""


@pytest.mark.parametrize("name", ["nobody/no-such-model", "{folder}"])
def test_a_chat_model_that_is_asked_for_and_missing_is_an_error(
    config: rag.Config, tmp_path: Path, name: str
):
    (tmp_path / "空模型").mkdir()
    name = name.format(folder=tmp_path / "空模型")
    with pytest.raises(ModelError) as error:
        loaded(copied(config, chat_model=name))
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_prompt_is_an_error_only_where_a_chat_model_needs_it(
    config: rag.Config, tmp_path: Path
):
    without = {"prompts_dir": tmp_path / "没有"}
    assert loaded(copied(config, **without))[0].answer(ACREAGE).outcome == "answered"
    with pytest.raises(PromptError):
        loaded(copied(config, chat_model=str(tmp_path), **without))


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_chat_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.mark.slow
def test_a_chat_model_from_a_folder_answers_through_the_whole_chain(
    config: rag.Config, tiny_model: Path
):
    chatbot, _ = loaded(copied(config, chat_model=str(tiny_model), max_new_tokens=16))
    searched, *pieces, answer = chatbot.stream(ACREAGE)
    assert isinstance(searched, rag.Searched)
    assert isinstance(answer, rag.Answer)
    assert answer.model == "tiny"
    assert answer.outcome in ("answered", "no_evidence")
    assert "".join(map(str, pieces)).strip()
    texts = {path.name: rag.read_text(path) for path in config.corpus.glob("*.txt")}
    assert_quotes_hold(answer, chatbot.articles, texts)
    assert chatbot.notice == ""
    refused = chatbot.answer("东江高新区有多少名员工？")
    assert (refused.outcome, refused.citations) == ("no_evidence", ())


@pytest.mark.slow
def test_auto_uses_the_default_model_once_it_is_in_the_cache(
    config: rag.Config, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    cached = tmp_path / "hub" / f"models--{DEFAULT_CHAT_MODEL.replace('/', '--')}"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("abc", encoding="utf-8")
    shutil.copytree(tiny_model, cached / "snapshots" / "abc")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    chatbot, _ = loaded(copied(config, chat_model="auto", max_new_tokens=16))
    assert chatbot.answer(ACREAGE).model == DEFAULT_CHAT_MODEL
    assert chatbot.notice == ""


@pytest.mark.slow
def test_a_reranker_of_the_settings_has_its_say_in_the_order_of_the_hits(
    config: rag.Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    believing = partial(overlap_judge, search_score=99.0)
    monkeypatch.setattr("rag.assembly.builtin_judge", believing)
    reranker = str(make_tiny_reranker(tmp_path / "reranker"))
    plain, _ = loaded(config)
    for seconds, is_same in ((60.0, False), (0.0, True)):
        chatbot, _ = loaded(copied(config, reranker=reranker, rerank_seconds=seconds))
        hits = chatbot.search(ACREAGE, 5)
        assert hits == chatbot.search(ACREAGE, 5)
        assert (hits == plain.search(ACREAGE, 5)) is is_same
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert chatbot.answer(ACREAGE).outcome == "answered"


@pytest.mark.slow
def test_a_model_of_inference_of_the_settings_has_the_last_look(config: rag.Config, tmp_path: Path):
    folder = make_tiny_entailment_model(tmp_path / "nli")
    # Biased to object to everything: what the rules let pass is then its objection alone.
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"][2] = 20.0
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with a_server(saying("云桥镇有茶园1.2万亩。[1]")) as (base, _):
        settings = {"chat_model": f"openai:{base}#tiny"}
        plain = loaded(copied(config, **settings))[0].answer(ACREAGE)
        settings["entailment_model"] = str(folder)
        second = loaded(copied(config, **settings))[0].answer(ACREAGE)
    assert [claim.verdict for claim in plain.claims] == ["supported"]
    assert plain.text == "云桥镇有茶园1.2万亩。[1]"
    # No sentence stands up to the model of inference, so that the quote stands in its place.
    assert second.text.startswith("模型写的核对不上；材料里有这一句：")


@pytest.mark.slow
def test_closing_a_stream_stops_a_real_chat_model(config: rag.Config, tiny_model: Path):
    chatbot, _ = loaded(copied(config, chat_model=str(tiny_model), max_new_tokens=4000))
    stream = chatbot.stream(ACREAGE)
    next(stream)
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    short = copied(config, chat_model=str(tiny_model), max_new_tokens=16)
    assert loaded(short)[0].answer(ACREAGE).model == "tiny"


@pytest.mark.slow
def test_an_embedder_that_is_not_on_this_machine_is_an_error(config: rag.Config):
    with pytest.raises(ModelError, match="models pull"):
        loaded(copied(config, embedder="nobody/no-such-embedder"))


def test_a_changed_file_is_answered_from_anew_in_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "文章"
    folder.mkdir()
    monkeypatch.setenv("YINJU_CORPUS", str(folder))
    for text in ("老城区有五座桥。", "新的开头在这里。老城区有七座桥。"):
        (folder / "桥.txt").write_text(text, encoding="utf-8")
        answer = rag.answer("老城区有几座桥？")
        (citation,) = answer.citations
        source = rag.read_text(folder / citation.source)
        assert "".join(source[a:b] for a, b in citation.source_spans) == citation.quote
    assert "七座桥" in citation.quote
