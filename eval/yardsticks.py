"""The commands that measure one thing each: pages, times, question sets, chat models, checks.

Each measures, prints a table and saves a results file. Knows nothing of how any of it is measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import rag
from corpora.yinju import Split
from eval import bench as benching
from eval import claims as checking
from eval import duplicates as copying
from eval import tables
from eval.ablation import measure_ablation
from eval.benchmarks.by_name import ALL_NAMES, measure_by_name
from eval.benchmarks.sets import Limits
from eval.benchmarks.yinju import OTHERS, YinjuName
from eval.cases import load_cases
from eval.chat import measure_chat
from eval.chat_quality import QUESTIONS, choose_rows, measure_chat_quality, summarize
from eval.check import PUBLISHED
from eval.citing import make_tasks
from eval.claim_pairs import make_pairs
from eval.environment import CASES, RESULTS, ROOT, describe_run, shortened
from eval.judged import Half, read_judged
from eval.judged_figures import measure_judged
from eval.large import measure_large
from eval.layout import PAGES
from eval.layout import measure as measure_layout
from eval.parts import PARTS, measure_part
from eval.rules import count_modules, count_rules
from eval.scale import measure_scale
from eval.terminal import CasesOption, CorpusOption, OutOption, console, save, told_in_one_line
from eval.yardstick_tables import (
    ablation_table,
    duplicates_table,
    judged_table,
    layout_table,
    rules_table,
)


def layout(
    data: Annotated[Path, typer.Option("--data", help="放着 crud_news.tsv.xz 的文件夹")],
    pages: Annotated[int, typer.Option(min=1, help="每种版面造多少版")] = PAGES,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    out: OutOption = None,
) -> None:
    """量版面修复：造出真相已知的报纸版面，看读成了什么。"""
    with told_in_one_line():
        figures = measure_layout(data, pages=pages, seed=seed)
    console.print(layout_table(figures))
    save(figures, out, "layout")


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
    with told_in_one_line():
        if part is not None:
            save(measure_part(part, data, work, say=console.print), out, f"bench-{part}")
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
    save(measured, out, f"bench{size}")


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
    with told_in_one_line():
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
    save(measured.values, out, measured.file_name)


def ablation(
    name: Annotated[YinjuName, typer.Argument(help="题库")],
    data: Annotated[Path, typer.Option("--data", help="放着题库的文件夹")],
    split: Annotated[Split, typer.Option(help="哪一份")] = "dev",
    questions: Annotated[int, typer.Option(min=0, help="只抽多少题，0 是全部")] = 0,
    others: Annotated[int, typer.Option(min=0, help="另加多少篇新闻一起检索")] = OTHERS,
    seed: Annotated[int, typer.Option(help="抽题、抽新闻的随机种子")] = 0,
    out: OutOption = None,
) -> None:
    """量检索和作答之间的每一步：去掉这一步，题库的哪些题变对、变错。"""
    with told_in_one_line():
        limits = Limits(questions, others, seed)
        found = measure_ablation(name, data, split=split, limits=limits, say=console.print)
    console.print(ablation_table(found))
    save(found.to_dict(), out, f"ablation-{name}")


def rules() -> None:
    """数规则：回答所经的各文件夹、模块里，正则有多少选项，词表有多少条目，代码有多少行。"""
    console.print(rules_table(count_rules(ROOT / "rag"), count_modules(ROOT / "rag")))


def chat(
    chat_model: Annotated[str | None, typer.Argument(help="对话模型；默认是设置里的")] = None,
    corpus: CorpusOption = None,
    cases: CasesOption = CASES,
    out: OutOption = None,
) -> None:
    """量对话模型：多久停得下来、停了留下什么、模型以外花多少。"""
    with told_in_one_line():
        config = rag.Config.from_environment({"corpus": corpus, "chat_model": chat_model})
        measured = measure_chat(config, load_cases(cases, config.corpus), say=console.print)
    for name, value in measured["times"].items():
        console.print(f"{name}: {value}")
    save(measured, out, "chat")


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
    name = Path(model.partition("#")[2] or model).name.removesuffix(".gguf")
    with told_in_one_line():
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
    save({**measured, "rows": found}, out, f"chat-quality-{name}")


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
    with told_in_one_line():
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
    save(measured, out, "claims")


def _measure_judged(data: Path, half: Half, out: Path | None, *, show_wrong: bool) -> None:
    """The checks on sentences judged by hand; those of the report half are never listed."""
    with told_in_one_line():
        found = measure_judged(read_judged(data, half))
    console.print(judged_table(found, half))
    for one, verdict, reasons in found.wrong if show_wrong and half != PUBLISHED else ():
        told = f"{one.written.id} {one.written.judgement} {one.written.fault} {verdict}"
        console.print(f"{told} {'；'.join(reasons)} | {one.text}", soft_wrap=True, markup=False)
    measured = {**describe_run(), "half": half, **found.to_dict()}
    save(measured, out, f"claims-judged-{half}")


def duplicates(
    data: Annotated[Path, typer.Option("--data", help="训练数据的文件夹")],
    per_kind: Annotated[int, typer.Option("--per-kind", help="每种改法做多少篇", min=1)] = 100,
) -> None:
    """量重复报道：改过的副本认不认得出，只是套话相同的分不分得开。"""
    with told_in_one_line():
        config = rag.Config.from_environment({"chat_model": "builtin"})
        outcomes = copying.measure(copying.read_rows(data), config, per_kind)
    console.print(duplicates_table(copying.figures(outcomes)))


def _named(listed: str) -> tuple[str, ...]:
    """The names of a list with commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
