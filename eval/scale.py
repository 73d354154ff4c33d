"""How long a built-in answer takes over very many passages, and on what.

The corpus is news from a data folder, held in memory. Measures and reports; judges nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rag
from corpora.news import NEWS_FILE, read_all_news
from corpora.passages import count_passages
from eval import metrics
from eval.bench import BenchError, Progress
from eval.cases import Case
from eval.environment import describe_run
from eval.run import select

STAGES = ("search", "evidence", "answer")


def measure_scale(
    data: Path, cases: Sequence[Case], passages: int, say: Progress = print
) -> dict[str, Any]:
    """p50 and p95 of a warm answer over so many passages, p50 by stage, and the building's time.

    The questions are those of the tune half that need no turns before. BenchError when the news is
    missing or too little.
    """
    questions = [case.question for case in select(cases, "tune") if not case.history]
    if not questions:
        raise BenchError("用例里没有 tune 一半的单句问题，无从量起")
    texts = _enough(data, passages)
    say(f"建索引：{len(texts)} 篇新闻，约 {passages} 个段落")
    start = time.perf_counter()
    bot = rag.Chatbot.from_articles((("", text) for text in texts), rag.Config(profile="builtin"))
    built = (time.perf_counter() - start) * 1000
    say(f"热回答：{len(questions)} 个问题")
    return {
        **describe_run(),
        "passages": passages,
        "articles": len(texts),
        "questions": len(questions),
        "times": {"index_build_ms": round(built, 1), **answer_times(bot, questions)},
    }


def answer_times(bot: rag.Chatbot, questions: Sequence[str]) -> dict[str, float]:
    """p50 and p95 of the answers, and p50 of each stage, in milliseconds, after one to warm up."""
    bot.answer(questions[0])
    found = [bot.answer(question).timings_ms for question in questions]
    totals = [timings["total"] for timings in found]
    times = {f"warm_answer_p{n}_ms": metrics.percentile(totals, n) for n in (50, 95)}
    for stage in STAGES:
        spent = [timings[stage] for timings in found if stage in timings]
        if spent:
            times[f"{stage}_p50_ms"] = metrics.percentile(spent, 50)
    return {name: round(value, 1) for name, value in times.items()}


def _enough(data: Path, passages: int) -> list[str]:
    """News that makes so many passages."""
    texts: list[str] = []
    total = 0
    try:
        for text in read_all_news(data):
            texts.append(text)
            total += count_passages(text)
            if total >= passages:
                return texts
    except OSError as error:
        raise BenchError(
            f"读不到 {data / NEWS_FILE}（{type(error).__name__}）；请用 --data 指明数据文件夹"
        ) from error
    raise BenchError(f"{NEWS_FILE} 只有 {total} 个段落，不到 {passages} 个；请把 --passages 调小")
