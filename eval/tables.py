"""Runs, comparisons and times as compact tables for a terminal, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from eval.benchmarks.sets import Benchmark
from eval.cases import Case
from eval.check import PUBLISHED, Checked
from eval.claims import CitingFigures, VerdictFigures
from eval.compare import Comparison
from eval.report import Figure, Figures, Record, Report, by_kind, figures
from eval.risk import risk_curve

HALVES = {"tune": "tune（调参用）", "report": "report（发布用）"}
NAMES = {
    "recall@1": "检索 recall@1",
    "recall@5": "检索 recall@5",
    "recall@10": "检索 recall@10",
    "all@5": "检索 ALL@5",
    "all@10": "检索 ALL@10",
    "mrr@10": "检索 MRR@10",
    "ndcg@10": "检索 nDCG@10",
    "hits_recall": "回答所见段落的证据召回",
    "answers_right": "答对",
    "items_present": "答案要点齐全",
    "length_ok": "长度合规",
    "refusals_right": "拒答正确",
    "citation_precision": "引用准确率",
    "citation_recall": "引用召回率",
    "citations_verified": "引文逐字核实",
    "refusal_precision": "拒答准确率",
    "refusal_recall": "拒答召回率",
    "latency_p50_ms": "耗时 p50（毫秒）",
    "latency_p95_ms": "耗时 p95（毫秒）",
}
KINDS_OF_PAIR = {
    "number": ("改了数字，查出", 0.98),
    "unit": ("改了单位，查出", 0.98),
    "date": ("改了日期，查出", 0.98),
    "name": ("改了人名、机构名、书名，查出", 0.94),
    "place": ("改了地名，查出", 0.94),
    "negation": ("改了肯定否定，查出", 0.90),
    "subject": ("改了主语，查出", 0.90),
    "swapped": ("两句的主语对调，查出", None),
    "verbatim": ("原样照抄，留下", None),
    "reworded": ("换个说法，留下", None),
    "kept": ("没改事实的合计，留下", 0.95),
}
TIMES = {
    "import_ms": "import rag",
    "index_build_ms": "建索引",
    "load_ms": "载入已有索引",
    "warm_answer_p50_ms": "热回答 p50",
    "warm_answer_p95_ms": "热回答 p95",
    "search_p50_ms": "其中检索 p50",
    "evidence_p50_ms": "其中选证据 p50",
    "answer_p50_ms": "其中成文 p50",
    "cold_ask_ms": "冷启动 python -m rag ask（中位数）",
    "page_ms": "网页可用",
    "page_ready_ms": "应答之后，浏览器里可用",
    "page_citation_opened_ms": "点编号到标出字句",
    "page_first_piece_over_answer_ms": "回车到首字，减去回答本身",
    "page_alone_p50_ms": "一人问 p50",
    "page_20_at_once_p95_ms": "二十人同时问 p95",
    "page_20_at_once_ratio": "……是一人问的几倍",
    "page_20_at_once_failed": "……没答上的人数",
    "page_200_conversations_ms": "列出 200 个对话",
    "page_5000_articles_ms": "在 5,000 篇里找并列出一页",
    "page_5000_articles_kb": "……这一页的大小（KB）",
}
BENCHMARK_FIGURES = {
    "hybrid": "检索，词项和向量",
    "terms": "检索，只用词项",
    "vectors": "检索，只用向量",
    "evidence": "证据句（给出段落）",
    "short": "短答（给出段落，必须答）",
    "gate": "能不能答",
    "right": "答对，干扰段落占",
    "refused": "只有干扰段落，拒答",
}


def report_tables(report: Report) -> Iterator[RenderableType]:
    """The halves beside each other, then the kinds of each half."""
    halves = {split: figures(report.half(split)) for split in report.splits}
    yield _overall(report, halves)
    for split in report.splits:
        yield _kinds(split, report.half(split))
    for split in report.splits:
        yield _risks(split, report.half(split))


def _overall(report: Report, halves: Mapping[str, Figures]) -> Table:
    table = Table(title=f"评测 {report.header.get('commit', '')}（方括号：95 % 置信区间）")
    table.add_column("指标")
    for split in halves:
        table.add_column(f"{HALVES[split]} {len(report.half(split))} 题", justify="right")
    for name, label in NAMES.items():
        found = [counted.get(name) for counted in halves.values()]
        if any(found):
            table.add_row(label, *(_cell(figure) for figure in found))
    return table


def _kinds(split: str, records: Sequence[Record]) -> Table:
    table = Table(title=f"{HALVES[split]}，按题型")
    columns = ("recall@5", "answers_right", "refusals_right", "citation_precision")
    table.add_column("题型")
    table.add_column("题数", justify="right")
    for name in columns:
        table.add_column(NAMES[name].removeprefix("检索 "), justify="right")
    table.add_column("p50 毫秒", justify="right")
    for kind, own in by_kind(records).items():
        counted = figures(own)
        cells = [_value(counted.get(name)) for name in columns]
        time = counted["latency_p50_ms"].value
        table.add_row(kind, str(len(own)), *cells, f"{time:.1f}")
    return table


def _risks(split: str, records: Sequence[Record]) -> Table:
    """What a stricter threshold would answer, and how much of it wrongly."""
    table = Table(title=f"{HALVES[split]}，门槛提高到")
    for title in ("概率", "作答", "其中不对"):
        table.add_column(title, justify="right")
    for point in risk_curve(records):
        risk = "–" if point.risk is None else f"{point.risk:.3f}"
        told = f"{point.threshold:.1f}" if point.threshold else "现在的"
        table.add_row(told, f"{point.coverage:.3f}", risk)
    return table


def _value(figure: Figure | None) -> str:
    return f"{figure.value:.3f}" if figure else "–"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.1f}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] n={figure.count}"


def wrong_table(report: Report, cases: Sequence[Case], split: str) -> Table:
    """The cases of one half that went wrong: what was asked, how it ended, what was said."""
    questions = {case.id: case.question for case in cases}
    table = Table(title=f"{HALVES[split]}里答错的题", show_lines=True)
    for title in ("编号", "问题", "结果", "毛病", "回答"):
        table.add_column(title, overflow="fold")
    for record in report.half(split):
        if not record.right:
            said = record.error or record.text
            table.add_row(record.id, questions[record.id], record.outcome, _fault(record), said)
    return table


def _fault(record: Record) -> str:
    if not record.answerable:
        return "该拒答而没有拒答" if not record.refused else "拒答却带引用"
    if record.outcome != "answered":
        return "没有作答"
    faults = {"缺要点": not record.items_present, "太长": not record.length_ok}
    return "、".join(fault for fault, is_so in faults.items() if is_so)


def comparison_tables(comparison: Comparison) -> Iterator[RenderableType]:
    """The paired differences, then the cases that flipped, then what could not be paired."""
    table = Table(title="差异（同题配对，95 % 置信区间）")
    for title in ("指标", "题数", "前", "后", "变化"):
        table.add_column(title, justify="left" if title == "指标" else "right")
    for one in comparison.differences:
        change = f"{one.change:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"
        cells = (str(one.count), f"{one.before:.3f}", f"{one.after:.3f}", change)
        table.add_row(NAMES[one.name], *cells)
    yield table
    for flip in comparison.flips:
        yield f"{'错 → 对' if flip.became_right else '对 → 错'}  {flip.id}（{flip.split}）"
    if comparison.unpaired:
        yield f"只在一边的用例，没有计入：{'、'.join(comparison.unpaired)}"


def check_lines(checked: Sequence[Checked]) -> Iterator[str]:
    """One line for each floor."""
    for one in checked:
        value = "未测" if one.value is None else f"{one.value:.4f}"
        relation = "≥" if one.holds else "未达"
        mark = "✓" if one.holds else "✗"
        yield f"{mark} {PUBLISHED} {one.name} {value} {relation} {one.floor}"


def verdicts_table(figures: VerdictFigures) -> Table:
    """Shares of right verdicts beside what they should be at least."""
    table = Table(title="逐句核对")
    for title in ("句子", "对数", "判对", "至少"):
        table.add_column(title, justify="left" if title == "句子" else "right")
    for kind, (label, least) in KINDS_OF_PAIR.items():
        if kind in figures.right:
            wanted = "–" if least is None else f"{least:.2f}"
            table.add_row(label, str(figures.counts[kind]), f"{figures.right[kind]:.3f}", wanted)
    table.add_row("每句毫秒", "", f"{figures.ms_per_sentence:.1f}", "≤ 10")
    return table


def citing_table(figures: CitingFigures) -> Table:
    """Precision, recall and F1 of citing after the fact."""
    table = Table(title=f"事后标注引用（每题 {figures.sentences_a_task:.0f} 句可选）")
    for title in ("题数", "准确率", "召回率", "F1", "至少", "每题毫秒"):
        table.add_column(title, justify="right")
    shares = (f"{value:.3f}" for value in (figures.precision, figures.recall, figures.f1))
    table.add_row(str(figures.claims), *shares, "0.85", f"{figures.ms_per_claim:.1f}")
    return table


def times_table(times: Mapping[str, Any]) -> Table:
    """The times that were measured, in milliseconds."""
    table = Table(title="耗时（毫秒）")
    table.add_column("项目")
    table.add_column("毫秒", justify="right")
    for name, label in TIMES.items():
        if name in times:
            table.add_row(label, f"{times[name]:.1f}")
    return table


def benchmark_table(measured: Benchmark) -> Table:
    """What a public question set gives, a row for each figure."""
    title = f"{measured.name}：{measured.questions} 题，{measured.paragraphs} 个段落"
    more = f"，另加 {measured.distractors} 篇新闻" if measured.distractors else ""
    table = Table(title=f"{title}{more}（方括号：95 % 置信区间）")
    table.add_column("指标")
    table.add_column("值", justify="right")
    for name, figure in measured.figures.items():
        group, _, rest = name.partition(" ")
        shown = rest.removeprefix("at noise ").replace("on noise", "")
        interval = "" if figure.low is None else f" [{figure.low:.3f}, {figure.high:.3f}]"
        value = f"{figure.value:.3f}{interval} n={figure.count}"
        table.add_row(f"{BENCHMARK_FIGURES[group]} {shown}".rstrip(), value)
    return table
