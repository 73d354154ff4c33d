"""The questions offered to a first visitor are answered by the corpus they were made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rag
from rag import sampling
from rag.index.generations import SAMPLES, current_generation

TEXTS = (
    ("青浦要闻", "上海青浦区新开工项目19个，总投资83亿元。上海青浦区绿化率达到35%。"),
    ("海事要闻", "上海海事局局长王建国表示，全年救助船只120艘。上海海事局于1998年成立。"),
)


@pytest.fixture(scope="module")
def chatbot() -> rag.Chatbot:
    return rag.Chatbot.from_articles(TEXTS, rag.Config(chat_model="builtin"))


def test_every_question_is_answered_by_its_own_words(chatbot: rag.Chatbot, tmp_path: Path) -> None:
    questions = rag.sample_questions(chatbot, tmp_path)
    assert 2 <= len(questions) <= 6
    assert len(set(questions)) == len(questions)
    for question in questions:
        answer = chatbot.answer(question)
        assert answer.outcome == "answered"
        assert answer.citations


def test_they_are_kept_until_the_articles_change(chatbot: rag.Chatbot, tmp_path: Path) -> None:
    made = rag.sample_questions(chatbot, tmp_path)
    kept = json.loads((tmp_path / SAMPLES).read_bytes())
    assert kept["questions"] == list(made)
    kept["questions"] = ["还是那一问？"]
    (tmp_path / SAMPLES).write_text(json.dumps(kept), encoding="utf-8")
    assert rag.sample_questions(chatbot, tmp_path) == ("还是那一问？",)
    other = rag.Chatbot.from_articles(TEXTS[:1], rag.Config(chat_model="builtin"))
    assert rag.sample_questions(other, tmp_path) != ("还是那一问？",)


def test_what_was_made_in_too_short_a_time_is_not_kept(
    chatbot: rag.Chatbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sampling, "_MOST_SECONDS", 0.0)
        assert not rag.sample_questions(chatbot, tmp_path)
    assert not (tmp_path / SAMPLES).exists()
    assert rag.sample_questions(chatbot, tmp_path)


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'{"digest": 1}'])
def test_a_damaged_file_is_made_anew(chatbot: rag.Chatbot, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / SAMPLES).write_bytes(damage)
    assert rag.sample_questions(chatbot, tmp_path)
    assert json.loads((tmp_path / SAMPLES).read_bytes())["questions"]


def test_a_folder_that_takes_no_file_costs_no_question(
    chatbot: rag.Chatbot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    assert rag.sample_questions(chatbot, tmp_path / "file" / "below")


def test_they_stand_beside_an_index_and_do_not_make_it_foreign(tmp_path: Path) -> None:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for title, text in TEXTS:
        (corpus / f"{title}.txt").write_text(text, encoding="utf-8")
    config = rag.Config(corpus=corpus, index_dir=tmp_path / "index", chat_model="builtin")
    rag.sample_questions(rag.load(config), config.corpus_index_dir)
    rag.build_index(config)
    assert current_generation(config.corpus_index_dir).name == "g000002"
    assert (config.corpus_index_dir / SAMPLES).is_file()
