"""The command line: ``python -m rag`` and ``yinju``.

Holds no retrieval: it parses, calls the interface and prints. Answers go to standard output,
everything else to standard error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from rag import doctor as diagnosis
from rag.answer_view import follow, print_answer, print_copies
from rag.articles import guess_layout, read_page, write_override
from rag.assembly import Chatbot, build_index, build_share, load, watch_index
from rag.batch import answer_batch
from rag.config import Config
from rag.console import progress_bars, report
from rag.datatypes import Hit
from rag.errors import ConfigError, QuestionError, RagError
from rag.layout_view import layout_json, print_layout
from rag.model_commands import models
from rag.usage import usage_in_chinese

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="引据：就一个文件夹的中文文章提问，每句话都有出处。",
)
app.add_typer(models, name="models")

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="文章文件夹")]
IndexOption = Annotated[Path | None, typer.Option("--index-dir", help="索引所在的文件夹")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def main() -> None:
    """Run the command line; a RagError becomes one line and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console may not be UTF-8; half a surrogate pair becomes an escape.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = app(standalone_mode=False)
    except RagError as error:
        report(f"错误：{error}")
        status = 1
    except typer.Abort:
        report("已中断")
        status = 130
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error)
        else:
            report(f"错误：{usage_in_chinese(error)}")
        status = 2
    sys.exit(status or 0)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        import rag

        print(f"yinju {rag.__version__}")
        raise typer.Exit


@app.callback()
def _yinju(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="版本"),
    ] = False,
) -> None:
    """引据：就一个文件夹的中文文章提问，每句话都有出处。"""


@app.command()
def index(
    folder: Annotated[Path | None, typer.Argument(help="文章文件夹")] = None,
    corpus: CorpusOption = None,
    index_dir: IndexOption = None,
    watch: Annotated[bool, typer.Option("--watch", help="建好后一直盯着，文章一变就更新")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Milvus 上同名的索引是别的文章的，也替换掉")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(help="只做几份里的一份，如 2/8；各份可以在几台机器上同时做，做完再运行 index"),
    ] = None,
) -> None:
    """读文件夹里的文章，建好索引；没有变的文件不重读。"""
    config = _config(corpus=folder or corpus, index_dir=index_dir)
    with progress_bars() as progress:
        if shard is not None:
            build_share(config, *_shard(shard), report=report, progress=progress)
        elif watch:
            watch_index(config, report=report, progress=progress)
        else:
            build_index(config, report=report, progress=progress, replaces=replace)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="问题")] = None,
    corpus: CorpusOption = None,
    index_dir: IndexOption = None,
    as_json: JsonOption = False,
    batch: Annotated[Path | None, typer.Option(help="一行一个问题的 JSONL 或 CSV 文件")] = None,
    out: Annotated[Path | None, typer.Option(help="批量回答写到这个 JSONL 文件")] = None,
) -> None:
    """回答一个问题，或用 --batch 回答一批。"""
    if (question is None) == (batch is None):
        raise QuestionError("请给一个问题，或用 --batch 给一个文件")
    chatbot = _load(corpus, index_dir)
    if batch is not None:
        _ask_batch(chatbot, batch, out)
        return
    answer = follow(chatbot.stream(question or ""))
    if as_json:
        _print_json(answer.to_dict())
    else:
        print_answer(answer)
    if answer.outcome == "failed":
        raise typer.Exit(1)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="问题")],
    corpus: CorpusOption = None,
    index_dir: IndexOption = None,
    as_json: JsonOption = False,
    top_k: Annotated[int, typer.Option("--top-k", help="取多少段落")] = 10,
) -> None:
    """只检索，列出命中的段落。"""
    hits = _load(corpus, index_dir).search(question, top_k)
    if as_json:
        _print_json([hit.to_dict() for hit in hits])
        return
    for rank, hit in enumerate(hits, start=1):
        print(f"{rank}. 《{hit.passage.title}》 {hit.source} {_found(hit)}")
        print(f"   {hit.passage.text}")
        print_copies(hit.also_in, indent="   ")


@app.command()
def layout(
    file: Annotated[Path, typer.Argument(help="一个文章文件")],
    as_json: JsonOption = False,
    override: Annotated[
        bool,
        typer.Option("--override", help="输出一份 文件名.layout.json 的样板，改好后放在文件旁边"),
    ] = False,
) -> None:
    """看一个文件被读成了哪几篇文章：原版面、归属、接续和把握。"""
    if override:
        print(write_override(guess_layout(file)))
        return
    page, articles = read_page(file)
    if as_json:
        _print_json(layout_json(page, articles))
    else:
        print_layout(Console(highlight=False, emoji=False), page, articles)


@app.command()
def mcp(corpus: CorpusOption = None, index_dir: IndexOption = None) -> None:
    """作为 MCP 服务（标准输入输出）让别的程序提问：ask、search、read_article。"""
    from rag.mcp_server import build_server, check_sdk

    check_sdk()
    build_server(_load(corpus, index_dir)).run("stdio")


@app.command()
def doctor(corpus: CorpusOption = None, index_dir: IndexOption = None) -> None:
    """检查安装、文章、索引和模型。"""
    findings = diagnosis.examine(_config(corpus=corpus, index_dir=index_dir))
    for finding in findings:
        print(f"{'好' if finding.is_well else '坏'}  {finding.what}：{finding.detail}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _shard(text: str) -> tuple[int, int]:
    """Which share of how many ``2/8`` means."""
    number, _, of = text.partition("/")
    if number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return int(number), int(of)
    raise ConfigError(f"--shard 是 {text!r:.40}；要写成 第几份/共几份，如 2/8")


def _config(**flags: Any) -> Config:
    return Config.from_environment(flags)


def _load(corpus: Path | None, index_dir: Path | None) -> Chatbot:
    config = _config(corpus=corpus, index_dir=index_dir)
    with progress_bars() as progress:
        return load(config, report=report, progress=progress)


def _ask_batch(chatbot: Chatbot, batch: Path, out: Path | None) -> None:
    """Answer each row; a row that fails gives its error, the rest goes on, exit status 1."""
    with progress_bars() as progress:
        count, failed = answer_batch(chatbot, batch, out, progress)
    if failed:
        report(f"{count} 个问题里有 {failed} 个没答成，原因写在各行的 error 里")
        raise typer.Exit(1)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _found(hit: Hit) -> str:
    names = {"terms": "词项", "vectors": "向量"}
    return f"{hit.score:.3f}（{'、'.join(names[name] for name in hit.found_by)}）"
