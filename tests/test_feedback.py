"""A rating on the page becomes a row with the hits frozen, and after review a case."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.cases import load_cases
from page.conversation import Conversation
from page.feedback import FILE_NAME, FeedbackError, write_feedback
from page.turns import Session, Turn
from tests.fake_chatbot import FakeChatbot, a_library

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")


def rows(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Conversation, Session]:
    talk = Conversation(a_library(FakeChatbot()), tmp_path / "kept")
    session = Session()
    for question in ("石河子高新区何时升级？", "为何？"):
        talk.begin(question, session)
        list(talk.reply(session))
    return talk, session


def click(link: str) -> Any:
    return SimpleNamespace(link=link)


def test_a_rating_is_kept_with_answer_hits_and_history(
    asked: tuple[Conversation, Session], tmp_path: Path
) -> None:
    talk, session = asked
    messages, comment_row = talk.rate(session, click("#rate-1-2"))
    assert 'class="yj-rate now" href="#rate-1-2"' in messages[-1]["content"]
    assert comment_row.visible
    (row,) = rows(tmp_path / "kept")
    assert session.turns[1].answer is not None
    assert row["answer"] == json.loads(json.dumps(session.turns[1].answer.to_dict()))
    assert row["answer"]["hits"]
    assert (row["rating"], row["comment"]) == ("出处不对", "")
    assert [turn["role"] for turn in row["history"]] == ["user", "assistant"]


def test_a_rating_is_still_shown_when_the_conversation_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = "cookie:" + "a" * 32
    monkeypatch.setattr("page.conversation.requester", lambda _: owner)
    talk, session = Conversation(a_library(FakeChatbot()), tmp_path), Session()
    talk.begin("石河子高新区何时升级？", session)
    list(talk.reply(session))
    talk.rate(session, click("#rate-0-1"))
    _, turns, _ = talk.saved.read(owner, session.id)
    assert [turn.rating for turn in turns] == ["答案不对"]


def test_a_comment_comes_under_the_same_id(
    asked: tuple[Conversation, Session], tmp_path: Path
) -> None:
    talk, session = asked
    talk.rate(session, click("#rate-0-1"))
    talk.comment(session, " 应该是2013年 ")
    first, second = rows(tmp_path / "kept")
    assert first["id"] == second["id"]
    assert (second["rating"], second["comment"]) == ("答案不对", "应该是2013年")


def test_a_folder_that_takes_nothing_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    turn = Turn("问")
    with pytest.raises(FeedbackError, match="还没有回答"):
        write_feedback(tmp_path, [turn], 0, "赞")
    *_, turn.answer = FakeChatbot().stream("院士工作站有几家？")
    with pytest.raises(FeedbackError, match="写不进"):
        write_feedback(tmp_path / "file", [turn], 0, "赞")


@pytest.mark.parametrize("link", ["#rate-9-0", "#rate-x-0"])
def test_a_link_to_no_answer_keeps_nothing(
    asked: tuple[Conversation, Session], tmp_path: Path, link: str
) -> None:
    talk, session = asked
    assert talk.rate(session, click(link)) == (gr.skip(), gr.skip())
    assert not (tmp_path / "kept" / FILE_NAME).exists()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    a_library(FakeChatbot(), folder=folder)
    return folder


def review(tmp_path: Path, corpus: Path, typed: str) -> Any:
    feedback, cases = tmp_path / "kept" / FILE_NAME, tmp_path / "cases.jsonl"
    command = ["add-feedback", str(feedback), "--cases", str(cases), "--corpus", str(corpus)]
    return CliRunner().invoke(app, command, input=typed)


def test_reviewed_rows_become_cases_once(
    asked: tuple[Conversation, Session], tmp_path: Path, corpus: Path
) -> None:
    talk, session = asked
    talk.rate(session, click("#rate-0-0"))
    done = review(tmp_path, corpus, "date\n2013年/2013\n\n")
    assert done.exit_code == 0, done.output
    (case,) = load_cases(tmp_path / "cases.jsonl", corpus)
    assert (case.kind, case.split, case.answers) == ("date", "tune", (("2013年", "2013"),))
    assert case.question == "石河子高新区何时升级？"
    assert case.evidence
    again = review(tmp_path, corpus, "")
    assert "收进 0 条" in again.output


def test_what_should_have_been_declined_becomes_an_unanswerable_case(
    asked: tuple[Conversation, Session], tmp_path: Path, corpus: Path
) -> None:
    talk, session = asked
    talk.rate(session, click("#rate-1-3"))
    assert review(tmp_path, corpus, "absent\n-\n").exit_code == 0
    (case,) = load_cases(tmp_path / "cases.jsonl", corpus)
    assert not case.answerable
    assert [turn.role for turn in case.history] == ["user", "assistant"]


def test_evidence_that_the_file_does_not_hold_is_refused_and_nothing_is_kept(
    asked: tuple[Conversation, Session], tmp_path: Path, corpus: Path
) -> None:
    talk, session = asked
    talk.rate(session, click("#rate-0-1"))
    done = review(tmp_path, corpus, "date\n2014年\nn\n001.txt\n编造的话\n")
    assert done.exit_code == 1
    assert not (tmp_path / "cases.jsonl").exists()
    assert review(tmp_path, corpus, "\n").output.strip().endswith("cases.jsonl")
