"""How a chat model's answer behaves: how soon it stops, what a stop leaves behind, what it costs.

Measures the whole way a reader's question goes, by the public interface; nothing fails for being
slow. The model's own work is told apart by torch's hooks around every outermost module.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import rag
from eval import metrics
from eval.cases import Case
from eval.environment import describe_config, describe_run
from eval.run import select

STOPS = 100
CYCLES = 200
WARM_UP_CYCLES = 20
LONG_REPLY_TOKENS = 10_000
SHORT_REPLY_TOKENS = 100
# A stop falls anywhere in the first so many seconds: while the prompt is read, too.
STOP_WITHIN_S = 0.5
OVERHEAD_ROUNDS = 5

Progress = Callable[[str], None]


class ChatBenchError(RuntimeError):
    """What is to be measured does not happen; the message is one Chinese line."""


def measure_chat(
    config: rag.Config, cases: Sequence[Case], say: Progress = print
) -> dict[str, Any]:
    """All figures as JSON, for the chat model of the settings.

    Raises ChatBenchError when no tune question reaches the model, RagError when it does not load.
    """
    bot = rag.load(config.model_copy(update={"max_new_tokens": LONG_REPLY_TOKENS}))
    question = _question_for(bot, cases)
    say(f"停止 × {STOPS}")
    times: dict[str, Any] = stop_times(bot, question)
    say(f"开始又停止 × {CYCLES}")
    times |= leftovers(bot, question)
    say(f"模型以外的耗时 × {OVERHEAD_ROUNDS}")
    times |= overheads(
        rag.load(config.model_copy(update={"max_new_tokens": SHORT_REPLY_TOKENS})), question
    )
    return {**describe_run(), "config": describe_config(config), "times": times}


def _question_for(bot: rag.Chatbot, cases: Sequence[Case]) -> str:
    """A tune question for which the model is asked; one that is declined before asks no model."""
    for case in select(cases, "tune"):
        if case.answerable and not case.history:
            stop = threading.Event()
            for event in bot.stream(case.question, stop=stop):
                if isinstance(event, str):
                    stop.set()
                elif isinstance(event, rag.Answer) and event.outcome == "stopped":
                    return case.question
    raise ChatBenchError("没有一个 tune 问题问到了对话模型；请设 chat_model，且不要设 builtin")


def stop_times(bot: rag.Chatbot, question: str) -> dict[str, Any]:
    """From a stop on another thread until the stream has ended, worker and all, in milliseconds."""
    chance, silences = random.Random(0), []
    for _ in range(STOPS):
        stop, stopped_at = threading.Event(), [0.0]

        def halt(stop: threading.Event = stop, stopped_at: list[float] = stopped_at) -> None:
            time.sleep(chance.uniform(0, STOP_WITHIN_S))
            stopped_at[0] = time.perf_counter()
            stop.set()

        halting = threading.Thread(target=halt)
        halting.start()
        *_, last = bot.stream(question, stop=stop)
        silences.append((time.perf_counter() - stopped_at[0]) * 1000)
        halting.join()
        if not isinstance(last, rag.Answer) or last.outcome != "stopped":
            raise ChatBenchError("回答在停止之前就写完了，量不出停止；请换一个写得更长的模型")
    return {
        "stop_p50_ms": round(median(silences), 1),
        "stop_p95_ms": round(metrics.percentile(silences, 95), 1),
        "stop_max_ms": round(max(silences), 1),
        "stops": len(silences),
    }


def leftovers(bot: rag.Chatbot, question: str) -> dict[str, Any]:
    """Threads and memory (MB) before and after many replies that were begun and closed."""

    def cycle() -> None:
        stream = bot.stream(question)
        next(piece for piece in stream if isinstance(piece, str))
        stream.close()

    for _ in range(WARM_UP_CYCLES):
        cycle()
    threads, memory = threading.active_count(), _resident_mb()
    for _ in range(CYCLES):
        cycle()
    after = _resident_mb()
    return {
        "cycles": CYCLES,
        "threads_before": threads,
        "threads_after": threading.active_count(),
        "memory_before_mb": round(memory, 1),
        "memory_after_mb": round(after, 1),
        "memory_growth": round(after / memory - 1, 4) if memory else None,
    }


def overheads(bot: rag.Chatbot, question: str) -> dict[str, Any]:
    """Milliseconds beside the model's own: before the first piece, and for each further token."""
    list(bot.stream(question))
    first, further = [], []
    for _ in range(OVERHEAD_ROUNDS):
        with _watched_modules() as watched:
            start = time.perf_counter()
            events = iter(bot.stream(question))
            next(event for event in events if isinstance(event, str))
            seen, own = time.perf_counter(), watched.seconds
            calls = watched.calls
            list(events)
            end = time.perf_counter()
        first.append((seen - start - own) * 1000)
        tokens = watched.calls - calls
        further.append((end - seen - (watched.seconds - own)) * 1000 / max(tokens, 1))
    return {
        "overhead_first_ms": round(median(first), 1),
        "overhead_token_ms": round(median(further), 2),
    }


class _Watched:
    """Time spent inside outermost modules of torch, and how many calls that were."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.calls = 0
        self._depth = 0
        self._since = 0.0

    def enter(self, *_: Any) -> None:
        if not self._depth:
            self._since = time.perf_counter()
        self._depth += 1

    def leave(self, *_: Any) -> None:
        self._depth -= 1
        if not self._depth:
            self.seconds += time.perf_counter() - self._since
            self.calls += 1


@contextmanager
def _watched_modules() -> Iterator[_Watched]:
    from torch.nn.modules import module

    watched = _Watched()
    hooks = [
        module.register_module_forward_pre_hook(watched.enter),
        module.register_module_forward_hook(watched.leave),
    ]
    try:
        yield watched
    finally:
        for hook in hooks:
            hook.remove()


def _resident_mb() -> float:
    """Memory in use by this process, or 0 where the system does not say it this way."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6
