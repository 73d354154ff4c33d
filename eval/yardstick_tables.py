"""What the project measures itself by as compact tables for a terminal, in Chinese.

Its own question sets and rules, page repair, articles printed twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.table import Table

from eval.ablation import Ablation
from eval.benchmarks.yinju import ALL_ANSWERABLE, ALL_ROWS, SMALL_KINDS, Groups, YinjuBenchmark
from eval.duplicates import KindFigures
from eval.judged import Fault, Half
from eval.judged_figures import ALARMS, BESIDE, CAUGHT, JudgedFigures
from eval.report import Figure
from eval.rules import FileCount

_GROUPS = {
    SMALL_KINDS: "不足 40 题的题型合计",
    ALL_ANSWERABLE: "可答的合计",
    ALL_ROWS: "全部",
}
_ANSWERS = {"right": "答对", "refused": "拒答", "wrong": "答错"}
_EVIDENCE = {
    "right and all cited": "答对且证据全引",
    "found": "证据全在命中里",
    "found@1": "在第 1 个里",
    "found@8": "在前 8 个里",
}

EDITS = {
    "cut": "删去两成句子",
    "retitled": "换标题、加电头",
    "reordered": "打乱句子",
    "reworded": "换词",
    "extended": "加一段别的",
    "contained": "夹在两篇之间",
    "edited": "删、换词、换题、加段",
    "figure": "改一个数字",
    "template": "套话同，数字不同",
}
LAYOUT_KINDS = {
    "plain": "无标题",
    "titled": "有标题",
    "dressed": "有标题、署名、小标题",
    "whole": "完整的一篇",
    "whole titled": "完整的一篇，有标题",
    "headed": "报上原有的标题",
}
LAYOUT_FIGURES = {
    "pages": "版数",
    "next joined": "断句在下一块接上",
    "carried joined": "断句在别处接上",
    "wrong joins": "接错",
    "own story": "块归对篇",
    "boundaries F1": "篇的边界 F1",
    "unchanged": "原样不动的版",
    "MB a second": "每秒 MB",
}


def yinju_tables(measured: YinjuBenchmark) -> Iterator[Table]:
    """How the rows ended, then what of their evidence was cited and found; a row for each group."""
    groups = measured.groups()
    name = f"{measured.name}.{measured.split}"
    over = f"{len(measured.rows)} 题，{measured.articles} 篇文章，另加 {measured.others} 篇新闻"
    yield _group_table(f"{name}：{over}（方括号：95 % 置信区间）", groups, _ANSWERS)
    yield _group_table(f"{name}：证据", groups, _EVIDENCE)


def _group_table(title: str, groups: Groups, columns: Mapping[str, str]) -> Table:
    table = Table(title=title)
    for heading in ("题型", "题数", *columns.values()):
        table.add_column(heading, justify="left" if heading == "题型" else "right", no_wrap=True)
    for group, figures in groups.items():
        if figures.keys() & columns.keys():
            count = next(iter(figures.values())).count
            cells = [_cell(figures.get(name)) for name in columns]
            table.add_row(_GROUPS.get(group, group), str(count), *cells)
    return table


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def rules_table(folders: Mapping[str, Sequence[FileCount]], modules: Sequence[FileCount]) -> Table:
    """The counts of each folder and of its files, and of all folders; below, each module's."""
    table = Table(title="规则：正则的选项和词表的条目")
    table.add_column("文件夹、文件", no_wrap=True)
    for heading in ("规则", "代码行"):
        table.add_column(heading, justify="right", no_wrap=True)
    for folder, files in folders.items():
        table.add_row(f"{folder}/", *_sums(files))
        for one in files:
            table.add_row(f"  {one.name}", *_sums([one]))
        table.add_section()
    table.add_row("文件夹合计", *_sums([one for files in folders.values() for one in files]))
    table.add_section()
    for one in modules:
        table.add_row(one.name, *_sums([one]))
    return table


def _sums(files: Sequence[FileCount]) -> tuple[str, str]:
    return str(sum(one.rules for one in files)), str(sum(one.lines for one in files))


def duplicates_table(lines: Sequence[KindFigures]) -> Table:
    """How often two articles were named together, by how the second came of the first."""
    table = Table(title="重复报道（后两种不该认；方括号：95 % 置信区间）")
    table.add_column("第二篇")
    for title in ("对数", "认作同一篇", "每次检索里重复的命中"):
        table.add_column(title, justify="right")
    for line in lines:
        low, high = line.interval
        named = f"{line.named:.3f} [{low:.3f}, {high:.3f}]"
        table.add_row(EDITS[line.kind], str(line.pairs), named, f"{line.repeats:.2f}")
    return table


def layout_table(figures: Mapping[str, Mapping[str, float]]) -> Table:
    """How well pages are repaired, a row for each figure, a column for each kind of page."""
    table = Table(title="版面修复")
    table.add_column("指标")
    for kind in figures:
        table.add_column(LAYOUT_KINDS.get(kind, kind), justify="right")
    for name, shown in LAYOUT_FIGURES.items():
        values = [kind[name] for kind in figures.values()]
        digits = 0 if name == "pages" else 3
        table.add_row(shown, *(f"{value:.{digits}f}" for value in values))
    return table


_FAULTS: Final[Mapping[Fault, str]] = {
    "figure": "数字、日期",
    "name": "名称",
    "member": "列举的成员",
    "cause": "因果、关系",
    "other": "其他",
}


def judged_table(measured: JudgedFigures, half: Half) -> Table:
    """Of sentences judged by hand how many the checks marked, and how many they should."""
    title = "调整用的一半" if half == "tune" else "公布用的一半"
    table = Table(title=f"真模型写的句子：{title}（方括号：95 % 置信区间）")
    for heading in ("人判", "句数", "标出", "要求"):
        table.add_column(heading, justify="left" if heading == "人判" else "right", no_wrap=True)
    lines = [
        (CAUGHT, "与引文不符", "≥ 0.85"),
        *((f"{CAUGHT}: {fault}", f"　{name}", "") for fault, name in _FAULTS.items()),
        (BESIDE, "符合引文而答非所问", ""),
        (ALARMS, "符合引文也是回答", "≤ 0.08"),
    ]
    for group, name, wanted in lines:
        if (figure := measured.figures.get(group)) is not None:
            value = f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
            table.add_row(name, str(figure.count), value, wanted)
    return table


def ablation_table(found: Ablation) -> Table:
    """Each step with the rows that it wins and loses."""
    table = Table(title=f"去掉一步（{found.name}.{found.split}，{found.rows} 题）")
    for name in ("去掉", "答对", "答错", "变对", "变错"):
        table.add_column(name, justify="left" if name == "去掉" else "right")
    for step, change in found.changes.items():
        counts = (change.right, change.wrong, len(change.won), len(change.lost))
        table.add_row(step, *map(str, counts))
    return table
