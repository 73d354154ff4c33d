"""``python -m rag models``: what is supported and here, fetching models, choosing them.

Knows nothing of how a model is run. Beside ``make app PROFILE=…``, which calls it, ``pull`` is the
only command of the program that downloads anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from rag.config import MODEL_SETTINGS, Config, write_settings
from rag.console import progress_bars, report
from rag.errors import ModelError
from rag.models.catalogue import (
    AUTO,
    CARDS,
    KIND_NAMES,
    OPENAI_PREFIX,
    PROFILES,
    Kind,
    Origin,
    Profile,
    card_of,
    chosen_models,
    format_bytes,
)
from rag.models.model_folder import (
    download_command,
    find_model_folder,
    is_available,
    kind_of,
    model_fault,
)

models = typer.Typer(no_args_is_help=True, help="列出、下载、选用模型。")
_SETTING_OF: dict[Kind, str] = dict(zip(KIND_NAMES, MODEL_SETTINGS, strict=True))


@models.command("list")
def list_models() -> None:
    """列出支持的模型：用途、大小、许可证，本机有没有，在用哪些。"""
    config = Config.from_environment()
    in_use = _in_use(config)
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("", "模型", "用途", "权重", "许可证", "本机"):
        table.add_column(heading, overflow="fold")
    for card in CARDS:
        table.add_row(
            "*" if card.name in in_use else "",
            card.name,
            f"{KIND_NAMES[card.kind]}：{card.use}",
            format_bytes(card.size_bytes),
            card.licence,
            _whereabouts(card.name, card.kind),
        )
    Console(highlight=False, markup=False, soft_wrap=True).print(table)
    for name, profile in PROFILES.items():
        if profile.to_pull and AUTO not in profile:
            total = sum(card.size_bytes for card in CARDS if card.name in profile)
            print(f"{name} = {'、'.join(profile.to_pull)}（共 {format_bytes(total)}）")
    print(f"* 在用：{'、'.join(in_use)}。下载：models pull 名字或 cpu、gpu；选用：models use")


@models.command("pull")
def pull_models(
    name: Annotated[str, typer.Argument(help="cpu、gpu，或模型名，如 Qwen/Qwen3-1.7B")],
    origin: Annotated[Origin, typer.Option("--from", help="从哪里下载")] = "hub",
    again: Annotated[bool, typer.Option("--again", help="已在本机也看看有没有新版")] = False,
) -> None:
    """下载一套模型或一个模型；先说大小，断了再运行会接着下载。"""
    from rag.models.pulling import pull  # httpx: no other command needs it

    names = PROFILES[name].to_pull if name in PROFILES else (name,)
    if not names:
        report(f"{name} 不需要下载模型")
    for model in names:
        card = card_of(model)
        if not again and is_available(model, card.kind if card else "chat"):
            report(f"{model} 已在本机")
            continue
        with progress_bars(of_bytes=True) as progress:
            folder = pull(model, origin, report=report, progress=progress)
        kind = card.kind if card else kind_of(folder)
        if fault := model_fault(folder, kind):
            raise ModelError(f"{model} 下载完了，但用不了：{fault}；请换一个模型")
        report(f"{model} 下载完了，校验和都对；选用它：models use {model}")


@models.command("use")
def use_models(
    name: Annotated[
        str, typer.Argument(help="auto、builtin、cpu、gpu，或模型名、文件夹、openai:网址#模型名")
    ],
) -> None:
    """以后都用这套模型或这个模型；记在当前文件夹的 yinju.toml 里。"""
    if name in PROFILES:
        for model in PROFILES[name].to_pull:
            _check_here(model, (card_of(model) or CARDS[-1]).kind, download_command(name))
        path = write_settings({"profile": name}, removed=MODEL_SETTINGS)
        report(f"{path} 里记下了：profile = {name}")
        return
    setting, value = _setting_for(name)
    path = write_settings({setting: value})
    report(f"{path} 里记下了：{setting} = {value}")


def _setting_for(name: str) -> tuple[str, str]:
    """Which setting a model belongs in, and what to write there."""
    if name.startswith(OPENAI_PREFIX):
        return _SETTING_OF["chat"], name
    card = card_of(name)
    folder = find_model_folder(name)
    if folder is None:
        raise ModelError(f"本机没有模型 {name}；请先运行 {download_command(name)}")
    kind = card.kind if card else kind_of(folder)
    _check_here(name, kind, download_command(name))
    is_path = Path(name).expanduser().is_dir()
    return _SETTING_OF[kind], str(folder.resolve()) if is_path else name


def _check_here(name: str, kind: Kind, command: str) -> None:
    folder = find_model_folder(name)
    fault = "本机没有" if folder is None else model_fault(folder, kind)
    if fault:
        raise ModelError(f"{KIND_NAMES[kind]} {name} 还不能用（{fault}）；请先运行 {command}")


def _in_use(config: Config) -> Profile:
    return chosen_models(
        config.profile,
        embedder=config.embedder,
        reranker=config.reranker,
        chat_model=config.chat_model,
    )


def _whereabouts(name: str, kind: Kind) -> str:
    folder = find_model_folder(name)
    if folder is None:
        return "没有"
    return model_fault(folder, kind) or "有"
