"""Conversations are kept a file each, found again by their owner alone, and damage stays small."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

import rag
from page.conversations import (
    UNREADABLE,
    ConversationError,
    Conversations,
    new_id,
    to_markdown,
)
from page.saved import CUT_OFF
from page.turns import Turn
from tests.fake_chatbot import HOSTILE, FakeChatbot

ME, OTHER = "cookie:" + "a" * 32, "login:别人"


def asked(*questions: str) -> list[Turn]:
    turns = []
    for question in questions:
        turn = Turn(question)
        for event in FakeChatbot().stream(question):
            turn.receive(event)
        turns.append(turn)
    return turns


@pytest.fixture
def saved(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path)


def the_file(tmp_path: Path) -> Path:
    (path,) = tmp_path.rglob("*.jsonl")
    return path


def test_a_conversation_comes_back_as_it_was(saved: Conversations, tmp_path: Path) -> None:
    turns, name = asked("院士工作站有几家？", f"全部{HOSTILE}", "石河子天气"), new_id()
    turns[0].rating, turns[1].only = "赞", rag.Filter(dates=("2021", None), sources=["报"])
    saved.write(ME, name, "我的文章", turns)
    kept, back, lost = Conversations(tmp_path).read(ME, name)
    assert (kept.title, kept.corpus, lost) == ("院士工作站有几家？", "我的文章", 0)
    assert [turn.answer for turn in back] == [turn.answer for turn in turns]
    assert [turn.question for turn in back] == [turn.question for turn in turns]
    assert (back[0].rating, back[1].only) == ("赞", turns[1].only)


def test_parts_of_an_answer_and_pages_of_its_citations_come_back(saved: Conversations) -> None:
    (turn,), name = asked("院士工作站有几家？"), new_id()
    assert turn.answer is not None
    parts = (rag.AnswerPart("几家", "answered", "3家", "2021", 0.9, (1,)),)
    citations = tuple(replace(one, page=7) for one in turn.answer.citations)
    turn.answer = replace(turn.answer, parts=parts, citations=citations)
    saved.write(ME, name, "", [turn])
    _, (back,), _ = saved.read(ME, name)
    assert back.answer == turn.answer


def test_a_turn_that_was_cut_off_says_so_and_keeps_its_words(saved: Conversations) -> None:
    name = new_id()
    saved.write(ME, name, "", [Turn("问", text="半句")])
    _, (turn,), _ = saved.read(ME, name)
    assert (turn.text, turn.error) == ("半句", CUT_OFF)


def test_nobody_else_finds_it_and_its_owner_cannot_be_read_from_the_disk(
    saved: Conversations, tmp_path: Path
) -> None:
    name = new_id()
    saved.write(ME, name, "", asked("石河子高新区"))
    for owner in (OTHER, ""):
        assert saved.all_of(owner) == []
        with pytest.raises(ConversationError):
            saved.read(owner, name)
    saved.delete(OTHER, name)
    assert [one.id for one in saved.all_of(ME)] == [name]
    assert "a" * 32 not in str(the_file(tmp_path))


@pytest.mark.parametrize("name", ["", "..", "../x", "A" * 32, "a" * 31, "a" * 32 + "\n"])
def test_what_is_no_id_leads_nowhere(saved: Conversations, name: str) -> None:
    for act in (saved.read, saved.delete):
        with pytest.raises(ConversationError):
            act(ME, name)


def test_it_is_renamed_listed_by_its_last_change_and_deleted(saved: Conversations) -> None:
    first, second = new_id(), new_id()
    saved.write(ME, first, "", asked("石河子高新区"))
    saved.write(ME, second, "", asked("院士工作站"))
    assert [one.id for one in saved.all_of(ME)] == [second, first]
    saved.rename(ME, first, "  新  名字 ")
    assert saved.all_of(ME)[0].title == "新 名字"
    saved.write(ME, first, "", asked("石河子高新区", "博士服务团"))
    kept, turns, _ = saved.read(ME, first)
    assert (kept.title, len(turns)) == ("新 名字", 2)
    with pytest.raises(ConversationError, match="空"):
        saved.rename(ME, first, " ")
    saved.delete(ME, first)
    assert [one.id for one in saved.all_of(ME)] == [second]


def test_a_line_that_was_damaged_costs_one_turn(saved: Conversations, tmp_path: Path) -> None:
    name = new_id()
    saved.write(ME, name, "", asked("石河子高新区", "院士工作站", "博士服务团"))
    path = the_file(tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[2] = lines[2][: len(lines[2]) // 2]
    path.write_bytes("\n".join(lines).encode() + b"\xff\xfe{}\n[]\n")
    _, turns, lost = saved.read(ME, name)
    assert [turn.question for turn in turns] == ["石河子高新区", "博士服务团"]
    assert lost == 3


def test_a_file_without_a_head_is_listed_and_its_turns_are_read(
    saved: Conversations, tmp_path: Path
) -> None:
    name = new_id()
    saved.write(ME, name, "", asked("石河子高新区"))
    path = the_file(tmp_path)
    path.write_text("damaged\n" + path.read_text(encoding="utf-8").split("\n")[1], encoding="utf-8")
    assert [one.title for one in saved.all_of(ME)] == [UNREADABLE]
    assert len(saved.read(ME, name)[1]) == 1


def test_a_folder_that_takes_nothing_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "conversations").write_text("")
    with pytest.raises(ConversationError, match="存不进") as error:
        Conversations(tmp_path).write(ME, new_id(), "", asked("石河子高新区"))
    assert "\n" not in str(error.value)


def test_two_hundred_conversations_are_listed_by_a_line_of_each(
    saved: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = asked("全部石河子高新区")
    for _ in range(200):
        saved.write(ME, new_id(), "", turns)
    monkeypatch.setattr("page.conversations.turn_from_json", None)  # no turn is looked at
    start = time.process_time()
    assert len(saved.all_of(ME)) == 200
    assert time.process_time() - start < 5  # the bench measures it; this only rules out a blunder


def test_the_export_has_a_footnote_for_each_citation_and_nothing_acts_as_markdown() -> None:
    turns = asked("院士工作站有几家？", f"全部{HOSTILE}")
    shown = to_markdown(HOSTILE, turns)
    assert "[^1-1]: “全区建成院士工作站3家" in shown
    assert re.search(r"。\[\^1-1\]", shown)
    without_ours = re.sub(r"\[\^\d+-\d+\]|\\.|^#+ |  $", "", shown, flags=re.MULTILINE)
    assert not re.search(r"[`*\[\]<>#$!]", without_ours)
