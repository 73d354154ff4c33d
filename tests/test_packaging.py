"""A wheel is the whole program: it answers in an empty folder, without the checkout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.fake_chatbot import free_port

pytestmark = pytest.mark.slow


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    run(*build, str(root), cwd=out)
    (path,) = out.glob("yinju-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    run(*install, "--target", str(target), str(wheel), cwd=target)
    return target


def installed_only(target: Path) -> dict[str, str]:
    """The environment of someone who has the wheel and nothing of the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YINJU_")}
    return kept | {"PYTHONPATH": str(target)}


def test_a_wheel_carries_seeds_prompts_and_weights_as_they_are(root: Path, wheel: Path) -> None:
    carried = {
        "seeds": "rag/bundled/seeds",
        "prompts": "rag/bundled/prompts",
        "rag/weights": "rag/weights",
        "page": "page",
    }
    with zipfile.ZipFile(wheel) as archive:
        for folder, inside in carried.items():
            files = [
                path
                for path in (root / folder).rglob("*")
                if path.is_file() and path.suffix != ".pyc"
            ]
            assert files, f"{folder} is empty"
            for path in files:
                name = f"{inside}/{path.relative_to(root / folder).as_posix()}"
                assert archive.read(name) == path.read_bytes(), name


def test_a_wheel_carries_nothing_but_rag_its_page_and_its_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rag", "page", "app.py"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert {Path(name).name for name in names} >= {"LICENSE", "NOTICE", "entry_points.txt"}


def test_an_installed_wheel_answers_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    environment = installed_only(installed)
    where = run(
        sys.executable, "-c", "import rag; print(rag.__file__)", cwd=tmp_path, env=environment
    )
    assert Path(where.strip()).is_relative_to(installed)
    ask = [sys.executable, "-m", "rag", "ask", "安康高新区建了几家院士工作站？", "--json"]
    answer = json.loads(run(*ask, cwd=tmp_path, env=environment))
    assert answer["outcome"] == "answered"
    assert answer["citations"]
    citation = answer["citations"][0]
    assert (installed / "rag/bundled/seeds" / citation["source"]).is_file()
    assert citation["quote"]


def test_an_installed_wheel_opens_the_page_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    script = installed / "bin" / "yinju"
    program = subprocess.Popen(
        [sys.executable, str(script), "app", "--port", str(free_port())],
        cwd=tmp_path,
        env=installed_only(installed),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert program.stdout is not None
    try:
        address = program.stdout.readline().removeprefix("引据已启动：").strip()
        with urllib.request.urlopen(address) as response:  # noqa: S310
            assert "引据" in response.read().decode()
    finally:
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate(timeout=60)
    assert (program.returncode, out) == (0, "引据已停止\n")
