"""The running program over HTTP. The browser has its own file."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client

from page.serving import POLICY, PortError, check_port
from rag.models.catalogue import PROFILES
from tests.fake_chatbot import FakeChatbot, free_port, served
from tests.hubs import HubState, a_hub
from tests.shown_page import Page
from tests.tiny_models import make_tiny_chat_model, make_tiny_embedder, make_tiny_reranker

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[FakeChatbot, str]]:
    chatbot = FakeChatbot(notice="要用对话模型，请运行某命令")
    with served(chatbot) as address:
        yield chatbot, address


def ask(client: Client, question: str) -> str:
    client.predict(question, api_name="/ask")
    messages = client.predict(api_name="/reply")[0]
    return Page(messages[-1]["content"][0]["text"]).text


def test_questions_and_follow_ups_are_answered_over_http(site: tuple[FakeChatbot, str]) -> None:
    chatbot, address = site
    client = Client(address, verbose=False)
    first = ask(client, "石河子高新区何时升级？")
    assert "石河子高新区于2013年升级为国家高新区" in first
    assert "检索的是：石河子高新区何时升级？为何？" in ask(client, "为何？")
    history = chatbot.asked[-1][1]
    assert [message.role for message in history] == ["user", "assistant"]
    assert history[0].content == "石河子高新区何时升级？"
    assert history[1].content in first
    assert "<" not in history[1].content


def test_an_empty_question_is_one_line_and_the_conversation_goes_on(
    site: tuple[FakeChatbot, str],
) -> None:
    client = Client(site[1], verbose=False)
    assert ask(client, " ").startswith("问题是空的；请输入一个问题")
    assert "院士工作站3家" in ask(client, "院士工作站有几家？")


def test_each_session_has_its_own_conversation(site: tuple[FakeChatbot, str]) -> None:
    chatbot, address = site
    ask(Client(address, verbose=False), "石河子高新区")
    ask(Client(address, verbose=False), "院士工作站")
    assert chatbot.asked[-1] == ("院士工作站", ())


def test_stop_ends_a_slow_reply_over_http_and_one_runs_at_a_time(
    site: tuple[FakeChatbot, str],
) -> None:
    chatbot, address = site
    client = Client(address, verbose=False)
    chatbot.closed.clear()
    client.predict("慢慢说石河子", api_name="/ask")
    job = client.submit(api_name="/reply")
    assert chatbot.spoke.wait(60)
    client.predict(api_name="/stop")
    stopped = Page(job.result(timeout=60)[0][-1]["content"][0]["text"]).text
    assert re.match("(慢慢)+（已停止）", stopped)
    assert chatbot.closed.wait(60)
    assert "院士工作站3家" in ask(client, "院士工作站有几家？")
    assert chatbot.most_running == 1
    assert chatbot.running == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/config", 200), ("/nothing", 404), ("/monitoring", 403)]
    + [(f"/gradio_api/file={path}", 403) for path in ("/etc/passwd", "app.py", "../app.py")],
)
def test_every_response_has_the_policy_and_nothing_else_is_served(
    site: tuple[FakeChatbot, str], path: str, status: int
) -> None:
    try:
        with urllib.request.urlopen(site[1] + path) as response:  # noqa: S310
            code, headers = response.status, response.headers
    except urllib.error.HTTPError as error:
        code, headers = error.code, error.headers
        error.close()
    assert code == status
    assert headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"])
def test_a_port_that_cannot_be_had_is_one_clear_line(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortError, match=f"{port}") as error:
            check_port(host, port)
    assert "\n" not in str(error.value)


def start(*arguments: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "page.command", "app", *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.slow
def test_a_port_in_use_is_told_before_anything_is_loaded(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        program = start("--port", str(port), "--corpus", "/nowhere", root=root)
        out, error = program.communicate(timeout=120)
    assert program.returncode == 1
    assert (out, error) == (
        "",
        f"错误：端口 {port} 已被占用；请换一个，例如 make app PORT={port + 1}\n",
    )


def test_a_missing_corpus_is_one_line(root: Path, tmp_path: Path) -> None:
    arguments = ("--port", str(free_port()), "--corpus", str(tmp_path / "没有"))
    program = start(*arguments, root=root)
    out, error = program.communicate(timeout=120)
    assert (program.returncode, out) == (1, "")
    assert "没有" in error.splitlines()[-1]
    assert "Traceback" not in error


@pytest.mark.slow
def test_the_program_serves_the_seeds_answers_and_ends_cleanly(root: Path) -> None:
    program = start("--port", str(free_port()), root=root)
    assert program.stdout is not None
    line = program.stdout.readline()
    try:
        address = line.removeprefix("引据已启动：").strip()
        assert address.startswith("http://127.0.0.1:")
        client = Client(address, verbose=False)
        assert "[1]" in ask(client, "安康高新区建了几家院士工作站？")
    finally:
        program.send_signal(signal.SIGINT)
        out, error = program.communicate(timeout=60)
    assert program.returncode == 0
    assert out == "引据已停止\n"
    assert "Traceback" not in error


@pytest.mark.slow
def test_the_page_loads_no_torch(root: Path) -> None:
    code = "import app, page.command, sys; sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.slow
def test_a_profile_is_pulled_indexed_and_served(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = PROFILES["cpu"]
    state = HubState(
        {
            profile.embedder: make_tiny_embedder(tmp_path / "embedder"),
            profile.reranker: make_tiny_reranker(tmp_path / "reranker"),
            profile.chat_model: make_tiny_chat_model(tmp_path / "chat"),
        }
    )
    port = free_port()
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("YINJU_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("YINJU_MAX_NEW_TOKENS", "16")
    # The recipe itself, so that it is the command of the README that is tested.
    recipe = subprocess.run(
        ["make", "-s", "-n", "app", "PROFILE=cpu", f"PORT={port}", "VENV=none"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    script = recipe.stdout.replace("\\\n", " ")
    lines = re.findall(r"none/bin/python (-m (?:rag|page\.command) .*)", script)
    pulling, serving = map(shlex.split, lines)
    assert pulling == ["-m", "rag", "models", "pull", "cpu"]
    with a_hub(state) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        done = subprocess.run(
            [sys.executable, *pulling], cwd=root, capture_output=True, text=True, check=True
        )
    assert done.stderr.count("还要下载") == 3
    program = subprocess.Popen(
        [sys.executable, *serving],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert program.stdout is not None
    try:
        address = program.stdout.readline().removeprefix("引据已启动：").strip()
        client = Client(address, verbose=False)
        assert "找到" in ask(client, "安康高新区建了几家院士工作站？")
    finally:
        program.send_signal(signal.SIGINT)
        _, error = program.communicate(timeout=60)
    assert f"正在装入 {'、'.join(profile.to_pull)}" in error
    assert "Loading weights" not in error
    assert "Traceback" not in error


@pytest.mark.slow
def test_a_profile_that_was_not_pulled_is_told_with_the_command(root: Path) -> None:
    program = start("--port", str(free_port()), "--profile", "gpu", root=root)
    out, error = program.communicate(timeout=120)
    assert (program.returncode, out) == (1, "")
    assert "models pull Qwen/Qwen3-Embedding-0.6B" in error
    assert "Traceback" not in error


def test_the_other_commands_load_no_page(root: Path) -> None:
    code = "import page.command, sys; sys.exit(bool({'gradio', 'fastapi'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.slow
def test_app_py_is_the_same_command(root: Path) -> None:
    command = [sys.executable, "app.py", "--help"]
    shown = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert "打开问答页面" in shown.stdout
