"""A loaded chatbot over a folder that changes; and how far the loading of a chat model is."""

from __future__ import annotations

from pathlib import Path

import pytest

import rag
from rag.errors import CorpusError
from tests.stories import write_stories
from tests.tiny_models import make_tiny_chat_model

ACREAGE = "云桥镇2019年新建了多少亩茶园？"
COUNT = "这里有多少篇文章？"
pytestmark = pytest.mark.usefixtures("stand_in_judge")


@pytest.fixture
def config(tmp_path: Path) -> rag.Config:
    corpus = write_stories(tmp_path / "文章")
    return rag.Config(corpus=corpus, index_dir=tmp_path / "index", chat_model="builtin")


@pytest.fixture
def chatbot(config: rag.Config) -> rag.Chatbot:
    return rag.load(config)


def add(config: rag.Config) -> None:
    text = "柳坪镇建成菜园\n\n柳坪镇的菜园占地36亩，昨天开园。\n"
    (config.corpus / "菜园.txt").write_text(text, encoding="utf-8")


def test_where_nothing_changed_nothing_is_said_and_nothing_read(chatbot: rag.Chatbot):
    before = chatbot.articles
    assert chatbot.changes() == ""
    assert not chatbot.reload()
    assert all(one is other for one, other in zip(chatbot.articles, before, strict=True))


def test_what_came_and_went_is_said_and_then_read(chatbot: rag.Chatbot, config: rag.Config):
    add(config)
    gone = chatbot.articles[0]
    (config.corpus / gone.source).unlink()
    assert "新增 1 个文件，少了 1 个" in chatbot.changes()
    assert chatbot.reload()
    assert chatbot.changes() == ""
    titles = [one.title for one in chatbot.articles]
    assert "柳坪镇建成菜园" in titles
    assert gone.title not in titles
    assert not any(hit.source == gone.source for hit in chatbot.search(gone.title))


def test_a_file_that_was_changed_is_noticed_and_read(chatbot: rag.Chatbot, config: rag.Config):
    path = config.corpus / chatbot.articles[0].source
    path.write_text(path.read_text(encoding="utf-8") + "\n又新修了三座小桥。\n", encoding="utf-8")
    assert chatbot.changes().startswith("文章有变动；")
    assert chatbot.reload()
    assert "又新修了三座小桥" in chatbot.articles[0].text


def test_what_is_counted_changes_with_it(chatbot: rag.Chatbot, config: rag.Config):
    assert chatbot.answer(COUNT).short == "4篇"
    add(config)
    chatbot.reload()
    assert chatbot.answer(COUNT).short == "5篇"


def test_an_answer_that_has_begun_ends_with_the_articles_it_began_with(
    chatbot: rag.Chatbot, config: rag.Config
):
    stream = chatbot.stream(ACREAGE)
    searched = next(stream)
    assert isinstance(searched, rag.Searched)
    for path in config.corpus.iterdir():
        path.unlink()
    add(config)
    assert chatbot.reload()
    *_, last = stream
    assert isinstance(last, rag.Answer)
    assert last.short == "1.2万亩"
    assert chatbot.answer(COUNT).short == "1篇"


def test_a_folder_that_vanished_leaves_everything_as_it_was(
    chatbot: rag.Chatbot, config: rag.Config
):
    for path in config.corpus.iterdir():
        path.unlink()
    with pytest.raises(CorpusError):
        chatbot.reload()
    assert chatbot.answer(ACREAGE).short == "1.2万亩"


def test_texts_in_memory_never_change():
    chatbot = rag.Chatbot.from_articles([("题", "云桥镇有桥。")], rag.Config(chat_model="builtin"))
    assert chatbot.changes() == ""
    assert not chatbot.reload()


def test_the_loading_of_a_chat_model_counts_its_steps(config: rag.Config, tmp_path: Path):
    folder = make_tiny_chat_model(tmp_path / "tiny")
    told: list[tuple[str, int, int]] = []
    written = rag.Config(**(config.model_dump() | {"chat_model": str(folder)}))
    chatbot = rag.load(written, progress=lambda *one: told.append(one))
    steps = [(done, total) for stage, done, total in told if stage == "装入对话模型"]
    assert steps[0] == (0, 3)
    assert steps[-1] == (3, 3)
    assert steps == sorted(steps)
    answerer = chatbot._answerer
    add(written)
    assert chatbot.reload()
    assert chatbot._answerer is answerer  # the model stays as it is loaded
