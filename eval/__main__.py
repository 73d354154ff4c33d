"""``python -m eval run|compare|check|bench|benchmark|ablation|chat|chat-quality|claims|duplicates|
layout|rules`` and ``add-feedback``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import track

import rag
from eval import tables, yardsticks
from eval.cases import Case, load_cases
from eval.check import PUBLISHED
from eval.check import check as check_floors
from eval.compare import compare as compare_runs
from eval.environment import CASES, FLOORS, RESULTS
from eval.feedback import add_cases
from eval.report import ReportError, load_records
from eval.reviewing import review
from eval.run import run as run_cases
from eval.terminal import CasesOption, CorpusOption, OutOption, console, told_in_one_line

app = typer.Typer(
    help="引据的评测：跑用例、比较两次结果、核对底线、量耗时。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for measure in (
    yardsticks.layout,
    yardsticks.bench,
    yardsticks.benchmark,
    yardsticks.ablation,
    yardsticks.rules,
    yardsticks.chat,
    yardsticks.chat_quality,
    yardsticks.claims,
    yardsticks.duplicates,
):
    app.command()(measure)


@app.command()
def run(
    split: Annotated[
        Literal["tune", "report", "all"] | None, typer.Option(help="跑哪一半，默认两半都跑")
    ] = None,
    corpus: CorpusOption = None,
    cases: CasesOption = CASES,
    out: OutOption = None,
    show_wrong: Annotated[
        bool,
        typer.Option("--show-wrong", help="列出答错的题（report 一半要写明 --split report 才列）"),
    ] = False,
) -> None:
    """跑一遍用例，打印指标，存成 JSON。"""
    with told_in_one_line():
        config = rag.Config.from_environment({"corpus": corpus})
        loaded = load_cases(cases, config.corpus)
        report = run_cases(config, loaded, split or "all", watch=_progress)
        path = out or RESULTS / f"{report.header['commit']}.json"
        report.save(path)
    for table in tables.report_tables(report):
        console.print(table)
    shown = PUBLISHED if split == PUBLISHED else "tune"
    if show_wrong and shown in report.splits:
        console.print(tables.wrong_table(report, loaded, shown))
    console.print(f"结果已存到 {path}", soft_wrap=True)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="先前的结果")],
    after: Annotated[Path, typer.Argument(help="现在的结果")],
    split: Annotated[Literal["tune", "report", "all"], typer.Option(help="比哪一半")] = "report",
) -> None:
    """比较两次结果：配对的差异及其置信区间，哪些题翻了。"""
    with told_in_one_line():
        halves = [
            [one for one in load_records(path) if split in ("all", one.split)]
            for path in (before, after)
        ]
        if not all(halves):
            raise ReportError(f"两个结果里要都有 {split} 的用例")
        comparison = compare_runs(*halves)
    for table in tables.comparison_tables(comparison):
        console.print(table)


@app.command()
def check(
    results: Annotated[Path, typer.Argument(help="python -m eval run 存下的结果")],
    floors: Annotated[Path, typer.Option(help="底线文件")] = FLOORS,
) -> None:
    """核对 report 一半的指标；有一项低于底线就以 1 退出。"""
    with told_in_one_line():
        checked = check_floors(results, floors)
    for line in tables.check_lines(checked):
        console.print(line, soft_wrap=True)
    if not all(one.holds for one in checked):
        raise typer.Exit(1)


@app.command()
def add_feedback(
    feedback: Annotated[Path, typer.Argument(help="页面存下的 feedback.jsonl")],
    cases: Annotated[Path, typer.Option("--cases", help="收进哪个用例文件（JSONL）")],
    corpus: CorpusOption = None,
) -> None:
    """逐条看读者的评价，决定收进用例的，写明正确答案和证据。"""
    with told_in_one_line():
        config = rag.Config.from_environment({"corpus": corpus})
        added = add_cases(feedback, cases, config.corpus, review)
    console.print(f"收进 {added} 条：{cases}", soft_wrap=True)


def _progress(cases: Sequence[Case]) -> Iterable[Case]:
    return track(
        cases,
        description="评测",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


if __name__ == "__main__":
    app()
