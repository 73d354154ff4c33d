"""What goes wrong around the page is one line that says what, and nothing else is lost."""

from __future__ import annotations

import errno
import json
import shutil
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
import httpx
import pytest

import app
import rag
from page.conversation import Conversation
from page.conversations import ConversationError, Conversations, new_id
from page.feedback import FeedbackError, write_feedback
from page.files import add_files
from page.library import Library
from page.serving import serving, web_app
from page.shelf import Shelf
from page.talks import Talks
from page.turns import Session, Turn
from tests.fake_chatbot import FakeChatbot, a_library, free_port

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")
ONE = "青浦要闻\n\n上海青浦区新开工项目19个，总投资83亿元，绿化率达到35%，居民满意。\n"
TWO = "海事要闻\n\n上海海事局局长王建国表示，全年救助船只120艘，没有发生事故。\n"
THREE = "气象要闻\n\n上海气象局昨日发布消息，全年发布预警信号56次，准确率达到九成。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "甲.txt").write_text(ONE, encoding="utf-8")
    return corpus


@pytest.fixture
def library(folder: Path, stand_in_judge: None) -> Library:
    config = rag.Config(corpus=folder, index_dir=folder.parent / "index", chat_model="builtin")
    return Library.load(config, "文章", is_writable=True)


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(gr, "Warning", said.append)
    return said


def upload(folder: Path, number: int, name: str, text: str) -> Path:
    path = folder / f"upload{number}" / name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def full(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def sources(library: Library) -> set[str]:
    return {article.source for article in library.chatbot.articles}


def test_two_uploads_at_once_are_both_there(library: Library, folder: Path) -> None:
    files = [upload(folder.parent, n, "新.txt", text) for n, text in enumerate((TWO, THREE))]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda path: library.add([path]), files))
    assert all(one.titles and not one.fault for added in done for one in added)
    assert sources(library) == {"甲.txt", "新.txt", "新 (2).txt"}
    assert {path.read_text("utf-8") for path in folder.glob("*.txt")} == {ONE, TWO, THREE}
    assert "120艘" in library.chatbot.answer("上海海事局全年救助船只多少艘？").text


def test_a_full_disk_is_said_of_the_file_that_had_no_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [upload(folder.parent, n, f"{n}.txt", text) for n, text in enumerate((TWO, THREE))]
    copy = shutil.copyfile
    monkeypatch.setattr(shutil, "copyfile", lambda a, b: full() if a == files[0] else copy(a, b))
    lost, kept = add_files(folder, files)
    assert (lost.source, lost.fault.count("\n")) == (None, 0)
    assert "磁盘空间" in lost.fault
    assert kept.source == "1.txt"
    assert sorted(path.name for path in folder.iterdir()) == ["1.txt", "甲.txt"]


def test_an_upload_whose_index_has_no_room_is_taken_out_again(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = upload(folder.parent, 0, "新.txt", TWO), library.chatbot

    def no_room(*_: object, **__: object) -> Any:
        raise rag.RagError("索引写不进")

    with monkeypatch.context() as patch:
        patch.setattr("rag.load", no_room)
        with pytest.raises(rag.RagError, match="索引写不进"):
            library.add([path])
    assert library.chatbot is before
    assert [one.name for one in folder.glob("*.txt")] == ["甲.txt"]
    assert "19个" in library.chatbot.answer("上海青浦区新开工项目多少个？").text
    assert library.add([path])[0].titles


def test_without_its_folder_what_was_read_is_answered_and_the_loss_said(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch, warned: list[str]
) -> None:
    monkeypatch.setattr("page.library._LOOK_S", 0.0)
    folder.rename(folder.with_name("away"))
    talk, session = Conversation(library, folder.parent / "home"), Session()
    talk.begin("上海青浦区新开工项目多少个？", session)
    list(talk.reply(session))
    answer = session.turns[0].answer
    assert answer is not None
    assert "19个" in answer.text
    assert len(warned) == 1
    assert "\n" not in warned[0]


def test_a_conversation_that_finds_no_room_goes_on_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warned: list[str]
) -> None:
    talk, session = Conversation(a_library(FakeChatbot()), tmp_path), Session()
    monkeypatch.setattr("page.conversation.requester", lambda _: "cookie:" + "a" * 32)
    monkeypatch.setattr(Path, "write_text", full)
    talk.begin("院士工作站有几家？", session)
    list(talk.reply(session))
    assert "院士工作站3家" in session.turns[0].text
    assert warned
    assert all("对话存不进" in line for line in warned)


def test_feedback_that_finds_no_room_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Turn("院士工作站有几家？")
    for event in FakeChatbot().stream(turn.question):
        turn.receive(event)
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(FeedbackError, match="磁盘空间"):
        write_feedback(tmp_path, [turn], 0, "赞")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff\xfe no text",
        b"[]\n[]\n",
        b'{"format": 1}\n{"question": 1}\n',
        b'{"format": 1, "title": 5, "corpus": null, "changed": {}}\nnull\n"x"\n',
        json.dumps({"title": "题", "corpus": "", "changed": ""}).encode() + b'\n{"question":"',
    ],
    ids=range(6),
)
def test_a_conversation_damaged_by_hand_costs_no_other(
    tmp_path: Path, content: bytes, warned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, good, bad = "cookie:" + "b" * 32, new_id(), new_id()
    saved, library = Conversations(tmp_path), a_library(FakeChatbot())
    saved.write(owner, good, "", [Turn("好的", text="答", stopped=True)])
    (path,) = tmp_path.rglob("*.jsonl")
    path.with_name(f"{bad}.jsonl").write_bytes(content)
    assert {one.id for one in saved.all_of(owner)} == {good, bad}
    monkeypatch.setattr("page.talks.requester", lambda _: owner)
    talks = Talks(Conversation(library, tmp_path), Shelf(library))
    session = Session()
    shown = talks.open(session, gr.EventData(None, {"link": f"#talk-{bad}-0"}))
    assert len(shown) == 5
    assert len(warned) <= 1
    assert all("\n" not in line for line in warned)
    talks.open(session, gr.EventData(None, {"link": f"#talk-{good}-0"}))
    assert [turn.question for turn in session.turns] == ["好的"]
    with pytest.raises(ConversationError):
        saved.read(owner, new_id())


@pytest.fixture
def address(tmp_path: Path) -> Any:
    port, library = free_port(), a_library(FakeChatbot())
    site = web_app(app.build_ui(Shelf(library), tmp_path), max_file_mb=0.01)
    with serving(site, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


def post(address: str, name: str, content: bytes) -> httpx.Response:
    files = {"files": (name, content)}
    return httpx.post(f"{address}/gradio_api/upload", files=files, timeout=60)


def test_a_file_over_the_limit_is_refused_and_the_next_one_taken(address: str) -> None:
    assert (
        post(address, "大.txt", b"x" * 50_000).status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    )
    assert post(address, "小.txt", ONE.encode()).status_code == httpx.codes.OK


def test_an_upload_that_is_cut_off_harms_nobody(address: str) -> None:
    where = urlsplit(address)
    head = (
        "POST /gradio_api/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf'
    )
    for _ in range(3):
        with socket.create_connection((where.hostname or "", where.port or 0)) as line:
            line.sendall(head.encode())
    answers = []
    askers = [
        threading.Thread(target=lambda: answers.append(post(address, "小.txt", ONE.encode())))
        for _ in range(2)
    ]
    for one in askers:
        one.start()
    for one in askers:
        one.join(60)
    assert [one.status_code for one in answers] == [httpx.codes.OK] * 2
