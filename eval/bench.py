"""How long things take for a user: a warm answer, a cold command, an index, the page.

Measures and reports; nothing here fails for being slow.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import rag
from eval import metrics
from eval.cases import Case
from eval.environment import ROOT, describe_config, describe_run
from eval.page_bench import asked_of, page_times
from eval.run import Answering, measure, select, source_reader

ROUNDS = 3
COLD_RUNS = 5
PAGE_LIMIT_S = 120.0
_IMPORT_RAG = "import time; t = time.perf_counter(); import rag; print(time.perf_counter() - t)"

Progress = Callable[[str], None]
Made = TypeVar("Made")


class BenchError(RuntimeError):
    """A command that is to be timed does not work; the message is one Chinese line."""


def bench(config: rag.Config, cases: Sequence[Case], say: Progress = print) -> dict[str, Any]:
    """All times as JSON, built-in answers only, on a fresh index in a temporary folder.

    Raises BenchError when a command fails, RagError when the corpus cannot be loaded.
    """
    tune = select(cases, "tune")
    question = next((case.question for case in tune if case.answerable), None)
    if question is None:
        raise BenchError("用例里没有 tune 一半的可答问题，无从量起")
    with tempfile.TemporaryDirectory(prefix="yinju-bench-") as folder:
        config = config.model_copy(update={"index_dir": Path(folder), "chat_model": "builtin"})
        environment = _environment(config)
        say("导入 rag")
        times: dict[str, Any] = {"import_ms": import_ms(environment)}
        say("建索引")
        _, times["index_build_ms"] = _timed(lambda: rag.build_index(config))
        bot, times["load_ms"] = _timed(lambda: rag.load(config))
        say(f"热回答：{len(tune)} 个问题 × {ROUNDS} 轮")
        times |= warm_times(bot, tune, config.corpus)
        say(f"冷启动 python -m rag ask × {COLD_RUNS}")
        times |= cold_times(question, environment)
        if (ROOT / "app.py").is_file():
            say("启动网页")
            times["page_ms"] = page_ms(environment)
            times |= page_times(environment, asked_of(tune))
    return {**describe_run(), "config": describe_config(config), "times": _rounded(times)}


def _rounded(times: Mapping[str, Any]) -> dict[str, Any]:
    """The times to a tenth of a millisecond; lists of them too, counts as they are."""
    return {
        name: [round(one, 1) for one in value] if isinstance(value, list) else round(value, 1)
        for name, value in times.items()
    }


def _environment(config: rag.Config) -> dict[str, str]:
    """The variables under which a child process uses the same settings as ``config``."""
    return os.environ | {
        "YINJU_CORPUS": str(config.corpus.resolve()),
        "YINJU_INDEX_DIR": str(config.index_dir),
        "YINJU_CHAT_MODEL": config.chat_model,
        "GRADIO_ANALYTICS_ENABLED": "False",
        "PYTHONUTF8": "1",
    }


def _timed(work: Callable[[], Made]) -> tuple[Made, float]:
    start = time.perf_counter()
    made = work()
    return made, (time.perf_counter() - start) * 1000


def import_ms(environment: Mapping[str, str]) -> float:
    """The median time of ``import rag`` in a fresh Python."""
    return 1000 * median(
        float(_run_python(["-c", _IMPORT_RAG], environment)) for _ in range(COLD_RUNS)
    )


def warm_times(bot: Answering, cases: Sequence[Case], corpus: Path) -> dict[str, Any]:
    """p50 and p95 of a built-in answer over ``ROUNDS`` rounds of the cases."""
    read_source = source_reader(corpus)
    records = measure(bot, tuple(cases) * ROUNDS, read_source, warm_up=cases[:1])
    times = [record.latency_ms for record in records]
    return {
        "warm_answer_p50_ms": metrics.percentile(times, 50),
        "warm_answer_p95_ms": metrics.percentile(times, 95),
        "warm_answers": len(times),
    }


def cold_times(question: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Wall time of ``python -m rag ask`` on an index that is there: the median, and each run."""
    runs = [
        _timed(lambda: _run_python(["-m", "rag", "ask", question], environment))[1]
        for _ in range(COLD_RUNS)
    ]
    return {"cold_ask_ms": median(runs), "cold_ask_runs_ms": runs}


def _run_python(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "没有输出").splitlines()[-1]
        raise BenchError(f"python {' '.join(arguments)} 没有成功（{done.returncode}）：{last}")
    return done.stdout


def page_ms(environment: Mapping[str, str]) -> float:
    """From the start of ``app.py`` until its page answers 200 on a free port of 127.0.0.1."""
    port = _free_port()
    start = time.perf_counter()
    page = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if page.poll() is not None:
                raise BenchError(f"app.py 没有起来（{page.returncode}）；请运行 make app 看原因")
            if time.perf_counter() - start > PAGE_LIMIT_S:
                raise BenchError(f"app.py 过了 {PAGE_LIMIT_S:.0f} 秒还没有应答")
            time.sleep(0.02)
        return (time.perf_counter() - start) * 1000
    finally:
        page.terminate()
        page.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
