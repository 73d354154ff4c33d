"""A rating read by a person on a terminal, who says whether it becomes a case and with what answer.

Knows nothing of files.
"""

from __future__ import annotations

from typing import Any, get_args

import typer
from rich.console import Console

from eval.cases import Kind
from eval.feedback import Feedback, Review

console = Console()


def review(row: Feedback) -> Review:
    """Show a row and ask whether it becomes a case, and with which answer."""
    answer = row.answer
    plain: dict[str, Any] = {"markup": False, "soft_wrap": True}
    console.print(f"\n{row.rating}：{answer['question']}\n回答：{answer['text']}", **plain)
    if row.comment:
        console.print(f"读者说：{row.comment}", **plain)
    kinds = "、".join(get_args(Kind))
    kind = typer.prompt(f"哪一类（{kinds}；回车不收）", default="", show_default=False).strip()
    if not kind:
        return Review(None)
    if kind not in get_args(Kind):
        console.print(f"没有 {kind} 这一类，这条不收", **plain)
        return Review(None)
    short = answer["short"] or ""
    said = typer.prompt("正确答案（几项用；隔开，写法用/隔开；- 表示材料里没有）", default=short)
    if said.strip() == "-":
        return Review(kind)
    answers = tuple(tuple(item.split("/")) for item in said.split("；"))
    for file, quote in row.quotes():
        console.print(f"证据：{file}：{quote}", **plain)
    if row.quotes() and typer.confirm("用回答所引的作证据？", default=row.rating == "赞"):
        return Review(kind, answers, tuple(row.quotes()))
    file = typer.prompt("证据在哪个文件")
    return Review(kind, answers, ((file, typer.prompt("证据原文（照文件里写）")),))
