"""What every test runs under: no network but loopback, and every path in a temporary folder.

The variables are set before anything else is imported, because huggingface_hub, gradio and
others read them only then. Subprocesses inherit them; `PYTHONPATH` lets these import the checkout.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_HOME = Path(tempfile.mkdtemp(prefix="yinju-tests-"))


def _isolate() -> None:
    for name in list(os.environ):
        if name.startswith(("YINJU_", "OPENAI_", "HF_")) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ |= {
        "HOME": str(_HOME),
        "USERPROFILE": str(_HOME),
        "XDG_CACHE_HOME": str(_HOME / "cache"),
        "XDG_CONFIG_HOME": str(_HOME / "config"),
        "XDG_DATA_HOME": str(_HOME / "data"),
        "YINJU_INDEX_DIR": str(_HOME / "index"),
        "YINJU_HOME": str(_HOME / "yinju"),
        # Read as deep on a slow or busy machine as on any: no test depends on its speed.
        "YINJU_RERANK_SECONDS": "1000",
        "HF_HOME": str(_HOME / "huggingface"),
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "DO_NOT_TRACK": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(_HOME / "gradio"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


_isolate()

import hypothesis  # noqa: E402
import pytest  # noqa: E402

# No test measures time: a busy machine must not fail one.
hypothesis.settings.register_profile("yinju", deadline=None)
hypothesis.settings.load_profile("yinju")


class NetworkBlockedError(OSError):
    """A test tried to reach something other than this machine.

    An OSError, so that libraries clean up after it; that it was swallowed does not hide it, because
    `blocked_attempts` fails the test all the same.
    """


_attempts: list[str] = []


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(host: object) -> None:
    _attempts.append(str(host))
    raise NetworkBlockedError(f"tests may not reach {host!r}")


def _guarded(name: str) -> Any:
    original = getattr(socket.socket, name)

    def call(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]  # sendto: (data, address) or (data, flags, address)
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and isinstance(address, tuple) and not _is_loopback(address[0]):
            _refuse(address[0])
        return original(self, *arguments)

    return call


def _guarded_getaddrinfo() -> Any:
    original = socket.getaddrinfo

    def call(host: Any, *arguments: Any, **options: Any) -> Any:
        try:
            ipaddress.ip_address(str(host).partition("%")[0])
        except ValueError:
            if not _is_loopback(host):
                _refuse(host)
        return original(host, *arguments, **options)

    return call


for _name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, _name, _guarded(_name))
socket.getaddrinfo = _guarded_getaddrinfo()


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test works in its own empty folder, so that `.yinju/` and `yinju.toml` are its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def blocked_attempts() -> Iterator[list[str]]:
    """Hosts the test tried to reach; a test that expects some clears the list."""
    _attempts.clear()
    yield _attempts
    assert not _attempts, f"tried to reach {_attempts}"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, from Debian or Playwright's own.

    For one module: as long as Playwright runs, its event loop keeps others from running one.
    """
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, names)), None)
        executable = found or playwright.chromium.executable_path
        if not Path(executable).is_file():
            pytest.skip(f"no Chromium: none of {', '.join(names)} on PATH, nor Playwright's own")
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=executable, args=options)
        yield started
        started.close()


@pytest.fixture
def stand_in_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chatbots judge without a model, so that what is tested does not hang on trained weights."""
    from tests.fakes import overlap_judge

    monkeypatch.setattr("rag.assembly.builtin_judge", overlap_judge)
