"""How a conversation of the page runs, without a server."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest

from page import rendering
from page.conversation import Conversation
from page.turns import Session
from tests.fake_chatbot import FakeChatbot, a_library
from tests.shown_page import Page

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")


def test_closing_the_reply_closes_the_stream_and_frees_the_place() -> None:
    chatbot, session = FakeChatbot(), Session()
    talk = Conversation(a_library(chatbot))
    talk.begin("慢慢说", session)
    reply = talk.reply(session)
    for _ in range(4):
        next(reply)
    reply.close()
    assert chatbot.closed.is_set()
    assert talk.begin("下一个", session)
    assert session.turns[-1].ahead == 0


def test_the_next_question_stops_the_one_before_and_its_text_stays() -> None:
    chatbot, session = FakeChatbot(), Session()
    talk = Conversation(a_library(chatbot))
    talk.begin("慢慢说", session)
    reply = talk.reply(session)
    for _ in range(4):
        next(reply)
    talk.begin("石河子", session)
    assert session.turns[1].ahead == 1
    list(reply)
    assert chatbot.closed.is_set()
    assert session.turns[0].stopped
    assert session.turns[0].text
    list(talk.reply(session))
    assert session.turns[1].answer is not None
    assert [question for question, _ in chatbot.asked] == ["慢慢说", "石河子"]


def test_who_waits_sees_how_many_are_ahead_and_moves_up() -> None:
    chatbot = FakeChatbot()
    talk = Conversation(a_library(chatbot))
    sessions = [Session(), Session(), Session()]
    replies = []
    for session in sessions:
        talk.begin("慢慢说石河子", session)
        replies.append(talk.reply(session))
        next(replies[-1])
    assert [session.turns[0].ahead for session in sessions] == [0, 1, 2]
    next(replies[0])
    replies[0].close()
    next(replies[1])
    next(replies[2])
    assert [session.turns[0].ahead for session in sessions[1:]] == [0, 1]
    replies[2].close()  # who leaves while waiting is in nobody's way
    next(replies[1])
    talk.stop(sessions[1])
    list(replies[1])
    assert (len(chatbot.asked), chatbot.most_running) == (2, 1)


def test_what_was_said_before_a_stop_comes_back_checked() -> None:
    talk, session = Conversation(a_library(FakeChatbot())), Session()
    talk.begin("慢慢说", session)
    reply = talk.reply(session)
    for _ in range(4):
        next(reply)
    talk.stop(session)
    list(reply)
    assert session.turns[0].answer is not None
    assert session.turns[0].answer.outcome == "stopped"


def test_a_closed_tab_stops_its_own_reply_and_no_other() -> None:
    talk = Conversation(a_library(FakeChatbot()))
    sessions = {"甲": Session(), "乙": Session()}
    replies = {}
    for name, session in sessions.items():
        talk.begin("沉默的石河子", session)
        replies[name] = talk.reply(session, gr.Request(session_hash=name))
        next(replies[name])
    talk.leave(gr.Request(session_hash="甲"))
    list(replies["甲"])
    assert sessions["甲"].turns[0].answer is not None
    assert sessions["甲"].turns[0].answer.outcome == "stopped"
    assert not talk._running[id(sessions["乙"].turns[0])].stop.is_set()
    replies["乙"].close()


def test_a_conversation_deleted_in_mid_answer_stays_deleted_and_the_next_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = "cookie:" + "a" * 32
    monkeypatch.setattr("page.conversation.requester", lambda _: owner)
    talk, session = Conversation(a_library(FakeChatbot()), tmp_path), Session()
    talk.begin("慢慢说", session)
    reply, name = talk.reply(session), session.id
    for _ in range(4):
        next(reply)
    assert [one.id for one in talk.saved.all_of(owner)] == [name]
    talk.saved.delete(owner, name)
    reply.close()
    assert talk.saved.all_of(owner) == []
    talk.begin("石河子", session)  # in another tab it still stands there
    assert [one.id for one in talk.saved.all_of(owner)] == [session.id]
    assert session.id != name


def test_a_reply_to_a_cleared_conversation_shows_it_empty() -> None:
    talk, session = Conversation(a_library(FakeChatbot())), Session()
    talk.begin("慢慢说", session)
    reply = talk.reply(session)
    next(reply)
    talk.clear(session)
    assert list(reply)[-1][0] == []


def test_an_unexpected_error_is_not_swallowed_and_is_told() -> None:
    talk, session = Conversation(a_library(FakeChatbot())), Session()
    talk.begin("石河子崩溃", session)
    with pytest.raises(RuntimeError):
        list(talk.reply(session))
    messages = talk.fail(session)[0]
    assert "程序内部出错" in messages[-1]["content"]
    assert session.turns[0].finished


def test_the_time_shown_is_what_the_reader_waited_not_only_what_was_worked() -> None:
    talk, session = Conversation(a_library(FakeChatbot())), Session()
    talk.begin("石河子高新区何时升级？", session)
    list(talk.reply(session))
    assert session.turns[0].answer is not None
    assert session.turns[0].seconds is not None
    shown = rendering.render_answer(session.turns[0].answer, 0, 12.345)
    assert "用时 12.35 秒" in Page(shown).text or "用时 12.34 秒" in Page(shown).text
    talk.begin("那是哪一年？", session)
    assert [turn.follows for turn in session.turns] == [False, True]
