"""What the commands of the evaluation share: their options, where they print, save and end.

Knows nothing of what is measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import rag
from corpora.files import DataError
from eval.bench import BenchError
from eval.cases import CasesError
from eval.chat import ChatBenchError
from eval.environment import RESULTS, commit_name
from eval.report import ReportError

console = Console()

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="语料文件夹，默认是 seeds/")]
CasesOption = Annotated[Path, typer.Option("--cases", help="用例文件（JSONL）")]
OutOption = Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认按提交命名")]
_TOLD = (
    rag.RagError,
    CasesError,
    ReportError,
    ChatBenchError,
    BenchError,
    DataError,
)


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """End with exit code 1 and one line on stderr at an error that the user can mend."""
    try:
        yield
    except _TOLD as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def save(measured: Mapping[str, object], out: Path | None, name: str) -> None:
    """Write what was measured, under the commit's name unless ``out`` says where, and say so."""
    path = out or RESULTS / f"{name}-{commit_name()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console.print(f"结果已存到 {path}", soft_wrap=True)
