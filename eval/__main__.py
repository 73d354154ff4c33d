"""``python -m eval run|compare|check|bench|benchmark|chat|chat-quality|claims|duplicates|layout|
rules`` and ``add-feedback``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import track

import rag
from corpora.files import DataError
from corpora.yinju import Split
from eval import bench as benching
from eval import claims as checking
from eval import duplicates as copying
from eval import tables
from eval.benchmarks.by_name import ALL_NAMES, measure_by_name
from eval.benchmarks.sets import Limits
from eval.benchmarks.yinju import OTHERS
from eval.cases import Case, CasesError, load_cases
from eval.chat import ChatBenchError, measure_chat
from eval.chat_quality import QUESTIONS, choose_rows, measure_chat_quality, summarize
from eval.check import PUBLISHED
from eval.check import check as check_floors
from eval.citing import make_tasks
from eval.claim_pairs import make_pairs
from eval.compare import compare as compare_runs
from eval.environment import CASES, FLOORS, RESULTS, ROOT, commit_name, describe_run, shortened
from eval.feedback import add_cases
from eval.judged import Half, read_judged
from eval.judged_figures import measure_judged
from eval.large import measure_large
from eval.layout import PAGES
from eval.layout import measure as measure_layout
from eval.parts import PARTS, measure_part
from eval.report import ReportError, load_records
from eval.reviewing import review
from eval.rules import count_modules, count_rules
from eval.run import run as run_cases
from eval.scale import measure_scale
from eval.yardstick_tables import duplicates_table, judged_table, layout_table, rules_table

app = typer.Typer(
    help="引据的评测：跑用例、比较两次结果、核对底线、量耗时。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="语料文件夹，默认是 seeds/")]
CasesOption = Annotated[Path, typer.Option("--cases", help="用例文件（JSONL）")]
OutOption = Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认按提交命名")]
_TOLD = (
    rag.RagError,
    CasesError,
    ReportError,
    ChatBenchError,
    benching.BenchError,
    DataError,
)


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
    with _told_in_one_line():
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
    with _told_in_one_line():
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
    with _told_in_one_line():
        checked = check_floors(results, floors)
    for line in tables.check_lines(checked):
        console.print(line, soft_wrap=True)
    if not all(one.holds for one in checked):
        raise typer.Exit(1)


@app.command()
def layout(
    data: Annotated[Path, typer.Option("--data", help="放着 crud_news.tsv.xz 的文件夹")],
    pages: Annotated[int, typer.Option(min=1, help="每种版面造多少版")] = PAGES,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    out: OutOption = None,
) -> None:
    """量版面修复：造出真相已知的报纸版面，看读成了什么。"""
    with _told_in_one_line():
        figures = measure_layout(data, pages=pages, seed=seed)
    console.print(layout_table(figures))
    _save(figures, out, "layout")


@app.command()
def bench(
    corpus: CorpusOption = None,
    cases: CasesOption = CASES,
    data: Annotated[
        Path | None, typer.Option("--data", help="改为量大语料：放着 crud_news.tsv.xz 的文件夹")
    ] = None,
    passages: Annotated[int, typer.Option(min=1, help="和 --data 一起：多少个段落")] = 200_000,
    articles: Annotated[
        int | None, typer.Option(min=10, help="和 --data、--work 一起：量存盘的索引，多少篇新闻")
    ] = None,
    work: Annotated[
        Path | None, typer.Option("--work", help="存新闻和索引的文件夹，断了可以接着量")
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(
            help=f"和 --data、--work 一起，只量一部分：{'、'.join(PARTS)}；断了可以接着量"
        ),
    ] = None,
    out: OutOption = None,
) -> None:
    """量耗时：导入、建索引、热回答、冷启动、网页；只报告，不设限。"""
    with _told_in_one_line():
        if part is not None:
            _save(measure_part(part, data, work, say=console.print), out, f"bench-{part}")
            return
        config = rag.Config.from_environment({"corpus": corpus})
        loaded = load_cases(cases, config.corpus)
        if data and articles and work:
            measured = measure_large(data, articles, work, say=console.print)
        elif data:
            measured = measure_scale(data, loaded, passages, say=console.print)
        else:
            measured = benching.bench(config, loaded, say=console.print)
    console.print(tables.times_table(measured["times"]))
    size = f"-{articles}-articles" if articles else f"-{passages}" if data else ""
    _save(measured, out, f"bench{size}")


@app.command()
def benchmark(
    name: Annotated[str, typer.Argument(help=f"题库：{'、'.join(ALL_NAMES)}")],
    data: Annotated[Path, typer.Option("--data", help="放着题库的文件夹")],
    file: Annotated[
        str | None, typer.Option(help="文件夹里的哪个文件；squad 必填，其余有默认的名字")
    ] = None,
    split: Annotated[Split, typer.Option(help="yinju、yinju-cross 的哪一份")] = "dev",
    kinds: Annotated[
        str, typer.Option(help="yinju、yinju-cross 只问这几种题，逗号隔开；默认都问")
    ] = "",
    questions: Annotated[int, typer.Option(min=0, help="只抽多少题，0 是全部")] = 0,
    others: Annotated[
        int | None,
        typer.Option(
            "--others",
            "--distractors",
            min=0,
            help=f"另加多少篇 crud_news 新闻一起检索；yinju、yinju-cross 默认 {OTHERS}，"
            "公开题库默认不加，加了就只量检索",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="抽题、抽新闻的随机种子")] = 0,
    out: OutOption = None,
) -> None:
    """量题库：公开的量检索、证据句、短答、拒答；自己的量答对、拒答、答错。只量不调。"""
    with _told_in_one_line():
        measured = measure_by_name(
            name,
            data,
            file=file,
            split=split,
            others=others,
            limits=Limits(questions, seed=seed, kinds=_named(kinds)),
            say=console.print,
        )
    for table in measured.tables:
        console.print(table)
    _save(measured.values, out, measured.file_name)


@app.command()
def rules() -> None:
    """数规则：回答所经的各文件夹、模块里，正则有多少选项，词表有多少条目，代码有多少行。"""
    console.print(rules_table(count_rules(ROOT / "rag"), count_modules(ROOT / "rag")))


@app.command()
def chat(
    chat_model: Annotated[str | None, typer.Argument(help="对话模型；默认是设置里的")] = None,
    corpus: CorpusOption = None,
    cases: CasesOption = CASES,
    out: OutOption = None,
) -> None:
    """量对话模型：多久停得下来、停了留下什么、模型以外花多少。"""
    with _told_in_one_line():
        config = rag.Config.from_environment({"corpus": corpus, "chat_model": chat_model})
        measured = measure_chat(config, load_cases(cases, config.corpus), say=console.print)
    for name, value in measured["times"].items():
        console.print(f"{name}: {value}")
    _save(measured, out, "chat")


@app.command()
def chat_quality(
    model: Annotated[str, typer.Option(help="对话模型：文件夹、.gguf 文件、模型名或 openai:网址")],
    data: Annotated[Path, typer.Option("--data", help="放着 yinju_qa 和 crud_news 的文件夹")],
    questions: Annotated[int, typer.Option(min=1, help="多少题")] = QUESTIONS,
    others: Annotated[int, typer.Option(min=0, help="另加多少篇新闻一起检索")] = OTHERS,
    seed: Annotated[int, typer.Option(help="抽题、抽新闻的随机种子")] = 0,
    lines: Annotated[
        Path | None, typer.Option("--lines", help="每题一行的文件；已有的题不再问")
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="把问答原文另存一份，供人核对；勿入库")
    ] = None,
    out: OutOption = None,
) -> None:
    """量真的对话模型：答对、拒答、核对得准不准、快慢、内存，同内置回答相比。可中断后接着跑。"""
    name = Path(model.partition("#")[2] or model).stem
    with _told_in_one_line():
        precision = rag.Config.from_environment().precision
        asked = choose_rows(data, questions=questions, others=others, seed=seed)
        kept = lines or RESULTS / f"chat-quality-{name}.jsonl"
        kept.parent.mkdir(parents=True, exist_ok=True)
        found = measure_chat_quality(
            asked, model, kept, precision=precision, texts=texts, say=console.print
        )
    measured = {"model": shortened(model), "precision": precision, **summarize(found)}
    for key, value in measured.items():
        console.print(f"{key}: {value}")
    _save({**measured, "rows": found}, out, f"chat-quality-{name}")


@app.command()
def claims(
    data: Annotated[Path, typer.Option("--data", help="数据文件夹，其中有 crud_news.tsv.xz")],
    pairs: Annotated[int, typer.Option(help="每种改动各造几对", min=1)] = 90,
    tasks: Annotated[int, typer.Option(help="事后标注造几题", min=1)] = 300,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    judged: Annotated[
        Half | None,
        typer.Option(help="改为量真模型写的、人判过的句子；文件夹里要有 yinju_qa"),
    ] = None,
    show_wrong: Annotated[bool, typer.Option("--show-wrong", help="列出判错的句子")] = False,
    out: OutOption = None,
) -> None:
    """量逐句核对：改过的句子查出多少、没改的留下多少，事后标注引用的 F1。"""
    if judged:
        _measure_judged(data, judged, out, show_wrong=show_wrong)
        return
    with _told_in_one_line():
        rows = checking.measuring_rows(data)
    verdicts = checking.measure_verdicts(make_pairs(rows, pairs, seed))
    citing = checking.measure_citing(make_tasks(rows, tasks, seed))
    measured = {
        "environment": describe_run(),
        "seed": seed,
        "verdicts": verdicts.to_dict(),
        "citing": citing.to_dict(),
    }
    console.print(tables.verdicts_table(verdicts))
    console.print(tables.citing_table(citing))
    if show_wrong:
        for pair, verdict, reasons in verdicts.wrong:
            evidence = " / ".join(pair.evidence)
            line = f"{pair.kind} {verdict} {'；'.join(reasons)} | {pair.claim} | {evidence}"
            console.print(line, soft_wrap=True, markup=False)
    _save(measured, out, "claims")


def _measure_judged(data: Path, half: Half, out: Path | None, *, show_wrong: bool) -> None:
    """The checks on sentences judged by hand; those of the report half are never listed."""
    with _told_in_one_line():
        found = measure_judged(read_judged(data, half))
    console.print(judged_table(found, half))
    for one, verdict, reasons in found.wrong if show_wrong and half != PUBLISHED else ():
        told = f"{one.written.id} {one.written.judgement} {one.written.fault} {verdict}"
        console.print(f"{told} {'；'.join(reasons)} | {one.text}", soft_wrap=True, markup=False)
    measured = {**describe_run(), "half": half, **found.to_dict()}
    _save(measured, out, f"claims-judged-{half}")


@app.command()
def duplicates(
    data: Annotated[Path, typer.Option("--data", help="训练数据的文件夹")],
    per_kind: Annotated[int, typer.Option("--per-kind", help="每种改法做多少篇", min=1)] = 100,
) -> None:
    """量重复报道：改过的副本认不认得出，只是套话相同的分不分得开。"""
    with _told_in_one_line():
        config = rag.Config.from_environment({"chat_model": "builtin"})
        outcomes = copying.measure(copying.read_rows(data), config, per_kind)
    console.print(duplicates_table(copying.figures(outcomes)))


@app.command()
def add_feedback(
    feedback: Annotated[Path, typer.Argument(help="页面存下的 feedback.jsonl")],
    cases: Annotated[Path, typer.Option("--cases", help="收进哪个用例文件（JSONL）")],
    corpus: CorpusOption = None,
) -> None:
    """逐条看读者的评价，决定收进用例的，写明正确答案和证据。"""
    with _told_in_one_line():
        config = rag.Config.from_environment({"corpus": corpus})
        added = add_cases(feedback, cases, config.corpus, review)
    console.print(f"收进 {added} 条：{cases}", soft_wrap=True)


def _named(listed: str) -> tuple[str, ...]:
    """The names of a list with commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))


def _save(measured: Mapping[str, object], out: Path | None, name: str) -> None:
    """Write what was measured, under the commit's name unless ``out`` says where, and say so."""
    path = out or RESULTS / f"{name}-{commit_name()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console.print(f"结果已存到 {path}", soft_wrap=True)


def _progress(cases: Sequence[Case]) -> Iterable[Case]:
    return track(
        cases,
        description="评测",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """End with exit code 1 and one line on stderr at an error that the user can mend."""
    try:
        yield
    except _TOLD as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    app()
